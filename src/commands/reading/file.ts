import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { ObjectRef } from '../../capabilities'
import type { Failure, FileFault } from '../../failure'
import { rowsOf } from '../../source/csv'
import * as Cursor from '../../source/cursor'
import { type Fault, fault, meaning } from '../../template/fault'
import type { HeaderFault } from '../../template/header'
import { type Plan, extraMembers, fill, transactionIdOf } from '../../template/plan'
import { count } from '../../template/tally'
import { headerInvalid, headerOf, isBlank, planFor } from './header'
import { type Session, type StreamRun, emitState } from './session'

/**
 * Reads one file from the earliest mark of the streams that want it. Rows are emitted as they come, states inside the file; the
 * Right says how far it was read. Left: the file or the run can't go on; the cursors then hold what was emitted.
 */
export const readFile = async (
  session: Session,
  object: ObjectRef,
): Promise<E.Either<Failure | FileFault, Cursor.Mark>> => {
  const start = startOf(session, object)
  const plan = start.offset === 0 ? undefined : await planOf(session, object)
  if (plan !== undefined && E.isLeft(plan)) return plan
  const reading = new Reading(session, start, plan?.right)
  for await (const chunk of rowsOf(session.objects.read(object, start.offset), start.offset)) {
    if (E.isLeft(chunk)) return reading.ended(chunk)
    const trouble = await reading.take(chunk.right.cells, chunk.right.ends, chunk.right.suspect)
    if (trouble !== undefined) return reading.ended(E.left(trouble))
  }
  return reading.ended(E.right(undefined))
}

/** A state comes after so long at the latest: the platform wants a sign of life, and a kill costs no more than this. */
const LONGEST_WITHOUT_STATE_MS = 30_000

/** The earliest mark; rows that a stream has emitted before are not emitted by it again. */
const startOf = (session: Session, object: ObjectRef): Cursor.Mark => {
  const marks = session.streams.map(({ cursor }) =>
    Cursor.wants(cursor, object) ? Cursor.markOf(cursor, object) : undefined,
  )
  session.streams.forEach((stream, i) => (stream.seenRows = marks[i]?.row ?? Infinity))
  const wanted = marks.filter((mark) => mark !== undefined)
  return wanted.reduce((earliest, mark) => (mark.offset < earliest.offset ? mark : earliest))
}

/** The plan of a file that is resumed in its middle: its header is read again. */
const planOf = async (session: Session, object: ObjectRef): Promise<E.Either<Failure | FileFault, Plan>> => {
  const header = await headerOf(session.objects, object)
  return pipe(
    header,
    E.chainW((cells) => pipe(planFor(session.config, session.passes)(cells ?? []), E.mapLeft(headerInvalid))),
  )
}

/** A row of a piece that was not all UTF-8; one with a wrong number of cells has that fault, which stands first. */
const judgeSuspect = (plan: Plan, cells: ReadonlyArray<string>): Fault | undefined => {
  const found = fill(plan, cells)
  if (found?.code === 'COLUMN_COUNT_MISMATCH') return found
  return cells.some((cell) => cell.includes('\uFFFD')) ? BAD_ENCODING : found
}

const BAD_ENCODING: Fault = fault('BAD_ENCODING')

/** The state of one file's reading; `take` is the hot path: plain calls, a promise only where the reader of stdout is behind. */
class Reading {
  private mark: Cursor.Mark
  private header: E.Either<HeaderFault, Plan> | undefined
  private readonly events: StreamRun | undefined
  private readonly rejects: StreamRun | undefined
  private readonly position: string
  /** Rows that a state of an earlier run covers, of any stream: it is too late to fail on them. */
  private readonly coveredRows: number

  constructor(
    private readonly session: Session,
    start: Cursor.Mark,
    plan: Plan | undefined,
  ) {
    this.mark = start
    this.header = plan === undefined ? undefined : E.right(plan)
    if (plan !== undefined) this.noteUnknown(plan)
    this.events = session.streams.find(({ name }) => name === 'offline_events')
    this.rejects = session.streams.find(({ name }) => name === 'offline_events_rejected')
    this.coveredRows = Math.max(...session.streams.map(({ seenRows }) => seenRows).filter(Number.isFinite))
    const { key, modifiedMs } = start.object
    this.position = `"_ab_source_file_last_modified":"${Cursor.rfc3339(modifiedMs)}","_ab_source_file_url":${JSON.stringify(key)},"_ab_source_file_row":`
  }

  async take(
    rows: ReadonlyArray<ReadonlyArray<string>>,
    ends: ReadonlyArray<number>,
    suspect: boolean,
  ): Promise<Failure | FileFault | undefined> {
    const { session } = this
    const { caps, config } = session
    const nowMs = caps.nowMs()
    let { row, rejected } = this.mark
    for (let i = 0; i < rows.length; i++) {
      const cells = rows[i] ?? []
      if (isBlank(cells)) continue
      if (this.header === undefined) {
        this.header = planFor(config, session.passes)(cells)
        if (E.isRight(this.header)) this.noteUnknown(this.header.right)
        continue
      }
      if (E.isLeft(this.header)) return headerInvalid(this.header.left)
      const plan = this.header.right
      row++
      const found = suspect ? judgeSuspect(plan, cells) : fill(plan, cells)
      if (found !== undefined && config.on_invalid_row === 'fail' && row > this.coveredRows) {
        // The mark stays before the row: no state covers it.
        this.mark = { object: this.mark.object, offset: ends[i - 1] ?? this.mark.offset, row: row - 1, rejected }
        return this.failOn(found, row)
      }
      const busy =
        found === undefined ? this.emit(plan, cells, row, nowMs) : this.reject(plan, cells, found, row, nowMs)
      if (found !== undefined) rejected++
      if (busy !== undefined) await busy
      if (++session.rowsSinceState >= config.checkpoint_rows) {
        this.mark = { object: this.mark.object, offset: ends[i] ?? this.mark.offset, row, rejected }
        await this.checkpoint()
      }
    }
    this.mark = { object: this.mark.object, offset: ends[ends.length - 1] ?? this.mark.offset, row, rejected }
    if (caps.elapsedMs() - session.lastStateMs >= LONGEST_WITHOUT_STATE_MS) await this.checkpoint()
    return caps.stop.aborted ? { _tag: 'Stopped' } : undefined
  }

  /** Brings the cursors up to what was emitted, however the reading ended. */
  ended(outcome: E.Either<Failure | FileFault, undefined>): E.Either<Failure | FileFault, Cursor.Mark> {
    // A header that can't be used is a fault of a file with rows only; its mark stays before the header.
    this.advance()
    return E.isLeft(outcome) ? outcome : E.right(this.mark)
  }

  private emit(plan: Plan, cells: ReadonlyArray<string>, row: number, nowMs: number): Promise<void> | undefined {
    const { counts, caps } = this.session
    const { draft } = plan
    counts.rows++
    counts.emitted++
    const extras = plan.extras.length === 0 ? '' : extraMembers(plan, cells)
    for (const code of draft.warnings) count(counts.warnings, code, () => this.at(row, undefined))
    const { events } = this
    if (events === undefined || row <= events.seenRows) return undefined
    events.recordsSinceState++
    return caps.out.put(
      events.record(`${JSON.stringify(draft.event).slice(0, -1)}${extras},${this.position}${row}}`, nowMs),
    )
  }

  private noteUnknown({ unknown }: Plan): void {
    for (const name of unknown) this.session.counts.unknownColumns.add(name)
  }

  private countRejected({ code, column }: Fault, row: number): void {
    const { counts } = this.session
    counts.rows++
    count(counts.rejected, code, () => this.at(row, column))
  }

  private failOn(found: Fault, row: number): Failure {
    this.countRejected(found, row)
    const { code, column } = found
    return { _tag: 'RowInvalid', key: this.mark.object.key, row, code, column, meaning: meaning(code) }
  }

  private reject(
    plan: Plan,
    cells: ReadonlyArray<string>,
    found: Fault,
    row: number,
    nowMs: number,
  ): Promise<void> | undefined {
    this.countRejected(found, row)
    const { rejects } = this
    if (rejects === undefined || row <= rejects.seenRows) return undefined
    rejects.recordsSinceState++
    const data = {
      code: found.code,
      column: found.column,
      message: meaning(found.code),
      transaction_id: transactionIdOf(plan, cells, found),
    }
    return this.session.caps.out.put(
      rejects.record(`${JSON.stringify(data).slice(0, -1)},${this.position}${row}}`, nowMs),
    )
  }

  private at(row: number, column: string | undefined): { key: string; row: number; column: string | undefined } {
    return { key: this.mark.object.key, row, column }
  }

  private advance(): ReadonlyArray<StreamRun> {
    const { mark } = this
    const behind = this.session.streams.filter(({ seenRows }) => mark.row > seenRows)
    for (const stream of behind) stream.cursor = Cursor.advance(stream.cursor, mark)
    return behind
  }

  private async checkpoint(): Promise<void> {
    const { session } = this
    const moved = this.advance()
    for (const stream of session.streams)
      if (moved.includes(stream) || stream.recordsSinceState > 0) emitState(session, stream)
    session.rowsSinceState = 0
    session.lastStateMs = session.caps.elapsedMs()
    await session.caps.out.flush()
  }
}
