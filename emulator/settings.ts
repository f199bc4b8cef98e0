import { readPlannedFault } from './faults'
import type { PlannedFault } from './faults'
import { isJsonObject } from './json'

/** Everything that can be set on the emulator, by POST /__admin/set or --set. `null` switches a limit off. */
export interface Settings {
  /** Tokens that are good. */
  readonly access_tokens: readonly string[]
  /** Offline event sets that exist; decimal text. */
  readonly event_sets: readonly string[]
  /** Advertisers that exist; each of them owns every event set. */
  readonly advertisers: readonly string[]
  /** false: the token lacks the scope of offline/get. Whether a token of Events Manager has it is not public. */
  readonly lookup_permitted: boolean
  /** Names an offline event may have, case-sensitive. */
  readonly event_names: readonly string[]
  /** Whether keys that the reference does not list for offline events are refused: not public, so strict by default. */
  readonly unknown_fields: 'ignore' | 'refuse'
  /** Longer bodies get HTTP 413; TikTok's limit is not public. */
  readonly max_body_bytes: number | null
  /** Older events are refused, in days; TikTok's rule is not public. */
  readonly max_event_age_days: number | null
  /** Events further ahead of the clock are refused, in seconds; TikTok's rule is not public. */
  readonly max_future_seconds: number | null
  /** More requests of event/track in one second of the clock are answered with 40100. */
  readonly max_requests_per_second: number | null
  /** Wait before every answer but the admin's, in milliseconds. */
  readonly latency_ms: number
  /** 'digests' keeps two hashes of an event instead of its text, and /__admin/events has nothing to show. */
  readonly keep: 'events' | 'digests'
  /** Faults in the order in which they strike. */
  readonly faults: readonly PlannedFault[]
  /** Share of event/track requests, 0 to 1, that meet a random fault of `fault_kinds`. */
  readonly fault_rate: number
  readonly fault_seed: number
  readonly fault_kinds: readonly PlannedFault[]
  /** Refuses one event in so many, chosen by a hash of seed and event_id. */
  readonly refuse: { readonly one_in: number; readonly seed: string } | null
  readonly refuse_event_ids: readonly string[]
  /** The message of both refusals; `{index}` becomes the 0-based place of the first refused event. */
  readonly refuse_message: string
  readonly refuse_code: number
  /**
   * What becomes of a request with a refused event: 'whole', it is refused with refuse_code; 'partial', 20001 and its good events
   * are stored; 'partial_listed', the same and the refused ones are listed in `data`; 'partial_listed_short', the same but only the
   * first of them is listed. Which of them TikTok does is not public.
   */
  readonly refuse_mode: RefuseMode
}

const refuseModes = ['whole', 'partial', 'partial_listed', 'partial_listed_short'] as const
type RefuseMode = (typeof refuseModes)[number]

/** The 12 standard offline events (ads.tiktok.com/help/article/supported-events-for-offline-event-sets, May 2025). */
const offlineEventNames = [
  'Purchase',
  'Contact',
  'Subscribe',
  'Lead',
  'AddPaymentInfo',
  'AddToCart',
  'AddToWishlist',
  'CompleteRegistration',
  'Download',
  'InitiateCheckout',
  'Search',
  'ViewContent',
]

const randomFaults = [
  { kind: 'code', code: 40100 },
  { kind: 'code', code: 50000 },
  { kind: 'code', code: 50002 },
  { kind: 'html', status: 502 },
  { kind: 'reset', when: 'before' },
  { kind: 'reset', when: 'after' },
]

export const defaultSettings: Settings = {
  access_tokens: ['emulator-token'],
  event_sets: ['7312345678901234567'],
  advertisers: ['7000000000000000001'],
  lookup_permitted: true,
  event_names: offlineEventNames,
  unknown_fields: 'refuse',
  max_body_bytes: null,
  max_event_age_days: null,
  max_future_seconds: null,
  max_requests_per_second: null,
  latency_ms: 0,
  keep: 'events',
  faults: [],
  fault_rate: 0,
  fault_seed: 1,
  fault_kinds: faultList(randomFaults) ?? [],
  refuse: null,
  refuse_event_ids: [],
  refuse_message: 'Parameter error.',
  refuse_code: 40002,
  refuse_mode: 'whole',
}

/** Reads one setting; undefined when the value does not fit. */
type Readers = { readonly [K in keyof Settings]: (value: unknown) => Settings[K] | undefined }

const readers: Readers = {
  access_tokens: textList,
  event_sets: textList,
  advertisers: textList,
  lookup_permitted: (value) => (typeof value === 'boolean' ? value : undefined),
  event_names: textList,
  unknown_fields: (value) => (value === 'ignore' || value === 'refuse' ? value : undefined),
  max_body_bytes: limit,
  max_event_age_days: limit,
  max_future_seconds: limit,
  max_requests_per_second: limit,
  latency_ms: count,
  keep: (value) => (value === 'events' || value === 'digests' ? value : undefined),
  faults: faultList,
  fault_rate: (value) => (typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined),
  fault_seed: count,
  fault_kinds: faultList,
  refuse: refusal,
  refuse_event_ids: textList,
  refuse_message: text,
  refuse_code: count,
  refuse_mode: (value) => refuseModes.find((mode) => mode === value),
}

/** `current` with the settings of `patch` in place, or the reason why none of them was taken. */
export function mergeSettings(current: Settings, patch: unknown): { settings: Settings } | { error: string } {
  if (!isJsonObject(patch)) return { error: 'settings: a JSON object is expected' }
  const merged: Partial<Settings> = {}
  for (const [name, value] of Object.entries(patch)) {
    if (!isSettingName(name)) return { error: `unknown setting: ${name}` }
    if (!put(merged, name, value)) return { error: `setting with a value that does not fit: ${name}` }
  }
  return { settings: { ...current, ...merged } }
}

function isSettingName(name: string): name is keyof Settings {
  return Object.hasOwn(readers, name)
}

function put<K extends keyof Settings>(
  into: Partial<{ -readonly [P in K]: Settings[P] }>,
  name: K,
  value: unknown,
): boolean {
  const read = readers[name](value)
  if (read === undefined) return false
  into[name] = read
  return true
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

function limit(value: unknown): number | null | undefined {
  return value === null ? null : count(value)
}

function textList(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
}

function faultList(value: unknown): PlannedFault[] | undefined {
  if (!Array.isArray(value)) return undefined
  const faults = value.map(readPlannedFault)
  return faults.every((fault) => fault !== undefined) ? faults : undefined
}

function refusal(value: unknown): Settings['refuse'] | undefined {
  if (value === null) return null
  if (!isJsonObject(value)) return undefined
  const oneIn = count(value['one_in'])
  const seed = text(value['seed'] ?? '')
  return oneIn && seed !== undefined ? { one_in: oneIn, seed } : undefined
}
