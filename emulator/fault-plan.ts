import { seededChance } from './chance'
import type { Endpoint, Fault, PlannedFault } from './faults'

/** Which fault, if any, strikes the next request of an endpoint. Asking uses the plan up. */
export type FaultPlan = (endpoint: Endpoint) => Fault | undefined

export interface FaultPlanSettings {
  readonly faults: readonly PlannedFault[]
  readonly fault_rate: number
  readonly fault_seed: number
  readonly fault_kinds: readonly PlannedFault[]
}

/**
 * Planned faults strike in their order, each endpoint having a line of its own; requests they leave alone are open to random
 * ones (event/track only). The random ones depend on the seed and on how many requests came before, on nothing else.
 */
export function planFaults(settings: FaultPlanSettings): FaultPlan {
  const lines = { track: lineFor('track', settings), lookup: lineFor('lookup', settings) }
  const chance = seededChance(settings.fault_seed)
  return (endpoint) => {
    const planned = strike(lines[endpoint])
    if (planned || endpoint === 'lookup' || settings.fault_rate === 0) return planned
    // Two draws whatever happens, so that another rate does not shift which kinds come later.
    const strikes = chance() < settings.fault_rate
    const pick = Math.floor(chance() * settings.fault_kinds.length)
    return strikes ? settings.fault_kinds[pick]?.fault : undefined
  }
}

interface Waiting {
  readonly fault: Fault
  pass: number
  left: number
}

function lineFor(endpoint: Endpoint, settings: FaultPlanSettings): Waiting[] {
  return settings.faults
    .filter(({ on }) => on === endpoint)
    .map(({ fault, after, times }) => ({ fault, pass: after, left: times }))
}

function strike(line: Waiting[]): Fault | undefined {
  const first = line[0]
  if (!first) return undefined
  if (first.pass > 0) {
    first.pass -= 1
    return undefined
  }
  first.left -= 1
  if (first.left === 0) line.shift()
  return first.fault
}
