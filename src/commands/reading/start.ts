import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Files, ObjectRef } from '../../capabilities'
import type { Failure, FileFault } from '../../failure'
import type { Bytes } from '../../source/bytes'
import { contentOf } from '../../source/content'
import type { Mark } from '../../source/cursor'
import { type Form, isLineEnd } from '../../source/dialect'
import { type Continuation, MOST_STRETCHES, type Stretches, continuationOf } from '../../source/digest'
import { BEGINNING, type Reach } from '../../source/reach'
import { type Head, headOf } from './header'
import { tellProgress } from './progress'
import { type Session, type StreamRun, emitStates, isStateDue, tell } from './session'

/** Where the streams go on, in their order, and undefined for one that has seen all; the file's head, if it was read for that. */
export interface Starts {
  readonly ofStreams: ReadonlyArray<Reach | undefined>
  readonly head: Head | undefined
}

/** A platform that is told of an event again after so long counts it again. */
const DEDUPLICATION_HOURS = 48

/** Finds where the streams go on in a file; where another version of it was read, its content says what is new. */
export const startsOf = async (
  session: Session,
  object: ObjectRef,
  listed: ObjectRef,
): Promise<E.Either<Failure | FileFault, Starts>> => {
  const versions = new Versions(session, object, listed)
  const ofStreams: Array<Reach | undefined> = []
  for (const stream of session.streams) {
    const start = await versions.startOf(stream)
    if (E.isLeft(start)) return start
    ofStreams.push(start.right)
  }
  return E.right({ ofStreams, head: versions.head })
}

/** What an object has in common with the versions before it. */
class Versions {
  head: Head | undefined
  private readonly compared = new Map<string, E.Either<Failure | FileFault, Continuation | undefined>>()

  constructor(
    private readonly session: Session,
    private readonly object: ObjectRef,
    /** As the listing has it: perhaps a version that the object took the place of since. */
    private readonly listed: ObjectRef,
  ) {}

  async startOf({ cursor }: StreamRun): Promise<E.Either<Failure | FileFault, Reach | undefined>> {
    const standing = cursor.standing(this.object)
    switch (standing._tag) {
      case 'Read':
      case 'TooLate':
        return E.right(undefined)
      case 'New':
        return E.right(BEGINNING)
      case 'Begun':
        return this.startAfterMark(standing.mark)
      case 'Replaced': {
        const { modifiedMs, read } = standing
        const found = read === undefined ? E.right(undefined) : await this.startAfter(read)
        if (E.isLeft(found)) return found
        if (found.right === undefined) return E.right(this.startOver(cursor, modifiedMs))
        if (!found.right.isEnd) return E.right(found.right.start)
        cursor.finish(this.object, found.right.start, this.listed)
        return E.right(undefined)
      }
    }
  }

  /** A version that was begun: its mark holds where the content before it does. */
  private async startAfterMark(mark: Mark): Promise<E.Either<Failure | FileFault, Reach>> {
    if (mark.offset === 0) return E.right(BEGINNING)
    const { stretches, cut } = mark
    if (mark.object.etag === this.object.etag) {
      if (stretches === undefined || stretches.length < MOST_STRETCHES) return E.right(mark)
      return pipe(
        await this.compare(stretches, cut?.offset ?? Infinity),
        E.map((found) => ({ ...mark, stretches: found?.toEnd })),
      )
    }
    return pipe(
      await this.startAfter(mark),
      E.map((found) => {
        if (found !== undefined) return found.start
        const { key } = this.object
        tell(
          this.session,
          'WARN',
          `${key} was replaced before it was read to its end; the version that was begun is ${this.ageOf(mark.object.modifiedMs)}. It is read from its beginning.${this.countedAgain(mark.object.modifiedMs)}`,
        )
        return BEGINNING
      }),
    )
  }

  /** An object that begins with what was read, and may go on; undefined where its content is another one. */
  private async startAfter(
    reach: Reach,
  ): Promise<E.Either<Failure | FileFault, { readonly start: Reach; readonly isEnd: boolean } | undefined>> {
    const { stretches, cut, row } = reach
    if (stretches === undefined) return E.right(undefined)
    if (reach.offset === 0) return E.right({ start: BEGINNING, isEnd: false })
    const found = await this.compare(stretches, cut?.offset ?? Infinity)
    if (E.isLeft(found)) return found
    if (found.right === undefined) return E.right(undefined)
    const { next, toCut, toEnd } = found.right
    if (next.length === 0) return E.right({ start: { ...reach, stretches: toEnd }, isEnd: true })
    const { key } = this.object
    const isWhole = cut === undefined || (!cut.inQuotes && this.beginsWithLineEnd(next))
    if (isWhole) {
      tell(
        this.session,
        'INFO',
        `${key} has changed, and begins as before: it is read on after ${row === 0 ? 'its header' : `row ${row}`}.`,
      )
      return E.right({ start: { ...reach, stretches: toEnd, cut: undefined }, isEnd: false })
    }
    const place = cut.offset === 0 ? 'its header' : `row ${cut.row + 1}`
    tell(this.session, 'WARN', `${key} has grown in the middle of ${place}: it is read again from there.`)
    const { offset, row: rowsBefore, rejected } = cut
    return E.right({ start: { offset, row: rowsBefore, rejected, stretches: toCut, cut: undefined }, isEnd: false })
  }

  private beginsWithLineEnd(next: Buffer): boolean {
    return this.head !== undefined && isLineEnd(next, this.head.form.encoding)
  }

  /** A version that was read to its end was overwritten. */
  private startOver(cursor: StreamRun['cursor'], modifiedMs: number): Reach | undefined {
    const was = `${this.object.key} was overwritten; the version that was read is ${this.ageOf(modifiedMs)}`
    if (this.session.config.on_overwritten_file === 'ignore') {
      tell(this.session, 'WARN', `${was}. It is not read again, for on_overwritten_file is "ignore".`)
      cursor.finish(this.object, { ...BEGINNING, stretches: undefined }, this.listed)
      return undefined
    }
    tell(this.session, 'WARN', `${was}. It is read again.${this.countedAgain(modifiedMs)}`)
    return BEGINNING
  }

  private hoursSince(modifiedMs: number): number {
    return Math.max(0, Math.floor((this.session.caps.nowMs() - modifiedMs) / 3_600_000))
  }

  private ageOf(modifiedMs: number): string {
    return `${this.hoursSince(modifiedMs)} hours old`
  }

  private countedAgain(modifiedMs: number): string {
    return this.hoursSince(modifiedMs) >= DEDUPLICATION_HOURS
      ? ` After ${DEDUPLICATION_HOURS} hours the platform counts its events again.`
      : ''
  }

  /** Whether the object begins with content that is known; once for all streams that know the same of it. */
  private async compare(
    stretches: Stretches,
    cut: number,
  ): Promise<E.Either<Failure | FileFault, Continuation | undefined>> {
    const name = JSON.stringify([stretches, cut])
    const known = this.compared.get(name)
    if (known !== undefined) return known
    const form = await this.formOf()
    if (E.isLeft(form)) return form
    const { objects } = this.session
    const compared =
      form.right === undefined
        ? E.right(undefined)
        : await continuationOf(contentOf(this.bytes(objects), form.right.compression), stretches, cut)
    this.compared.set(name, compared)
    return compared
  }

  /** Of a large object that takes long; nothing is emitted meanwhile. */
  private async *bytes(objects: Files): Bytes<Failure | FileFault> {
    for await (const piece of objects.read(this.object, 0)) {
      tellProgress(this.session)
      if (isStateDue(this.session)) emitStates(this.session)
      yield piece
    }
  }

  private async formOf(): Promise<E.Either<Failure | FileFault, Form | undefined>> {
    const { objects, config } = this.session
    if (this.head === undefined) {
      const head = await headOf(objects, this.object, config)
      if (E.isLeft(head)) return head
      this.head = head.right
    }
    return E.right(this.head?.form)
  }
}
