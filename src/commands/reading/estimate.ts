import type { ObjectRef } from '../../capabilities'
import * as Cursor from '../../source/cursor'
import { traceEstimate } from '../../protocol/message'
import type { Session } from './session'

/** A row of the template's required columns and a few more; nobody can tell the true figure before the files are read. */
const BYTES_PER_ROW = 150

/** Tells how much is to come of each stream, by the sizes of the listing; of rejects none are expected. */
export const emitEstimates = ({ caps, streams }: Session, files: ReadonlyArray<ObjectRef>): void => {
  for (const { name, cursor } of streams) {
    const bytes =
      name === 'offline_events'
        ? files.reduce((sum, object) => sum + (Cursor.wants(cursor, object) ? unread(cursor, object) : 0), 0)
        : 0
    void caps.out.put(traceEstimate(name, Math.ceil(bytes / BYTES_PER_ROW), bytes, caps.nowMs()))
  }
}

const unread = (cursor: Cursor.Cursor, object: ObjectRef): number =>
  Math.max(0, object.bytes - Cursor.markOf(cursor, object).offset)
