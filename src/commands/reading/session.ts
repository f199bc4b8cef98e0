import type { Capabilities, ObjectRef, Objects } from '../../capabilities'
import type { FailedFile } from '../../failure'
import { type Line, log, recordOf, streamState, streamStatus } from '../../protocol/message'
import type { SourceConfig } from '../../source/config'
import * as Cursor from '../../source/cursor'
import { type Tally, newTally } from '../../template/tally'
import type { StreamName } from './streams'

/** One run of `read`: what it works with, where each stream is, and what is counted. The only mutable thing of the command. */
export interface Session {
  readonly caps: Capabilities
  readonly config: SourceConfig
  readonly place: Cursor.Place
  readonly objects: Objects
  readonly streams: ReadonlyArray<StreamRun>
  readonly counts: Counts
  /** Whether a header that the template does not know is wanted as text. */
  readonly passes: (header: string) => boolean
  rowsSinceState: number
  /** Of the clock that nobody sets. */
  lastStateMs: number
}

/** A selected stream. */
export interface StreamRun {
  readonly name: StreamName
  readonly record: (dataJson: string, emittedAtMs: number) => Line
  cursor: Cursor.Cursor
  recordsSinceState: number
  /** In the file being read, rows up to this one were emitted by an earlier run. */
  seenRows: number
}

/** A row's place, for the log. */
export interface Position {
  readonly key: string
  readonly row: number
  readonly column: string | undefined
}

export interface Counts {
  files: number
  filesIgnored: number
  readonly failed: Array<FailedFile>
  readonly filesByCode: Record<string, number>
  newestModifiedMs: number | undefined
  rows: number
  emitted: number
  readonly rejected: Tally<Position>
  readonly warnings: Tally<Position>
  readonly unknownColumns: Set<string>
}

/** Counts of a run that has not begun. */
export const newCounts = (): Counts => ({
  files: 0,
  filesIgnored: 0,
  failed: [],
  filesByCode: {},
  newestModifiedMs: undefined,
  rows: 0,
  emitted: 0,
  rejected: newTally(),
  warnings: newTally(),
  unknownColumns: new Set(),
})

/** A stream at its cursor. */
export const newStream = (name: StreamName, cursor: Cursor.Cursor): StreamRun => ({
  name,
  record: recordOf(name),
  cursor,
  recordsSinceState: 0,
  seenRows: 0,
})

/** Whether any stream has not seen all of a file. */
export const wanted = (session: Session, object: ObjectRef): boolean =>
  session.streams.some(({ cursor }) => Cursor.wants(cursor, object))

/** Emits a stream's state: everything before it is on its way to the reader. */
export const emitState = ({ caps, place }: Session, stream: StreamRun): void => {
  void caps.out.put(streamState(stream.name, Cursor.encode(place, stream.cursor), stream.recordsSinceState))
  stream.recordsSinceState = 0
}

/** Emits a status of every selected stream. */
export const emitStatus = ({ caps, streams }: Session, status: Parameters<typeof streamStatus>[1]): void => {
  for (const { name } of streams) void caps.out.put(streamStatus({ name }, status, caps.nowMs()))
}

/** Tells people something. */
export const say = ({ caps }: Pick<Session, 'caps'>, level: 'WARN' | 'INFO', message: string): void =>
  void caps.out.put(log(level, message))
