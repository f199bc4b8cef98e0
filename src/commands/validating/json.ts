import type { Position } from '../../figures/position'
import type { Tally } from '../../template/tally'
import { LIMIT_SECTION, linkOfCode, linkTo } from '../../troubleshooting'
import type { Account } from './account'

type Json = Readonly<Record<string, unknown>>

/** The account as one JSON object: the figures of the text, by the words of `read`'s and `write`'s totals where they have them. */
export const accountJson = (account: Account): Json => {
  const { figures, outcome, rejected, warnings, window } = account
  const { ages, byName, byDay, identifiers } = figures
  return {
    outcome: outcome._tag === 'tolerable' ? 'rejected' : isFailed(outcome) ? 'failed' : outcome._tag,
    max_rejected_percent: 'percent' in outcome ? outcome.percent : undefined,
    see: outcome._tag === 'intolerable' ? linkTo(LIMIT_SECTION) : undefined,
    platform: account.platform,
    judged_at: account.atSeconds,
    source: account.subject,
    files: account.files,
    files_failed: account.filesFailed,
    files_ignored: account.filesIgnored,
    files_by_code: account.filesByCode,
    rows: account.rows,
    would_send: account.wouldSend,
    duplicates: account.duplicates,
    rejected: rejected.counts,
    warnings: warnings.counts,
    positions: { rejected: positionsOf(rejected), warnings: positionsOf(warnings) },
    failed: account.failed.map(({ key, code, detail }) => ({ file: key, code, detail, see: linkOfCode(code) })),
    identifiers,
    ages: {
      events: ages.events,
      oldest: ages.oldest,
      newest: ages.newest,
      window_seconds: window.pastSeconds,
      future_seconds: window.futureSeconds,
      bands: ages.bands.map(({ from, to, isTaken, events }) => ({
        over_seconds: finite(from),
        up_to_seconds: finite(to),
        is_taken: isTaken,
        events,
      })),
    },
    events: byName.map(({ name, currency, events, value }) => ({ event_name: name, currency, events, value })),
    days: byDay.map(({ day, name, currency, events, value }) => ({ day, event_name: name, currency, events, value })),
    unknown_columns: account.unknownColumns,
    remarks: account.remarks,
  }
}

/** Why there is no account. */
export const failureJson = (message: string, see: string | undefined): Json => ({
  outcome: 'failed',
  failure: { message, see },
})

const isFailed = ({ _tag }: Account['outcome']): boolean => _tag === 'intolerable' || _tag === 'files-failed'

/** What has no end is left out. */
const finite = (seconds: number): number | undefined => (Number.isFinite(seconds) ? seconds : undefined)

const positionsOf = ({ positions }: Tally<Position>): Json =>
  Object.fromEntries(
    [...positions].map(([code, places]) => [
      code,
      places.map(({ file, row, column, differsFrom }) => ({ file, row, column, differs_from: differsFrom })),
    ]),
  )
