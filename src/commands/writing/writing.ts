import * as E from 'fp-ts/Either'
import type { Capabilities } from '../../capabilities'
import { type DestinationConfig, mannerOf } from '../../destination/config'
import { PACING } from '../../destination/delivery/backoff'
import { type Accumulator, type Entry, type Origin, accumulator } from '../../destination/delivery/batch'
import type { Courier, CourierOf } from '../../destination/delivery/courier'
import type { RejectKeeper } from '../../destination/delivery/rejects'
import { type TikTok, tiktok } from '../../destination/platforms/tiktok/index'
import type { Failure } from '../../failure'
import { type Gatherer, type Sample, sampleOf } from '../../figures/figures'
import { OFFLINE_EVENT } from '../../template/offline-event'
import { compileRecords } from '../../template/record-plan'
import { count, newTally, total } from '../../template/tally'
import { type Acknowledgement, type Echo, newAcknowledgement } from './acknowledgement'
import type { Position, WriteCounts } from './counts'
import { type EventJudge, newEventJudge } from './event-judge'
import { type Rejection, newRejection } from './rejection'

/** Delivery of one run's records: hands batches to the courier, and lets states go when the ledger says so. */
export interface Writing {
  /** The clock, read once for many records. */
  readonly tick: () => void
  /** Takes a record of a stream, and where in a file it comes from. A promise where delivery or the bucket of rejects is behind. */
  readonly record: (
    stream: string,
    data: Readonly<Record<string, unknown>>,
    file: string | undefined,
    row: number | undefined,
  ) => Promise<void> | undefined
  /** Counts a record that nothing is done with. */
  readonly ignore: (stream: string) => void
  /** Takes a state that covers all records of a stream so far, or of all streams. A promise where its reader is behind. */
  readonly state: (line: string, stream: string | undefined) => Promise<void> | undefined
  /** Sends what was gathered, though it fills no batch. */
  readonly sendGathered: () => Promise<void> | undefined
  /** Aborted when delivery can't go on: there is no use in reading further. */
  readonly halted: AbortSignal
  /** Ends the delivery for a reason of the caller's. */
  readonly fail: (why: Failure) => void
  /**
   * Settles what is on its way and lets the last states go. `trouble`: why the input was not read to its end; `shortfall`: what is amiss
   * although it was.
   */
  readonly finish: (trouble: Failure | undefined, shortfall: Failure | undefined) => Promise<E.Either<Failure, void>>
  readonly counts: () => WriteCounts
  /** Requests that wait for their answer. */
  readonly inFlight: () => number
}

/** What a run is made of. */
export interface WritingParts {
  readonly config: DestinationConfig
  /** Takes the rejects. */
  readonly keeper: RejectKeeper
  /** Takes the states that leave. */
  readonly echo: Echo
  /** A rate limit is waited out until then, in milliseconds since 1970. */
  readonly limited: (untilMs: number) => void
  readonly courierOf: CourierOf
  /** Makes figures of what the platform has. */
  readonly gatherer?: Gatherer
}

/** After a signal, what is in flight gets so long to settle. */
const DRAIN_MS = 30_000

const STOPPED: Failure = { _tag: 'Stopped' }

/** One run. */
export const newWriting = (caps: Capabilities, parts: WritingParts): Writing => new Run(caps, parts)

class Run implements Writing {
  private readonly acknowledgement: Acknowledgement
  private readonly platform: TikTok
  private readonly batch: Accumulator
  private readonly courier: Courier
  readonly halted: AbortSignal
  readonly fail: Writing['fail']
  readonly inFlight: Writing['inFlight']
  private readonly judge: EventJudge
  private readonly rejection: Rejection
  private readonly gatherer: Gatherer | undefined
  private readonly warnings = newTally<Position>()
  private readonly drained: Promise<Failure>
  private batchNumber = 0
  private nowSeconds = 0
  private records = 0
  private repeats = 0
  private ignored = 0

  constructor(
    private readonly caps: Capabilities,
    { config, keeper, echo, limited, courierOf, gatherer }: WritingParts,
  ) {
    this.platform = tiktok(config.platform)
    this.gatherer = gatherer
    const plan = compileRecords(OFFLINE_EVENT, mannerOf(config))
    this.rejection = newRejection(keeper, plan, this.platform, config.default_event_name)
    this.batch = accumulator({
      events: config.max_events_per_request,
      bytes: config.max_request_bytes,
      overheadBytes: this.platform.requests.overheadBytes,
    })
    this.judge = newEventJudge(this.platform, plan, this.batch.fitsAlone)
    this.courier = courierOf(
      {
        pacing: PACING,
        mostInFlight: config.max_requests_in_flight,
        timeoutMs: config.request_timeout_seconds * 1000,
        giveUpMs: config.give_up_after_minutes * 60_000,
      },
      this.platform.channel,
      {
        taken: gatherer === undefined ? () => undefined : addSamples(gatherer),
        rejected: this.rejection.refused,
        settled: (batch) => {
          this.acknowledgement.ledger.settle(batch)
          void this.acknowledgement.release()
        },
        limited,
      },
    )
    this.acknowledgement = newAcknowledgement(echo, config.max_rejected_percent, keeper, this.courier.fail)
    this.halted = this.courier.halted
    this.fail = this.courier.fail
    this.inFlight = this.courier.inFlight
    this.drained = this.stopped()
    this.tick()
  }

  readonly tick = (): void => {
    this.nowSeconds = Math.floor(this.caps.nowMs() / 1000)
  }

  readonly ignore = (stream: string): void => {
    this.records++
    this.ignored++
    this.acknowledgement.ledger.ignore(stream)
  }

  readonly state = (line: string, stream: string | undefined): Promise<void> | undefined => {
    this.acknowledgement.ledger.hold(line, stream)
    return this.acknowledgement.release()
  }

  readonly sendGathered = (): Promise<void> | undefined => {
    const gathered = this.batch.take()
    return gathered === undefined ? undefined : this.courier.send(this.batchNumber, gathered)
  }

  readonly finish: Writing['finish'] = async (trouble, shortfall) => {
    if (!this.caps.stop.aborted && !this.courier.halted.aborted) await this.sendGathered()
    const settled = await Promise.race([this.settle(), this.drained])
    // Why the platform refused comes before what is wrong with the input: it is why nothing was delivered.
    const failure = this.courier.failure() ?? trouble ?? settled ?? shortfall
    if (failure === undefined) return E.right(undefined)
    return E.left(this.caps.stop.aborted ? STOPPED : failure)
  }

  readonly counts = (): WriteCounts => {
    const { accepted, duplicates, requests, retries, mostInFlight } = this.courier.counts
    const { tally: rejected, messages } = this.rejection
    const settled = accepted + duplicates + this.repeats + this.ignored + total(rejected.counts)
    return {
      records: this.records,
      accepted,
      duplicates: duplicates + this.repeats,
      ignored: this.ignored,
      unsettled: this.records - settled,
      requests,
      retries,
      mostInFlight,
      rejected,
      warnings: this.warnings,
      messages,
    }
  }

  readonly record: Writing['record'] = (stream, data, file, row) => {
    this.records++
    const slot = this.acknowledgement.ledger.record(stream)
    const origin: Origin = { stream, record: this.records, file, row }
    const encoded = this.judge.encode(data, this.nowSeconds)
    if (typeof encoded !== 'string') return this.rejection.judged(encoded, origin, slot)
    const met = this.judge.meet(encoded, origin)
    if (met === 'same') {
      this.repeats++
      return undefined
    }
    for (const code of this.judge.draft.warnings) count(this.warnings, code, () => origin)
    if (met !== undefined) count(this.warnings, 'EVENT_ID_CONFLICT', () => ({ ...origin, differsFrom: met }))
    const wasEmpty = this.batch.isEmpty()
    const sample = this.gatherer === undefined ? undefined : this.sample()
    const closed = this.batch.add({ json: encoded, slot, origin, sample }, this.judge.bytes())
    const closedNumber = this.batchNumber
    if (wasEmpty || closed !== undefined) this.batchNumber = this.acknowledgement.ledger.open()
    return closed === undefined ? undefined : this.courier.send(closedNumber, closed)
  }

  private sample(): Sample {
    const { event } = this.judge.draft
    return sampleOf(this.platform.knownName(event.event_name) ?? event.event_name, event)
  }

  /** Resolves when nothing is on its way any more and all that may leave has left, with a failure of the run as a whole. */
  private async settle(): Promise<Failure | undefined> {
    await this.courier.idle()
    void this.acknowledgement.release()
    const rejected = total(this.rejection.tally.counts)
    return this.acknowledgement.end({ records: this.records - this.ignored, rejected })
  }

  /** Resolves when a signal has come and the time to settle after it is over. */
  private async stopped(): Promise<Failure> {
    const { stop, deadline } = this.caps
    if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }))
    await deadline(DRAIN_MS)
    return STOPPED
  }
}

const addSamples =
  ({ add }: Gatherer) =>
  (entries: ReadonlyArray<Entry>): void => {
    for (const { sample } of entries) if (sample !== undefined) add(sample)
  }
