import { planFaults } from './fault-plan'
import type { FaultPlan } from './fault-plan'
import { mergeSettings } from './settings'
import type { Settings } from './settings'
import { createStore } from './store'
import type { EventStore } from './store'
import { createTally } from './tally'
import type { Tally } from './tally'

/** Everything a running emulator remembers. */
export interface EmulatorState {
  /** The settings it was started with: what a reset goes back to. */
  readonly initial: Settings
  settings: Settings
  plan: FaultPlan
  store: EventStore
  tally: Tally
  pace: Pace
}

/** Requests of event/track in the newest second of the clock. */
interface Pace {
  readonly second: number
  readonly requests: number
}

export function createState(initial: Settings): EmulatorState {
  const pace = { second: 0, requests: 0 }
  return { initial, settings: initial, plan: planFaults(initial), store: createStore(), tally: createTally(), pace }
}

/** Forgets events and counters and starts the plan of faults anew, with the initial settings unless they are to stay. */
export function resetState(state: EmulatorState, keepSettings: boolean): void {
  Object.assign(state, { ...createState(keepSettings ? state.settings : state.initial), initial: state.initial })
}

/** Counts a request of event/track; whether there are more in its second than max_requests_per_second allows. */
export function isTooFast(state: EmulatorState, nowMs: number): boolean {
  const second = Math.floor(nowMs / 1000)
  const requests = state.pace.second === second ? state.pace.requests + 1 : 1
  state.pace = { second, requests }
  const { max_requests_per_second: most } = state.settings
  return most !== null && requests > most
}

/** Takes the settings of `patch`, all or none; the reason when none. Faults start anew only if the patch speaks of faults. */
export function applySettings(state: EmulatorState, patch: unknown): string | undefined {
  const merged = mergeSettings(state.settings, patch)
  if ('error' in merged) return merged.error
  const { settings } = merged
  const { stored, test_events: tests } = state.store.counts()
  if (settings.keep !== state.settings.keep && stored + tests > 0) return 'keep: reset first, events are stored already'
  const isPlanTouched = faultSettings.some((name) => settings[name] !== state.settings[name])
  state.settings = settings
  if (isPlanTouched) state.plan = planFaults(settings)
  return undefined
}

const faultSettings = ['faults', 'fault_rate', 'fault_seed', 'fault_kinds'] as const

/** The JSON of GET /__admin/summary. received = stored + duplicates + refused + test_events. */
export function summary({ store, tally }: EmulatorState): object {
  const { stored_by_event: byEvent, stored_by_event_set: bySet, ...events } = store.counts()
  return {
    requests: {
      total: tally.total,
      by_code: Object.fromEntries(tally.byCode),
      by_path: Object.fromEntries(tally.byPath),
    },
    events: {
      received: events.stored + events.duplicates + events.test_events + tally.refusedEvents,
      ...events,
      refused: tally.refusedEvents,
    },
    stored_by_event: byEvent,
    stored_by_event_set: bySet,
    refused_requests: tally.refusedRequests,
    faults_injected: Object.fromEntries(tally.faults),
    bytes: tally.bytes,
  }
}
