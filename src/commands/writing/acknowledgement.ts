import * as E from 'fp-ts/Either'
import { type Ledger, type Released, type Slot, newLedger } from '../../destination/delivery/ledger'
import type { RejectKeeper } from '../../destination/delivery/rejects'
import type { Failure } from '../../failure'
import { newGate } from './gate'

/**
 * The outgoing half of `write`: states go back when the ledger says that what they cover is settled, the gate lets them, and the
 * rejects among it are kept.
 */
export interface Acknowledgement {
  readonly ledger: Ledger
  /**
   * Lets the states go that may leave by now: at once, or when the rejects before them are kept. A promise where their reader or the
   * bucket is behind.
   */
  readonly release: () => Promise<void> | undefined
  /** The same at the end of the run, which is judged as a whole: a failure where too many were rejected. */
  readonly end: (run: Slot) => Promise<Failure | undefined>
}

/** So many states may wait for the bucket before the input does. */
const MOST_READY = 1_000

/** Takes states that leave, in their order. A promise where their reader is behind. */
export type Echo = (states: ReadonlyArray<Released>) => Promise<void> | undefined

/** The acknowledgement of one run under max_rejected_percent; `fail` is told why no further state leaves. */
export const newAcknowledgement = (
  echo: Echo,
  percent: number,
  keeper: RejectKeeper,
  fail: (why: Failure) => void,
): Acknowledgement => {
  const ledger = newLedger()
  const gate = newGate(percent)
  let ready: Array<Released> = []
  let forwarding: Promise<void> | undefined

  /** Has the rejects kept that came before the states which are ready, and then echoes these; until none is ready. */
  const keepAndEcho = async (): Promise<void> => {
    do {
      const covered = ready
      ready = []
      const kept = await keeper.kept()
      if (E.isLeft(kept)) {
        fail(kept.left)
        break
      }
      if (covered.length > 0) await echo(covered)
    } while (ready.length > 0)
    forwarding = undefined
  }
  const forward = (): Promise<void> => (forwarding ??= keepAndEcho())

  const pass = (states: ReadonlyArray<Released>): Promise<void> | undefined => {
    if (forwarding === undefined && keeper.isClean()) return states.length === 0 ? undefined : echo(states)
    for (const state of states) ready.push(state)
    if (ready.length === 0) return undefined
    const forwarded = forward()
    return ready.length < MOST_READY ? undefined : forwarded
  }

  const excess = (): Failure | undefined => {
    const found = gate.excess()
    if (found === undefined) return undefined
    const { records: total, rejected } = found
    return { _tag: 'TooManyRejected', scope: 'this run', of: 'records', rejected, total, percent }
  }

  return {
    ledger,
    release: () => {
      const busy = pass(ledger.release().flatMap(gate.pass))
      const found = excess()
      if (found !== undefined) fail(found)
      return busy
    },
    end: async (run) => {
      void pass(gate.end(run))
      await forwarding
      // Also the rejects that no state covers.
      await forward()
      return excess()
    },
  }
}
