import type { Capabilities, HttpRequest } from '../../capabilities'
import type { Failure } from '../../failure'
import { type Pacing, waitMs } from './backoff'
import type { Entry } from './batch'
import type { Answer, Verdict } from './verdict'

/** Sends batches, several at a time, until each of their events is settled or the run can't go on. */
export interface Courier {
  /** Takes a batch. A promise where as many requests are in flight as may be: await it before the next. */
  readonly send: (batch: number, entries: ReadonlyArray<Entry>) => Promise<void> | undefined
  /** Resolves when nothing is in flight any more. */
  readonly idle: () => Promise<void>
  /** Ends the delivery for a reason of the caller's. */
  readonly fail: (why: Failure) => void
  /** Why the run can't go on; set at most once, and nothing is sent after. */
  readonly failure: () => Failure | undefined
  /** Aborted with the failure. */
  readonly halted: AbortSignal
  readonly counts: Readonly<DeliveryCounts>
}

export interface DeliveryCounts {
  accepted: number
  duplicates: number
  requests: number
  retries: number
}

/** How a platform is talked to. */
export interface Channel {
  readonly request: (events: ReadonlyArray<string>, timeoutMs: number) => HttpRequest
  readonly judge: (answer: Answer) => Verdict
}

export interface DeliveryOptions {
  readonly pacing: Pacing
  readonly mostInFlight: number
  readonly timeoutMs: number
  readonly giveUpMs: number
}

/** What the courier tells: an event that the platform refused alone, and that a whole batch is settled. */
export interface Listener {
  readonly rejected: (entry: Entry, message: string, requestId: string | undefined) => void
  readonly settled: (batch: number) => void
}

type Outside = Pick<Capabilities, 'http' | 'nowMs' | 'random' | 'sleep' | 'stop'>

/** So many events refused alone, one after the other and none accepted yet: it is the request that is wrong, not the events. */
const REFUSALS_THAT_CONDEMN = 16

/** A courier for one run. */
export const newCourier = (caps: Outside, channel: Channel, options: DeliveryOptions, listener: Listener): Courier => {
  const counts: DeliveryCounts = { accepted: 0, duplicates: 0, requests: 0, retries: 0 }
  const halt = new AbortController()
  let failure: Failure | undefined
  let inFlight = 0
  let refusedInARow = 0
  let limitedSinceMs: number | undefined
  let waiting: Array<() => void> = []

  const fail = (why: Failure): void => {
    if (failure !== undefined) return
    failure = why
    halt.abort()
  }

  /** Until events were accepted one request is in flight: a wrong token or event set costs one refusal, not thirty-two. */
  const room = (): boolean => inFlight < (counts.accepted + counts.duplicates > 0 ? options.mostInFlight : 1)

  const wake = (): void => {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }

  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise<void>((resolve) => waiting.push(resolve))
  }

  /** One request, repeated byte by byte while the trouble is passing. Undefined: the run has ended over it. */
  const exchange = async (events: ReadonlyArray<string>): Promise<Exclude<Verdict, { _tag: 'Again' }> | undefined> => {
    const request = channel.request(events, options.timeoutMs)
    const startMs = caps.nowMs()
    for (let attempt = 0; ; attempt++) {
      // After a signal nothing is repeated; the halves of a refused batch are still sent, to settle it.
      if (attempt > 0 && caps.stop.aborted) fail({ _tag: 'Stopped' })
      if (failure !== undefined) return undefined
      if (attempt > 0) counts.retries++
      counts.requests++
      const verdict = channel.judge(await caps.http.send(request))
      if (verdict._tag !== 'Again') {
        limitedSinceMs = undefined
        return verdict
      }
      limitedSinceMs = verdict.rateLimited ? (limitedSinceMs ?? caps.nowMs()) : undefined
      const limitedMs = limitedSinceMs === undefined ? 0 : caps.nowMs() - limitedSinceMs
      const leftMs = options.giveUpMs - (caps.nowMs() - startMs)
      if (leftMs <= 0) fail({ _tag: 'PlatformFailing', minutes: options.giveUpMs / 60_000, reason: verdict.reason })
      else await caps.sleep(Math.min(leftMs, waitMs(options.pacing, attempt, caps.random(), limitedMs)), halt.signal)
    }
  }

  /** Sends a batch; a refused one is halved until the events at fault stand alone. True: all of it is settled. */
  const deliver = async (entries: ReadonlyArray<Entry>): Promise<boolean> => {
    const parts = entries.map(({ json }) => json)
    const open: Array<Range> = [{ from: 0, to: parts.length, firstHalf: false, guilty: false }]
    for (let range = open.pop(); range !== undefined; range = open.pop()) {
      const { from, to } = range
      if (range.guilty && to - from > 1) {
        halve(open, range)
        continue
      }
      const verdict = await exchange(parts.slice(from, to))
      if (verdict === undefined) return false
      switch (verdict._tag) {
        case 'Accepted':
        case 'Duplicate': {
          counts[verdict._tag === 'Accepted' ? 'accepted' : 'duplicates'] += to - from
          refusedInARow = 0
          // The other half, next on the stack, was refused with this one: to send it whole would only say so again.
          const other = range.firstHalf ? open[open.length - 1] : undefined
          if (other !== undefined) other.guilty = true
          wake()
          break
        }
        case 'Halt':
          fail({ _tag: 'PlatformRefused', reason: verdict.reason })
          return false
        case 'Refused':
          if (to - from > 1) halve(open, range)
          else if (!refuse(entries[from], verdict)) return false
      }
    }
    return true
  }

  const refuse = (entry: Entry | undefined, { message, requestId }: Extract<Verdict, { _tag: 'Refused' }>): boolean => {
    refusedInARow++
    if (counts.accepted + counts.duplicates === 0 && refusedInARow === REFUSALS_THAT_CONDEMN) {
      const reason = `The platform refused ${REFUSALS_THAT_CONDEMN} events one by one and accepted none: ${message} Check event set, token and the files' columns.`
      fail({ _tag: 'PlatformRefused', reason })
      return false
    }
    if (entry !== undefined) listener.rejected(entry, message, requestId)
    return true
  }

  const start = async (batch: number, entries: ReadonlyArray<Entry>): Promise<void> => {
    inFlight++
    try {
      if (await deliver(entries)) listener.settled(batch)
    } finally {
      inFlight--
      wake()
    }
  }

  caps.stop.addEventListener('abort', wake)

  return {
    send: (batch, entries) => {
      if (failure !== undefined || caps.stop.aborted) return undefined
      // What it throws is a bug, and reaches the crash hook.
      void start(batch, entries)
      return room() ? undefined : until(() => room() || failure !== undefined || caps.stop.aborted)
    },
    idle: () => until(() => inFlight === 0),
    fail,
    failure: () => failure,
    halted: halt.signal,
    counts,
  }
}

/** Events of a batch, `from` included and `to` not. `guilty`: a request that held it was refused, and nothing else can be why. */
interface Range {
  readonly from: number
  readonly to: number
  readonly firstHalf: boolean
  guilty: boolean
}

const halve = (open: Array<Range>, { from, to }: Range): void => {
  const middle = (from + to) >> 1
  open.push({ from: middle, to, firstHalf: false, guilty: false }, { from, to: middle, firstHalf: true, guilty: false })
}
