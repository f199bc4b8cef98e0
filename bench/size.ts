import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { bucket, filesFor } from './contestants'
import { folder, objectBytes } from './pattern'
import type { Pattern } from './pattern'
import { run } from './run'
import type { Run } from './run'
import { askedOf, childEnv, startPatternS3 } from './servers'
import type { Asked } from './servers'
import { mostRssMb } from './table'

/** The memory and time of `read` where there is much of something. */
export type SizeRun = Readonly<{ pattern: Pattern; took: Run; asked: Asked }>

/** A state's line may not reach this. */
const mostStateBytes = 1_000_000

const streams = ['offline_events', 'offline_events_rejected']

/** The S3 does not check signatures. */
const credentials = { auth_type: 'access_key', aws_access_key_id: 'bench', aws_secret_access_key: 'bench' }

/** Reads all objects of a pattern by the executable of a folder, into a reader that only counts. */
const measure = async (pattern: Pattern, binFolder: string): Promise<SizeRun> => {
  const env = childEnv()
  const files = await mkdtemp(join(tmpdir(), 'offline-events-bench-run-'))
  const s3 = await startPatternS3(pattern, env)
  try {
    const config = { bucket, path_prefix: folder, credentials, region: 'us-east-1', endpoint: s3.url }
    const args = ['read', ...(await filesFor(files, 'read', config, streams))]
    const took = await run({ command: join(binFolder, 'source-s3-offline-events'), args, env })
    return { pattern, took, asked: await askedOf(s3.url) }
  } finally {
    await s3.stop()
    await rm(files, { recursive: true, force: true })
  }
}

const notesOf = ({ pattern, took }: SizeRun): string[] => {
  const rows = pattern.objects * pattern.rows
  const { stdout, failure, peakRssMb = 0 } = took
  return [
    ...(failure === undefined ? [] : [failure]),
    ...(stdout.found === rows ? [] : [`expected ${rows} rows`]),
    ...(peakRssMb < mostRssMb ? [] : [`not under ${mostRssMb} MB`]),
    ...(stdout.largestStateBytes < mostStateBytes ? [] : [`a state not under ${mostStateBytes} bytes`]),
  ]
}

/** One figure a line. */
const linesOf = (size: SizeRun): string => {
  const { pattern, took, asked } = size
  const { stdout, seconds } = took
  const bytes = pattern.objects * objectBytes(pattern)
  const figures: Readonly<Record<string, string>> = {
    objects: String(pattern.objects),
    bytes: String(bytes),
    'rows at sink': String(stdout.found),
    seconds: seconds.toFixed(1),
    'rows/s': (stdout.found / seconds).toFixed(0),
    'MB/s in': (bytes / 1e6 / seconds).toFixed(1),
    'CPU s': took.cpuSeconds?.toFixed(1) ?? 'n/a',
    'peak RSS MB': took.peakRssMb?.toFixed(0) ?? 'n/a',
    states: String(stdout.states),
    'largest state bytes': String(stdout.largestStateBytes),
    'list requests': String(asked.lists),
    'get requests': String(asked.gets),
    note: notesOf(size).join('; '),
  }
  return Object.entries(figures)
    .map(([name, figure]) => `${name.padEnd(20)} ${figure}`.trimEnd() + '\n')
    .join('')
}

/** Measures `read` of a pattern's objects, and prints the figures. Whether it ended well and delivered each row once. */
export const measureSize = async (pattern: Pattern, binFolder: string): Promise<boolean> => {
  process.stdout.write(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}\n\n`)
  const size = await measure(pattern, binFolder)
  process.stdout.write(linesOf(size))
  return size.took.failure === undefined && size.took.stdout.found === pattern.objects * pattern.rows
}
