import type { Origin } from '../../destination/delivery/batch'
import type { Tally } from '../../template/tally'

/** A record's place; of an event that differs from another of the same name and id, also that one's. */
export interface Position extends Origin {
  readonly differsFrom?: Origin
}

/** What became of the records of a run: records = accepted + duplicates + ignored + rejected + unsettled. */
export interface WriteCounts {
  readonly records: number
  readonly accepted: number
  readonly duplicates: number
  readonly ignored: number
  readonly unsettled: number
  readonly requests: number
  readonly retries: number
  /** Of requests at once. */
  readonly mostInFlight: number
  readonly rejected: Tally<Origin>
  readonly warnings: Tally<Position>
  /** What the platform said of the events that it refused, by message. */
  readonly messages: ReadonlyMap<string, number>
}
