import * as E from 'fp-ts/Either'
import type { Objects } from '../../capabilities'
import type { Failure } from '../../failure'
import { type Reject, type RejectForm, type RejectRun, fileName } from './reject-file'

/** Keeps what was rejected where its owner finds it, before the states that cover it may leave. */
export interface RejectKeeper {
  /** Takes a reject. A promise where the bucket is behind: await it before the next. */
  readonly keep: (reject: Reject) => Promise<void> | undefined
  /** Whether all that was taken is in the bucket. */
  readonly isClean: () => boolean
  /** Resolves when all that was taken before the call is in the bucket, or with why it can't be. */
  readonly kept: () => Promise<E.Either<Failure, void>>
}

/** What a keeper of one run needs. */
export interface KeeperOptions {
  readonly form: RejectForm
  readonly run: RejectRun
  /** The key prefix of a reject's stream, with its slash. */
  readonly folderOf: (reject: Reject) => string
  readonly limits: KeeperLimits
  /** After it nobody waits for room: nothing more comes. */
  readonly stop: AbortSignal
}

/** Of UTF-8 text; a single reject may be more. */
export interface KeeperLimits {
  /** So much may wait before it is written without being asked for. */
  readonly gatheredBytes: number
  readonly objectBytes: number
}

export const KEEPER_LIMITS: KeeperLimits = { gatheredBytes: 4 * 1024 * 1024, objectBytes: 8 * 1024 * 1024 }

/** Where no bucket is configured: rejects are counted and told in the log, which others see to. */
export const NO_KEEPER: RejectKeeper = {
  keep: () => undefined,
  isClean: () => true,
  kept: () => Promise.resolve(E.right(undefined)),
}

/**
 * A keeper for one run. Rejects are gathered by stream and written in rounds: when `kept` is asked for, or when many have gathered. A round
 * takes all that is gathered and puts one object after the other; what comes meanwhile is the next round's. A put that fails ends it
 * for good: `put` is patient itself.
 */
export const newKeeper = (put: Objects['put'], { form, run, folderOf, limits, stop }: KeeperOptions): RejectKeeper => {
  let gathered = newGathering(form.head, limits.objectBytes)
  let taken = 0
  let stored = 0
  let parts = 0
  /** The last reject that somebody waits for. */
  let wanted = 0
  let isWriting = false
  let failure: Failure | undefined
  let waiting: Array<() => void> = []

  const isFull = (): boolean => gathered.bytes() > limits.gatheredBytes

  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise<void>((resolve) => waiting.push(resolve))
  }

  const wake = (): void => {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }

  const write = async (): Promise<void> => {
    isWriting = true
    while (failure === undefined && stored < taken && (stored < wanted || isFull())) {
      const upTo = taken
      const objects = gathered.objects()
      gathered = newGathering(form.head, limits.objectBytes)
      wake()
      failure = await putAll(objects)
      if (failure === undefined) stored = upTo
    }
    isWriting = false
    wake()
  }

  stop.addEventListener('abort', wake)

  const putAll = async (objects: ReadonlyArray<Gathered>): Promise<Failure | undefined> => {
    for (const { folder, lines } of objects) {
      const done = await put(`${folder}${fileName(run, ++parts, form)}`, lines.join(''))()
      if (E.isLeft(done)) return done.left
    }
    return undefined
  }

  const start = (): void => {
    // What it throws is a bug, and reaches the crash hook.
    if (!isWriting) void write()
  }

  return {
    keep: (reject) => {
      if (failure !== undefined) return undefined
      taken++
      gathered.add(folderOf(reject), form.line(reject))
      if (!isFull()) return undefined
      start()
      return isFull() ? until(() => !isFull() || failure !== undefined || stop.aborted) : undefined
    },
    isClean: () => failure === undefined && stored === taken,
    kept: async () => {
      wanted = taken
      const mine = taken
      start()
      await until(() => stored >= mine || failure !== undefined)
      return failure === undefined ? E.right(undefined) : E.left(failure)
    },
  }
}

/** The text of an object-to-be, in its lines. */
interface Gathered {
  readonly folder: string
  readonly lines: Array<string>
  bytes: number
}

/** Rejects by folder, cut into objects. */
interface Gathering {
  readonly add: (folder: string, line: string) => void
  readonly bytes: () => number
  /** Of each folder in the order in which they came. */
  readonly objects: () => ReadonlyArray<Gathered>
}

const newGathering = (head: string, mostBytes: number): Gathering => {
  const objects: Array<Gathered> = []
  const open = new Map<string, Gathered>()
  let bytes = 0
  const begin = (folder: string): Gathered => {
    const object = { folder, lines: [head], bytes: Buffer.byteLength(head) }
    objects.push(object)
    open.set(folder, object)
    return object
  }
  return {
    add: (folder, line) => {
      const lineBytes = Buffer.byteLength(line)
      const last = open.get(folder)
      const object = last === undefined || last.bytes + lineBytes > mostBytes ? begin(folder) : last
      object.lines.push(line)
      object.bytes += lineBytes
      bytes += lineBytes
    },
    bytes: () => bytes,
    objects: () => objects,
  }
}
