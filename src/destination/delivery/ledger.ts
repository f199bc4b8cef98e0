/**
 * The one place that knows when a STATE may leave: only after every record before it is settled, that is accepted, known to the
 * platform, or kept as a reject. States leave in the order in which they came.
 */
export interface Ledger {
  /** Counts a record of a stream; what becomes of it is told to the returned slot. */
  readonly record: (stream: string) => Slot
  /** Keeps a STATE line back. `stream` undefined: it covers all streams. */
  readonly hold: (line: string, stream: string | undefined) => void
  /** Begins a batch: records of it are unsettled until `settle`. */
  readonly open: () => number
  readonly settle: (batch: number) => void
  /** Lets go of the states that may leave, oldest first. */
  readonly release: () => ReadonlyArray<Released>
}

/** The records of one stream between two of its states. */
export interface Slot {
  records: number
  rejected: number
}

/** A STATE line and what became of the records it covers since the one before. */
export interface Released {
  readonly line: string
  readonly records: number
  readonly rejected: number
}

/** A ledger for one run. */
export const newLedger = (): Ledger => {
  let slots = new Map<string, Slot>()
  let held: Array<Held> = []
  let released = 0
  let opened = 0
  let settledThrough = 0
  const settledBeyond = new Set<number>()
  return {
    record: (stream) => {
      let slot = slots.get(stream)
      if (slot === undefined) slots.set(stream, (slot = { records: 0, rejected: 0 }))
      slot.records++
      return slot
    },
    hold: (line, stream) => {
      if (stream === undefined) {
        held.push({ line, after: opened, slots: [...slots.values()] })
        slots = new Map()
        return
      }
      const slot = slots.get(stream)
      held.push({ line, after: opened, slots: slot === undefined ? [] : [slot] })
      slots.delete(stream)
    },
    open: () => ++opened,
    settle: (batch) => {
      settledBeyond.add(batch)
      while (settledBeyond.delete(settledThrough + 1)) settledThrough++
    },
    release: () => {
      const from = released
      while ((held[released]?.after ?? Infinity) <= settledThrough) released++
      if (released === from) return NOTHING
      const free = held.slice(from, released)
      // What has left is dropped now and then: to shift the list each time would cost the square of its length.
      if (released > held.length / 2) {
        held = held.slice(released)
        released = 0
      }
      return free.map(({ line, slots: covered }) => ({
        line,
        records: covered.reduce((sum, { records }) => sum + records, 0),
        rejected: covered.reduce((sum, { rejected }) => sum + rejected, 0),
      }))
    },
  }
}

const NOTHING: ReadonlyArray<Released> = []

interface Held {
  readonly line: string
  /** The last batch that was open when the state came: it and all before must be settled. */
  readonly after: number
  readonly slots: ReadonlyArray<Slot>
}
