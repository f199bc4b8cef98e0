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
 * A gate for one run. The states of a run that is too short to be judged wait, all of them, for the first that can be or for the
 * end: else a short run of nothing but rejects would be acknowledged. Where too many were rejected, those leave that stand before
 * the first at which there were.
 */
export const newGate = (percent: number): Gate => {
  let waiting: Array<Released> = []
  let excess: Slot | undefined
  const isTooMuch = ({ records, rejected }: Slot): boolean => exceeds(rejected, records, percent)
  const judged = (run: Slot): ReadonlyArray<Released> => {
    const held = waiting
    waiting = []
    if (!isTooMuch(run)) return held
    excess = run
    const first = held.findIndex((state) => isTooMuch(state.run))
    return first === -1 ? held : held.slice(0, first)
  }
  return {
    pass: (state) => {
      if (percent === 100) return [state]
      if (excess !== undefined) return []
      waiting.push(state)
      return state.run.records < LEAST_JUDGED ? [] : judged(state.run)
    },
    end: (run) => (excess === undefined ? judged(run) : []),
    excess: () => excess,
  }
}
