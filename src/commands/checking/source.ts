import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Bucket, Capabilities, ObjectRef, Objects } from '../../capabilities'
import type { Failure } from '../../failure'
import { type SourceConfig, decode } from '../../source/config'
import { loadConfig } from '../inputs'
import { headOf, planFor } from '../reading/header'
import { bucketOf } from '../reading/open'
import { DAY_MS, PLATFORM_WINDOW_DAYS, type Scope, type Survey, newestUnusable, survey } from '../reading/survey'

/** Proves what `read` needs: signs in, lists the folder, opens the newest file and holds its header against the template. */
export const checkSource =
  (caps: Capabilities) =>
  (configPath: string): TE.TaskEither<Failure, string | undefined> =>
    pipe(
      loadConfig(caps)(configPath, decode),
      TE.chain((config) =>
        pipe(
          caps.openBucket(bucketForCheck(config)),
          TE.chain((objects) => () => look(caps, config, objects)),
        ),
      ),
    )

/** Whatever the other side does, a check ends within this; a single request is given 30 s of it. */
const WITHIN_MS = 33_000
/** A body that stalls is asked for again while there is time. */
const LONGEST_IDLE_MS = 10_000
/** 10,000 keys are enough for a typical folder and soon listed in any, and no further page after 15 s: a slow store is no broken one. */
const SHORT: Scope = { pages: 10, ms: 15_000 }

/** The bucket for a check: all of its requests, retries and bodies together end in time. */
const bucketForCheck = (config: SourceConfig): Bucket => {
  const bucket = bucketOf(config)
  return { ...bucket, bodyIdleMs: Math.min(bucket.bodyIdleMs, LONGEST_IDLE_MS), withinMs: WITHIN_MS }
}

const look = async (
  caps: Capabilities,
  config: SourceConfig,
  objects: Objects,
): Promise<E.Either<Failure, string | undefined>> => {
  const found = await lookOnce(caps, config, objects)
  // Replaced between its listing and its reading: what stands there now is as good.
  const changed = E.isLeft(found) && found.left._tag === 'FileUnusable' && found.left.file.code === 'FILE_CHANGED'
  return changed ? lookOnce(caps, config, objects) : found
}

const lookOnce = async (
  caps: Capabilities,
  config: SourceConfig,
  objects: Objects,
): Promise<E.Either<Failure, string | undefined>> => {
  const found = await survey(caps, config, objects, SHORT)
  if (E.isLeft(found)) return found
  const { newest } = found.right
  const judged = newest === undefined ? E.right(undefined) : await judgeHeader(config, objects, newest)
  // Some archives show only here; `read` passes such files over.
  if (E.isLeft(judged) && judged.left._tag === 'FileUnusable' && judged.left.file.code === 'FILE_ARCHIVED')
    return E.right(NEWEST_ARCHIVED)
  return pipe(
    judged,
    E.map(() => remark(config, found.right, caps.nowMs())),
  )
}

const NEWEST_ARCHIVED =
  'The bucket can be listed, but the newest matching file lies in an archive: whether files can be read shows with the first that does not.'

const judgeHeader = async (config: SourceConfig, objects: Objects, file: ObjectRef): Promise<E.Either<Failure, void>> =>
  pipe(
    await headOf(objects, file, config),
    E.chainW((head) =>
      head === undefined
        ? E.right(undefined)
        : pipe(
            head.header,
            planFor(config),
            E.map(() => undefined),
          ),
    ),
    E.mapLeft((trouble) => newestUnusable(file, trouble)),
  )

/** What is worth a word although the config works. */
const remark = (
  config: SourceConfig,
  { newest, files, old, leftOut, whole }: Survey,
  nowMs: number,
): string | undefined => {
  const looked = whole ? '' : ' among the first keys, which are all that a test looks at'
  if (files === 0)
    return `The bucket can be listed, but there is no matching file${looked}: check ${leftOut === 0 ? '"Relative path to data folder"' : `file_pattern and start_date, which leave out ${leftOut} found in the folder,`} if there should be one.`
  if (newest === undefined)
    return `The bucket can be listed, but every matching file${looked} is empty or archived: whether files can be read shows with the first that is neither.`
  if (old === 0 || config.start_date !== undefined) return undefined
  const ageDays = Math.floor((nowMs - newest.modifiedMs) / DAY_MS)
  const which =
    old === files
      ? `The newest file${looked} is ${ageDays} days old`
      : `${old} of the ${files} files${looked} are more than ${PLATFORM_WINDOW_DAYS} days old`
  return `${which}, and platforms take events of the last ${PLATFORM_WINDOW_DAYS} days: set a start date to leave old files out.`
}
