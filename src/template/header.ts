import * as E from 'fp-ts/Either'
import { type Column, columnLookup, headerKey, headerKeys } from './column'
import type { Defaults } from './judges/draft'
import { trim } from './trim'

/** What the user says of a file's columns. */
export interface HeaderManner extends Pick<Defaults, 'eventName' | 'currency'> {
  /** Headers that stand for a column of the template, whatever their names say. */
  readonly mapping: ReadonlyArray<Mapping>
  /** Whether a header that the template does not know is wanted as text. */
  readonly passes: (header: string) => boolean
}

export interface Mapping {
  readonly column: string
  /** Name or alias of a column of the template. */
  readonly field: string
}

/** A header matched against a template. */
export interface Match {
  readonly at: ReadonlyMap<Column, number>
  /** Columns that are passed through as text. */
  readonly extras: ReadonlyArray<Extra>
  /** Columns that are dropped, by names that may be shown. */
  readonly unknown: ReadonlyArray<string>
}

export interface Extra {
  readonly name: string
  /** The name as JSON text: it is written for every row. */
  readonly nameJson: string
  readonly at: number
}

/** Why a header can't be read: what is missing of the template, or two headers for one of its columns. */
export type HeaderFault =
  | { readonly _tag: 'ColumnsMissing'; readonly columns: ReadonlyArray<string> }
  | { readonly _tag: 'ColumnTwice'; readonly column: string; readonly headers: readonly [string, string] }

/** Finds the columns of a template in a header. Left where a row of the file could not be judged at all. */
export const matchHeader =
  (columns: ReadonlyArray<Column>, manner: HeaderManner) =>
  (header: ReadonlyArray<string>): E.Either<HeaderFault, Match> => {
    const inFile = columns.filter((column) => column.inFile)
    const at = positions(inFile, manner.mapping, header)
    if (!(at instanceof Map)) return E.left(at)
    const missing = missingColumns(inFile, at, manner)
    if (missing.length > 0) return E.left({ _tag: 'ColumnsMissing', columns: missing })
    return E.right({ at, ...others(columns, at, manner.passes, header) })
  }

/** A column's cell may be empty, and so be left out at a row's end. */
export const mayBeEmpty = (column: Column, defaults: Pick<Defaults, 'eventName' | 'currency'>): boolean =>
  column.need === 'optional' ||
  (column.kind === 'event-name' && defaults.eventName !== undefined) ||
  (column.kind === 'currency' && defaults.currency !== undefined)

/** Mapped headers first: they say which of two columns counts, and no longer mean what their own names say. */
const positions = (
  columns: ReadonlyArray<Column>,
  mapping: ReadonlyArray<Mapping>,
  header: ReadonlyArray<string>,
): Map<Column, number> | HeaderFault => {
  const columnCalled = columnLookup(columns)
  const names = header.map(headerKey)
  const isMapped = new Set(mapping.map(({ column }) => headerKey(column)))
  const mapped = names.flatMap((name, position) =>
    mapping
      .filter(({ column }) => headerKey(column) === name)
      .map(({ field }) => [columnCalled(field), position] as const),
  )
  const settled = new Set(mapped.map(([column]) => column))
  const byName = names.flatMap((name, position) => {
    const column = isMapped.has(name) ? undefined : columnCalled(name)
    return column === undefined || settled.has(column) ? [] : [[column, position] as const]
  })
  const at = new Map<Column, number>()
  for (const [column, position] of [...mapped, ...byName]) {
    if (column === undefined) continue
    const other = at.get(column)
    if (other !== undefined && other !== position)
      return { _tag: 'ColumnTwice', column: column.name, headers: [bare(header, other), bare(header, position)] }
    at.set(column, position)
  }
  return at
}

const missingColumns = (
  columns: ReadonlyArray<Column>,
  at: ReadonlyMap<Column, number>,
  manner: HeaderManner,
): ReadonlyArray<string> => {
  const required = columns.filter((column) => column.need === 'required' && !mayBeEmpty(column, manner))
  const missing = required.filter((column) => !at.has(column))
  const identifiers = columns.filter((column) => column.need === 'identifier')
  const anyIdentifier = identifiers.some((column) => at.has(column))
  const named = (column: Column): string => nameWithMapping(columns, column, manner.mapping)
  return [...missing.map(named), ...(anyIdentifier ? [] : [identifiers.map(named).join(' or ')])]
}

/** A missing column with the header that was to stand for it. */
const nameWithMapping = (columns: ReadonlyArray<Column>, column: Column, mapping: ReadonlyArray<Mapping>): string => {
  const columnCalled = columnLookup(columns)
  const headers = mapping.filter(({ field }) => columnCalled(field) === column).map((one) => one.column)
  return headers.length === 0 ? column.name : `${column.name} (${headers.join(' or ')} by column_mapping)`
}

/** What the template does not know: passed through where that is wanted and safe, else dropped. */
const others = (
  columns: ReadonlyArray<Column>,
  at: ReadonlyMap<Column, number>,
  passes: (header: string) => boolean,
  header: ReadonlyArray<string>,
): Pick<Match, 'extras' | 'unknown'> => {
  const known = new Set(at.values())
  const taken = new Set(headerKeys(columns).keys())
  const extras: Array<Extra> = []
  const unknown: Array<string> = []
  for (const position of header.keys()) {
    if (known.has(position)) continue
    const name = bare(header, position)
    const mayBeShown = isHeaderLike(name)
    if (mayBeShown && !taken.has(headerKey(name)) && passes(name)) {
      extras.push({ name, nameJson: JSON.stringify(name), at: position })
      taken.add(headerKey(name))
    } else unknown.push(mayBeShown ? name : `column ${position + 1}`)
  }
  return { extras, unknown }
}

const bare = (header: ReadonlyArray<string>, position: number): string => trim(header[position] ?? '')

/** A header that the template doesn't know may be a person's address in a file without header: only plain words are shown. */
const isHeaderLike = (name: string): boolean => HEADER_LIKE.test(name) && !DIGIT_RUN.test(name)

const HEADER_LIKE = /^\p{L}[\p{L}0-9_. -]{0,39}$/u
const DIGIT_RUN = /\d{5}/
