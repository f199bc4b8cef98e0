import type { FailedFile } from '../../failure'
import type { Figures, Gatherer } from '../../figures/figures'
import type { Position } from '../../figures/position'
import { exceeds } from '../../rows/limit'
import { type Tally, newTally, total } from '../../template/tally'
import { type Remarks, newRemarks } from '../telling/remarks'

/** What is found while files are judged. */
export interface Counting extends Remarks {
  files: number
  filesIgnored: number
  readonly filesByCode: Record<string, number>
  filesFailed: number
  /** The first of them. */
  readonly failed: Array<FailedFile>
  rows: number
  /** The rows that `read` makes records of; those of them that are not sent are rejected by the platform's rules. */
  records: number
  wouldSend: number
  duplicates: number
  readonly rejected: Tally<Position>
  readonly warnings: Tally<Position>
  readonly unknownColumns: Set<string>
  /** Whether a limit of the config is passed by what was judged so far: a sync would get no further. */
  endsSync: boolean
  readonly gatherer: Gatherer
}

/** A count of nothing yet. */
export const newCounting = (gatherer: Gatherer): Counting => ({
  files: 0,
  filesIgnored: 0,
  filesByCode: {},
  filesFailed: 0,
  failed: [],
  rows: 0,
  records: 0,
  wouldSend: 0,
  duplicates: 0,
  rejected: newTally(),
  warnings: newTally(),
  unknownColumns: new Set(),
  ...newRemarks(),
  endsSync: false,
  gatherer,
})

/** So many failed files are kept: of a folder with a fault in every file the rest is counted. */
const MOST_FAILED = 500

/** Counts a file that can't be read on. */
export const fail = (counting: Counting, file: FailedFile): void => {
  counting.filesFailed++
  counting.filesByCode[file.code] = (counting.filesByCode[file.code] ?? 0) + 1
  if (counting.failed.length < MOST_FAILED) counting.failed.push(file)
}

/** All that was found, and how it is to be taken: what text and JSON are made of. */
export interface Account extends Omit<Counting, 'gatherer' | 'unknownColumns' | 'remarks'> {
  /** The file's name, or the folder's place. */
  readonly subject: string
  readonly platform: string
  readonly atSeconds: number
  readonly window: { readonly pastSeconds: number; readonly futureSeconds: number }
  readonly unknownColumns: ReadonlyArray<string>
  readonly remarks: ReadonlyArray<string>
  readonly figures: Figures
  readonly outcome: Outcome
}

/** `clean`: every row can be sent. The exit codes are 0, 2 and 1, in this order; `tolerable` is 0 too. */
export type Outcome =
  | { readonly _tag: 'clean' }
  | { readonly _tag: 'rejected' }
  /** Not more than the limit allows. */
  | { readonly _tag: 'tolerable'; readonly percent: number }
  | { readonly _tag: 'intolerable'; readonly percent: number }
  | { readonly _tag: 'files-failed' }

/** Judges a count by the user's limit. */
export const outcomeOf = ({ filesFailed, rejected, rows }: Counting, percent: number | undefined): Outcome => {
  const bad = total(rejected.counts)
  if (filesFailed > 0) return { _tag: 'files-failed' }
  if (bad === 0) return { _tag: 'clean' }
  if (percent === undefined) return { _tag: 'rejected' }
  return { _tag: exceeds(bad, rows, percent) ? 'intolerable' : 'tolerable', percent }
}
