import type { Capabilities } from '../../capabilities'
import { log, recordOf, streamState, streamStatus, traceEstimate } from '../../protocol/message'
import { meaning } from '../../template/fault'
import type { FilePlace, Outlet } from './outlet'

/** What is read, as Airbyte messages on stdout. */
export const messagesTo = ({ out, nowMs }: Pick<Capabilities, 'out' | 'nowMs'>): Outlet => {
  const event = recordOf('offline_events')
  const rejected = recordOf('offline_events_rejected')
  /** Record data: JSON text of an object with at least one member, what else it has, and where it comes from. */
  const dataOf = (json: string, extras: string, { members }: FilePlace, row: number): string =>
    `${json.slice(0, -1)}${extras},${members}${row}}`
  return {
    event: (found, extras, place, row, emittedAtMs) =>
      out.put(event(dataOf(JSON.stringify(found), extras, place, row), emittedAtMs)),
    reject: ({ code, column }, transactionId, place, row, emittedAtMs) => {
      const data = { code, column, message: meaning(code), transaction_id: transactionId }
      return out.put(rejected(dataOf(JSON.stringify(data), '', place, row), emittedAtMs))
    },
    state: (stream, state, records) => void out.put(streamState(stream, state, records)),
    status: (stream, status) => void out.put(streamStatus({ name: stream }, status, nowMs())),
    file: () => undefined,
    estimate: (stream, rows, bytes) => void out.put(traceEstimate(stream, rows, bytes, nowMs())),
    say: (level, message) => void out.put(log(level, message)),
    flush: out.flush,
  }
}
