import * as E from 'fp-ts/Either'
import type { Capabilities } from '../../capabilities'
import { type DestinationConfig, mannerOf } from '../../destination/config'
import { PACING } from '../../destination/delivery/backoff'
import { type Accumulator, type Entry, type Origin, accumulator } from '../../destination/delivery/batch'
import { type Courier, newCourier } from '../../destination/delivery/deliver'
import type { Ledger, Slot } from '../../destination/delivery/ledger'
import { withoutIds } from '../../destination/delivery/scrub'
import { tiktok } from '../../destination/platforms/tiktok/index'
import type { Failure } from '../../failure'
import type { Incoming } from '../../protocol/incoming'
import type { RowCode, WarningCode } from '../../template/fault'
import { OFFLINE_EVENT } from '../../template/offline-event'
import { type RecordPlan, compileRecords } from '../../template/record-plan'
import { count, newTally, total } from '../../template/tally'
import { type Acknowledgement, newAcknowledgement } from './acknowledgement'
import type { WriteCounts } from './counts'

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

/** Most different messages of the platform that are told apart in the log. */
const MOST_MESSAGES = 20

/** A run of `write` for the streams of the catalog. */
export const newWriting = (caps: Capabilities, config: DestinationConfig, streams: ReadonlySet<string>): Writing =>
  new Run(caps, config, streams)

class Run implements Writing {
  private readonly acknowledgement: Acknowledgement
  private readonly ledger: Ledger
  private readonly platform
  private readonly batch: Accumulator
  private readonly courier: Courier
  readonly halted: AbortSignal
  private readonly plan: RecordPlan
  private readonly rejected = newTally<Origin>()
  private readonly warnings = newTally<Origin>()
  private readonly messages = new Map<string, number>()
  private readonly statuses = new Map<string, string>()
  private batchNumber = 0
  private nowSeconds = 0
  private records = 0
  private ignored = 0
  private strangers = 0
  private noise = 0

  constructor(
    private readonly caps: Capabilities,
    config: DestinationConfig,
    private readonly streams: ReadonlySet<string>,
  ) {
    this.platform = tiktok(config.platform)
    this.plan = compileRecords(OFFLINE_EVENT, mannerOf(config))
    this.acknowledgement = newAcknowledgement(caps.out, config.max_rejected_percent)
    this.ledger = this.acknowledgement.ledger
    this.batch = accumulator({
      events: config.max_events_per_request,
      bytes: config.max_request_bytes,
      overheadBytes: this.platform.requests.overheadBytes,
    })
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
        rejected: (entry, message) => this.refused(entry, message),
        settled: (batch) => {
          this.ledger.settle(batch)
          this.release()
        },
      },
    )
    this.halted = this.courier.halted
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
        this.ledger.hold(line, incoming.stream)
        this.release()
        return undefined
      case 'Status':
        if (this.streams.has(incoming.stream)) this.statuses.set(incoming.stream, incoming.status)
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
    const drained = await Promise.race([this.courier.idle().then(() => true), this.stopped().then(() => false)])
    this.release()
    const judged = { records: this.records - this.ignored, rejected: total(this.rejected.counts) }
    const excess = this.acknowledgement.end(judged)
    // Why the platform refused comes before what is wrong with the input: it is why nothing was delivered.
    const first = trouble?._tag === 'Stopped' ? trouble : this.courier.failure()
    const failure = first ?? trouble ?? (drained ? (excess ?? this.incomplete()) : STOPPED)
    return failure === undefined ? E.right(undefined) : E.left(failure)
  }

  readonly counts = (): WriteCounts => {
    const { accepted, duplicates, requests, retries } = this.courier.counts
    const settled = accepted + duplicates + this.ignored + total(this.rejected.counts)
    return {
      records: this.records,
      accepted,
      duplicates,
      ignored: this.ignored,
      unsettled: this.records - settled,
      requests,
      retries,
      rejected: this.rejected,
      warnings: this.warnings,
      messages: this.messages,
      strangers: this.strangers,
      noise: this.noise,
    }
  }

  private record(stream: string, data: Readonly<Record<string, unknown>>): Promise<void> | undefined {
    this.records++
    if (!this.streams.has(stream) || stream.endsWith(REJECTS_STREAM)) {
      this.ledger.ignore(stream)
      if (!this.streams.has(stream)) this.strangers++
      this.ignored++
      return undefined
    }
    const slot = this.ledger.record(stream)
    const { draft } = this.plan
    const fault = this.plan.fill(data)
    const encoded = fault ?? this.platform.encode(draft.event, this.nowSeconds, draft.warnings)
    const origin = this.originOf(stream, data)
    if (typeof encoded !== 'string') {
      this.reject(encoded.code, origin, slot)
      return
    }
    const bytes = Buffer.byteLength(encoded)
    if (!this.batch.fitsAlone(bytes)) {
      this.reject('EVENT_TOO_LARGE', origin, slot)
      return
    }
    for (const code of draft.warnings) this.warn(code, origin)
    const wasEmpty = this.batch.isEmpty()
    const closed = this.batch.add({ json: encoded, slot, origin }, bytes)
    const closedNumber = this.batchNumber
    if (wasEmpty || closed !== undefined) this.batchNumber = this.ledger.open()
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

  private reject(code: RowCode, origin: Origin, slot: Slot): undefined {
    slot.rejected++
    count(this.rejected, code, () => origin)
    return undefined
  }

  private warn(code: WarningCode, origin: Origin): void {
    count(this.warnings, code, () => origin)
  }

  private refused({ json, origin, slot }: Entry, said: string): void {
    this.reject('REFUSED_BY_PLATFORM', origin, slot)
    const message = withoutIds(said, json)
    const told = this.messages.size < MOST_MESSAGES || this.messages.has(message) ? message : 'other messages'
    this.messages.set(told, (this.messages.get(told) ?? 0) + 1)
  }

  /** Resolves when a signal has come and the time to settle after it is over. */
  private async stopped(): Promise<void> {
    const { stop, deadline } = this.caps
    if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }))
    await deadline(DRAIN_MS)
  }

  private release(): void {
    const excess = this.acknowledgement.release()
    if (excess !== undefined) this.courier.fail(excess)
  }

  /** Where the source tells statuses at all, a stream without COMPLETE means that it broke off. */
  private incomplete(): Failure | undefined {
    if (this.statuses.size === 0) return undefined
    const streams = [...this.streams].filter((stream) => this.statuses.get(stream) !== 'COMPLETE')
    if (streams.length === 0) return undefined
    return { _tag: 'SourceIncomplete', streams: streams.map((key) => key.split('\u0000').pop() ?? key) }
  }
}
