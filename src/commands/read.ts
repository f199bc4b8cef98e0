import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities, ObjectRef } from '../capabilities'
import type { Failure, FileFault } from '../failure'
import { exceeds } from '../rows/limit'
import { BEGINNING } from '../source/reach'
import { type Done, readFile } from './reading/file'
import { ARCHIVED, listFiles, newPassedOver, tellPassedOver } from './reading/list'
import { type ReadPaths, openSession } from './reading/open'
import { beginProgress, endProgress } from './reading/progress'
import { type Session, emitState, emitStatus, say } from './reading/session'
import { summarise } from './reading/summary'
import { faultOf } from './reading/trouble'
import { stoppable } from './stoppable'

/** Files in the bucket become records: open, list, read each file, tell what was done. */
export const read =
  (caps: Capabilities) =>
  (paths: ReadPaths): TE.TaskEither<Failure, void> =>
    pipe(
      stoppable(caps.stop)(openSession(caps)(paths)),
      TE.chain((session) => () => run(session)),
    )

/** However it ends, every stream gets its last state and its last status, and the totals are told. */
const run = async (session: Session): Promise<E.Either<Failure, void>> => {
  emitStatus(session, 'STARTED')
  const files = await listFiles(session)
  if (E.isRight(files)) {
    beginProgress(session, files.right)
    emitStatus(session, 'RUNNING')
  }
  const outcome = E.isLeft(files) ? files : await readFiles(session, files.right)
  if (E.isRight(files)) {
    endProgress(session, E.isRight(outcome))
    for (const stream of session.streams) emitState(session, stream)
  }
  const told = pipe(
    summarise(session),
    E.chain(() => outcome),
  )
  emitStatus(session, E.isRight(told) ? 'COMPLETE' : 'INCOMPLETE')
  // Without an output the run was stopped for its sake: that is the reason to tell.
  return pipe(
    await session.caps.out.flush(),
    E.chain(() => told),
  )
}

const readFiles = async (session: Session, files: ReadonlyArray<ObjectRef>): Promise<E.Either<Failure, void>> => {
  const { counts } = session
  let failedFirst = 0
  let gaveUp = false
  // Some tell only when they are opened.
  const archived = newPassedOver()
  for (const [i, object] of files.entries()) {
    counts.files++
    for (const { cursor } of session.streams) cursor.history.unreadMs = object.modifiedMs
    const pending = session.streams.some(({ cursor }) => cursor.open.has(object.key))
    const outcome = await readFile(session, object)
    if (E.isRight(outcome)) {
      const done = outcome.right
      if (done.row > 0 && done.rejected === done.row)
        say(session, 'WARN', `All ${done.row} rows of ${done.object.key} were rejected.`)
      const excess = excessOf(session, done)
      if (excess !== undefined) return E.left(excess)
      done.finish()
    } else {
      const fault = faultOf(outcome.left)
      if (fault === undefined) return E.left(outcome.left as Failure)
      if (fault.code === 'FILE_ARCHIVED') {
        archived.files++
        archived.first ??= object.key
        continue
      }
      setAside(session, object, fault)
      if (pending) continue
      const crowded = session.streams.some(({ cursor }) => cursor.isCrowded())
      gaveUp = (++failedFirst === MOST_FAILED_FILES || crowded) && i < files.length - 1
      if (gaveUp) break
    }
  }
  tellPassedOver(session, 'FILE_ARCHIVED', archived, ARCHIVED)
  const { failed } = counts
  return failed.length === 0
    ? E.right(undefined)
    : E.left({
        _tag: 'FilesFailed',
        files: failed.slice(0, 20),
        more: Math.max(0, failed.length - 20),
        gaveUp,
        passing: failed.every(({ code }) => code === 'FILE_CHANGED'),
      })
}

/** After so many files that failed for the first time the run gives up: something is wrong with all of them, and each takes its place in the state. */
const MOST_FAILED_FILES = 500

/** A file of too many bad rows is not done: its state stays at its last row, and it is judged again by the next run. */
const excessOf = ({ config }: Session, { object, row, rejected }: Done): Failure | undefined => {
  const percent = config.max_rejected_percent
  return exceeds(rejected, row, percent)
    ? { _tag: 'TooManyRejected', scope: object.key, of: 'rows', rejected, total: row, percent }
    : undefined
}

/** A file that can't be read on stays pending at its mark; the run goes on with the others. */
const setAside = (session: Session, object: ObjectRef, fault: FileFault): void => {
  const { counts } = session
  for (const { cursor } of session.streams)
    if (cursor.wants(object)) cursor.fail(cursor.open.get(object.key) ?? { ...BEGINNING, object }, object)
  counts.failed.push({ key: object.key, ...fault })
  counts.filesByCode[fault.code] = (counts.filesByCode[fault.code] ?? 0) + 1
  say(session, 'WARN', `${object.key}: ${fault.code}, ${fault.detail}.`)
}
