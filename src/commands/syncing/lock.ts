import * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import type { Capabilities, DiskFile } from '../../capabilities'
import type { Failure } from '../../failure'
import { parseJson } from '../../json'
import { rfc3339 } from '../../source/cursor'

/** That this run alone works with a state file: a file beside it, whose heartbeat says that the run is alive. */
export interface Lock {
  /** Whether it is still ours; of a disk in trouble nothing is known, and yes. */
  readonly isHeld: () => Promise<boolean>
  /** Keeps it alive until `over` aborts; `fail` is told that another run has taken it. */
  readonly hold: (over: AbortSignal, fail: (why: Failure) => void) => Promise<void>
  readonly release: () => Promise<void>
}

/** Of a run that changes nothing. */
export const NO_LOCK: Lock = {
  isHeld: () => Promise.resolve(true),
  hold: () => Promise.resolve(),
  release: () => Promise.resolve(),
}

type Outside = Pick<Capabilities, 'disk' | 'self' | 'nowMs' | 'random' | 'sleep' | 'repeat'>

/** After so long without a heartbeat its run is dead: a pod that was killed must not block the next night. */
const STALE_MS = 120_000
const BEAT_MS = 15_000
/** Of two that take over a stale lock at once, the later one's stands: so long the earlier one waits before it looks. */
const SETTLE_MS = 1_000

const Content = t.type({ host: t.string, machine: t.string, pid: t.number, heartbeat: t.string, run: t.string })

/** Takes the lock at a path. Left: another run has it. */
export const acquire = async (caps: Outside, path: string): Promise<E.Either<Failure, Lock>> => {
  const { disk, self, nowMs, random, sleep, repeat } = caps
  const run = Math.floor(random() * 2 ** 48).toString(36)
  const content = (): string =>
    `${JSON.stringify({ host: self.host, machine: self.machine, pid: self.pid, heartbeat: rfc3339(nowMs()), run })}\n`
  const isOurs = (file: DiskFile | undefined): boolean => {
    const found = file === undefined ? undefined : parseJson(file.text)
    return Content.is(found) && found.run === run
  }

  const isHeld = async (): Promise<boolean> => {
    const now = await disk.read(path)
    return E.isLeft(now) || isOurs(now.right)
  }

  const made = await disk.create(path, content())
  if (E.isLeft(made)) return failed(made.left)
  if (!made.right) {
    const found = await disk.read(path)
    if (E.isLeft(found)) return failed(found.left)
    const holder = holderOf(found.right, caps)
    if (holder !== undefined) return E.left(holder)
    const taken = await disk.replace(path, content())
    if (E.isLeft(taken)) return failed(taken.left)
    await sleep(SETTLE_MS)
    const now = await disk.read(path)
    if (E.isLeft(now)) return failed(now.left)
    if (!isOurs(now.right)) return E.left(holderOf(now.right, caps) ?? LOST)
  }

  return E.right({
    isHeld,
    // After a signal there is no beat any more: what is left to do then takes less than two minutes.
    hold: (over, fail) => {
      const lost = new AbortController()
      return repeat(BEAT_MS, AbortSignal.any([over, lost.signal]), async () => {
        if (await isHeld()) {
          await disk.replace(path, content())
          return
        }
        lost.abort()
        fail(LOST)
      })
    },
    release: async () => {
      const now = await disk.read(path)
      if (E.isRight(now) && isOurs(now.right)) await disk.remove(path)
    },
  })
}

export const LOST: Failure = { _tag: 'LockLost' }

const failed = (trouble: string): E.Either<Failure, never> => E.left({ _tag: 'DiskFailed', file: 'lock', trouble })

/** Who holds a lock; undefined where nobody does any more: its heartbeat is old, or its process is gone from this machine. */
const holderOf = (file: DiskFile | undefined, { self, nowMs }: Outside): Failure | undefined => {
  if (file === undefined) return undefined
  const found = parseJson(file.text)
  const { host, machine, pid, heartbeat } = Content.is(found) ? found : NOBODY
  const beatMs = Date.parse(heartbeat)
  // What is half written has the time of its file.
  const ageMs = nowMs() - (Number.isNaN(beatMs) ? file.modifiedMs : beatMs)
  if (ageMs >= STALE_MS) return undefined
  // One of our own number has gone: we have it now.
  const isHere = host === self.host && machine === self.machine
  if (isHere && (pid === self.pid || !self.isAlive(pid))) return undefined
  return { _tag: 'AlreadyRunning', host, pid, secondsAgo: Math.max(0, Math.round(ageMs / 1000)) }
}

const NOBODY = { host: '', machine: '', pid: 0, heartbeat: '' }
