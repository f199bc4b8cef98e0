import type { Released, Slot } from '../../destination/delivery/ledger'
import { exceeds } from '../../rows/limit'

/** The gate that states pass on their way out: by max_rejected_percent a run of too many rejects is not acknowledged. */
export interface Gate {
  /** The states that may leave now that this one's records are settled. */
  readonly pass: (state: Released) => ReadonlyArray<Released>
  /** The states that may leave once the whole run is settled. */
  readonly end: (run: Slot) => ReadonlyArray<Released>
  /** The run at the point where too many were rejected; nothing passes from there on. */
  readonly excess: () => Slot | undefined
}

/** A run is judged at each state from so many records on, and at its end. */
const LEAST_JUDGED = 1000

/**
 * A gate for one run. The newest state of a run that is too short to be judged waits for the next one or the end: else a short run
 * of nothing but rejects would be acknowledged before it is judged.
 */
export const newGate = (percent: number): Gate => {
  let waiting: Released | undefined
  let excess: Slot | undefined
  const isTooMuch = ({ records, rejected }: Slot): boolean => exceeds(rejected, records, percent)
  const takeWaiting = (): ReadonlyArray<Released> => {
    const free = waiting === undefined ? [] : [waiting]
    waiting = undefined
    return free
  }
  return {
    pass: (state) => {
      if (percent === 100) return [state]
      if (excess !== undefined) return []
      const before = takeWaiting()
      if (state.run.records < LEAST_JUDGED) waiting = state
      else if (isTooMuch(state.run)) excess = state.run
      else return [...before, state]
      return before
    },
    end: (run) => {
      if (excess === undefined && isTooMuch(run)) excess = run
      return excess === undefined ? takeWaiting() : []
    },
    excess: () => excess,
  }
}
