import type { ObjectRef } from '../capabilities'
import { sha256 } from '../template/hash'
import type { Reach } from './reach'

/** A version of a file that was read to its end. */
export interface FileRead extends Reach {
  readonly modifiedMs: number
  readonly version: string
}

/** A file that was read: all that is known of it. */
export interface Known {
  /** Last modified at this time, or before. */
  readonly modifiedMs: number
  /** Whether this version of it was read; of an older file that is told by 8 bits only. */
  readonly sameVersion: boolean
  /** Whether that is sure. */
  readonly isSure: boolean
  readonly read: FileRead | undefined
}

/** So many files are known at least, the newest ones, if the state has the room. */
const MOST_FILES = 100_000
/** Of so many, the newest, is known what was read of them. */
const MOST_READS = 1_000
/** Files are forgotten by groups of so many; each has a time of its own. */
const GROUP_FILES = 1_000

/** 40 bits of the key's digest and 8 of the version's: what a file takes in the state before it is written as Base64. */
const FILE_BYTES = 6
const KEY_BYTES = 5

/** A file's key as a number of 40 bits: of 100,000 files the next one is taken for another once in ten million times. */
const printOf = (key: string): number => parseInt(sha256(key).slice(0, 2 * KEY_BYTES), 16)

/** A version of a file as 48 bits. */
export const versionOf = ({ etag }: Pick<ObjectRef, 'etag'>): string => sha256(etag).slice(0, 12)

/** Files that were read one after the other. */
class Group {
  untilMs = 0
  files = 0
  private readonly bytes = Buffer.alloc(GROUP_FILES * FILE_BYTES)
  private encoded: string | undefined

  get prints(): ReadonlyArray<number> {
    return Array.from({ length: this.files }, (_, i) => this.bytes.readUIntBE(i * FILE_BYTES, KEY_BYTES))
  }

  add(print: number, version: number, modifiedMs: number): void {
    const at = this.files++ * FILE_BYTES
    this.bytes.writeUIntBE(print, at, KEY_BYTES)
    this.bytes[at + KEY_BYTES] = version
    this.untilMs = Math.max(this.untilMs, modifiedMs)
    this.encoded = undefined
  }

  drop(print: number): void {
    const at = this.prints.indexOf(print) * FILE_BYTES
    this.bytes.copyWithin(at, at + FILE_BYTES, this.files-- * FILE_BYTES)
    this.encoded = undefined
  }

  /** As Base64; most groups stay as they are from one state to the next. */
  encode(): string {
    return (this.encoded ??= this.bytes.toString('base64', 0, this.files * FILE_BYTES))
  }
}

/** The files that a stream has read, the newest in the order of reading. */
export class History {
  /** By key's print: number of the group × 256 + first byte of the version. */
  private readonly files = new Map<number, number>()
  private readonly reads = new Map<number, FileRead>()
  /** By their numbers, oldest first. */
  private readonly groups = new Map<number, Group>()
  private lastGroup = 0
  /** Files that were last modified up to here may have been forgotten. */
  forgottenMs = -Infinity
  /** Files from this time on are still to be read by the run: were files of that time forgotten, they would be taken for read. */
  unreadMs = Infinity

  /** How many files are known. */
  get size(): number {
    return this.files.size
  }

  /** What is known of the file under a key. */
  find(object: Pick<ObjectRef, 'key' | 'etag'>): Known | undefined {
    const print = printOf(object.key)
    const packed = this.files.get(print)
    if (packed === undefined) return undefined
    const version = versionOf(object)
    const read = this.reads.get(print)
    if (read !== undefined)
      return { modifiedMs: read.modifiedMs, sameVersion: read.version === version, isSure: true, read }
    const { untilMs } = this.groups.get(packed >> 8) ?? { untilMs: 0 }
    return { modifiedMs: untilMs, sameVersion: firstByteOf(version) === (packed & 0xff), isSure: false, read }
  }

  /** A file was read to its end. */
  add(object: Pick<ObjectRef, 'key'>, read: FileRead): void {
    const print = printOf(object.key)
    this.addPrint(print, firstByteOf(read.version), read.modifiedMs)
    this.addRead(print, read)
    const [oldest] = this.groups.values()
    const isFull = oldest !== undefined && this.files.size - oldest.files >= MOST_FILES
    if (isFull && oldest.untilMs < this.unreadMs) this.forgetOldest()
  }

  /** Forgets the oldest group. False: there is none any more. */
  forgetOldest(): boolean {
    for (const [number, group] of this.groups) {
      for (const print of group.prints) {
        this.files.delete(print)
        this.reads.delete(print)
      }
      this.groups.delete(number)
      this.forgottenMs = Math.max(this.forgottenMs, group.untilMs)
      return true
    }
    return false
  }

  /** The groups, oldest first: the time, and the files as Base64. */
  encodeFiles(): ReadonlyArray<{ readonly untilMs: number; readonly files: string }> {
    return [...this.groups.values()].map((group) => ({ untilMs: group.untilMs, files: group.encode() }))
  }

  /** What was read of the newest files, as pairs of a file's print and that. */
  encodeReads(): ReadonlyArray<readonly [number, FileRead]> {
    return [...this.reads]
  }

  /** The history that was encoded. */
  static decode(
    forgottenMs: number,
    groups: ReturnType<History['encodeFiles']>,
    reads: ReturnType<History['encodeReads']>,
  ): History {
    const history = new History()
    history.forgottenMs = forgottenMs
    for (const { untilMs, files } of groups) {
      const bytes = Buffer.from(files, 'base64')
      history.startGroup()
      for (let at = 0; at + FILE_BYTES <= bytes.length; at += FILE_BYTES)
        history.addPrint(bytes.readUIntBE(at, KEY_BYTES), bytes[at + KEY_BYTES] ?? 0, untilMs)
    }
    for (const [print, read] of reads) if (history.files.has(print)) history.addRead(print, read)
    return history
  }

  /** A file that is read again becomes one of the newest. */
  private addPrint(print: number, version: number, modifiedMs: number): void {
    const packed = this.files.get(print)
    if (packed !== undefined) this.dropPrint(print, packed >> 8)
    let group = this.groups.get(this.lastGroup)
    if (group === undefined || group.files >= GROUP_FILES) group = this.startGroup()
    group.add(print, version, modifiedMs)
    this.files.set(print, this.lastGroup * 256 + version)
  }

  private dropPrint(print: number, number: number): void {
    const group = this.groups.get(number)
    group?.drop(print)
    if (group?.files === 0 && number !== this.lastGroup) this.groups.delete(number)
  }

  private startGroup(): Group {
    const group = new Group()
    this.groups.set(++this.lastGroup, group)
    return group
  }

  private addRead(print: number, read: FileRead): void {
    this.reads.delete(print)
    this.reads.set(print, read)
    if (this.reads.size <= MOST_READS) return
    for (const oldest of this.reads.keys()) {
      this.reads.delete(oldest)
      return
    }
  }
}

const firstByteOf = (version: string): number => parseInt(version.slice(0, 2), 16)
