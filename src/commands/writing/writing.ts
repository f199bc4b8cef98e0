import * as E from 'fp-ts/Either'
import type { Capabilities } from '../../capabilities'
import { type DestinationConfig, mannerOf } from '../../destination/config'
import { PACING } from '../../destination/delivery/backoff'
import { type Accumulator, type Origin, accumulator } from '../../destination/delivery/batch'
import type { Courier } from '../../destination/delivery/courier'
import { newCourier } from '../../destination/delivery/deliver'
import type { RejectKeeper } from '../../destination/delivery/rejects'
import { type TikTok, tiktok } from '../../destination/platforms/tiktok/index'
import type { Failure } from '../../failure'
import type { Incoming } from '../../protocol/incoming'
import { OFFLINE_EVENT } from '../../template/offline-event'
import { compileRecords } from '../../template/record-plan'
import { count, newTally, total } from '../../template/tally'
import { type Acknowledgement, newAcknowledgement } from './acknowledgement'
import type { Position, WriteCounts } from './counts'
import { type EventJudge, newEventJudge } from './event-judge'
import { type Rejection, newRejection } from './rejection'
import { type Statuses, newStatuses } from './statuses'

/** One run of `write`: takes in messages, hands batches to the courier, and lets states go when the ledger says so. */
export interface Writing {
  /** The clock, read once a chunk of stdin. */
  readonly tick: () => void
  /** A promise where delivery or the reader of stdout is behind. */
  readonly take: (incoming: Exclude<Incoming, { _tag: 'Malformed' }>, line: string) => Promise<void> | undefined
  /** Sends what was gathered, though it fills no batch. */
  readonly sendGathered: () => Promise<void> | undefined
  /** Aborted when delivery can't go on: there is no use in reading further. */
  readonly halted: AbortSignal
  /** Settles what is on its way and lets the last states go. `trouble`: why the input was not read to its end. */
  readonly finish: (trouble: Failure | undefined) => Promise<E.Either<Failure, void>>
  readonly counts: () => WriteCounts
}

/** After a signal, what is in flight gets so long to settle. */
const DRAIN_MS = 30_000

const STOPPED: Failure = { _tag: 'Stopped' }

/** A stream of this name, with any prefix, holds our source's rejects: they are for people, not for the platform. */
const REJECTS_STREAM = 'offline_events_rejected'

/** A run of `write` for the streams of the catalog; `keeper` takes the rejects. */
export const newWriting = (
  caps: Capabilities,
  config: DestinationConfig,
  streams: ReadonlySet<string>,
  keeper: RejectKeeper,
): Writing => new Run(caps, config, streams, keeper)

class Run implements Writing {
  private readonly acknowledgement: Acknowledgement
  private readonly platform: TikTok
  private readonly batch: Accumulator
  private readonly courier: Courier
  readonly halted: AbortSignal
  private readonly judge: EventJudge
  private readonly rejection: Rejection
  private readonly statuses: Statuses
  private readonly warnings = newTally<Position>()
  private readonly drained: Promise<Failure>
  private batchNumber = 0
  private nowSeconds = 0
  private records = 0
  private repeats = 0
  private ignored = 0
  private strangers = 0
  private noise = 0

  constructor(
    private readonly caps: Capabilities,
    config: DestinationConfig,
    private readonly streams: ReadonlySet<string>,
    keeper: RejectKeeper,
  ) {
    this.platform = tiktok(config.platform)
    const plan = compileRecords(OFFLINE_EVENT, mannerOf(config))
    this.rejection = newRejection(keeper, plan, this.platform, config.default_event_name)
    this.statuses = newStatuses(
      caps,
      streams,
      [...streams].filter((stream) => this.isSent(stream)),
    )
    this.batch = accumulator({
      events: config.max_events_per_request,
      bytes: config.max_request_bytes,
      overheadBytes: this.platform.requests.overheadBytes,
    })
    this.judge = newEventJudge(this.platform, plan, this.batch.fitsAlone)
    this.courier = newCourier(
      caps,
      this.platform.channel,
      {
        pacing: PACING,
        mostInFlight: config.max_requests_in_flight,
        timeoutMs: config.request_timeout_seconds * 1000,
        giveUpMs: config.give_up_after_minutes * 60_000,
      },
      {
        rejected: this.rejection.refused,
        settled: (batch) => {
          this.acknowledgement.ledger.settle(batch)
          void this.acknowledgement.release()
        },
        limited: this.statuses.limited,
      },
    )
    this.acknowledgement = newAcknowledgement(caps.out, config.max_rejected_percent, keeper, this.courier.fail)
    this.halted = this.courier.halted
    this.drained = this.stopped()
    this.tick()
  }

  readonly tick = (): void => {
    this.nowSeconds = Math.floor(this.caps.nowMs() / 1000)
  }

  readonly take = (incoming: Exclude<Incoming, { _tag: 'Malformed' }>, line: string): Promise<void> | undefined => {
    switch (incoming._tag) {
      case 'Record':
        return this.record(incoming.stream, incoming.data)
      case 'State':
        this.acknowledgement.ledger.hold(line, incoming.stream)
        return this.acknowledgement.release()
      case 'Status':
        this.statuses.seen(incoming.stream, incoming.status)
        return undefined
      case 'Unknown':
        this.noise++
        return undefined
      case 'Known':
        return undefined
    }
  }

  readonly sendGathered = (): Promise<void> | undefined => {
    const gathered = this.batch.take()
    return gathered === undefined ? undefined : this.courier.send(this.batchNumber, gathered)
  }

  readonly finish = async (trouble: Failure | undefined): Promise<E.Either<Failure, void>> => {
    if (!this.caps.stop.aborted && !this.courier.halted.aborted) await this.sendGathered()
    const settled = await Promise.race([this.settle(), this.drained])
    // Why the platform refused comes before what is wrong with the input: it is why nothing was delivered.
    const failure = this.courier.failure() ?? trouble ?? settled ?? this.statuses.incomplete()
    if (failure === undefined) return E.right(undefined)
    return E.left(this.caps.stop.aborted ? STOPPED : failure)
  }

  readonly counts = (): WriteCounts => {
    const { accepted, duplicates, requests, retries } = this.courier.counts
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
      rejected,
      warnings: this.warnings,
      messages,
      strangers: this.strangers,
      noise: this.noise,
    }
  }

  private isSent(stream: string): boolean {
    return this.streams.has(stream) && !stream.endsWith(REJECTS_STREAM)
  }

  private record(stream: string, data: Readonly<Record<string, unknown>>): Promise<void> | undefined {
    this.records++
    if (!this.isSent(stream)) {
      this.acknowledgement.ledger.ignore(stream)
      if (!this.streams.has(stream)) this.strangers++
      this.ignored++
      return undefined
    }
    const slot = this.acknowledgement.ledger.record(stream)
    const origin = this.originOf(stream, data)
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
    const closed = this.batch.add({ json: encoded, slot, origin }, this.judge.bytes())
    const closedNumber = this.batchNumber
    if (wasEmpty || closed !== undefined) this.batchNumber = this.acknowledgement.ledger.open()
    return closed === undefined ? undefined : this.courier.send(closedNumber, closed)
  }

  private originOf(stream: string, data: Readonly<Record<string, unknown>>): Origin {
    const file = data['_ab_source_file_url']
    const row = data['_ab_source_file_row']
    return {
      stream,
      record: this.records,
      file: typeof file === 'string' ? file : undefined,
      row: typeof row === 'number' ? row : undefined,
    }
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
