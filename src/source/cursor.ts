import type { ObjectRef } from '../capabilities'
import { type FileRead, History, versionOf } from './history'
import type { Reach } from './reach'

export interface Position {
  readonly modifiedMs: number
  readonly key: string
}

/** How far a file was read that was begun: the version of it with this ETag. */
export interface Mark extends Reach {
  readonly object: ObjectRef
}

/** What a listed file is to a stream. */
export type Standing =
  /** Nothing of it is to be read. */
  | { readonly _tag: 'Read' }
  /** It came later than it is waited for, and was not read. */
  | { readonly _tag: 'TooLate' }
  | { readonly _tag: 'New' }
  /** Begun, or failed and pending; perhaps another version of it. */
  | { readonly _tag: 'Begun'; readonly mark: Mark }
  /** Another version of it was read to its end, which was last modified at this time or before. */
  | { readonly _tag: 'Replaced'; readonly modifiedMs: number; readonly read: FileRead | undefined }

/** Files are read in this order: a cursor can then say "up to here". */
export const inOrder = (a: Position, b: Position): number =>
  a.modifiedMs - b.modifiedMs || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

/** RFC 3339 with milliseconds and Z. */
export const rfc3339 = (ms: number): string => new Date(ms).toISOString()

/** So many files, or bytes of their keys, may be pending: the state is to stay small. */
const MOST_PENDING = { files: 2_000, keyBytes: 300_000 }

/**
 * Where one stream is: which files it has read, and how far those are that were begun, or failed and are pending. Files that appear
 * late, with an earlier time than others that were read, are read if they are late by no more than `lookbackMs`.
 */
export class Cursor {
  private readonly marks: Map<string, Mark>
  /** Up to here nothing is judged: where the run forgets files, it must not take those for read that it found to be new. */
  private readonly forgottenMs: number

  constructor(
    private readonly lookbackMs: number,
    /** The newest file that was read, or failed. */
    public through?: Position,
    open: ReadonlyMap<string, Mark> = new Map(),
    readonly history = new History(),
  ) {
    this.marks = new Map(open)
    this.forgottenMs = history.forgottenMs
  }

  /** Marks of the files that were begun, or failed and are pending. */
  get open(): ReadonlyMap<string, Mark> {
    return this.marks
  }

  /** What a listed file is. */
  standing(object: ObjectRef): Standing {
    const mark = this.marks.get(object.key)
    const known = this.history.find(object)
    // A version that failed before its first row hides nothing of the one that was read.
    if (mark !== undefined && (mark.offset > 0 || known === undefined)) return { _tag: 'Begun', mark }
    const { through } = this
    const isAfter = through === undefined || inOrder(object, through) > 0
    if (known !== undefined && mark !== undefined) return { _tag: 'Replaced', ...known }
    if (known !== undefined) {
      const { modifiedMs, sameVersion, isSure, read } = known
      return sameVersion && (isSure || !isAfter) ? READ : { _tag: 'Replaced', modifiedMs, read }
    }
    if (isAfter) return NEW
    if (object.modifiedMs <= this.forgottenMs) return READ
    return object.modifiedMs >= through.modifiedMs - this.lookbackMs ? NEW : TOO_LATE
  }

  /** Whether a listed file may have rows that the stream has not seen. */
  wants(object: ObjectRef): boolean {
    const { _tag } = this.standing(object)
    return _tag !== 'Read' && _tag !== 'TooLate'
  }

  /** Progress in a file. */
  advance(mark: Mark): void {
    this.marks.set(mark.object.key, mark)
  }

  /** A file was read to its end: perhaps not as it was listed, but as a version that took its place since. */
  finish(object: ObjectRef, read: Reach, listed: ObjectRef = object): void {
    this.marks.delete(object.key)
    this.history.add(object, { ...read, modifiedMs: object.modifiedMs, version: versionOf(object) })
    this.pass(listed)
  }

  /** A file can't be read on: it stays pending at its mark. */
  fail(mark: Mark, listed: ObjectRef = mark.object): void {
    this.marks.set(mark.object.key, mark)
    this.pass(listed)
  }

  /** Pending files that the listing no longer has are let go; their keys. */
  dropVanished(listed: ReadonlySet<string>): ReadonlyArray<string> {
    const gone = [...this.marks.keys()].filter((key) => !listed.has(key))
    for (const key of gone) this.marks.delete(key)
    return gone
  }

  /** Whether so many files are pending that no more find room in the state. */
  isCrowded(): boolean {
    if (this.marks.size >= MOST_PENDING.files) return true
    let bytes = 0
    for (const key of this.marks.keys()) bytes += Buffer.byteLength(JSON.stringify(key))
    return bytes >= MOST_PENDING.keyBytes
  }

  /** By the listing: were it by what took a file's place, the files that are listed after it would be too late. */
  private pass({ modifiedMs, key }: ObjectRef): void {
    if (this.through === undefined || inOrder(this.through, { modifiedMs, key }) < 0) this.through = { modifiedMs, key }
  }
}

const READ: Standing = { _tag: 'Read' }
const TOO_LATE: Standing = { _tag: 'TooLate' }
const NEW: Standing = { _tag: 'New' }
