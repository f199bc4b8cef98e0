import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities, ObjectRef, Objects } from '../../capabilities'
import type { Failure } from '../../failure'
import { type SourceConfig, decode } from '../../source/config'
import { loadConfig } from '../inputs'
import { headerInvalid, headerOf, planFor } from '../reading/header'
import { newestFile, newestUnusable } from '../reading/newest'
import { bucketOf } from '../reading/open'

/** Proves what `read` needs: signs in, lists the folder, opens the newest file and holds its header against the template. */
export const checkSource =
  (caps: Capabilities) =>
  (configPath: string): TE.TaskEither<Failure, string | undefined> =>
    pipe(
      loadConfig(caps)(configPath, decode),
      TE.chain((config) =>
        pipe(
          caps.openBucket(bucketOf(config)),
          TE.chain((objects) => () => look(caps, config, objects)),
        ),
      ),
    )

const DAY_MS = 86_400_000
const PLATFORM_WINDOW_DAYS = 28

const look = async (
  caps: Capabilities,
  config: SourceConfig,
  objects: Objects,
): Promise<E.Either<Failure, string | undefined>> => {
  const found = await newestFile(config, objects)
  if (E.isLeft(found)) return found
  const newest = found.right
  if (newest === undefined)
    return E.right(
      `The bucket can be listed, but there is no matching file: check "Relative path to data folder" and the file pattern if there should be one.`,
    )
  const header = await judgeHeader(config, objects, newest)
  if (E.isLeft(header)) return header
  const ageDays = Math.floor((caps.nowMs() - newest.modifiedMs) / DAY_MS)
  return E.right(
    ageDays > PLATFORM_WINDOW_DAYS && config.start_date === undefined
      ? `The newest file is ${ageDays} days old, and platforms take events of the last ${PLATFORM_WINDOW_DAYS} days: set a start date to leave old files out.`
      : undefined,
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
