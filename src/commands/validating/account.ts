import type { FailedFile } from '../../failure'
import type { Figures, Gatherer } from '../../figures/figures'
import { type Tally, newTally, total } from '../../template/tally'

/** A row's place, for its owner; of an event that differs from another of the same name and id, also that one's. */
export interface Position {
  readonly file: string
  readonly row: number
  readonly column: string | undefined
  readonly differsFrom?: Pick<Position, 'file' | 'row'>
}

/** What is found while files are judged. */
export interface Counting {
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
  /** What is to be said of files and settings although nothing is wrong with a row: the first of it. */
  readonly remarks: Set<string>
  remarksLeftOut: number
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
  remarks: new Set(),
  remarksLeftOut: 0,
  endsSync: false,
  gatherer,
})

/** So many remarks and failed files are kept: of a folder with a fault in every file the rest is counted. */
const MOST_KEPT = 500

/** Says something of a file or setting, once. */
export const remark = (counting: Counting, text: string): void => {
  if (counting.remarks.size < MOST_KEPT) counting.remarks.add(text)
  else if (!counting.remarks.has(text)) counting.remarksLeftOut++
}

/** Counts a file that can't be read on. */
export const fail = (counting: Counting, file: FailedFile): void => {
  counting.filesFailed++
  counting.filesByCode[file.code] = (counting.filesByCode[file.code] ?? 0) + 1
  if (counting.failed.length < MOST_KEPT) counting.failed.push(file)
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
  // In whole hundredths of a percent: exact, without division.
  return { _tag: bad * 10_000 > rows * Math.round(percent * 100) ? 'intolerable' : 'tolerable', percent }
}
