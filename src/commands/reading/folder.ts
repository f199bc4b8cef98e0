import * as E from 'fp-ts/Either'
import type { ObjectRef } from '../../capabilities'
import type { Failure, FileFault } from '../../failure'
import { exceeds } from '../../rows/limit'
import { BEGINNING } from '../../source/reach'
import { total } from '../../template/tally'
import { type Done, readFile } from './file'
import { ARCHIVED, listFiles, newPassedOver, tellPassedOver } from './list'
import { beginProgress, endProgress } from './progress'
import { type Session, emitState, say } from './session'
import { faultOf } from './trouble'

/** Lists the folder and reads its files. However it ends, every stream gives its last state. `listed` is called when reading begins. */
export const readFolder = async (session: Session, listed: () => void): Promise<E.Either<Failure, void>> => {
  const files = await listFiles(session)
  if (E.isLeft(files)) return files
  beginProgress(session, files.right)
  listed()
  const outcome = await readFiles(session, files.right)
  endProgress(session, E.isRight(outcome))
  for (const stream of session.streams) emitState(session, stream)
  return outcome
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
    const rowsBefore = counts.rows
    const rejectedBefore = total(counts.rejected.counts)
    const outcome = await readFile(session, object)
    const read = { rows: counts.rows - rowsBefore, rejected: total(counts.rejected.counts) - rejectedBefore }
    session.outlet.file(object, read, E.isLeft(outcome) ? outcome.left : undefined)
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
