import type { Sample } from '../../figures/figures'
import type { Slot } from './ledger'

/** An event on its way: encoded once, so that a retry and a half of a batch are made of the same bytes. */
export interface Entry {
  /** The event as JSON text. */
  readonly json: string
  readonly slot: Slot
  readonly origin: Origin
  /** What figures are made of once the platform has it; undefined where nobody asks for them. */
  readonly sample?: Sample | undefined
}

/** Where an event came from, for its owner to find it by. */
export interface Origin {
  readonly stream: string
  /** The record's number in the run, from 1. */
  readonly record: number
  readonly file: string | undefined
  readonly row: number | undefined
}

export interface Limits {
  readonly events: number
  /** Of the request's body in UTF-8. */
  readonly bytes: number
  /** What the body weighs without events. */
  readonly overheadBytes: number
}

/** Gathers entries up to the limits of one request. */
export interface Accumulator {
  /** Whether an event can be sent at all. */
  readonly fitsAlone: (bytes: number) => boolean
  /** Adds an entry; returns the batch that had to be closed to make room for it. */
  readonly add: (entry: Entry, bytes: number) => ReadonlyArray<Entry> | undefined
  /** Closes what is gathered; undefined where there is nothing. */
  readonly take: () => ReadonlyArray<Entry> | undefined
  readonly isEmpty: () => boolean
}

/** An accumulator of batches within the limits. */
export const accumulator = ({ events, bytes: most, overheadBytes }: Limits): Accumulator => {
  let entries: Array<Entry> = []
  let bytes = overheadBytes
  const take = (): ReadonlyArray<Entry> | undefined => {
    if (entries.length === 0) return undefined
    const batch = entries
    entries = []
    bytes = overheadBytes
    return batch
  }
  return {
    fitsAlone: (eventBytes) => overheadBytes + eventBytes <= most,
    add: (entry, eventBytes) => {
      // Each event but the first brings a comma.
      const closed = entries.length === events || bytes + eventBytes + 1 > most ? take() : undefined
      bytes += eventBytes + (entries.length === 0 ? 0 : 1)
      entries.push(entry)
      return closed
    },
    take,
    isEmpty: () => entries.length === 0,
  }
}
