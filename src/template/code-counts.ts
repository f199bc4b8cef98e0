import { ROW_CODES, type RowCode, WARNING_CODES, type WarningCode } from './fault'
import type { Tally } from './tally'

/** How often a code was met, and where first. */
export interface CodeCount<Code extends string, Position> {
  readonly code: Code
  /** Rows; of a warning, times: a row may have two of one code. */
  readonly count: number
  readonly positions: ReadonlyArray<Position>
}

/** Rejects that were counted, in the order of judgement. */
export const rejectCounts = <Position>(tally: Tally<Position>): ReadonlyArray<CodeCount<RowCode, Position>> =>
  countsOf(ROW_CODES, tally)

/** The same of warnings. */
export const warningCounts = <Position>(tally: Tally<Position>): ReadonlyArray<CodeCount<WarningCode, Position>> =>
  countsOf(WARNING_CODES, tally)

const countsOf = <Code extends string, Position>(
  codes: ReadonlyArray<Code>,
  { counts, positions }: Tally<Position>,
): ReadonlyArray<CodeCount<Code, Position>> =>
  codes
    .map((code) => ({ code, count: counts[code] ?? 0, positions: positions.get(code) ?? [] }))
    .filter(({ count }) => count > 0)
