import type { Out } from '../../capabilities'
import { type Ledger, type Released, type Slot, newLedger } from '../../destination/delivery/ledger'
import type { Failure } from '../../failure'
import { withDestinationStats } from '../../protocol/splice'
import { newGate } from './gate'

/** The outgoing half of `write`: states go back when the ledger says that what they cover is settled, and the gate lets them. */
export interface Acknowledgement {
  readonly ledger: Ledger
  /** Echoes the states that may leave by now. A failure where too many records were rejected by then. */
  readonly release: () => Failure | undefined
  /** The same at the end of the run, which is judged as a whole. */
  readonly end: (run: Slot) => Failure | undefined
}

/** The acknowledgement of one run under max_rejected_percent. */
export const newAcknowledgement = (out: Out, percent: number): Acknowledgement => {
  const ledger = newLedger()
  const gate = newGate(percent)
  const failure = (): Failure | undefined => {
    const excess = gate.excess()
    if (excess === undefined) return undefined
    const { records: total, rejected } = excess
    return { _tag: 'TooManyRejected', scope: 'this run', of: 'records', rejected, total, percent }
  }
  const echo = ({ line, records, rejected }: Released): void => {
    const stats = { recordCount: records - rejected, ...(rejected > 0 ? { rejectedRecordCount: rejected } : {}) }
    void out.put(withDestinationStats(line, JSON.stringify(stats)))
  }
  return {
    ledger,
    release: () => {
      const free = ledger.release()
      for (const state of free) gate.pass(state).forEach(echo)
      // Each goes out at once, for a kill would cost what it covers.
      if (free.length > 0) void out.flush()
      return failure()
    },
    end: (run) => {
      gate.end(run).forEach(echo)
      return failure()
    },
  }
}
