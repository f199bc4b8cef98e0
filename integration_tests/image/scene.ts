import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bucketKey, startBucket } from '../../demo/bucket'
import { BOTH, catalogOf } from '../support/catalogs'
import { type Platform, destinationConfig, startPlatform } from '../support/emulator'
import { type Made, makeFile } from '../support/rows'

/** What the containers find: an S3 with a file, the emulator, and a folder with configs and catalog. */
export interface Scene {
  /** Seen by the containers as /config. */
  readonly folder: string
  readonly platform: Platform
  readonly small: Made
  readonly large: Made
  /** A folder that anyone may write to, as the platform's is for uid 1000. */
  readonly newFolder: () => string
  /** Puts a file into the folder. */
  readonly keep: (file: string, content: string) => void
  readonly close: () => Promise<void>
}

const BUCKET = 'image'

/** Config of the source for the file of few rows, and for the one of many. */
export const SOURCE = 'source.json'
export const LARGE_SOURCE = 'source-large.json'
export const DESTINATION = 'destination.json'
export const CATALOG = 'catalog.json'
export const STATE = 'state.jsonl'

export const newScene = async (): Promise<Scene> => {
  const root = mkdtempSync(join(tmpdir(), 'offline-events-image-'))
  const folderOf = (name: string, mode: number): string => {
    const folder = join(root, name)
    mkdirSync(folder)
    chmodSync(folder, mode)
    return folder
  }
  // The containers' user is not the one who runs this.
  chmodSync(root, 0o755)
  const folder = folderOf('config', 0o755)
  const keep = (file: string, content: string): void => writeFileSync(join(folder, file), content)

  const bucket = await startBucket(BUCKET, folderOf('s3', 0o700))
  const small = makeFile({ rows: 200, seed: 'small', codes: ['VALUE_MISSING', 'EMAIL_MALFORMED'], oneIn: 10 })
  const large = makeFile({ rows: 200_000, seed: 'large', codes: ['PHONE_MALFORMED'], oneIn: 100 })
  await bucket.put('small/orders.csv', Buffer.from(small.csv))
  await bucket.put('large/orders.csv', Buffer.from(large.csv))
  const platform = await startPlatform()

  const source = (prefix: string): string =>
    JSON.stringify({
      bucket: BUCKET,
      path_prefix: prefix,
      credentials: { auth_type: 'access_key', aws_access_key_id: bucketKey, aws_secret_access_key: bucketKey },
      endpoint: bucket.endpoint,
    })
  keep(SOURCE, source('small'))
  keep(LARGE_SOURCE, source('large'))
  keep(DESTINATION, JSON.stringify(destinationConfig(platform)))
  keep(CATALOG, JSON.stringify(catalogOf(BOTH)))

  let folders = 0
  return {
    folder,
    platform,
    small,
    large,
    newFolder: () => folderOf(`cwd-${folders++}`, 0o777),
    keep,
    close: async () => {
      await platform.close()
      await bucket.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
