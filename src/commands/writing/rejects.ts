import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Bucket, Capabilities } from '../../capabilities'
import type { DestinationConfig } from '../../destination/config'
import { CSV, JSONL, type Reject, folderOf, tagOf } from '../../destination/delivery/reject-file'
import { KEEPER_LIMITS, NO_KEEPER, type RejectKeeper, newKeeper } from '../../destination/delivery/rejects'
import type { S3Storage } from '../../destination/rejects/config'
import type { Failure } from '../../failure'
import { type ConfiguredStream, keyOf } from '../../protocol/catalog'
import { streamKey } from '../../protocol/incoming'

/** The keeper of a run's rejects, by its config and the streams of its catalog. A bucket in trouble is waited for as the platform is. */
export const openRejects = (
  { openBucket, nowMs, random, stop }: Pick<Capabilities, 'openBucket' | 'nowMs' | 'random' | 'stop'>,
  { object_storage_config: storage, give_up_after_minutes }: DestinationConfig,
  streams: ReadonlyArray<ConfiguredStream>,
): TE.TaskEither<Failure, RejectKeeper> =>
  storage.storage_type === 'None'
    ? TE.right(NO_KEEPER)
    : pipe(
        openBucket({ ...bucketOf(storage), patienceMs: give_up_after_minutes * 60_000 }),
        TE.map(({ put }) =>
          newKeeper(put, {
            form: storage.format.format_type === 'CSV' ? CSV : JSONL,
            run: { startMs: nowMs(), tag: tagOf(random()) },
            folderOf: foldersOf(storage, streams),
            limits: KEEPER_LIMITS,
            stop,
          }),
        ),
      )

/** How the bucket of the rejects is reached. Nothing is read from it: the idle time of bodies is of no account. */
export const bucketOf = (storage: S3Storage): Bucket => ({
  use: 'rejects',
  name: storage.s3_bucket_name,
  region: storage.s3_bucket_region === '' ? undefined : storage.s3_bucket_region,
  endpoint: storage.s3_endpoint,
  credentials: credentialsOf(storage),
  bodyIdleMs: 60_000,
  requesterPays: false,
  expectedOwner: undefined,
})

const credentialsOf = ({ access_key_id, secret_access_key, role_arn }: S3Storage): Bucket['credentials'] => {
  const key =
    access_key_id === undefined || secret_access_key === undefined
      ? undefined
      : ({
          _tag: 'AccessKey',
          accessKeyId: access_key_id,
          secretAccessKey: secret_access_key,
          sessionToken: undefined,
        } as const)
  if (role_arn === undefined) return key ?? { _tag: 'Environment' }
  return { _tag: 'AssumedRole', roleArn: role_arn, externalId: undefined, base: key, stsEndpoint: undefined }
}

/** A stream's folder, made up once. */
const foldersOf = (
  { bucket_path }: S3Storage,
  streams: ReadonlyArray<ConfiguredStream>,
): ((reject: Reject) => string) => {
  const syncIds = new Map(streams.map((stream) => [keyOf(stream), stream.sync_id ?? undefined]))
  const folders = new Map<string, string>()
  return ({ stream, namespace }) => {
    const key = streamKey(stream, namespace)
    const known = folders.get(key) ?? folderOf(bucket_path, syncIds.get(key), namespace, stream)
    folders.set(key, known)
    return known
  }
}
