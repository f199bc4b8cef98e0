import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities, Objects } from '../../capabilities'
import { keyIn } from '../../destination/delivery/reject-file'
import type { RejectsStorage, S3Storage } from '../../destination/rejects/config'
import type { Failure } from '../../failure'
import { bucketOf } from '../writing/rejects'

/** Proves that rejects can be written where they are to be kept, by an empty object that is deleted again. Right: what is worth a word. */
export const checkRejects = (
  caps: Pick<Capabilities, 'openBucket'>,
  storage: RejectsStorage,
): TE.TaskEither<Failure, ReadonlyArray<string>> =>
  storage.storage_type === 'None'
    ? TE.right([])
    : pipe(
        caps.openBucket({ ...bucketOf(storage), withinMs: WITHIN_MS }),
        TE.chain((objects) => leaveAndTake(objects, storage)),
      )

/** Whatever the other side does, a check ends within this. */
const WITHIN_MS = 33_000

const leaveAndTake = (objects: Objects, storage: S3Storage): TE.TaskEither<Failure, ReadonlyArray<string>> => {
  const key = keyIn(storage.bucket_path, '.check')
  return pipe(
    objects.put(key, ''),
    TE.chain(() =>
      pipe(
        objects.remove(key),
        TE.match(
          (failure) => (isDeleteAlone(failure) ? E.right([leftBehind(storage, key)]) : E.left(failure)),
          () => E.right([]),
        ),
      ),
    ),
  )
}

/** What is written is never deleted but here: without that right nothing is amiss. */
const isDeleteAlone = (failure: Failure): boolean => failure._tag === 'StorageRefused' && failure.cause === 'remove'

const leftBehind = ({ s3_bucket_name }: S3Storage, key: string): string =>
  `Rejects can be written into the bucket ${s3_bucket_name}, but the empty object ${key} of this test stays there: no permission to delete it (s3:DeleteObject), which only tests need.`
