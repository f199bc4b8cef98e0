import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cached } from './cache'
import { bucket } from './contestants'
import { makeCsv, objectKey } from './data'
import { childEnv, startEmulator, startS3 } from './servers'
import type { Server } from './servers'

/** A sync to look at. `report`: where its report is to stay. */
export type Shown = Readonly<{ rows: number; seed: number; bin: string; report?: string }>

const key = 'S3RVER'
const hourMs = 3_600_000

/** What the emulator has counted, as far as it is asked here. */
type Summary = Readonly<{
  requests: Readonly<{ total: number }>
  events: Readonly<{ stored: number; duplicates: number }>
}>

/**
 * Runs `sync` of one object against an embedded S3 and the emulator, as a person would: what it says and the bar that it shows go to the
 * terminal. Then again, to show that nothing is sent twice. Whether each row arrived, once.
 */
export const showSync = async ({ rows, seed, bin, report }: Shown): Promise<boolean> => {
  const env = childEnv()
  const nowSeconds = Math.floor(Date.now() / hourMs) * (hourMs / 1000)
  const csv = await cached('orders.csv', makeCsv, { rows, seed, nowSeconds })
  const folder = await mkdtemp(join(tmpdir(), 'offline-events-sync-'))
  const servers: Server[] = []
  try {
    const s3 = await startS3({ file: csv.path, bucket, key: objectKey }, env)
    servers.push(s3)
    const emulator = await startEmulator(env)
    servers.push(emulator)
    const [source, destination] = [join(folder, 'source.json'), join(folder, 'destination.json')]
    const credentials = { auth_type: 'access_key', aws_access_key_id: key, aws_secret_access_key: key }
    await writeFile(
      source,
      JSON.stringify({ bucket, path_prefix: 'bench', region: 'us-east-1', endpoint: s3.url, credentials }),
    )
    const platform = { type: 'tiktok', access_token: 'emulator-token', event_set_id: '7312345678901234567' }
    await writeFile(destination, JSON.stringify({ platform: { ...platform, api_url: emulator.url } }))
    const args = ['sync', '--source', source, '--destination', destination, '--state', join(folder, 'state.json')]
    const sync = async (...more: readonly string[]): Promise<number | null> => {
      const child = spawn(join(bin, 'offline-events'), [...args, ...more], {
        env,
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      await once(child, 'exit')
      return child.exitCode
    }
    const first = await sync('--json', ...(report === undefined ? [] : ['--report', report]))
    const { events, requests } = await summaryOf(emulator)
    process.stdout.write(
      `\nemulator: ${events.stored} events, ${events.duplicates} of them again, ${requests.total} requests\n\n`,
    )
    const second = await sync()
    const after = await summaryOf(emulator)
    process.stdout.write(`\nemulator: ${after.requests.total - requests.total} requests more\n`)
    return first === 0 && second === 0 && events.stored === rows && after.requests.total === requests.total
  } finally {
    await Promise.all(servers.map(({ stop }) => stop()))
    await rm(folder, { recursive: true, force: true })
  }
}

const summaryOf = async ({ url }: Server): Promise<Summary> =>
  (await (await fetch(`${url}/__admin/summary`)).json()) as Summary
