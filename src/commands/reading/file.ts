import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { ObjectRef } from '../../capabilities'
import type { Failure, FileFault } from '../../failure'
import { csvOf } from '../../source/config'
import { rowsFrom, rowsOf } from '../../source/csv'
import { type Mark, rfc3339 } from '../../source/cursor'
import type { CsvSettings, Form } from '../../source/dialect'
import { ContentDigest } from '../../source/digest'
import { BEGINNING, type Cut, type Reach, type RowPlace } from '../../source/reach'
import type { Rows } from '../../source/splitter'
import { type Fault, meaning } from '../../template/fault'
import { type Plan, extraMembers, transactionIdOf } from '../../template/plan'
import { count } from '../../template/tally'
import { type Head, headOf, planFor, rateOf } from './header'
import type { FilePlace } from './outlet'
import { counted } from './progress'
import { type Session, type StreamRun, emitState, isStateDue, tell } from './session'
import { Sheet, judgeRow } from './sheet'
import { startsOf } from './start'

/** A file that was read to its end. */
export interface Done extends Pick<RowPlace, 'row' | 'rejected'> {
  /** The version of it. */
  readonly object: ObjectRef
  /** Counts it as read, for the streams that it was read for. */
  readonly finish: () => void
}

/** A file that is replaced again and again while it is read is left to the next run. */
const MOST_VERSIONS = 3

/**
 * Reads one file from the earliest mark of the streams that want it. Rows are emitted as they come, states inside the file; where
 * another version takes its place it is gone on with in that. Left: the file or the run can't go on; the cursors then hold what was
 * emitted.
 */
export const readFile = async (session: Session, listed: ObjectRef): Promise<E.Either<Failure | FileFault, Done>> => {
  let object = listed
  for (let version = 1; ; version++) {
    const outcome = await readVersion(session, object, listed)
    if (E.isRight(outcome) || '_tag' in outcome.left || outcome.left.code !== 'FILE_CHANGED') return outcome
    const found = await session.objects.find(object.key)()
    if (E.isLeft(found)) return found
    if (found.right === undefined || found.right.etag === object.etag || version === MOST_VERSIONS) return outcome
    tell(session, 'WARN', `${object.key} was replaced while it was being read.`)
    object = found.right
  }
}

const readVersion = async (
  session: Session,
  object: ObjectRef,
  listed: ObjectRef,
): Promise<E.Either<Failure | FileFault, Done>> => {
  const starts = await startsOf(session, object, listed)
  if (E.isLeft(starts)) return starts
  const { ofStreams, head } = starts.right
  session.streams.forEach((stream, i) => (stream.seenRows = ofStreams[i]?.row ?? Infinity))
  const wanted = ofStreams.filter((start) => start !== undefined)
  const [first] = wanted
  if (first === undefined) return E.right({ object, row: 0, rejected: 0, finish: () => undefined })
  const start = wanted.reduce((earliest, one) => (one.offset < earliest.offset ? one : earliest), first)
  const plan = start.offset === 0 ? E.right(undefined) : await planOf(session, object, head)
  if (E.isLeft(plan)) return plan
  if (E.isRight(plan) && plan.right?.form.compression === 'none') session.progress.bytesToRead -= start.offset
  const reading = new Reading(session, object, listed, start, plan.right)
  for await (const chunk of reading.rows()) {
    if (E.isLeft(chunk)) return reading.ended(chunk)
    const trouble = await reading.take(chunk.right)
    if (trouble !== undefined) return reading.ended(E.left(trouble))
  }
  return reading.ended(E.right(undefined))
}

/** How a file is gone on with in its middle. */
interface Resumed {
  readonly form: Form
  readonly plan: Plan
}

/** Its header is read again. */
const planOf = async (
  { objects, config, passes }: Session,
  object: ObjectRef,
  known: Head | undefined,
): Promise<E.Either<Failure | FileFault, Resumed>> => {
  const head = known === undefined ? await headOf(objects, object, config) : E.right(known)
  if (E.isLeft(head)) return head
  if (head.right === undefined) return E.left({ code: 'FILE_CHANGED', detail: 'it holds no header any more' })
  const { form, header } = head.right
  return pipe(
    planFor(config, passes)(header),
    E.map((plan) => ({ form, plan })),
  )
}

/**
 * No row ends further than this before the newest piece of content: of UTF-16, which has two bytes where the row has one, and some for
 * what the parser looks ahead.
 */
const mostHeldOf = ({ maxRowBytes }: CsvSettings): number => 2 * maxRowBytes + 65_536

/** The state of one file's reading; `take` is the hot path: plain calls, a promise only where the reader of stdout is behind. */
class Reading {
  private offset: number
  private row: number
  private rejected: number
  private cut: Cut | undefined
  private readonly sheet: Sheet
  private form: Form | undefined
  private readonly digest: ContentDigest
  private readonly events: StreamRun | undefined
  private readonly rejects: StreamRun | undefined
  private readonly place: FilePlace
  /** Rows that a state of an earlier run covers, of any stream: it is too late to fail on them. */
  private readonly coveredRows: number

  constructor(
    private readonly session: Session,
    private readonly object: ObjectRef,
    private readonly listed: ObjectRef,
    { offset, row, rejected, stretches, cut }: Reach,
    resumed: Resumed | undefined,
  ) {
    this.offset = offset
    this.row = row
    this.rejected = rejected
    this.cut = cut
    this.digest = new ContentDigest(stretches, offset, mostHeldOf(csvOf(session.config)))
    this.form = resumed?.form
    this.sheet = new Sheet(session.config, session.passes, (plan) => this.noteUnknown(plan), resumed?.plan)
    this.events = session.streams.find(({ name }) => name === 'offline_events')
    this.rejects = session.streams.find(({ name }) => name === session.rejectsBy)
    this.coveredRows = Math.max(...session.streams.map(({ seenRows }) => seenRows).filter(Number.isFinite))
    const { key, modifiedMs } = object
    const members = `"_ab_source_file_last_modified":"${rfc3339(modifiedMs)}","_ab_source_file_url":${JSON.stringify(key)},"_ab_source_file_row":`
    this.place = { key, members }
  }

  /** The rows that are to be taken. */
  rows(): AsyncIterable<E.Either<Failure | FileFault, Rows>> {
    const { form, offset } = this
    const { config } = this.session
    const csv = csvOf(config)
    const { take } = this.digest
    if (form === undefined) return rowsOf(this.bytes(0), csv, rateOf(config), take)
    // What is compressed has to be read from its beginning.
    return rowsFrom(this.bytes(form.compression === 'none' ? offset : 0), form, offset, csv.maxRowBytes, take)
  }

  async take({ cells: rows, ends, faults, form, unsettled }: Rows): Promise<Failure | FileFault | undefined> {
    const { session } = this
    const { caps, config } = session
    const nowMs = caps.nowMs()
    this.form = form
    for (let i = 0; i < rows.length; i++) {
      const cells = rows[i] ?? []
      // A mark between such rows knows more of them than is read behind it.
      if (i === unsettled?.from) this.cut ??= this.cutBefore(ends[i - 1], unsettled.inQuotes)
      const damage = faults?.get(i)
      const judge = this.sheet.planOf(cells, damage)
      if (judge === undefined) continue
      if (E.isLeft(judge)) return judge.left
      const plan = judge.right
      const row = this.row + 1
      const found = judgeRow(plan, cells, damage)
      if (found !== undefined && config.on_invalid_row === 'fail' && row > this.coveredRows) {
        // The mark stays before the row: no state covers it.
        this.offset = ends[i - 1] ?? this.offset
        return this.failOn(found, row)
      }
      this.row = row
      const busy =
        found === undefined ? this.emit(plan, cells, row, nowMs) : this.reject(plan, cells, found, row, nowMs)
      if (found !== undefined) this.rejected++
      if (busy !== undefined) await busy
      if (++session.rowsSinceState >= config.checkpoint_rows) {
        this.goTo(ends, i)
        await this.checkpoint()
      }
    }
    this.goTo(ends, ends.length - 1)
    if (isStateDue(session)) await this.checkpoint()
    return caps.stop.aborted ? { _tag: 'Stopped' } : undefined
  }

  /** Brings the cursors up to what was emitted, however the reading ended. */
  ended(outcome: E.Either<Failure | FileFault, undefined>): E.Either<Failure | FileFault, Done> {
    this.digest.goTo(this.offset)
    this.advance()
    if (E.isLeft(outcome)) return outcome
    const { object, row, rejected, session } = this
    const sheet = this.sheet.ended()
    if (E.isLeft(sheet)) return sheet
    if (sheet.right !== undefined)
      tell(session, 'WARN', `${object.key} has no rows. Before it gets any: ${sheet.right}.`)
    return E.right({ object, row, rejected, finish: () => this.finish() })
  }

  private finish(): void {
    const { cut, digest, object, row, rejected, session, sheet } = this
    const offset = digest.goToEnd()
    // A file that had no header yet is read from its beginning when it gets one.
    const read = !sheet.hasHeader() ? BEGINNING : { offset, row, rejected, stretches: digest.stretches(), cut }
    for (const { cursor, seenRows } of session.streams)
      if (Number.isFinite(seenRows)) cursor.finish(object, read, this.listed)
  }

  /** The object's bytes. For a long time they may complete no row: states come all the same. */
  private async *bytes(from: number): AsyncGenerator<E.Either<Failure | FileFault, Buffer>, void, void> {
    const { session } = this
    for await (const piece of counted(session, session.objects.read(this.object, from))) {
      if (isStateDue(session)) await this.checkpoint()
      yield piece
    }
  }

  /** Where to go on before a row, should the content go on; before the header there is nothing to go on from. */
  private cutBefore(end: number | undefined, inQuotes: boolean): Cut {
    const { offset, row, rejected } = this
    return { offset: !this.sheet.hasHeader() ? 0 : (end ?? offset), row, rejected, inQuotes }
  }

  /** Moves the mark behind a row. */
  private goTo(ends: ReadonlyArray<number>, i: number): void {
    const end = ends[i]
    if (end === undefined) return
    this.offset = end
    this.digest.goTo(end)
  }

  private emit(plan: Plan, cells: ReadonlyArray<string>, row: number, nowMs: number): Promise<void> | undefined {
    const { counts, outlet } = this.session
    const { draft } = plan
    counts.rows++
    counts.emitted++
    const extras = plan.extras.length === 0 ? '' : extraMembers(plan, cells)
    for (const code of draft.warnings) count(counts.warnings, code, () => this.at(row, undefined))
    const { events } = this
    if (events === undefined || row <= events.seenRows) return undefined
    events.recordsSinceState++
    return outlet.event(draft.event, extras, this.place, row, nowMs)
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
    return { _tag: 'RowInvalid', key: this.object.key, row, code, column, meaning: meaning(code) }
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
    return this.session.outlet.reject(found, transactionIdOf(plan, cells, found), this.place, row, nowMs)
  }

  private at(row: number, column: string | undefined): { key: string; row: number; column: string | undefined } {
    return { key: this.object.key, row, column }
  }

  private advance(): ReadonlyArray<StreamRun> {
    const { object, offset, row, rejected } = this
    const behind = this.session.streams.filter(({ seenRows }) => row > seenRows)
    // The mark may still be before the rows in question.
    const cut = this.cut !== undefined && this.cut.offset < offset ? this.cut : undefined
    const mark: Mark = { object, offset, row, rejected, stretches: this.digest.stretches(), cut }
    for (const { cursor } of behind) cursor.advance(mark)
    return behind
  }

  private async checkpoint(): Promise<void> {
    const { session } = this
    const moved = this.advance()
    for (const stream of session.streams)
      if (moved.includes(stream) || stream.recordsSinceState > 0) emitState(session, stream)
    session.rowsSinceState = 0
    session.lastStateMs = session.caps.elapsedMs()
    await session.outlet.flush()
  }
}
