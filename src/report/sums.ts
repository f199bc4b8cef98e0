import type { NamedTotal } from '../figures/figures'
import { newSum } from '../figures/sum'
import type { SyncAccount } from './account'

/** All rows that were rejected, for whatever code. */
export const rejectedTotal = ({ rejected }: SyncAccount): number => rejected.reduce((sum, { count }) => sum + count, 0)

export const eventsOf = (totals: ReadonlyArray<NamedTotal>): number =>
  totals.reduce((sum, { events }) => sum + events, 0)

/** The exact sum of what has a value; undefined where nothing has. */
export const valueOf = (totals: ReadonlyArray<NamedTotal>): string | undefined => {
  const values = totals.flatMap(({ value }) => (value === undefined ? [] : [value]))
  if (values.length === 0) return undefined
  const sum = newSum()
  values.forEach(sum.addText)
  return sum.text()
}

/** Words by how many events they stand for, the most first; those equal, by the alphabet. */
export const ranked = (
  totals: ReadonlyArray<NamedTotal>,
  wordOf: (total: NamedTotal) => string | undefined,
): ReadonlyArray<string> => {
  const events = new Map<string, number>()
  for (const total of totals) {
    const word = wordOf(total)
    if (word !== undefined) events.set(word, (events.get(word) ?? 0) + total.events)
  }
  return [...events].sort(([a, most], [b, least]) => least - most || (a < b ? -1 : 1)).map(([word]) => word)
}
