import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { BARE_ENV, type Ended, type Options } from '../support/connector'
import type { Platform } from '../support/emulator'
import type { Feed, Fed } from './feed'
import type { Strike } from './trouble'

/** How a run of the destination ended, and of `read` where that fed it. */
export interface Ran {
  readonly write: Ended
  readonly read: Ended | undefined
  readonly ms: number
  /** It had not ended in time, and was killed for that. */
  readonly late: boolean
  /** The strike hit a process that was running. */
  readonly struck: boolean
}

/** Whether all of the input was taken in: the writer can't know of a reader that was killed before its first word. */
export const isCompleted = ({ write, read }: Ran): boolean =>
  write.code === 0 && (read === undefined || read.code === 0)

/** What a run goes by. */
export interface Ground {
  /** What the destination loads before itself, and what that goes by. */
  readonly preload: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>>
  readonly platform: Platform
  /** So many objects of rejects were put so far, or were to be. */
  readonly puts: () => number
  /** Whoever is not done by then will not be. */
  readonly mostMs: number
}

/** How often it is asked how many requests have come: a strike is as late as that at the most. */
const LOOK_MS = 10

/** One run from the echoed states, struck at the moment of the strike unless it is done before. */
export const run = async (
  feed: Feed,
  states: ReadonlyArray<string>,
  ground: Ground,
  strike: Strike | undefined,
): Promise<Ran> => {
  const over = new AbortController()
  const startMs = performance.now()
  let late = false
  let echoed = 0
  const hit = (): void => childrenOf(fed, strike?.target ?? 'both').forEach((child) => child.kill(strike?.signal))
  const options: Options = {
    preload: ground.preload.map((name) => join(__dirname, 'preload', name)),
    env: { ...BARE_ENV, ...ground.env },
    onLine: (line) => {
      if (strike === undefined || !('states' in strike.moment) || !line.startsWith('{"type":"STATE"')) return
      if (++echoed === strike.moment.states) hit()
    },
  }
  const isCome = await comingOf(strike, ground)
  const fed = feed.start(states, options)
  const expire = (): void => {
    late = true
    childrenOf(fed, 'both').forEach((child) => child.kill('SIGKILL'))
  }
  const limit = setTimeout(expire, ground.mostMs)
  const armed = strike === undefined ? undefined : arm(strike, isCome, over.signal, hit)
  const { write, read } = await fed.ended
  over.abort()
  clearTimeout(limit)
  await armed
  const struck = strike !== undefined && [write, read].some((ended) => ended?.signal === strike.signal)
  return { write, read, ms: performance.now() - startMs, late, struck: struck && !late }
}

const childrenOf = ({ writer, reader }: Fed, target: Strike['target']) => [
  ...(target === 'reader' ? [] : [writer.child]),
  ...(target === 'writer' || reader === undefined ? [] : [reader.child]),
]

/** Whether the moment of a strike has come, as far as others than the run itself can tell: counted from now on. */
const comingOf = async (
  strike: Strike | undefined,
  { platform, puts }: Ground,
): Promise<() => boolean | Promise<boolean>> => {
  const { moment } = strike ?? { moment: { ms: 0 } }
  if ('puts' in moment) {
    const most = puts() + moment.puts
    return () => puts() >= most
  }
  if (!('requests' in moment)) return () => true
  const most = (await platform.summary()).requests.total + moment.requests
  return async () => (await platform.summary()).requests.total >= most
}

/** Waits for the moment of a strike, unless the run is over before. */
const arm = async (
  { moment }: Strike,
  isCome: () => boolean | Promise<boolean>,
  over: AbortSignal,
  hit: () => void,
): Promise<void> => {
  if ('states' in moment) return
  await pause('ms' in moment ? moment.ms : 0, over)
  while (!over.aborted && !(await isCome())) await pause(LOOK_MS, over)
  if (!over.aborted) hit()
}

const pause = (ms: number, over: AbortSignal): Promise<unknown> =>
  wait(ms, undefined, { signal: over }).catch(() => undefined)
