import type { HttpRequest } from '../../capabilities'
import type { Failure } from '../../failure'
import type { Pacing } from './backoff'
import type { Entry } from './batch'
import type { Answer, Said, Verdict } from './verdict'

/** Sends batches, several at a time, until each of their events is settled or the run can't go on. */
export interface Courier {
  /** Takes a batch. A promise where as many batches are on their way as may be: await it before the next. */
  readonly send: (batch: number, entries: ReadonlyArray<Entry>) => Promise<void> | undefined
  /** Resolves when nothing is on its way any more. */
  readonly idle: () => Promise<void>
  /** Ends the delivery for a reason of the caller's. */
  readonly fail: (why: Failure) => void
  /** Why the run can't go on; set at most once, and nothing is sent after. */
  readonly failure: () => Failure | undefined
  /** Aborted with the failure. */
  readonly halted: AbortSignal
  readonly counts: Readonly<DeliveryCounts>
  /** Requests that wait for their answer. */
  readonly inFlight: () => number
}

/** Makes the courier of a run; `listener` is told what becomes of the batches. */
export type CourierOf = (options: DeliveryOptions, channel: Channel, listener: Listener) => Courier

export interface DeliveryCounts {
  accepted: number
  duplicates: number
  requests: number
  retries: number
  /** Of requests at once. */
  mostInFlight: number
}

/** How a platform is talked to. */
export interface Channel {
  readonly request: (events: ReadonlyArray<string>, timeoutMs: number) => HttpRequest
  readonly judge: (answer: Answer, events: ReadonlyArray<string>) => Verdict
  /** As the platform's own limit has it. */
  readonly mostRequestsPerSecond: number
}

export interface DeliveryOptions {
  readonly pacing: Pacing
  readonly mostInFlight: number
  readonly timeoutMs: number
  /** For so long a batch may meet nothing but trouble, all of its requests together. */
  readonly giveUpMs: number
}

/** What the courier tells. */
export interface Listener {
  /** Events that the platform has. */
  readonly taken: (entries: ReadonlyArray<Entry>) => void
  /** An event that the platform refused alone. */
  readonly rejected: (entry: Entry, said: Said) => void
  /** A whole batch is accepted, known to the platform, or rejected. */
  readonly settled: (batch: number) => void
  /** A rate limit is waited out until then, in milliseconds since 1970. */
  readonly limited: (untilMs: number) => void
}
