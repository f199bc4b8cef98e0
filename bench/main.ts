import { resolve } from 'node:path'
import yargs from 'yargs'
import { rowsIn } from './pattern'
import { measureSize } from './size'
import { showSync } from './sync'
import { measureThroughput } from './throughput'

const isCount = (figure: number): boolean => Number.isSafeInteger(figure) && figure > 0

/** A yargs check: these options are whole numbers above 0. */
const counts =
  (...names: readonly string[]) =>
  (options: Readonly<Record<string, unknown>>): true => {
    const wrong = names.filter((name) => ![options[name]].flat().every((figure) => isCount(Number(figure))))
    if (wrong.length > 0) throw new Error(`${wrong.map((name) => `--${name}`).join(' and ')}: whole numbers above 0`)
    return true
  }

const bin = { type: 'string', default: resolve(__dirname, '../../bin'), describe: "the executables' folder" } as const

/** What was asked for: whether all was there and delivered. */
type Job = () => Promise<boolean>

const jobFrom = async (argv: readonly string[]): Promise<Job | undefined> => {
  const chosen: { job?: Job } = {}
  await yargs([...argv])
    .scriptName('bench')
    .strict()
    .command(
      '$0',
      'rows per second and memory of read and write, beside bare scripts',
      (options) =>
        options
          .option('rows', {
            type: 'number',
            array: true,
            default: [100_000, 1_000_000],
            describe: 'rows of the input, one or more sizes',
          })
          .option('runs', { type: 'number', default: 3, describe: 'runs of each contestant' })
          .option('seed', { type: 'number', default: 1, describe: 'seed of the input' })
          .option('only', { choices: ['read', 'write'] as const, describe: 'one side alone' })
          .option('bin', bin)
          .check(counts('rows', 'runs')),
      ({ rows, runs, seed, only, bin: folder }) => {
        const options = { sizes: rows, runs, seed, bin: resolve(folder), ...(only === undefined ? {} : { only }) }
        chosen.job = () => measureThroughput(options)
      },
    )
    .command(
      'objects',
      'time, memory and states of read, of many small objects',
      (options) =>
        options
          .option('objects', { type: 'number', default: 100_000, describe: 'objects under the prefix' })
          .option('rows', { type: 'number', default: 10, describe: 'rows of each' })
          .option('bin', bin)
          .check(counts('objects', 'rows')),
      ({ objects, rows, bin: folder }) => {
        chosen.job = () => measureSize({ objects, rows }, resolve(folder))
      },
    )
    .command(
      'file',
      'time, memory and states of read, of one large object',
      (options) =>
        options
          .option('bytes', { type: 'number', default: 5_000_000_000, describe: 'about the length of the object' })
          .option('bin', bin)
          .check(counts('bytes')),
      ({ bytes, bin: folder }) => {
        chosen.job = () => measureSize({ objects: 1, rows: rowsIn(bytes) }, resolve(folder))
      },
    )
    .command(
      'sync',
      'shows a sync of one object, from an embedded S3 to the emulator',
      (options) =>
        options
          .option('rows', { type: 'number', default: 1_000_000, describe: 'rows of the object' })
          .option('seed', { type: 'number', default: 1, describe: 'seed of the input' })
          .option('report', { type: 'string', describe: 'HTML file that the report is to stay in' })
          .option('bin', bin)
          .check(counts('rows')),
      ({ rows, seed, report, bin: folder }) => {
        chosen.job = () =>
          showSync({ rows, seed, bin: resolve(folder), ...(report === undefined ? {} : { report: resolve(report) }) })
      },
    )
    .parseAsync()
  return chosen.job
}

const main = async (argv: readonly string[]): Promise<void> => {
  const job = await jobFrom(argv)
  if ((await job?.()) !== true) process.exitCode = 1
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${String(error)}\n`)
  process.exitCode = 1
})
