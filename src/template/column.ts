import { trim } from './trim'

/** A column of a template, as data: `discover`, the template file, the plan and the docs all read the same list. */
export interface Column {
  /** Canonical spelling, as in the set-up guide. */
  readonly name: string
  /** Other header names that mean it, in order of precedence. */
  readonly aliases: ReadonlyArray<string>
  readonly need: Need
  /** How a cell is judged and brought to its canonical form. */
  readonly kind: Kind
  /** JSON Schema (draft-07) of the canonical value. */
  readonly schema: Readonly<Record<string, unknown>>
  /** One sentence for people. */
  readonly description: string
  /** Whether the column belongs into the file that people fill in. */
  readonly inFile: boolean
}

/** `purchase`: required for purchase events. `identifier`: at least one of these is required. */
export type Need = 'required' | 'purchase' | 'identifier' | 'optional'

export type Kind =
  | 'event-name'
  | 'event-time'
  | 'currency'
  | 'value'
  | 'transaction-id'
  | 'event-id'
  | 'email'
  | 'phone'
  | 'phone-e164'
  | 'external-id'
  | 'text'
  | 'list'
  | 'objects'
  | 'integer'

/** Header names are matched without case, outer space of any kind or byte order mark, which is one. */
export const headerKey = (header: string): string => trim(header).toLowerCase()

/** Header key -> (column, rank): rank 0 is the canonical name, then the aliases in their order. */
export const headerKeys = (columns: ReadonlyArray<Column>): ReadonlyMap<string, { column: number; rank: number }> => {
  const keys = new Map<string, { column: number; rank: number }>()
  columns.forEach(({ name, aliases }, column) => {
    for (const [rank, key] of [name, ...aliases].map(headerKey).entries())
      if (!keys.has(key)) keys.set(key, { column, rank })
  })
  return keys
}

/** The column that a header or key names, by its canonical name or an alias. */
export const columnLookup = (columns: ReadonlyArray<Column>): ((name: string) => Column | undefined) => {
  const keys = headerKeys(columns)
  return (name) => columns[keys.get(headerKey(name))?.column ?? -1]
}
