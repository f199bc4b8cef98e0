import * as E from 'fp-ts/Either'
import type { Failure } from '../../failure'
import { rfc3339 } from '../../source/cursor'
import { type RowCode, type WarningCode, meaning } from '../../template/fault'
import { type Tally, total } from '../../template/tally'
import { type Position, type Session, say } from './session'

/** Tells people what was rejected and where, and machines the totals. Left: the counts do not add up. */
export const summarise = (session: Session): E.Either<Failure, void> => {
  const { counts } = session
  if (counts.unknownColumns.size > 0) {
    const names = [...counts.unknownColumns]
    say(
      session,
      'WARN',
      `Columns that the template does not know are not emitted: ${names.slice(0, 50).join(', ')}${names.length > 50 ? ` and ${names.length - 50} more` : ''}.`,
    )
  }
  tell(session, 'WARN', (n) => `${n} ${n === 1 ? 'row' : 'rows'} rejected`, counts.rejected)
  tell(session, 'INFO', (n) => `${n} ${n === 1 ? 'warning' : 'warnings'}`, counts.warnings)
  const rejected = total(counts.rejected.counts)
  const totals = {
    files: counts.files,
    files_failed: counts.failed.length,
    files_ignored: counts.filesIgnored,
    files_by_code: counts.filesByCode,
    newest_file_last_modified: counts.newestModifiedMs === undefined ? null : rfc3339(counts.newestModifiedMs),
    rows: counts.rows,
    emitted: counts.emitted,
    rejected: counts.rejected.counts,
    warnings: counts.warnings.counts,
  }
  say(session, 'INFO', `totals ${JSON.stringify(totals)}`)
  return counts.rows === counts.emitted + rejected
    ? E.right(undefined)
    : E.left({ _tag: 'CountsDisagree', counts: `${counts.rows} rows, ${counts.emitted} emitted, ${rejected} rejected` })
}

const tell = (
  session: Session,
  level: 'WARN' | 'INFO',
  counted: (n: number) => string,
  { counts, positions }: Tally<Position>,
): void => {
  for (const [code, places] of positions) {
    const rows = counts[code] ?? 0
    const where = places.map(
      ({ key, row, column }) => `${key} row ${row}${column === undefined ? '' : ` column ${column}`}`,
    )
    const first = rows > where.length ? `first ${where.length}: ` : ''
    say(
      session,
      level,
      `${counted(rows)} ${code} (${meaning(code as RowCode | WarningCode)}): ${first}${where.join('; ')}.`,
    )
  }
}
