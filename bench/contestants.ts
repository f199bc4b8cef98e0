import { access, constants, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { objectKey } from './data'
import type { Job } from './run'

/** The two halves of the connector, each measured beside its bare script. */
export type Side = 'read' | 'write'

/** One line of the table. `yardstick` marks the bare script that the others of its side are compared with. */
export type Contestant = Readonly<{ name: string; side: Side; yardstick: boolean; job: Job }>

/** Where the contestants find their input and where their output goes. */
export type Arena = Readonly<{
  folder: string
  binFolder: string
  env: Readonly<Record<string, string | undefined>>
  s3Url?: string
  sinkUrl?: string
  records?: string
}>

/** The bucket that the bench's S3 holds. */
export const bucket = 'bench'

/** The embedded S3 knows one pair of keys. */
const secret = 'S3RVER'
const eventSetId = '7312345678901234567'
const accessToken = 'bench-token'

const configured = (name: string): object => {
  const primaryKey = [['_ab_source_file_url'], ['_ab_source_file_row']]
  const stream = {
    name,
    json_schema: { type: 'object', properties: {} },
    supported_sync_modes: ['full_refresh', 'incremental'],
    source_defined_cursor: true,
    default_cursor_field: ['_ab_source_file_last_modified'],
    source_defined_primary_key: primaryKey,
  }
  return {
    stream,
    sync_mode: 'incremental',
    destination_sync_mode: 'append',
    cursor_field: ['_ab_source_file_last_modified'],
    primary_key: primaryKey,
  }
}

/** Writes config and catalog; the arguments that name them. */
export const filesFor = async (
  folder: string,
  side: Side,
  config: object,
  streams: readonly string[] = ['offline_events'],
): Promise<string[]> => {
  const configPath = join(folder, `${side}-config.json`)
  const catalogPath = join(folder, `${side}-catalog.json`)
  await writeFile(configPath, JSON.stringify(config))
  await writeFile(catalogPath, JSON.stringify({ streams: streams.map(configured) }))
  return ['--config', configPath, '--catalog', catalogPath]
}

const readers = async ({ folder, binFolder, env }: Arena, endpoint: string): Promise<Contestant[]> => {
  const config = {
    bucket,
    path_prefix: 'bench',
    credentials: { auth_type: 'access_key', aws_access_key_id: secret, aws_secret_access_key: secret },
    region: 'us-east-1',
    endpoint,
  }
  const bareArgs = [join(__dirname, 'bare-read.js'), '--endpoint', endpoint, '--bucket', bucket, '--key', objectKey]
  const bareEnv = { ...env, AWS_ACCESS_KEY_ID: secret, AWS_SECRET_ACCESS_KEY: secret }
  const bin = join(binFolder, 'source-s3-offline-events')
  const args = ['read', ...(await filesFor(folder, 'read', config))]
  return [
    {
      name: 'bare-read',
      side: 'read',
      yardstick: true,
      job: { command: process.execPath, args: bareArgs, env: bareEnv },
    },
    { name: 'read', side: 'read', yardstick: false, job: { command: bin, args, env } },
  ]
}

const writers = async ({ folder, binFolder, env }: Arena, apiUrl: string, stdin: string): Promise<Contestant[]> => {
  const config = {
    platform: { type: 'tiktok', access_token: accessToken, event_set_id: eventSetId, api_url: apiUrl },
  }
  const flags = ['--api-url', apiUrl, '--access-token', accessToken, '--event-set-id', eventSetId]
  const bareArgs = [join(__dirname, 'bare-write.js'), ...flags]
  const bin = join(binFolder, 'destination-offline-events')
  const args = ['write', ...(await filesFor(folder, 'write', config))]
  return [
    {
      name: 'bare-write',
      side: 'write',
      yardstick: true,
      job: { command: process.execPath, args: bareArgs, env, stdin },
    },
    { name: 'write', side: 'write', yardstick: false, job: { command: bin, args, env, stdin } },
  ]
}

/** Lists who runs, and writes the config and catalog files that they take. A side without its server does not run. */
export const contestantsIn = async (arena: Arena): Promise<Contestant[]> => [
  ...(arena.s3Url === undefined ? [] : await readers(arena, arena.s3Url)),
  ...(arena.sinkUrl === undefined || arena.records === undefined
    ? []
    : await writers(arena, arena.sinkUrl, arena.records)),
]

/** Tells whether the contestant's executable is there. */
export const isPresent = ({ job }: Contestant): Promise<boolean> =>
  access(job.command, constants.X_OK).then(
    () => true,
    () => false,
  )
