import * as E from 'fp-ts/Either'
import type { ObjectRef } from '../../capabilities'
import type { Bytes } from '../../source/bytes'
import { total } from '../../template/tally'
import { type Session, say } from './session'

/** A row of the template's required columns and a few more; nobody can tell the true figure before files are read. */
const BYTES_PER_ROW = 150

const TELL_EVERY_MS = 30_000

/** The files of the listing are known: says how much is to come of each stream. */
export const beginProgress = (session: Session, files: ReadonlyArray<ObjectRef>): void => {
  const { progress } = session
  progress.files = files.length
  progress.bytesToRead = files.reduce((sum, { bytes }) => sum + bytes, 0)
  emitEstimates(session, progress.bytesToRead - begunBytes(session, files))
}

/** What was read of the files before, and is not read again unless they are compressed: that is known when they are opened. */
const begunBytes = ({ streams }: Session, files: ReadonlyArray<ObjectRef>): number =>
  files.reduce((sum, { key, bytes }) => {
    const offsets = streams.map(({ cursor }) => cursor.open.get(key)?.offset ?? 0)
    return sum + Math.min(bytes, ...offsets)
  }, 0)

/** The last estimates: of a run that is complete there is nothing to come. */
export const endProgress = (session: Session, isComplete: boolean): void => {
  if (isComplete) session.progress.bytesToRead = session.progress.bytesRead
  emitEstimates(session)
}

/** Bytes of objects as they come, counted; progress is told between them. */
export async function* counted<F>(session: Session, bytes: Bytes<F>): Bytes<F> {
  for await (const piece of bytes) {
    if (E.isRight(piece)) session.progress.bytesRead += piece.right.length
    tellProgress(session)
    yield piece
  }
}

/** Every 30 seconds: tells people how far the run is, and the platform what is to be expected by now. */
export const tellProgress = (session: Session): void => {
  const { caps, counts, progress } = session
  const nowMs = caps.elapsedMs()
  const sinceMs = nowMs - progress.lastToldMs
  if (sinceMs < TELL_EVERY_MS) return
  const { bytesToRead, bytesRead, files } = progress
  const percent = bytesToRead === 0 ? 100 : Math.min(100, Math.floor((100 * bytesRead) / bytesToRead))
  const perSecond = Math.round(((counts.rows - progress.rowsLastTold) * 1000) / sinceMs)
  say(
    session,
    'INFO',
    `Read ${percent} % of the bytes, ${counts.files} of ${files} files, ${counts.rows} rows; now ${perSecond} rows/s.`,
  )
  progress.lastToldMs = nowMs
  progress.rowsLastTold = counts.rows
  emitEstimates(session)
}

/** By the sizes of the listing, and by the rows that their bytes turned out to hold. */
const emitEstimates = (
  { counts, outlet, progress, streams }: Session,
  bytesToRead: number = progress.bytesToRead,
): void => {
  const { bytesRead } = progress
  const leftBytes = Math.max(0, bytesToRead - bytesRead)
  for (const { name } of streams) {
    const seen = name === 'offline_events' ? counts.emitted : total(counts.rejected.counts)
    // Of rejects none are expected.
    const perByte = bytesRead > 0 ? seen / bytesRead : name === 'offline_events' ? 1 / BYTES_PER_ROW : 0
    const bytes = name === 'offline_events' ? bytesToRead : 0
    outlet.estimate(name, Math.ceil(seen + leftBytes * perByte), bytes)
  }
}
