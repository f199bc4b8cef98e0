import type { SyncAccount } from '../../report/account'
import type { Ending } from '../validate'
import { failedIn, rejectedIn } from './account'

/** The totals of a run as one JSON object, by the words of `read`'s and `write`'s totals: what metrics are made of. */
export const totalsJson = (account: SyncAccount, ending: Ending): Readonly<Record<string, unknown>> => {
  const { outcome, startedMs, endedMs, rows, accepted, isDryRun } = account
  const rejected = rejectedIn(account)
  const seconds = (endedMs - startedMs) / 1000
  return {
    outcome: ending === 'success' && rejected > 0 ? 'rejected' : OUTCOMES[ending],
    source: account.subject,
    platform: account.platform,
    dry_run: isDryRun,
    resumed: account.resumed !== undefined,
    files: account.files.length + account.moreFiles,
    files_failed: failedIn(account),
    files_ignored: account.filesIgnored,
    files_by_code: account.filesByCode,
    rows,
    ...(isDryRun ? { would_send: accepted, accepted: 0 } : { accepted }),
    duplicates: account.duplicates,
    unsettled: account.unsettled,
    rejected_rows: rejected,
    rejected: byCode(account.rejected),
    warnings: byCode(account.warnings),
    requests: account.requests,
    retries: account.retries,
    bytes_read: account.bytesRead,
    peak_rss_bytes: account.peakRssBytes,
    started_at: new Date(startedMs).toISOString(),
    seconds,
    rows_per_second: seconds > 0 ? Math.round(rows / seconds) : 0,
    failure: outcome._tag === 'failed' ? { message: outcome.sentence, see: outcome.see } : undefined,
  }
}

const OUTCOMES: Readonly<Record<Ending, string>> = {
  success: 'clean',
  rejected: 'rejected',
  failure: 'failed',
  stopped: 'stopped',
}

const byCode = (counts: SyncAccount['rejected'] | SyncAccount['warnings']): Readonly<Record<string, number>> =>
  Object.fromEntries(counts.map(({ code, count }) => [code, count]))
