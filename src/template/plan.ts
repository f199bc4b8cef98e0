import * as E from 'fp-ts/Either'
import { type Column, headerKey, headerKeys } from './column'
import { type Fault, fault } from './fault'
import { JUDGEMENT_ORDER, judgeOf } from './judge'
import { type Defaults, type Draft, type Judge, type Manner, begin, newDraft } from './judges/draft'
import { identified } from './judges/identity'
import { trim } from './normalise'

/**
 * A template compiled for one file: which cell goes to which judge, in the order of judgement. Names, positions and faults are
 * settled here once; `fill` only looks and stores.
 */
export interface Plan {
  readonly draft: Draft
  readonly steps: ReadonlyArray<Step>
  /** Number of cells in the header. */
  readonly width: number
  /** How many cells a row must have: the last column that is not optional. */
  readonly needed: number
  readonly transactionIdAt: number
  /** Columns that the template does not know, by names that may be shown. */
  readonly unknown: ReadonlyArray<string>
}

/** Why a header can't be read: what is missing of the template, or two headers for one of its columns. */
export type HeaderFault =
  | { readonly _tag: 'ColumnsMissing'; readonly columns: ReadonlyArray<string> }
  | { readonly _tag: 'ColumnTwice'; readonly column: string; readonly headers: readonly [string, string] }

/** Matches a file's header against a template. Left where a row of the file could not be judged at all. */
export const compile =
  (columns: ReadonlyArray<Column>, defaults: Defaults) =>
  (header: ReadonlyArray<string>): E.Either<HeaderFault, Plan> => {
    const inFile = columns.filter((column) => column.inFile)
    const keys = headerKeys(inFile)
    const at = new Map<Column, number>()
    for (const [position, name] of header.entries()) {
      const column = inFile[keys.get(headerKey(name))?.column ?? -1]
      if (column === undefined) continue
      const other = at.get(column)
      if (other !== undefined)
        return E.left({
          _tag: 'ColumnTwice',
          column: column.name,
          headers: [shown(header, other), shown(header, position)],
        })
      at.set(column, position)
    }
    const missing = missingColumns(inFile, at, defaults)
    if (missing.length > 0) return E.left({ _tag: 'ColumnsMissing', columns: missing })
    const known = new Set(at.values())
    return E.right({
      draft: newDraft(),
      steps: steps(inFile, { ...defaults, loose: false }, (column) => at.get(column)),
      width: header.length,
      needed:
        1 + Math.max(...[...at].filter(([column]) => !mayBeEmpty(column, defaults)).map(([, position]) => position)),
      transactionIdAt: [...at].find(([column]) => column.kind === 'transaction-id')?.[1] ?? -1,
      unknown: header.flatMap((name, position) => (known.has(position) ? [] : [unknownName(name, position)])),
    })
  }

/** Judges one row of a file into `plan.draft`; the fault that rejects it, or undefined. */
export const fill = (plan: Plan, cells: ReadonlyArray<string>): Fault | undefined => {
  if (cells.length !== plan.width && !fits(plan, cells)) return COLUMN_COUNT_MISMATCH
  return judge(plan.steps, plan.draft, cells)
}

/** The transaction of a rejected row, for its owner to find it by; undefined where the cell could be somebody's address. */
export const transactionIdOf = (plan: Plan, cells: ReadonlyArray<string>, { code }: Fault): string | undefined => {
  if (code === 'COLUMN_COUNT_MISMATCH' || code === 'BAD_ENCODING' || code === 'TRANSACTION_ID_MALFORMED')
    return undefined
  const id = trim(cells[plan.transactionIdAt] ?? '')
  return id === '' || id.includes('@') ? undefined : id
}

interface Step {
  /** Index of the cell; -1 where the column is absent. */
  readonly at: number
  readonly judge: Judge
}

/** The judges of the columns, in the order of judgement; optional columns that are absent have none. */
export const steps = (
  columns: ReadonlyArray<Column>,
  manner: Manner,
  positionOf: (column: Column) => number | undefined,
): ReadonlyArray<Step> => {
  const inOrder = [...columns].sort((a, b) => JUDGEMENT_ORDER.indexOf(a.kind) - JUDGEMENT_ORDER.indexOf(b.kind))
  const built = (wanted: (column: Column) => boolean): ReadonlyArray<Step> =>
    inOrder.filter(wanted).flatMap((column) => {
      const at = positionOf(column) ?? -1
      return at === -1 && (column.need === 'optional' || column.need === 'identifier')
        ? []
        : [{ at, judge: judgeOf(column, manner) }]
    })
  const afterwards = (column: Column): boolean => column.need === 'optional' && column.kind !== 'event-id'
  return [
    ...built((column) => !afterwards(column)),
    { at: -1, judge: identified },
    ...built((column) => afterwards(column)),
  ]
}

/** Runs the steps over the cells: the first fault, or undefined. */
export const judge = (plan: ReadonlyArray<Step>, draft: Draft, cells: ReadonlyArray<unknown>): Fault | undefined => {
  begin(draft)
  for (const step of plan) {
    // An array's element -1 is a lookup by name: a hundred times the cost.
    const found = step.judge(draft, step.at === -1 ? undefined : cells[step.at])
    if (found !== undefined) return found
  }
  return undefined
}

const COLUMN_COUNT_MISMATCH = fault('COLUMN_COUNT_MISMATCH')

/** Missing trailing cells are empty if only optional columns miss theirs; extra cells are ignored if they hold nothing. */
const fits = (plan: Plan, cells: ReadonlyArray<string>): boolean => {
  if (cells.length < plan.width) return cells.length >= plan.needed
  for (let i = plan.width; i < cells.length; i++) if (trim(cells[i] ?? '') !== '') return false
  return true
}

const mayBeEmpty = (column: Column, defaults: Defaults): boolean =>
  column.need === 'optional' || (column.kind === 'event-name' && defaults.eventName !== undefined)

const missingColumns = (
  columns: ReadonlyArray<Column>,
  at: ReadonlyMap<Column, number>,
  defaults: Defaults,
): ReadonlyArray<string> => {
  const required = columns.filter((column) => column.need === 'required' && !mayBeEmpty(column, defaults))
  const missing = required.filter((column) => !at.has(column)).map((column) => column.name)
  const identifiers = columns.filter((column) => column.need === 'identifier')
  const anyIdentifier = identifiers.some((column) => at.has(column))
  return anyIdentifier ? missing : [...missing, identifiers.map((column) => column.name).join(' or ')]
}

const shown = (header: ReadonlyArray<string>, position: number): string =>
  trim((header[position] ?? '').replace(/^\uFEFF/, ''))

/** A header that the template doesn't know may be a person's address in a file without header: only plain words are shown. */
const unknownName = (name: string, position: number): string => {
  const text = trim(name)
  return HEADER_LIKE.test(text) && !DIGIT_RUN.test(text) ? text : `column ${position + 1}`
}

const HEADER_LIKE = /^\p{L}[\p{L}0-9_. -]{0,39}$/u
const DIGIT_RUN = /\d{5}/
