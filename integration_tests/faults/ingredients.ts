import type { Dice } from './dice'
import type { Failed, FaultClass, Strike } from './trouble'

export type Fault = Readonly<Record<string, unknown>>

export const RATE_LIMITS = [40100, 40016, 40133] as const
export const SYSTEM_ERRORS = [50000, 50002, 51305] as const
export const GATEWAY = [502, 503, 504] as const
export const WHEN = ['before', 'after'] as const
/** That it is a limit of the day is said by the message alone. */
export const OF_THE_DAY = [
  'Daily limit of requests reached.',
  'Too many requests per day.',
  'QPD limit reached.',
] as const

/** Every answer takes its time, so that requests are in flight whenever a signal comes. */
export const latency = (dice: Dice): Fault => ({ latency_ms: dice.between(10, 40) })

/** The least that can be set: what hangs costs no more. */
export const IMPATIENT: Fault = { request_timeout_seconds: 1 }
/** Longer than that. */
export const TOO_SLOW_MS = 2_000
/** A run that meets these again and again takes its time. */
export const HANGING_MS = 60_000

/** Of any sync: what meets a fault together. */
export const MOST_IN_FLIGHT = 8

/** Faults at chance moments, all of which come before the last request. */
export const scattered = (
  dice: Dice,
  requests: number,
  faults: ReadonlyArray<Fault>,
): { readonly faults: ReadonlyArray<Fault> } => {
  const most = Math.max(0, Math.floor(requests / faults.length) - 1)
  return { faults: faults.map((fault) => ({ ...fault, after: dice.between(0, most) })) }
}

export const strike = (dice: Dice, requests: number, over: Partial<Strike> = {}): Strike => ({
  signal: 'SIGKILL',
  target: 'writer',
  moment: dice.oneOf<Strike['moment']>([
    { requests: dice.between(1, requests) },
    { states: dice.between(1, 5) },
    { ms: dice.between(20, 600) },
  ]),
  ...over,
})

export const strikes = (
  dice: Dice,
  requests: number,
  most: number,
  over: Partial<Strike> = {},
): ReadonlyArray<Strike> => Array.from({ length: dice.between(1, most) }, () => strike(dice, requests, over))

/** Any of these faults, for so many requests in a hundred. */
export const atChance = (dice: Dice, kinds: ReadonlyArray<Fault>, percent: number): Fault => ({
  fault_rate: percent / 100,
  fault_seed: dice.between(1, 1_000_000),
  fault_kinds: kinds,
})

/** Resets, cuts and the like: the same fault twice, now and then twice in a row. */
export const twice = (name: string, fault: Fault, padding = 0): FaultClass => ({
  name,
  trouble: (dice, requests) => ({
    platform: scattered(dice, requests, [{ ...fault, times: dice.between(1, 2) }, fault]),
    padding,
  }),
})

export const refusing = (name: string, refuse_mode: string, refusedShare = 0.02): FaultClass => ({
  name,
  trouble: () => ({ platform: { refuse_mode }, refusedShare, malformedShare: 0.01 }),
})

/** From some moment on every request meets one of these faults; the run fails for it, all is well again, and the next one completes. */
export const breakdown = (dice: Dice, requests: number, faults: ReadonlyArray<Fault>, failed: Failed) => ({
  platform: {
    faults: faults.map((fault, i) => ({
      times: i === faults.length - 1 ? 1_000_000 : dice.between(1, 3),
      after: i === 0 ? dice.between(0, requests - 1) : 0,
      ...fault,
    })),
    latency_ms: dice.between(0, 20),
  },
  disturbed: [failed],
  mended: { faults: [] },
})

/** Each of these is over with the next request. */
export const PASSING: ReadonlyArray<Fault> = [
  ...[...RATE_LIMITS, ...SYSTEM_ERRORS].map((code) => ({ kind: 'code', code })),
  { kind: 'code', code: 50000, when: 'after' },
  ...['before', 'after'].map((when) => ({ kind: 'reset', when })),
]

/** Any of these may strike any request. */
export const MIXED: ReadonlyArray<Fault> = [
  ...[...RATE_LIMITS, ...SYSTEM_ERRORS].map((code) => ({ kind: 'code', code })),
  ...[429, 200, ...GATEWAY].map((status) => ({ kind: 'html', status })),
  ...['before', 'during', 'after'].map((when) => ({ kind: 'reset', when })),
  ...WHEN.map((when) => ({ kind: 'cut', when })),
  { kind: 'hang', when: 'after' },
  { kind: 'drip', ms: 100 },
]
