import { type Column, headerKey, headerKeys } from './column'
import type { Fault } from './fault'
import { type Defaults, type Draft, newDraft } from './judges/draft'
import { judge, steps } from './plan'

/**
 * A template compiled for records of any source: keys are matched as headers are, and of two keys for one column the canonical
 * name wins, then the aliases in their order. A key that holds null or '' counts as absent.
 */
export interface RecordPlan {
  readonly draft: Draft
  readonly fill: (data: Readonly<Record<string, unknown>>) => Fault | undefined
}

export const compileRecords = (columns: ReadonlyArray<Column>, defaults: Defaults): RecordPlan => {
  const draft = newDraft()
  const positions = new Map(columns.map((column, position) => [column, position]))
  const plan = steps(columns, { ...defaults, loose: true }, (column) => positions.get(column))
  const keyOf = keyLookup(columns)
  const cells = new Array<unknown>(columns.length).fill(undefined)
  const ranks = new Array<number>(columns.length).fill(0)
  // The keys of the record before and what they mean: a stream's records mostly have the same, in the same order.
  const lastKeys: Array<string> = []
  const lastFound: Array<Key> = []
  const fill = (data: Readonly<Record<string, unknown>>): Fault | undefined => {
    cells.fill(undefined)
    let i = 0
    for (const key in data) {
      let found = lastFound[i]
      if (found === undefined || lastKeys[i] !== key) {
        found = keyOf(key)
        lastKeys[i] = key
        lastFound[i] = found
      }
      i++
      if (found === STRANGER) continue
      const value = data[key]
      if (
        value === null ||
        value === '' ||
        (cells[found.column] !== undefined && (ranks[found.column] ?? 0) <= found.rank)
      )
        continue
      cells[found.column] = value
      ranks[found.column] = found.rank
    }
    return judge(plan, draft, cells)
  }
  return { draft, fill }
}

interface Key {
  readonly column: number
  readonly rank: number
}

/** A key that is no column's. */
const STRANGER: Key = { column: -1, rank: 0 }

/** Records repeat their keys, so each spelling is folded once; the memory is bounded against keys that are data. */
const keyLookup = (columns: ReadonlyArray<Column>): ((key: string) => Key) => {
  const keys = headerKeys(columns)
  const seen = new Map<string, Key>()
  return (key) => {
    const known = seen.get(key)
    if (known !== undefined) return known
    const found = keys.get(headerKey(key)) ?? STRANGER
    if (seen.size < MOST_SPELLINGS) seen.set(key, found)
    return found
  }
}

const MOST_SPELLINGS = 1000
