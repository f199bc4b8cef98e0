import {
  type Fault,
  GATEWAY,
  HANGING_MS,
  IMPATIENT,
  MIXED,
  MOST_IN_FLIGHT,
  OF_THE_DAY,
  PASSING,
  RATE_LIMITS,
  SYSTEM_ERRORS,
  TOO_SLOW_MS,
  WHEN,
  atChance,
  breakdown,
  latency,
  refusing,
  scattered,
  strike,
  strikes,
  twice,
} from './ingredients'
import type { FaultClass } from './trouble'

/** All classes, each with what goes wrong in it. What must hold of each is the same, and stands in checks. */
export const CLASSES: ReadonlyArray<FaultClass> = [
  {
    name: 'rate-limits',
    trouble: (dice, requests) => ({
      platform: dice.happens(0.4)
        ? // A limit that reacts: what is repeated too soon is limited once more.
          { max_requests_per_second: Math.max(3, Math.ceil(requests / dice.between(2, 3))) }
        : scattered(dice, requests, [
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
    mostMs: HANGING_MS,
    trouble: (dice, requests) => ({
      platform: scattered(dice, requests, [
        dice.oneOf<Fault>([{ kind: 'hang' }, { kind: 'hang', when: 'after' }, { kind: 'slow', ms: TOO_SLOW_MS }]),
      ]),
      config: IMPATIENT,
    }),
  },
  {
    name: 'slow-drip',
    mostMs: HANGING_MS,
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
  // Enough of them to have several in one request: the first is listed, the others are refused in silence.
  refusing('partial-short', 'partial_listed_short', 0.05),
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
      ...breakdown(dice, requests, [{ kind: 'code', code: dice.oneOf([40105, 40102]) }], { failure: 'config_error' }),
      mostFaults: MOST_IN_FLIGHT,
    }),
  },
  {
    name: 'daily-limit',
    trouble: (dice, requests) => ({
      ...breakdown(dice, requests, [{ kind: 'code', code: 40100, message: dice.oneOf(OF_THE_DAY) }], {
        failure: 'transient_error',
        saying: /limit of requests for the day/,
      }),
      mostFaults: MOST_IN_FLIGHT,
    }),
  },
  {
    name: 'gives-up',
    trouble: (dice, requests) => {
      const faults = dice.oneOf<ReadonlyArray<Fault>>([
        [{ kind: 'html', status: 502 }],
        [{ kind: 'code', code: 50000 }],
        [{ kind: 'reset' }],
        [{ kind: 'code', code: 40100 }],
        [
          { kind: 'code', code: 40100 },
          { kind: 'reset' },
          { kind: 'code', code: 50002 },
          { kind: 'html', status: 504 },
        ],
      ])
      const failed = { failure: 'transient_error', saying: /did not take the events within 1 minutes/ } as const
      return {
        ...breakdown(dice, requests, faults, failed),
        config: { give_up_after_minutes: 1 },
        preload: ['rush'],
      }
    },
  },
  {
    name: 'clock-jumps',
    trouble: (dice, requests) => ({
      platform: scattered(dice, requests, [
        { kind: 'code', code: dice.oneOf(RATE_LIMITS), times: dice.between(2, 4) },
        { kind: 'code', code: dice.oneOf(SYSTEM_ERRORS), times: dice.between(2, 4) },
        { kind: 'reset', when: dice.oneOf(WHEN) },
      ]),
      preload: ['clock'],
    }),
  },
  {
    name: 'kill',
    trouble: (dice, requests) => ({ platform: latency(dice), disturbed: strikes(dice, requests, 3) }),
  },
  {
    name: 'terminate',
    trouble: (dice, requests) => ({
      // What meets a fault while the run is to end is not repeated: what is settled then, and what is not, must be told apart.
      platform: { ...latency(dice), ...(dice.happens(0.6) ? atChance(dice, PASSING, dice.between(10, 35)) : {}) },
      disturbed: strikes(dice, requests, 3, { signal: 'SIGTERM' }),
      mended: { fault_rate: 0 },
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
    name: 'rejects-kept',
    trouble: (dice, requests) => ({
      platform: { latency_ms: dice.between(0, 10), refuse_mode: dice.oneOf(['whole', 'partial', 'partial_listed']) },
      keepsRejects: true,
      disturbed: dice.happens(0.8)
        ? Array.from({ length: dice.between(1, 3) }, () =>
            strike(dice, requests, {
              signal: dice.oneOf(['SIGKILL', 'SIGTERM']),
              ...(dice.happens(0.6) ? { moment: { puts: dice.between(1, 8) } } : {}),
            }),
          )
        : [],
      refusedShare: 0.03,
      malformedShare: 0.03,
    }),
  },
  {
    name: 'mix',
    mostMs: HANGING_MS,
    trouble: (dice, requests) => ({
      platform: {
        ...latency(dice),
        ...atChance(dice, MIXED, dice.between(3, 20)),
        refuse_mode: dice.oneOf(['whole', 'whole', 'partial', 'partial_listed', 'partial_listed_short']),
      },
      config: IMPATIENT,
      disturbed: dice.happens(0.6) ? strikes(dice, requests, 2, { signal: dice.oneOf(['SIGKILL', 'SIGTERM']) }) : [],
      refusedShare: dice.between(0, 3) / 100,
      malformedShare: dice.between(0, 2) / 100,
    }),
  },
]
