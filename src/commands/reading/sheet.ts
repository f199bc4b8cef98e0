import * as E from 'fp-ts/Either'
import type { FileFault } from '../../failure'
import type { SourceConfig } from '../../source/config'
import type { RowFault } from '../../source/splitter'
import { type Fault, fault } from '../../template/fault'
import { type Plan, fill } from '../../template/plan'
import { headerUnreadable, isBlank, planFor, rateOf } from './header'

/**
 * A file's rows as they come: its header becomes the plan by which all others are judged. What `read` and `validate` make of a file
 * is made here and nowhere else.
 */
export class Sheet {
  private plan: E.Either<FileFault, Plan> | undefined
  /** Whether the first line names any column of the template. */
  private namesColumns = true

  constructor(
    private readonly config: SourceConfig,
    /** Whether a header that the template does not know is wanted as text. */
    private readonly passes: (header: string) => boolean,
    private readonly onPlan: (plan: Plan) => void,
    /** Of a file that is gone on with in its middle. */
    known: Plan | undefined,
  ) {
    this.plan = known === undefined ? undefined : E.right(known)
    if (known !== undefined) onPlan(known)
  }

  /** By what a row is to be judged, or why none can be; undefined for what is no row: a blank line, and the header itself. */
  planOf(cells: ReadonlyArray<string>, damage: RowFault | undefined): E.Either<FileFault, Plan> | undefined {
    if (isBlank(cells)) return undefined
    if (this.plan !== undefined) return this.plan
    const unreadable = headerUnreadable(damage)
    if (unreadable !== undefined) return E.left(unreadable)
    this.plan = planFor(this.config, this.passes)(cells)
    if (E.isRight(this.plan)) this.onPlan(this.plan.right)
    else this.namesColumns = rateOf(this.config)(cells) > 0
    return undefined
  }

  hasHeader(): boolean {
    return this.plan !== undefined
  }

  /**
   * The file has come to its end. A header alone is a file without rows, if it is one: of a line that names no column, nobody knows what
   * it is. Right: what is to be put right before there are rows.
   */
  ended(): E.Either<FileFault, string | undefined> {
    if (this.plan === undefined || E.isRight(this.plan)) return E.right(undefined)
    return this.namesColumns ? E.right(this.plan.left.detail) : this.plan
  }
}

/** Judges a row into the plan's draft: the fault that rejects it, or undefined. `damage`: what the splitter found wrong with it. */
export const judgeRow = (plan: Plan, cells: ReadonlyArray<string>, damage: RowFault | undefined): Fault | undefined =>
  damage === undefined ? fill(plan, cells) : judgeDamaged(plan, cells, damage)

/** A row that could not be taken as it is; one with a wrong number of cells has that fault, which stands first. */
const judgeDamaged = (plan: Plan, cells: ReadonlyArray<string>, damage: RowFault): Fault => {
  const judged = damage === 'BAD_ENCODING' ? fill(plan, cells) : undefined
  return judged?.code === 'COLUMN_COUNT_MISMATCH' ? judged : ROW_FAULTS[damage]
}

const ROW_FAULTS: Readonly<Record<RowFault, Fault>> = {
  ROW_TOO_LONG: fault('ROW_TOO_LONG'),
  BAD_ENCODING: fault('BAD_ENCODING'),
  QUOTE_UNCLOSED: fault('QUOTE_UNCLOSED'),
}
