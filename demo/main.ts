import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmulator } from '../emulator/server'
import { startBucket } from './bucket'
import { bucketName } from './connection'
import { tour } from './tour'

/*
 * The two-minute tour: an embedded S3 with the sample, the emulator, and the built executables in between, as a platform would
 * run them. Needs no account and no network. --sample F takes another CSV file. The last line on stdout is `demo {json}`.
 */

const ownSample = join(__dirname, '..', '..', 'demo', 'sample.csv')

/** As strict about times as the documentation of TikTok's partners: the emulator refuses what `write` should have rejected. */
const strict = { max_event_age_days: 28, max_future_seconds: 300 }

const main = async (sample: string, stop: AbortSignal): Promise<void> => {
  const closers: (() => Promise<void>)[] = []
  try {
    const folder = await mkdtemp(join(tmpdir(), 'offline-events-demo-'))
    closers.unshift(() => rm(folder, { recursive: true, force: true }))
    const bucket = await startBucket(bucketName, join(folder, 's3'))
    closers.unshift(bucket.close)
    const emulator = await startEmulator({ port: 0, settings: strict })
    closers.unshift(() => emulator.close())
    await tour({ bucket, emulator, sample, stage: { folder, stop } })
  } finally {
    for (const close of closers) await close()
  }
}

/**
 * The first signal ends what runs and cleans up; the process then dies of it, as its starter expects. So does a reader of stdout
 * that goes away, but for the dying.
 */
const stopEarly = (): AbortSignal => {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      process.once('beforeExit', () => void process.kill(process.pid, signal))
      stop.abort(new Error(`stopped by ${signal}`))
    })
  process.stdout.on('error', () => {
    process.exitCode = 1
    stop.abort(new Error('nobody reads what it prints'))
  })
  return stop.signal
}

const start = async (): Promise<void> => {
  const { values } = parseArgs({ options: { sample: { type: 'string', default: ownSample } } })
  const path = resolve(values.sample)
  const near = relative(process.cwd(), path)
  await main(near.startsWith('..') ? path : near, stopEarly())
}

start().catch((error: unknown) => {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
