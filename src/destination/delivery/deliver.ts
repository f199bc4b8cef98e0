import type { Capabilities, HttpRequest } from '../../capabilities'
import type { Failure } from '../../failure'
import { waitMs } from './backoff'
import type { Entry } from './batch'
import type { Channel, Courier, DeliveryCounts, DeliveryOptions, Listener } from './courier'
import { type Pace, newPace } from './pace'
import { type Search, newSearch } from './search'
import type { Said, Settling, Verdict } from './verdict'

type Outside = Pick<Capabilities, 'http' | 'nowMs' | 'elapsedMs' | 'random' | 'sleep' | 'stop'>

/** So many events refused alone, one after the other and none accepted yet: it is the request that is wrong, not the events. */
const REFUSALS_THAT_CONDEMN = 16

/** The last request of a batch begins as its patience ends, and is given this. */
const LAST_ANSWER_MS = 2_000

/** A batch on its way. */
interface Journey {
  /** Whether a request of it was sent: after a signal it may be settled, but none is begun. */
  begun: boolean
  /** Milliseconds of its requests that met nothing but trouble. */
  lostMs: number
}

/** A courier for one run. */
export const newCourier = (caps: Outside, channel: Channel, options: DeliveryOptions, listener: Listener): Courier =>
  new Delivery(caps, channel, options, listener)

class Delivery implements Courier {
  readonly counts: DeliveryCounts = { accepted: 0, duplicates: 0, requests: 0, retries: 0, mostInFlight: 0 }
  private readonly halt = new AbortController()
  readonly halted: AbortSignal = this.halt.signal
  private readonly pace: Pace
  private readonly search: Search
  private why: Failure | undefined
  /** Whether a batch was left unsettled after a signal; others may yet settle. */
  private hasLeft = false
  private journeys = 0
  private inFlightNow = 0
  private refusedInARow = 0
  private limitedSinceMs: number | undefined
  private waiting: Array<() => void> = []

  constructor(
    private readonly caps: Outside,
    private readonly channel: Channel,
    private readonly options: DeliveryOptions,
    private readonly listener: Listener,
  ) {
    this.pace = newPace({ mostInFlight: options.mostInFlight, mostPerSecond: channel.mostRequestsPerSecond })
    this.search = newSearch({
      taken: (entries, verdict) => this.taken(entries, verdict),
      refused: (entry, said) => this.refused(entry, said),
    })
    caps.stop.addEventListener('abort', this.wake)
  }

  readonly failure = (): Failure | undefined => this.why ?? (this.hasLeft ? { _tag: 'Stopped' } : undefined)

  readonly fail = (why: Failure): void => {
    if (this.why !== undefined) return
    this.why = why
    this.halt.abort()
    this.wake()
  }

  readonly send = (batch: number, entries: ReadonlyArray<Entry>): Promise<void> | undefined => {
    if (this.isOver()) return undefined
    // What it throws is a bug, and reaches the crash hook.
    void this.deliver(batch, entries)
    return this.hasRoom() ? undefined : this.room()
  }

  readonly inFlight = (): number => this.inFlightNow

  readonly idle = (): Promise<void> => this.until(() => this.journeys === 0)

  private isOver(): boolean {
    return this.why !== undefined || this.caps.stop.aborted
  }

  /** Batches may be gathered while requests wait for their turn, but none before the first was accepted. */
  private hasRoom(): boolean {
    const { accepted, duplicates } = this.counts
    return this.journeys < (accepted + duplicates > 0 ? this.options.mostInFlight : 1)
  }

  /**
   * Resolves when there is room. Batches that are long in being searched, by slow answers, are no outage: after the budget of one the
   * input goes on all the same, and one batch more waits its turn.
   */
  private room(): Promise<void> {
    const sinceMs = this.caps.elapsedMs()
    const isLate = (): boolean => this.caps.elapsedMs() - sinceMs >= this.options.giveUpMs
    return this.until(() => this.hasRoom() || this.isOver() || isLate())
  }

  private readonly wake = (): void => {
    const woken = this.waiting
    this.waiting = []
    for (const resolve of woken) resolve()
  }

  private async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.change()
  }

  /** Resolves with the next thing that changes. */
  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  private async deliver(batch: number, entries: ReadonlyArray<Entry>): Promise<void> {
    this.journeys++
    const journey: Journey = { begun: false, lostMs: 0 }
    // Should it throw, that is a bug: the batch stays on its way, so that nobody takes the run for done before the crash is told.
    const settled = await this.search(entries, (events) => this.exchange(journey, events))
    if (settled) this.listener.settled(batch)
    this.journeys--
    this.wake()
  }

  /** One request, repeated byte by byte while the trouble is passing. Undefined: the run has ended over it. */
  private async exchange(journey: Journey, events: ReadonlyArray<string>): Promise<Settling | undefined> {
    const { caps, options } = this
    const request = this.channel.request(events, options.timeoutMs)
    let sinceMs: number | undefined
    for (let attempt = 0; ; attempt++) {
      if (!(await this.turn(journey, attempt))) return undefined
      const sentMs = caps.elapsedMs()
      sinceMs ??= sentMs
      const leftToSendMs = options.giveUpMs - journey.lostMs - (sentMs - sinceMs)
      const timeoutMs = Math.min(options.timeoutMs, Math.max(leftToSendMs, LAST_ANSWER_MS))
      const verdict = await this.post({ ...request, timeoutMs }, events, sentMs)
      switch (verdict._tag) {
        case 'Halt':
          this.fail({ _tag: 'PlatformRefused', reason: verdict.reason })
          return undefined
        case 'Exhausted':
          this.fail({ _tag: 'PlatformExhausted', reason: verdict.reason })
          return undefined
        case 'Again': {
          const leftMs = options.giveUpMs - journey.lostMs - (caps.elapsedMs() - sinceMs)
          if (leftMs <= 0) this.giveUp(verdict)
          else await this.pause(Math.min(leftMs, this.waitMs(attempt)), verdict.cause === 'rate-limit')
          break
        }
        case 'Crowded':
          await this.pause(this.waitMs(attempt), false)
          break
        case 'Accepted':
        case 'Duplicate':
        case 'Refused':
        case 'Partial':
          journey.lostMs += sentMs - sinceMs
          return verdict
      }
    }
  }

  /** Waits until a request may be sent. False: none may any more. */
  private async turn(journey: Journey, attempt: number): Promise<boolean> {
    // Looked at and taken in one go: of all who wait only so many may see the room that there is.
    while (this.inFlightNow >= this.pace.most() && this.why === undefined) await this.change()
    // After a signal nothing is begun and nothing repeated; the halves of a refused batch are still sent, to settle it.
    const isLeft = this.caps.stop.aborted && (attempt > 0 || !journey.begun)
    if (isLeft) this.hasLeft = true
    if (isLeft || this.why !== undefined) return false
    journey.begun = true
    this.inFlightNow++
    this.counts.mostInFlight = Math.max(this.counts.mostInFlight, this.inFlightNow)
    const waitMs = this.pace.turnMs(this.caps.elapsedMs())
    if (waitMs > 0) await this.caps.sleep(waitMs, this.halted)
    if (this.halted.aborted) {
      this.inFlightNow--
      return false
    }
    if (attempt > 0) this.counts.retries++
    this.counts.requests++
    return true
  }

  private async post(request: HttpRequest, events: ReadonlyArray<string>, sentMs: number): Promise<Verdict> {
    const isAlone = this.inFlightNow === 1
    const answer = await this.caps.http.send(request)
    this.inFlightNow--
    const verdict = this.channel.judge(answer, events)
    const nowMs = this.caps.elapsedMs()
    const isLimited = verdict._tag === 'Again' && verdict.cause === 'rate-limit'
    this.limitedSinceMs = isLimited ? (this.limitedSinceMs ?? nowMs) : undefined
    if (isLimited || verdict._tag === 'Crowded') this.pace.limited(sentMs, nowMs)
    else if (verdict._tag !== 'Again') this.pace.passed()
    // With nothing else of ours in flight there is nothing that could make room.
    if (verdict._tag === 'Crowded' && isAlone) this.fail({ ...verdict, _tag: 'PlatformUnreachable' })
    this.wake()
    return verdict
  }

  private waitMs(attempt: number): number {
    const limitedMs = this.limitedSinceMs === undefined ? 0 : this.caps.elapsedMs() - this.limitedSinceMs
    return waitMs(this.options.pacing, attempt, this.caps.random(), limitedMs)
  }

  private async pause(ms: number, rateLimited: boolean): Promise<void> {
    if (rateLimited) this.listener.limited(this.caps.nowMs() + ms)
    await this.caps.sleep(ms, this.halted)
  }

  private giveUp({ reason, cause }: Extract<Verdict, { _tag: 'Again' }>): void {
    const minutes = this.options.giveUpMs / 60_000
    this.fail({ _tag: 'PlatformFailing', minutes, reason, rateLimited: cause === 'rate-limit' })
  }

  private taken(entries: ReadonlyArray<Entry>, verdict: 'Accepted' | 'Duplicate'): void {
    this.counts[verdict === 'Accepted' ? 'accepted' : 'duplicates'] += entries.length
    this.listener.taken(entries)
    this.refusedInARow = 0
    this.pace.open()
    this.wake()
  }

  /** False: the run has ended over it. */
  private refused(entry: Entry, said: Said): boolean {
    this.refusedInARow++
    if (this.counts.accepted + this.counts.duplicates === 0 && this.refusedInARow === REFUSALS_THAT_CONDEMN) {
      const reason = `The platform refused ${REFUSALS_THAT_CONDEMN} events one by one and accepted none: ${said.message} Check event set, token and the files' columns.`
      this.fail({ _tag: 'PlatformRefused', reason })
      return false
    }
    this.listener.rejected(entry, said)
    return true
  }
}
