import { readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { LONGEST_TIMER_MS } from '../unreachable'

/** How the process is to end; `rejected`: the work is done, and some of what it was done on is bad. */
export type Ending = 'success' | 'rejected' | 'failure' | 'stopped'

/**
 * The first SIGTERM or SIGINT aborts `stop`; a second one ends the process at once. The returned function ends the process by
 * letting it run out, for which `quit` cuts off what is still on its way: `stopped` dies by the signal that stopped it, so that
 * a parent sees why.
 */
export const onSignals = (stop: AbortController, quit: AbortController): ((ending: Ending) => void) => {
  let received: NodeJS.Signals | undefined
  const handlers = SIGNALS.map((signal) => {
    const handle = (): void => {
      if (received !== undefined) {
        die(signal)
        return
      }
      received = signal
      // Should something not come to its end, a reader that never reads on for one, the signal wins.
      setTimeout(() => die(signal), LAST_MOMENT_MS).unref()
      stop.abort()
    }
    process.on(signal, handle)
    return { signal, handle }
  })
  const die = (signal: NodeJS.Signals): void => {
    for (const { signal: name, handle } of handlers) process.removeListener(name, handle)
    // As PID 1 the signal has no effect; the exit code then says the same.
    process.exitCode = signal === 'SIGINT' ? 130 : 143
    process.kill(process.pid, signal)
    quit.abort()
  }
  return (ending) => {
    if (ending === 'stopped' && received !== undefined) die(received)
    else process.exitCode = ending === 'success' ? 0 : ending === 'rejected' ? 2 : 1
    quit.abort()
    // All was taken by its readers. While node winds up on its own it takes no signals any more, and a late one would kill it.
    // eslint-disable-next-line no-restricted-properties
    if (ending === 'success' || ending === 'rejected') process.exit()
  }
}

/**
 * Lets the heap grow by half of what is alive before it is collected again; V8 would have it grow fourfold. With 100,000 pending files that
 * is 100 MB less, at no cost that could be measured.
 */
export const keepMemorySmall = (): void => setFlagsFromString('--heap-growing-percent=50')

/** A little above the 30 seconds that in-flight work may take to settle after a signal. */
const LAST_MOMENT_MS = 32_000

const SIGNALS: ReadonlyArray<NodeJS.Signals> = ['SIGTERM', 'SIGINT']

/** Does something every so often until one of the signals comes. */
export const repeatUntil =
  (stop: AbortSignal) =>
  async (everyMs: number, until: AbortSignal, work: () => Promise<void>): Promise<void> => {
    const over = AbortSignal.any([stop, until])
    const sleep = sleepUntil(over)
    for (;;) {
      await sleep(everyMs)
      if (over.aborted) return
      await work()
    }
  }

/** What only processes have in common that can see each other: containers may share the name of a host. */
export const machineOf = (): string => {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return ''
  }
}

/** Whether a process of this machine runs; of another user's too. */
export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Waits, but not beyond the abort of `stop`. */
export const sleepUntil =
  (stop: AbortSignal) =>
  async (ms: number, until?: AbortSignal): Promise<void> => {
    try {
      await wait(Math.min(ms, LONGEST_TIMER_MS), undefined, {
        signal: until === undefined ? stop : AbortSignal.any([stop, until]),
      })
    } catch {
      // The abort: the caller looks at the signal.
    }
  }
