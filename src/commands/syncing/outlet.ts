import * as E from 'fp-ts/Either'
import type { RejectKeeper } from '../../destination/delivery/rejects'
import { streamState } from '../../protocol/message'
import { meaning } from '../../template/fault'
import type { FilePlace, Outlet } from '../reading/outlet'
import { recordDataOf } from '../reading/record'
import { remark } from '../telling/remarks'
import type { Writing } from '../writing/writing'
import { type Findings, noteFile } from './findings'

/** The stream that a sync moves: its state is that of the piped connectors. */
export const STREAM = 'offline_events'

/** What is read goes straight into delivery; what can't be an event, to the rejects. */
export const deliveryOf = (writing: Writing, keeper: RejectKeeper, findings: Findings): Outlet => {
  let place: FilePlace | undefined
  let firstRow = 1
  let readAt = -1
  const at = (now: FilePlace, row: number, readAtMs: number): void => {
    if (place !== now) {
      place = now
      firstRow = row
    }
    if (readAt === readAtMs) return
    readAt = readAtMs
    writing.tick()
  }
  return {
    event: (event, extras, file, row, readAtMs) => {
      at(file, row, readAtMs)
      findings.gatherer.addTime(event.event_time)
      return writing.record(STREAM, recordDataOf(event, extras), file.key, row)
    },
    reject: ({ code, column }, transactionId, file, row, readAtMs) => {
      at(file, row, readAtMs)
      return keeper.keep({
        code,
        message: meaning(code),
        stream: STREAM,
        namespace: undefined,
        record: undefined,
        file: file.key,
        row,
        column,
        transactionId,
        eventName: undefined,
        requestId: undefined,
      })
    },
    state: (stream, state, count) => void writing.state(streamState(stream, state, count), stream),
    file: (object, read, trouble) => {
      noteFile(findings, object, place?.key === object.key ? firstRow : 1, read, trouble)
      place = undefined
    },
    status: () => undefined,
    estimate: () => undefined,
    say: (level, message) => {
      if (level === 'WARN') remark(findings, message)
    },
    flush: () => Promise.resolve(E.right(undefined)),
  }
}
