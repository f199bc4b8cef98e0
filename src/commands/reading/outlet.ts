import type * as E from 'fp-ts/Either'
import type { ObjectRef } from '../../capabilities'
import type { Failure, FileFault } from '../../failure'
import type { Status } from '../../protocol/message'
import type { Fault } from '../../template/fault'
import type { OfflineEvent } from '../../template/offline-event'
import type { StreamName } from './streams'

/** Where goes what is read: as messages to stdout, or straight into delivery. Promises where that is behind. */
export interface Outlet {
  /**
   * A row that is an event, which is filled anew for the next. `extras`: further members as JSON text, each behind a comma. `readAtMs`:
   * since 1970, the same for many rows.
   */
  readonly event: (
    event: OfflineEvent,
    extras: string,
    place: FilePlace,
    row: number,
    readAtMs: number,
  ) => Promise<void> | undefined
  /** A row that is none. */
  readonly reject: (
    fault: Fault,
    transactionId: string | undefined,
    place: FilePlace,
    row: number,
    readAtMs: number,
  ) => Promise<void> | undefined
  /** How far a stream is: everything before it has been given. `records`: how many since its last state. */
  readonly state: (stream: StreamName, state: Readonly<Record<string, unknown>>, records: number) => void
  readonly status: (stream: StreamName, status: Status) => void
  /** A file is done with for this run; `trouble`: why it was not read to its end. */
  readonly file: (object: ObjectRef, rows: RowsRead, trouble: Failure | FileFault | undefined) => void
  /** How much of a stream is to come in all. */
  readonly estimate: (stream: StreamName, rows: number, bytes: number) => void
  /** Something for people. */
  readonly say: (level: 'WARN' | 'INFO', message: string) => void
  /** A moment at which nothing is to be held back. Left: nobody takes it any more. */
  readonly flush: () => Promise<E.Either<Failure, void>>
}

/** Rows of one file that this run has read. */
export interface RowsRead {
  readonly rows: number
  readonly rejected: number
}

/** The file that rows come from. */
export interface FilePlace {
  readonly key: string
  /** The members of a record that say where it comes from, without the row's number: `"_ab_source_file_url":"a.csv",...:`. */
  readonly members: string
}
