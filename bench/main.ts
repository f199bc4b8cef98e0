import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import yargs from 'yargs'
import { cached } from './cache'
import type { DataFile } from './cache'
import { bucket, contestantsIn, isPresent } from './contestants'
import type { Contestant, Side } from './contestants'
import { makeCsv, makeRecords, objectKey } from './data'
import { run } from './run'
import { arrivedAt, startS3, startSink } from './servers'
import type { Server } from './servers'
import { isSound, tableOf } from './table'
import type { Entry, Result } from './table'

type Options = Readonly<{ sizes: readonly number[]; runs: number; seed: number; only?: Side; bin: string }>
type Inputs = Readonly<Partial<Record<Side, DataFile>>>

const secondsPerDay = 86_400
const proxyNames = /^(https?|no|all)_proxy$/i

const say = (text: string): void => void process.stdout.write(text)

const isCount = (figure: number): boolean => Number.isSafeInteger(figure) && figure > 0

const optionsFrom = async (argv: readonly string[]): Promise<Options> => {
  const parsed = await yargs([...argv])
    .scriptName('bench')
    .strict()
    .option('rows', {
      type: 'number',
      array: true,
      default: [100_000, 1_000_000],
      describe: 'rows of the input, one or more sizes',
    })
    .option('runs', { type: 'number', default: 3, describe: 'runs of each contestant' })
    .option('seed', { type: 'number', default: 1, describe: 'seed of the input' })
    .option('only', { choices: ['read', 'write'] as const, describe: 'one side alone' })
    .option('bin', { type: 'string', default: resolve(__dirname, '../../bin'), describe: "the executables' folder" })
    .check(({ rows, runs }) => {
      if (![...rows, runs].every(isCount)) throw new Error('--rows and --runs are whole numbers above 0')
      return true
    })
    .parseAsync()
  const { rows, runs, seed, bin, only } = parsed
  return { sizes: rows, runs, seed, bin: resolve(bin), ...(only === undefined ? {} : { only }) }
}

/** Everything runs on the loopback: a proxy in the environment would only be in the way. */
const childEnv = (): Record<string, string | undefined> => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !proxyNames.test(name))),
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
})

const inputsFor = async ({ seed, only }: Options, rows: number): Promise<Inputs> => {
  const nowSeconds = Math.floor(Date.now() / 1000 / secondsPerDay) * secondsPerDay
  const request = { rows, seed, nowSeconds }
  return {
    ...(only === 'write' ? {} : { read: await cached('orders.csv', makeCsv, request) }),
    ...(only === 'read' ? {} : { write: await cached('records.jsonl', makeRecords, request) }),
  }
}

const shuffled = <T>(list: readonly T[]): T[] =>
  list
    .map((item) => ({ item, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)

const measure = async ({ job, side }: Contestant, inputs: Inputs, sinkUrl: string | undefined): Promise<Result> => {
  const atSink = side === 'write' ? sinkUrl : undefined
  const before = atSink === undefined ? undefined : await arrivedAt(atSink)
  const { stdout, ...took } = await run(job)
  const after = atSink === undefined ? undefined : await arrivedAt(atSink)
  const bytesIn = inputs[side]?.bytes ?? 0
  return before === undefined || after === undefined
    ? { ...took, bytesIn, bytesOut: stdout.bytes, rowsAtSink: stdout.found }
    : { ...took, bytesIn, bytesOut: after.bytes - before.bytes, rowsAtSink: after.events - before.events }
}

const compete = async (
  contestants: readonly Contestant[],
  rows: number,
  runs: number,
  inputs: Inputs,
  sinkUrl: string | undefined,
): Promise<Entry[]> => {
  const results = new Map<string, Result[]>(contestants.map(({ name }) => [name, []]))
  for (let round = 1; round <= runs; round++) {
    for (const contestant of shuffled(contestants)) {
      if (!(await isPresent(contestant))) continue
      const result = await measure(contestant, inputs, sinkUrl)
      results.get(contestant.name)?.push(result)
      say(
        `${rows} rows, run ${round}: ${contestant.name} ${result.seconds.toFixed(2)} s ${result.failure ?? ''}`.trimEnd() +
          '\n',
      )
    }
  }
  return contestants
    .filter(({ yardstick }) => !yardstick)
    .map(({ name, side }) => ({
      rows,
      name,
      results: results.get(name) ?? [],
      bare: results.get(`bare-${side}`) ?? [],
    }))
}

/** All contestants at one size, with servers of their own. */
const measureSize = async (options: Options, rows: number): Promise<Entry[]> => {
  const env = childEnv()
  const inputs = await inputsFor(options, rows)
  const folder = await mkdtemp(join(tmpdir(), 'offline-events-bench-run-'))
  const servers: Server[] = []
  const started = async (server: Promise<Server>): Promise<string> => {
    servers.push(await server)
    return (await server).url
  }
  try {
    const s3Url = inputs.read && (await started(startS3({ file: inputs.read.path, bucket, key: objectKey }, env)))
    const sinkUrl = inputs.write && (await started(startSink(env)))
    const contestants = await contestantsIn({
      folder,
      binFolder: options.bin,
      env,
      ...(s3Url === undefined ? {} : { s3Url }),
      ...(sinkUrl === undefined || inputs.write === undefined ? {} : { sinkUrl, records: inputs.write.path }),
    })
    return await compete(contestants, rows, options.runs, inputs, sinkUrl)
  } finally {
    await Promise.all(servers.map(({ stop }) => stop()))
    await rm(folder, { recursive: true, force: true })
  }
}

const main = async (options: Options): Promise<void> => {
  say(`${options.runs} runs of each, Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}\n`)
  const entries: Entry[] = []
  for (const rows of options.sizes) entries.push(...(await measureSize(options, rows)))
  say(`\n${tableOf(entries)}`)
  if (!isSound(entries)) process.exitCode = 1
}

optionsFrom(process.argv.slice(2))
  .then(main)
  .catch((error: unknown) => {
    process.stderr.write(`bench: ${String(error)}\n`)
    process.exitCode = 1
  })
