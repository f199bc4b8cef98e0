import type { Dice } from './dice'
import type { FaultClass, Strike } from './trouble'

type Fault = Readonly<Record<string, unknown>>

const RATE_LIMITS = [40100, 40016, 40133] as const
const SYSTEM_ERRORS = [50000, 50002, 51305] as const
const GATEWAY = [502, 503, 504] as const
const WHEN = ['before', 'after'] as const

/** Every answer takes its time, so that requests are in flight whenever a signal comes. */
const latency = (dice: Dice): Fault => ({ latency_ms: dice.between(10, 40) })

/** The least that can be set: what hangs costs no more. */
const IMPATIENT: Fault = { request_timeout_seconds: 1 }
/** Longer than that. */
const TOO_SLOW_MS = 2_000

/** Faults at chance moments, all of which come before the last request. */
const scattered = (
  dice: Dice,
  requests: number,
  faults: ReadonlyArray<Fault>,
): { readonly faults: ReadonlyArray<Fault> } => {
  const most = Math.max(0, Math.floor(requests / faults.length) - 1)
  return { faults: faults.map((fault) => ({ ...fault, after: dice.between(0, most) })) }
}

const strike = (dice: Dice, requests: number, over: Partial<Strike> = {}): Strike => ({
  signal: 'SIGKILL',
  target: 'writer',
  moment: dice.oneOf<Strike['moment']>([
    { requests: dice.between(1, requests) },
    { states: dice.between(1, 5) },
    { ms: dice.between(20, 600) },
  ]),
  ...over,
})

const strikes = (dice: Dice, requests: number, most: number, over: Partial<Strike> = {}): ReadonlyArray<Strike> =>
  Array.from({ length: dice.between(1, most) }, () => strike(dice, requests, over))

/** Resets, cuts and the like: the same fault twice, now and then twice in a row. */
const twice = (name: string, fault: Fault, padding = 0): FaultClass => ({
  name,
  trouble: (dice, requests) => ({
    platform: scattered(dice, requests, [{ ...fault, times: dice.between(1, 2) }, fault]),
    padding,
  }),
})

const refusing = (name: string, refuse_mode: string): FaultClass => ({
  name,
  trouble: () => ({ platform: { refuse_mode }, refusedShare: 0.02, malformedShare: 0.01 }),
})

/** Any of these may strike any request. */
const MIXED: ReadonlyArray<Fault> = [
  ...[...RATE_LIMITS, ...SYSTEM_ERRORS].map((code) => ({ kind: 'code', code })),
  ...[429, 200, ...GATEWAY].map((status) => ({ kind: 'html', status })),
  ...['before', 'during', 'after'].map((when) => ({ kind: 'reset', when })),
  ...WHEN.map((when) => ({ kind: 'cut', when })),
  { kind: 'hang', when: 'after' },
  { kind: 'drip', ms: 100 },
]

/** All classes, each with what goes wrong in it. What must hold of each is the same, and stands in checks. */
export const CLASSES: ReadonlyArray<FaultClass> = [
  {
    name: 'rate-limits',
    trouble: (dice, requests) => ({
      platform: scattered(dice, requests, [
        { kind: 'code', code: dice.oneOf(RATE_LIMITS), times: dice.between(2, 6) },
        {
          kind: 'code',
          code: dice.oneOf(RATE_LIMITS),
          times: dice.between(1, 3),
          message: 'Slow down: 10 per second.',
        },
      ]),
    }),
  },
  {
    name: 'system-errors',
    trouble: (dice, requests) => ({
      platform: scattered(dice, requests, [
        { kind: 'code', code: dice.oneOf(SYSTEM_ERRORS), times: dice.between(1, 4), when: dice.oneOf(WHEN) },
        { kind: 'code', code: dice.oneOf(SYSTEM_ERRORS) },
      ]),
    }),
  },
  {
    name: 'gateway-pages',
    trouble: (dice, requests) => ({
      platform: scattered(dice, requests, [
        { kind: 'html', status: dice.oneOf(GATEWAY), times: dice.between(1, 4) },
        { kind: 'html', status: dice.oneOf(GATEWAY), when: 'after' },
      ]),
    }),
  },
  {
    name: 'not-json',
    trouble: (dice, requests) => ({
      platform: scattered(dice, requests, [
        { kind: 'html', status: 200, times: dice.between(1, 2) },
        { kind: 'html', status: 200, when: 'after' },
      ]),
    }),
  },
  twice('reset-before', { kind: 'reset' }),
  // Bodies of more than a hundred thousand bytes: the reset comes while they are on their way.
  twice('reset-during', { kind: 'reset', when: 'during' }, 6_000),
  twice('reset-after', { kind: 'reset', when: 'after' }),
  twice('cut-before', { kind: 'cut' }),
  twice('cut-after', { kind: 'cut', when: 'after' }),
  {
    name: 'hang',
    trouble: (dice, requests) => ({
      platform: scattered(dice, requests, [
        dice.oneOf<Fault>([{ kind: 'hang' }, { kind: 'hang', when: 'after' }, { kind: 'slow', ms: TOO_SLOW_MS }]),
      ]),
      config: IMPATIENT,
    }),
  },
  {
    name: 'slow-drip',
    trouble: (dice, requests) => ({
      platform: scattered(dice, requests, [
        { kind: 'drip', ms: dice.between(100, 500), times: 2 },
        { kind: 'drip', ms: TOO_SLOW_MS },
      ]),
      config: IMPATIENT,
    }),
  },
  refusing('refused', 'whole'),
  refusing('partial', 'partial'),
  refusing('partial-listed', 'partial_listed'),
  {
    name: 'duplicated',
    trouble: (dice, requests) => ({
      platform: scattered(dice, requests, [
        { kind: 'reset', when: 'after' },
        { kind: 'code', code: 40050, when: 'after', times: dice.between(1, 3) },
      ]),
    }),
  },
  {
    name: 'token-revoked',
    trouble: (dice, requests) => ({
      platform: {
        ...scattered(dice, requests, [{ kind: 'code', code: dice.oneOf([40105, 40102]), times: 1_000_000 }]),
        latency_ms: dice.between(0, 20),
      },
      disturbed: [{ failure: 'config_error' }],
      mended: { faults: [] },
    }),
  },
  {
    name: 'clock-jumps',
    trouble: (dice, requests) => ({
      platform: scattered(dice, requests, [
        { kind: 'code', code: dice.oneOf(RATE_LIMITS), times: dice.between(2, 4) },
        { kind: 'code', code: dice.oneOf(SYSTEM_ERRORS), times: dice.between(2, 4) },
        { kind: 'reset', when: dice.oneOf(WHEN) },
      ]),
      clockJumps: true,
    }),
  },
  {
    name: 'kill',
    trouble: (dice, requests) => ({ platform: latency(dice), disturbed: strikes(dice, requests, 3) }),
  },
  {
    name: 'terminate',
    trouble: (dice, requests) => ({
      platform: latency(dice),
      disturbed: strikes(dice, requests, 3, { signal: 'SIGTERM' }),
    }),
  },
  {
    name: 'kill-pipe',
    trouble: (dice, requests) => ({
      platform: latency(dice),
      disturbed: dice.happens(0.7)
        ? strikes(dice, requests, 2, { target: dice.oneOf(['writer', 'both']) })
        : // The reader is soon done: once there are requests there may be nothing left to kill.
          strikes(dice, requests, 2, { target: 'reader', moment: { ms: dice.between(50, 500) } }),
      from: 'bucket',
    }),
  },
  {
    name: 'mix',
    trouble: (dice, requests) => ({
      platform: {
        ...latency(dice),
        fault_rate: dice.between(3, 20) / 100,
        fault_seed: dice.between(1, 1_000_000),
        fault_kinds: MIXED,
        refuse_mode: dice.oneOf(['whole', 'whole', 'partial', 'partial_listed']),
      },
      config: IMPATIENT,
      disturbed: dice.happens(0.6) ? strikes(dice, requests, 2, { signal: dice.oneOf(['SIGKILL', 'SIGTERM']) }) : [],
      refusedShare: dice.between(0, 3) / 100,
      malformedShare: dice.between(0, 2) / 100,
    }),
  },
]
