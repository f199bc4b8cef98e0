import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Column } from './column'
import { type Fault, fault } from './fault'
import { type Extra, type HeaderFault, type HeaderManner, matchHeader, mayBeEmpty } from './header'
import { JUDGEMENT_ORDER, judgeOf } from './judge'
import { withoutEmail } from './judges/content'
import { type Draft, type Judge, type Manner, begin, newDraft } from './judges/draft'
import { identified } from './judges/identity'
import { toldId } from './told'
import { trim } from './trim'

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
  /** Columns that the template does not know and that are passed through as text. */
  readonly extras: ReadonlyArray<Extra>
  /** Columns that are dropped, by names that may be shown. */
  readonly unknown: ReadonlyArray<string>
}

/** How a file is read: the user's defaults, and what he says of its columns. */
export type FileManner = Omit<Manner, 'loose'> & HeaderManner

/** Matches a file's header against a template. Left where a row of the file could not be judged at all. */
export const compile =
  (columns: ReadonlyArray<Column>, manner: FileManner) =>
  (header: ReadonlyArray<string>): E.Either<HeaderFault, Plan> =>
    pipe(
      header,
      matchHeader(columns, manner),
      E.map(({ at, extras, unknown }) => ({
        draft: newDraft(),
        steps: steps(
          columns.filter(({ inFile }) => inFile),
          { ...manner, loose: false },
          (column) => at.get(column),
        ),
        width: header.length,
        needed:
          1 + Math.max(...[...at].filter(([column]) => !mayBeEmpty(column, manner)).map(([, position]) => position)),
        transactionIdAt: [...at].find(([column]) => column.kind === 'transaction-id')?.[1] ?? -1,
        extras,
        unknown,
      })),
    )

/** Judges one row of a file into `plan.draft`; the fault that rejects it, or undefined. */
export const fill = (plan: Plan, cells: ReadonlyArray<string>): Fault | undefined => {
  if (cells.length !== plan.width && !fits(plan, cells)) return COLUMN_COUNT_MISMATCH
  return judge(plan.steps, plan.draft, cells)
}

/** The transaction of a rejected row, for its owner to find it by; undefined where the cell could be somebody's address. */
export const transactionIdOf = (plan: Plan, cells: ReadonlyArray<string>, { code }: Fault): string | undefined => {
  if (code === 'COLUMN_COUNT_MISMATCH' || code === 'BAD_ENCODING' || code === 'TRANSACTION_ID_MALFORMED')
    return undefined
  return toldId(trim(cells[plan.transactionIdAt] ?? '') || undefined)
}

/**
 * The passed-through cells of a row that `fill` kept, as JSON members with a comma before each; empty cells are left out. One that
 * holds an e-mail address is dropped with a warning, as in every text.
 */
export const extraMembers = ({ extras, draft }: Plan, cells: ReadonlyArray<string>): string => {
  let json = ''
  for (const { nameJson, at } of extras) {
    const text = withoutEmail(draft, trim(cells[at] ?? ''))
    if (text !== undefined && text !== '') json += `,${nameJson}:${JSON.stringify(text)}`
  }
  return json
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
