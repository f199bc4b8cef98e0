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
  const fill = (data: Readonly<Record<string, unknown>>): Fault | undefined => {
    cells.fill(undefined)
    for (const key in data) {
      const found = keyOf(key)
      if (found === undefined) continue
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

type Key = { readonly column: number; readonly rank: number } | undefined

/** Records repeat their keys, so each spelling is folded once; the memory is bounded against keys that are data. */
const keyLookup = (columns: ReadonlyArray<Column>): ((key: string) => Key) => {
  const keys = headerKeys(columns)
  const seen = new Map<string, Key>()
  return (key) => {
    if (seen.has(key)) return seen.get(key)
    const found = keys.get(headerKey(key))
    if (seen.size < MOST_SPELLINGS) seen.set(key, found)
    return found
  }
}

const MOST_SPELLINGS = 1000
