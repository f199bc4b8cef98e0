import type { Capabilities, Files, ObjectRef } from '../../capabilities'
import type { FailedFile } from '../../failure'
import type { Status } from '../../protocol/message'
import type { SourceConfig } from '../../source/config'
import type { Cursor } from '../../source/cursor'
import type { Choice } from '../../source/selection'
import * as State from '../../source/state'
import { type Tally, newTally } from '../../template/tally'
import type { Outlet } from './outlet'
import type { StreamName } from './streams'

/** One reading of a folder: what it works with, where each stream is, and what is counted. The only mutable thing of the command. */
export interface Session {
  readonly caps: Capabilities
  readonly config: SourceConfig
  readonly place: State.Place
  readonly objects: Files
  /** What a listed object is to this reading. */
  readonly choose: (object: ObjectRef) => Choice
  /** Whether a file that is not listed is gone, and not merely another one than was asked for. */
  readonly isWhole: boolean
  readonly streams: ReadonlyArray<StreamRun>
  readonly outlet: Outlet
  /** The stream whose marks tell which rejected rows are yet to be given. */
  readonly rejectsBy: StreamName
  readonly counts: Counts
  /** Whether a header that the template does not know is wanted as text. */
  readonly passes: (header: string) => boolean
  readonly progress: Progress
  /** What was told of files. */
  readonly told: Set<string>
  rowsSinceState: number
  /** Of the clock that nobody sets. */
  lastStateMs: number
}

/** A selected stream. */
export interface StreamRun {
  readonly name: StreamName
  readonly cursor: Cursor
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

/** How much of the files is read: what estimates are made of, and what people are told every 30 seconds. */
export interface Progress {
  /** Bytes that were to be read as the run began, by the listing. */
  bytesToRead: number
  files: number
  /** Bytes of objects that were read for their rows. */
  bytesRead: number
  lastToldMs: number
  rowsLastTold: number
}

/** A session that has not begun. */
export const newSession = (
  parts: Omit<Session, 'progress' | 'told' | 'counts' | 'rowsSinceState' | 'lastStateMs'>,
): Session => ({
  ...parts,
  progress: newProgress(parts.caps),
  told: new Set(),
  counts: newCounts(),
  rowsSinceState: 0,
  lastStateMs: parts.caps.elapsedMs(),
})

/** The progress of a run that has not begun. */
const newProgress = ({ elapsedMs }: Pick<Capabilities, 'elapsedMs'>): Progress => ({
  bytesToRead: 0,
  files: 0,
  bytesRead: 0,
  lastToldMs: elapsedMs(),
  rowsLastTold: 0,
})

/** Counts of a run that has not begun. */
const newCounts = (): Counts => ({
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
export const newStream = (name: StreamName, cursor: Cursor): StreamRun => ({
  name,
  cursor,
  recordsSinceState: 0,
  seenRows: 0,
})

/** Emits a stream's state: everything before it is on its way to the reader. */
export const emitState = ({ outlet, place }: Session, stream: StreamRun): void => {
  outlet.state(stream.name, State.encode(place, stream.cursor), stream.recordsSinceState)
  stream.recordsSinceState = 0
}

/** Emits the state of every stream: a sign of life where no rows come. */
export const emitStates = (session: Session): void => {
  for (const stream of session.streams) emitState(session, stream)
  session.rowsSinceState = 0
  session.lastStateMs = session.caps.elapsedMs()
}

/** A state, or another sign of life, comes after so long at the latest: a kill costs no more than this. */
export const LONGEST_WITHOUT_STATE_MS = 30_000

/** Whether it is time for a state. */
export const isStateDue = ({ caps, lastStateMs }: Session): boolean =>
  caps.elapsedMs() - lastStateMs >= LONGEST_WITHOUT_STATE_MS

/** Emits a status of every selected stream. */
export const emitStatus = ({ outlet, streams }: Session, status: Status): void => {
  for (const { name } of streams) outlet.status(name, status)
}

/** Tells people of a file, once though it concerns two streams; of more than a thousand files only that there are more. */
export const tell = (session: Session, level: 'WARN' | 'INFO', message: string): void => {
  const { told } = session
  if (told.has(message) || told.size > MOST_TOLD) return
  told.add(message)
  if (told.size <= MOST_TOLD) say(session, level, message)
  else say(session, level, 'There is more of this kind to tell, of further files.')
}

const MOST_TOLD = 1_000

/** Tells people something. */
export const say = ({ outlet }: Session, level: 'WARN' | 'INFO', message: string): void => outlet.say(level, message)
