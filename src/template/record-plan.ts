import { type Column, type Kind, headerKey, headerKeys } from './column'
import type { Fault } from './fault'
import type { Mapping } from './header'
import { type Defaults, type Draft, newDraft, textOf } from './judges/draft'
import { judge, steps } from './plan'
import { toldId } from './told'
import { trim } from './trim'

/**
 * A template compiled for records of any source: keys are matched as headers are, and of two keys for one column a mapped one wins,
 * then the canonical name, then the aliases in their order. A key that holds null, a text of
 * nothing but space or a list of nothing counts as absent.
 */
export interface RecordPlan {
  readonly draft: Draft
  readonly fill: (data: Readonly<Record<string, unknown>>) => Fault | undefined
  /** What the record that was filled last gives as a column of this kind, as text; undefined where it could be an identity. */
  readonly textOf: (kind: Kind) => string | undefined
}

/** The user's defaults, and keys of records that stand for a column of the template, whatever their names say. */
export interface RecordManner extends Defaults {
  readonly mapping: ReadonlyArray<Mapping>
}

export const compileRecords = (columns: ReadonlyArray<Column>, manner: RecordManner): RecordPlan => {
  const draft = newDraft()
  const positions = new Map(columns.map((column, position) => [column, position]))
  const plan = steps(columns, { ...manner, loose: true, decimal: '.', asIs: false }, (column) => positions.get(column))
  const keyOf = keyLookup(columns, manner.mapping)
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
      if (value === null || isEmpty(value)) continue
      for (let meant: Key | undefined = found; meant !== undefined; meant = meant.also) {
        if (cells[meant.column] !== undefined && (ranks[meant.column] ?? 0) <= meant.rank) continue
        cells[meant.column] = value
        ranks[meant.column] = meant.rank
      }
    }
    return judge(plan, draft, cells)
  }
  const given = (kind: Kind): string | undefined => {
    return toldId(textOf(cells[columns.findIndex((column) => column.kind === kind)]) ?? undefined)
  }
  return { draft, fill, textOf: given }
}

/** Text of nothing but space, and a list of nothing. */
const isEmpty = (value: unknown): boolean =>
  typeof value === 'string'
    ? !isVisible(value.charCodeAt(0)) && trim(value) === ''
    : Array.isArray(value) && value.every((one) => one === null || one === '')

/** Most texts begin so, and are told at once. */
const isVisible = (charCode: number): boolean => charCode > 32 && charCode < 127

/** A column that a key stands for; a mapped one may stand for several. */
interface Key {
  readonly column: number
  /** The lower one counts. */
  readonly rank: number
  readonly also: Key | undefined
}

/** A key that is no column's. */
const STRANGER: Key = { column: -1, rank: 0, also: undefined }

/** Records repeat their keys, so each spelling is folded once; the memory is bounded against keys that are data. */
const keyLookup = (columns: ReadonlyArray<Column>, mapping: ReadonlyArray<Mapping>): ((key: string) => Key) => {
  const keys = keysOf(columns, mapping)
  const seen = new Map<string, Key>()
  return (key) => {
    const known = seen.get(key)
    if (known !== undefined) return known
    const found = keys.get(headerKey(key)) ?? STRANGER
    if (seen.size < MOST_SPELLINGS) seen.set(key, found)
    return found
  }
}

const keysOf = (columns: ReadonlyArray<Column>, mapping: ReadonlyArray<Mapping>): ReadonlyMap<string, Key> => {
  const own = headerKeys(columns)
  const keys = new Map<string, Key>()
  for (const [i, { column: key, field }] of mapping.entries()) {
    const column = own.get(headerKey(field))?.column
    // Of two mapped keys for one column the first of the list counts.
    if (column !== undefined)
      keys.set(headerKey(key), { column, rank: i - mapping.length, also: keys.get(headerKey(key)) })
  }
  for (const [key, found] of own) if (!keys.has(key)) keys.set(key, { ...found, also: undefined })
  return keys
}

const MOST_SPELLINGS = 1000
