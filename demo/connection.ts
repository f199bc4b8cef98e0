import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bucketKey } from './bucket'
import type { Stream } from './messages'
import type { Call } from './run'

/** Bucket and folder of the demo, and the object that the sample becomes. */
export const bucketName = 'acme-offline'
const prefix = 'orders'
export const objectKey = `${prefix}/sample.csv`

/** A token and an event set that the emulator knows. */
const accessToken = 'emulator-token'
const eventSetId = '7312345678901234567'

/** The files of the connection, by the flag that takes them. */
const source = { config: 'source.json' }
const sync = { catalog: 'catalog.json' }
export const stateFile = 'state.json'

const reader = 'source-s3-offline-events'
export const check: Call = { executable: reader, verb: 'check', files: source }
export const discover: Call = { executable: reader, verb: 'discover', files: source }
export const read: Call = { executable: reader, verb: 'read', files: { ...source, ...sync } }
export const readOn: Call = { ...read, files: { ...read.files, state: stateFile } }
export const write: Call = {
  executable: 'destination-offline-events',
  verb: 'write',
  files: { config: 'destination.json', ...sync },
}

/** Writes what a user enters in the two set-up forms. */
export const writeConfigs = async (folder: string, endpoint: string, apiUrl: string): Promise<void> => {
  await writeJson(folder, 'source.json', {
    bucket: bucketName,
    path_prefix: prefix,
    credentials: { auth_type: 'access_key', aws_access_key_id: bucketKey, aws_secret_access_key: bucketKey },
    region: 'us-east-1',
    endpoint,
  })
  await writeJson(folder, 'destination.json', {
    platform: { type: 'tiktok', access_token: accessToken, event_set_id: eventSetId, api_url: apiUrl },
  })
}

/** Writes the catalog that the platform makes of the discovered streams: all of them, only what is new, appended. */
export const writeCatalog = (folder: string, streams: readonly Stream[]): Promise<void> =>
  writeJson(folder, sync.catalog, {
    streams: streams.map((stream) => ({
      stream,
      sync_mode: 'incremental',
      destination_sync_mode: 'append',
      cursor_field: stream.default_cursor_field,
      primary_key: stream.source_defined_primary_key,
    })),
  })

const writeJson = (folder: string, name: string, json: object): Promise<void> =>
  writeFile(join(folder, name), JSON.stringify(json))
