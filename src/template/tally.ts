/** Counts by code, with the first positions of each: what totals and summaries are made of. */
export interface Tally<Position> {
  readonly counts: Record<string, number>
  readonly positions: Map<string, Array<Position>>
}

/** How many positions of each code a log names. */
const POSITIONS_KEPT = 20

/** An empty tally. */
export const newTally = <Position>(): Tally<Position> => ({ counts: {}, positions: new Map() })

/** Counts one more of a code; `position` is called only while positions are still kept. */
export const count = <Position>(tally: Tally<Position>, code: string, position: () => Position): void => {
  tally.counts[code] = (tally.counts[code] ?? 0) + 1
  const kept = tally.positions.get(code)
  if (kept === undefined) tally.positions.set(code, [position()])
  else if (kept.length < POSITIONS_KEPT) kept.push(position())
}

/** The sum of all counts. */
export const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0)
