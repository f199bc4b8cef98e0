/**
 * The one place that knows when a STATE may leave: only after every record before it is settled, that is accepted, known to the
 * platform, or kept as a reject. States leave in the order in which they came.
 */
export interface Ledger {
  /** Counts a record of a stream; what becomes of it is told to the returned slot. */
  readonly record: (stream: string) => Slot
  /** Counts a record that nothing is done with: its stream's states cover it, and the run is not judged by it. */
  readonly ignore: (stream: string) => void
  /** Keeps a STATE line back. `stream` undefined: it covers all streams. */
  readonly hold: (line: string, stream: string | undefined) => void
  /** Begins a batch: records of it are unsettled until `settle`. */
  readonly open: () => number
  readonly settle: (batch: number) => void
  /** Lets go of the states that may leave, oldest first. */
  readonly release: () => ReadonlyArray<Released>
}

/** The records of one stream between two states of any stream. */
export interface Slot {
  records: number
  rejected: number
}

/**
 * A STATE line and what became of the records it covers since the one before: of its stream, and of the whole run so far, what was
 * ignored aside.
 */
export interface Released extends Slot {
  readonly line: string
  readonly run: Readonly<Slot>
}

/** A ledger for one run. */
export const newLedger = (): Ledger => {
  // Since the last state of any stream, and before it but not yet covered by a state of their own stream.
  let slots = new Map<string, Slot>()
  let ignored = new Map<string, Slot>()
  const uncovered = new Map<string, Array<Slot>>()
  const run: Slot = { records: 0, rejected: 0 }
  let held: Array<Held> = []
  let released = 0
  let opened = 0
  let settledThrough = 0
  const settledBeyond = new Set<number>()
  const cover = (stream: string | undefined): ReadonlyArray<Slot> => {
    const covered = stream === undefined ? [...uncovered.values()].flat() : (uncovered.get(stream) ?? NO_SLOTS)
    if (stream === undefined) uncovered.clear()
    else uncovered.delete(stream)
    return covered
  }
  return {
    record: (stream) => countIn(slots, stream),
    ignore: (stream) => void countIn(ignored, stream),
    hold: (line, stream) => {
      const since = [...slots.values()]
      for (const [name, slot] of [...slots, ...ignored]) {
        const before = uncovered.get(name)
        if (before === undefined) uncovered.set(name, [slot])
        else before.push(slot)
      }
      if (slots.size > 0) slots = new Map()
      if (ignored.size > 0) ignored = new Map()
      held.push({ line, after: opened, slots: cover(stream), since })
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
      return free.map(({ line, slots: covered, since }) => {
        add(run, since)
        return { line, ...add({ records: 0, rejected: 0 }, covered), run: { ...run } }
      })
    },
  }
}

const countIn = (slots: Map<string, Slot>, stream: string): Slot => {
  let slot = slots.get(stream)
  if (slot === undefined) slots.set(stream, (slot = { records: 0, rejected: 0 }))
  slot.records++
  return slot
}

/** Adds slots to a sum, which is changed and returned. */
const add = (sum: Slot, slots: ReadonlyArray<Slot>): Slot => {
  for (const { records, rejected } of slots) {
    sum.records += records
    sum.rejected += rejected
  }
  return sum
}

const NOTHING: ReadonlyArray<Released> = []
const NO_SLOTS: ReadonlyArray<Slot> = []

interface Held {
  readonly line: string
  /** The last batch that was open when the state came: it and all before must be settled. */
  readonly after: number
  /** Of the state's stream, since its state before; of all streams, since the state before of any. */
  readonly slots: ReadonlyArray<Slot>
  readonly since: ReadonlyArray<Slot>
}
