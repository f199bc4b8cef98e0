import type { FileFault } from '../failure'
import type { Figures } from '../figures/figures'
import type { Position } from '../figures/position'
import type { CodeCount } from '../template/code-counts'
import type { RowCode, WarningCode } from '../template/fault'

/**
 * What one run of `sync` did, as data: all that a report is made of. It holds no identity, hashed or plain; names of files and columns and
 * the platform's words are as they came, and are made harmless where they are shown.
 */
export interface SyncAccount {
  /** The file's name, or the folder's place: `s3://bucket/folder`. */
  readonly subject: string
  readonly platform: 'tiktok'
  /** The platform's number of the event set. */
  readonly eventSet: string
  /** Whether events went under a test code: the platform then shows them for tests, and measures nothing by them. */
  readonly isTest: boolean
  /** Whether all was done but sending. */
  readonly isDryRun: boolean
  readonly startedMs: number
  readonly endedMs: number
  readonly outcome: SyncOutcome
  /** Where the run went on; undefined where it began from the start. */
  readonly resumed: Resumption | undefined
  /** The first files of this run in the order of reading, those among them that came to nothing too. */
  readonly files: ReadonlyArray<FileAccount>
  /** Files of this run beyond those. */
  readonly moreFiles: number
  /** Files that were left out, for the pattern, the date or a code. */
  readonly filesIgnored: number
  /** How many files failed or were left out for a code. */
  readonly filesByCode: Readonly<Partial<Record<FileCode, number>>>
  /** Rows that this run has read: the sum of what follows, `rejected` included. */
  readonly rows: number
  /** Events that the platform took; of a dry run, those that would be sent. */
  readonly accepted: number
  /** Events that were the same as another of this run, or that the platform had already. */
  readonly duplicates: number
  /** Rows that were read, and of which the platform has not said anything; the next run reads them again. */
  readonly unsettled: number
  readonly rejected: ReadonlyArray<CodeCount<RowCode, Position>>
  readonly warnings: ReadonlyArray<CodeCount<WarningCode, Position>>
  /** What the platform said of events that it refused, the most frequent first. */
  readonly platformMessages: ReadonlyArray<PlatformMessage>
  /** What of the rejected the user lets pass; undefined without a limit. */
  readonly maxRejectedPercent: number | undefined
  readonly requests: number
  readonly retries: number
  /** The most requests that were under way at once. */
  readonly mostInFlight: number
  /** Of the files, as they lie in the bucket. */
  readonly bytesRead: number
  readonly peakRssBytes: number
  /** Of the events that the platform has, now or from before; of a dry run, of those that would be sent. */
  readonly figures: Figures
  /** Headers that the template does not know, so that their cells were left behind. */
  readonly unknownColumns: ReadonlyArray<string>
  /** What to do now, a sentence each, the most urgent first. What follows from codes and counts is in the report by itself. */
  readonly nextSteps: ReadonlyArray<string>
  /** What is to be said of files and settings although nothing is wrong with a row. */
  readonly remarks: ReadonlyArray<string>
}

export type SyncOutcome =
  /** All there was to read was read and settled; rows may have been rejected. */
  | { readonly _tag: 'complete' }
  /** By a signal: what was settled is in the state. */
  | { readonly _tag: 'stopped' }
  /** `sentence` is the failure's message; `see` the address of what to do about it. */
  | { readonly _tag: 'failed'; readonly sentence: string; readonly see: string | undefined }

/** What the state knew when the run began. */
export interface Resumption {
  /** When the state was saved; undefined where it does not say. */
  readonly savedAtMs: number | undefined
  /** Files that it knew as read to their end. */
  readonly filesDone: number
  /** Files that it knew as read in part, up to and with a row. */
  readonly filesOpen: ReadonlyArray<{ readonly key: string; readonly row: number }>
}

/** One file, as far as this run is concerned. */
export interface FileAccount {
  readonly key: string
  readonly bytes: number
  readonly modifiedMs: number
  /** The first row that this run has read: 1, or what came after the state's mark. */
  readonly fromRow: number
  readonly rows: number
  readonly rejected: number
  readonly outcome: FileOutcome
}

export type FileOutcome =
  /** To its end. */
  | { readonly _tag: 'read' }
  /** The run ended in mid-file; the next one goes on there. */
  | { readonly _tag: 'open' }
  | { readonly _tag: 'failed'; readonly code: FileCode; readonly detail: string | undefined }

/** Why a file fails or is left out. */
export type FileCode = FileFault['code'] | 'FILE_TOO_LATE'

/** `message`: after removal of whatever could be somebody's identity. */
export interface PlatformMessage {
  readonly message: string
  readonly events: number
}
