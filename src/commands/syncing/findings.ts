import type { ObjectRef } from '../../capabilities'
import type { Failure, FileFault } from '../../failure'
import type { Gatherer } from '../../figures/figures'
import type { Position } from '../../figures/position'
import type { Resumption } from '../../report/account'
import { type Tally, newTally } from '../../template/tally'
import type { RowsRead } from '../reading/outlet'
import { faultOf } from '../reading/trouble'
import type { Session } from '../reading/session'
import { type Remarks, newRemarks } from '../telling/remarks'
import type { WriteCounts } from '../writing/counts'

/** What a sync gathers beside the counts of its two halves. */
export interface Findings extends Remarks {
  readonly startedMs: number
  readonly gatherer: Gatherer
  /** Where the run goes on, if an earlier one did not come to its end. */
  readonly resumed: Resumption | undefined
  /** The first files of the run, in their order. */
  readonly files: Array<FileFound>
  moreFiles: number
}

/** What this run did with one file. */
export interface FileFound extends RowsRead {
  readonly object: ObjectRef
  /** The first row that it read. */
  readonly fromRow: number
  readonly outcome: { readonly _tag: 'read' } | { readonly _tag: 'open' } | ({ readonly _tag: 'failed' } & FileFault)
}

/** So many files are told of one by one. */
const MOST_FILES = 1_000

/** Nothing yet. */
export const newFindings = (startedMs: number, gatherer: Gatherer, resumed: Resumption | undefined): Findings => ({
  startedMs,
  gatherer,
  resumed,
  files: [],
  moreFiles: 0,
  ...newRemarks(),
})

/** Notes a file that is done with, for this run. What lies in an archive is no file of the run. */
export const noteFile = (
  findings: Findings,
  object: ObjectRef,
  fromRow: number,
  { rows, rejected }: RowsRead,
  trouble: Failure | FileFault | undefined,
): void => {
  const fault = trouble === undefined ? undefined : faultOf(trouble)
  if (fault?.code === 'FILE_ARCHIVED') return
  if (findings.files.length === MOST_FILES) {
    findings.moreFiles++
    return
  }
  const outcome =
    trouble === undefined
      ? ({ _tag: 'read' } as const)
      : fault === undefined
        ? ({ _tag: 'open' } as const)
        : ({ _tag: 'failed', ...fault } as const)
  findings.files.push({ object, fromRow, rows, rejected, outcome })
}

/** Rejects of both halves: a row is rejected by one of them only. */
export const rejectsOf = ({ counts }: Session, written: WriteCounts): Tally<Position> =>
  merged(counts.rejected, written.rejected)

/** Warnings of both halves: each warns of what only it can see. */
export const warningsOf = ({ counts }: Session, written: WriteCounts): Tally<Position> =>
  merged(counts.warnings, written.warnings)

const merged = (read: Session['counts']['rejected'], written: WriteCounts['warnings']): Tally<Position> => {
  const all = newTally<Position>()
  for (const { counts } of [read, written])
    for (const [code, n] of Object.entries(counts)) all.counts[code] = (all.counts[code] ?? 0) + n
  for (const [code, places] of read.positions)
    all.positions.set(
      code,
      places.map(({ key, row, column }) => ({ file: key, row, column })),
    )
  for (const [code, places] of written.positions) {
    const known = all.positions.get(code) ?? []
    const more = places.map(({ file = '', row = 0, differsFrom }) => ({
      file,
      row,
      column: undefined,
      ...(differsFrom?.file === undefined || differsFrom.row === undefined
        ? {}
        : { differsFrom: { file: differsFrom.file, row: differsFrom.row } }),
    }))
    all.positions.set(code, [...known, ...more].slice(0, POSITIONS_TOLD))
  }
  return all
}

const POSITIONS_TOLD = 20
