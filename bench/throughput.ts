import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { cached } from './cache'
import type { DataFile } from './cache'
import { bucket, contestantsIn, isPresent } from './contestants'
import type { Contestant, Side } from './contestants'
import { makeCsv, makeRecords, objectKey } from './data'
import { run } from './run'
import { arrivedAt, childEnv, startS3, startSink } from './servers'
import type { Server } from './servers'
import { isSound, tableOf } from './table'
import type { Entry, Result } from './table'

/** How much is measured, and whose executables. */
export type Options = Readonly<{ sizes: readonly number[]; runs: number; seed: number; only?: Side; bin: string }>
type Inputs = Readonly<Partial<Record<Side, DataFile>>>

const secondsPerDay = 86_400

const say = (text: string): void => void process.stdout.write(text)

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

/** Measures `read` and `write` beside their bare scripts, and prints the table. Whether all was there and delivered. */
export const measureThroughput = async (options: Options): Promise<boolean> => {
  say(`${options.runs} runs of each, Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}\n`)
  const entries: Entry[] = []
  for (const rows of options.sizes) entries.push(...(await measureSize(options, rows)))
  say(`\n${tableOf(entries)}`)
  return isSound(entries)
}
