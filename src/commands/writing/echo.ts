import type { Out } from '../../capabilities'
import { withDestinationStats } from '../../protocol/splice'
import type { Echo } from './acknowledgement'

/** Gives states back on stdout, each with what became of its records. */
export const echoTo =
  (out: Out): Echo =>
  (states) => {
    let busy: Promise<void> | undefined
    for (const { line, records, rejected } of states) {
      const stats = { recordCount: records - rejected, ...(rejected > 0 ? { rejectedRecordCount: rejected } : {}) }
      busy = out.put(withDestinationStats(line, JSON.stringify(stats)))
    }
    // Each goes out at once, for a kill would cost what it covers.
    void out.flush()
    return busy
  }
