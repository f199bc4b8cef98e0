import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities, ObjectRef, Objects } from '../../capabilities'
import type { Failure } from '../../failure'
import { type SourceConfig, decode } from '../../source/config'
import { loadConfig } from '../inputs'
import { headerInvalid, headerOf, planFor } from '../reading/header'
import {
  DAY_MS,
  PLATFORM_WINDOW_DAYS,
  SHORT,
  type Survey,
  bucketForLook,
  newestUnusable,
  survey,
} from '../reading/survey'

/** Proves what `read` needs: signs in, lists the folder, opens the newest file and holds its header against the template. */
export const checkSource =
  (caps: Capabilities) =>
  (configPath: string): TE.TaskEither<Failure, string | undefined> =>
    pipe(
      loadConfig(caps)(configPath, decode),
      TE.chain((config) =>
        pipe(
          caps.openBucket(bucketForLook(config)),
          TE.chain((objects) => () => look(caps, config, objects)),
        ),
      ),
    )

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
  return pipe(
    newest === undefined ? E.right(undefined) : await judgeHeader(config, objects, newest),
    E.map(() => remark(config, found.right, caps.nowMs())),
  )
}

const judgeHeader = async (config: SourceConfig, objects: Objects, file: ObjectRef): Promise<E.Either<Failure, void>> =>
  pipe(
    await headerOf(objects, file),
    E.chainW((header) =>
      header === undefined
        ? E.right(undefined)
        : pipe(
            header,
            planFor(config),
            E.bimap(headerInvalid, () => undefined),
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
    return `The bucket can be listed, but every matching file${looked} is empty: whether files can be read shows with the first that is not.`
  if (old === 0 || config.start_date !== undefined) return undefined
  const ageDays = Math.floor((nowMs - newest.modifiedMs) / DAY_MS)
  const which =
    old === files
      ? `The newest file${looked} is ${ageDays} days old`
      : `${old} of the ${files} files${looked} are more than ${PLATFORM_WINDOW_DAYS} days old`
  return `${which}, and platforms take events of the last ${PLATFORM_WINDOW_DAYS} days: set a start date to leave old files out.`
}
