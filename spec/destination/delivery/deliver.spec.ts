import * as E from 'fp-ts/Either'
import type { HttpRequest } from '../../../src/capabilities'
import { PACING } from '../../../src/destination/delivery/backoff'
import type { Entry } from '../../../src/destination/delivery/batch'
import type { Channel, Courier, DeliveryOptions } from '../../../src/destination/delivery/courier'
import { newCourier } from '../../../src/destination/delivery/deliver'
import type { Verdict } from '../../../src/destination/delivery/verdict'

const entryOf = (json: string): Entry => ({
  json,
  slot: { records: 1, rejected: 0 },
  origin: { stream: 's', record: Number(json), file: undefined, row: undefined },
})

const entries = (from: number, to: number): ReadonlyArray<Entry> =>
  Array.from({ length: to - from }, (_, i) => entryOf(String(from + i)))

const ACCEPTED: Verdict = { _tag: 'Accepted' }
const REFUSED: Verdict = { _tag: 'Refused', message: 'bad', requestId: undefined, suspect: undefined }
const busy = (cause: 'trouble' | 'rate-limit' = 'trouble'): Verdict => ({ _tag: 'Again', reason: 'busy', cause })

interface World {
  readonly courier: Courier
  readonly bodies: Array<string>
  readonly rejects: Array<string>
  readonly settled: Array<number>
  /** Until when rate limits were waited out. */
  readonly limits: Array<number>
  readonly waits: Array<number>
  readonly atOnce: () => number
  readonly mostAtOnce: () => number
  readonly stop: AbortController
}

const EPOCH_MS = 1_758_200_000_000

/** A platform as a function of a request's events; the clock moves only by the waits. */
const worldOf = (
  answer: (events: ReadonlyArray<string>, request: number) => Verdict,
  given: Partial<DeliveryOptions> = {},
): World => {
  const bodies: Array<string> = []
  const rejects: Array<string> = []
  const settled: Array<number> = []
  const limits: Array<number> = []
  const waits: Array<number> = []
  const stop = new AbortController()
  let nowMs = 0
  let atOnce = 0
  let most = 0
  const verdicts = new Map<string, Verdict>()
  const channel: Channel = {
    request: (events, timeoutMs): HttpRequest => ({
      method: 'POST',
      url: 'u',
      headers: {},
      body: events.join(','),
      timeoutMs,
    }),
    mostRequestsPerSecond: 1000,
    judge: (reply) => (E.isRight(reply) ? verdicts.get(reply.right.body) : undefined) ?? ACCEPTED,
  }
  const caps = {
    http: {
      send: async ({ body }: HttpRequest) => {
        const ticket = String(bodies.push(body ?? ''))
        most = Math.max(most, ++atOnce)
        verdicts.set(ticket, answer((body ?? '').split(','), bodies.length))
        // Long enough for the next sends to begin.
        for (let turns = 0; turns < 20; turns++) await Promise.resolve()
        atOnce--
        return E.right({ status: 200, body: ticket })
      },
    },
    nowMs: () => EPOCH_MS + nowMs,
    elapsedMs: () => nowMs,
    random: () => 0.5,
    sleep: (ms: number) => {
      waits.push(ms)
      nowMs += ms
      return Promise.resolve()
    },
    stop: stop.signal,
  }
  const options: DeliveryOptions = { pacing: PACING, mostInFlight: 4, timeoutMs: 1000, giveUpMs: 1_800_000, ...given }
  const courier = newCourier(caps, channel, options, {
    taken: () => undefined,
    rejected: ({ json }) => void rejects.push(json),
    settled: (batch) => void settled.push(batch),
    limited: (untilMs) => void limits.push(untilMs - EPOCH_MS),
  })
  return { courier, bodies, rejects, settled, limits, waits, atOnce: () => atOnce, mostAtOnce: () => most, stop }
}

/** An outside in which nothing happens. */
const outside = () => ({
  nowMs: () => EPOCH_MS,
  elapsedMs: () => 0,
  random: () => 0.5,
  sleep: () => Promise.resolve(),
  stop: new AbortController().signal,
})

const sendAll = async ({ courier }: World, batches: ReadonlyArray<ReadonlyArray<Entry>>): Promise<void> => {
  for (const [i, batch] of batches.entries()) await courier.send(i + 1, batch)
  await courier.idle()
}

describe('refusals', () => {
  test('the sixteenth event refused alone condemns the request, while nothing was accepted', async () => {
    const world = worldOf(() => REFUSED)
    await sendAll(world, [entries(0, 100)])
    expect(world.courier.failure()?._tag).toBe('PlatformRefused')
    expect(world.rejects.length).toBe(15)
    expect(world.settled).toEqual([])
  })

  test('after an acceptance any number of events may be refused', async () => {
    const world = worldOf((events) => (events.includes('0') ? ACCEPTED : REFUSED))
    await sendAll(world, [entries(0, 1), entries(1, 41)])
    expect(world.courier.failure()).toBeUndefined()
    expect(world.rejects.length).toBe(40)
  })
})

describe('retries', () => {
  test('the same bytes again, after a growing wait', async () => {
    const world = worldOf((_, request) => (request < 4 ? busy() : ACCEPTED))
    await sendAll(world, [entries(0, 3)])
    expect(world.bodies).toEqual(['0,1,2', '0,1,2', '0,1,2', '0,1,2'])
    expect(world.waits).toEqual([500, 1000, 2000])
    expect(world.courier.counts).toEqual({ accepted: 3, duplicates: 0, requests: 4, retries: 3, mostInFlight: 1 })
  })

  test('give_up_after_minutes is the budget: then the run fails as passing trouble, and nothing of it is settled', async () => {
    const world = worldOf(() => ({ _tag: 'Again', reason: 'HTTP 502', cause: 'trouble' }), { giveUpMs: 60_000 })
    await sendAll(world, [entries(0, 3)])
    expect(world.courier.failure()).toEqual({
      _tag: 'PlatformFailing',
      minutes: 1,
      reason: 'HTTP 502',
      rateLimited: false,
    })
    expect(world.waits.reduce((sum, ms) => sum + ms, 0)).toBe(60_000)
    expect(world.settled).toEqual([])
  })

  test('the five-minute pause comes only after a minute of nothing but rate limits', async () => {
    const world = worldOf((_, request) => (request < 12 ? busy('rate-limit') : ACCEPTED))
    await sendAll(world, [entries(0, 1)])
    const pause = world.waits.findIndex((ms) => ms >= PACING.limitedPauseMs)
    const before = world.waits.slice(0, pause).reduce((sum, ms) => sum + ms, 0)
    expect(pause).toBeGreaterThan(0)
    expect(before).toBeGreaterThanOrEqual(60_000)
    expect(before).toBeLessThan(60_000 + PACING.capMs)
  })

  test('the budget is one for a batch: its parts that are taken in between do not renew it', async () => {
    // Each part is taken only after half the budget is gone.
    const tries = new Map<string, number>()
    const world = worldOf(
      (events) => {
        const name = events.join()
        const tried = tries.get(name) ?? 0
        tries.set(name, tried + 1)
        if (events.length > 1) return REFUSED
        return tried < 4 ? busy() : ACCEPTED
      },
      { giveUpMs: 8_000 },
    )
    await sendAll(world, [entries(0, 8)])
    // 500 + 1000 + 2000 + 4000 ms for the first part.
    expect(world.courier.counts.accepted).toBe(1)
    expect(world.courier.failure()).toMatchObject({ _tag: 'PlatformFailing' })
    expect(world.waits.reduce((sum, ms) => sum + ms, 0)).toBe(8_000)
  })

  test('no request is given longer than what is left of the budget', async () => {
    const timeouts: Array<number> = []
    let elapsedMs = 0
    const caps = {
      ...outside(),
      elapsedMs: () => elapsedMs,
      sleep: (ms: number) => {
        elapsedMs += ms
        return Promise.resolve()
      },
      http: {
        send: ({ timeoutMs }: HttpRequest) => {
          timeouts.push(timeoutMs)
          elapsedMs += timeoutMs
          return Promise.resolve(E.left({ cause: 'no-answer', host: 'h' } as const))
        },
      },
    }
    const channel: Channel = {
      mostRequestsPerSecond: 1000,
      judge: () => busy(),
      request: (_, timeoutMs) => ({ method: 'POST', url: 'u', headers: {}, body: '', timeoutMs }),
    }
    const listener = {
      taken: () => undefined,
      rejected: () => undefined,
      settled: () => undefined,
      limited: () => undefined,
    }
    const options = { pacing: PACING, mostInFlight: 1, timeoutMs: 40_000, giveUpMs: 60_000 }
    const courier = newCourier(caps, channel, options, listener)
    await courier.send(1, entries(0, 1))
    await courier.idle()
    // The first, a pause of half a second, and the rest.
    expect(timeouts).toEqual([40_000, 19_500])
    expect(courier.failure()).toMatchObject({ _tag: 'PlatformFailing' })
  })

  test('slow answers are no outage, but hold the input up for no longer than one', async () => {
    let elapsedMs = 0
    let open: (() => void) | undefined
    const caps = {
      ...outside(),
      elapsedMs: () => elapsedMs,
      http: {
        send: () =>
          new Promise<E.Right<{ status: number; body: string }>>((resolve) => {
            open = () => resolve({ _tag: 'Right', right: { status: 200, body: '' } })
          }),
      },
    }
    const channel: Channel = {
      mostRequestsPerSecond: 1000,
      judge: (_, events) => (events.includes('0') ? ACCEPTED : REFUSED),
      request: (_, timeoutMs) => ({ method: 'POST', url: 'u', headers: {}, body: '', timeoutMs }),
    }
    const listener = {
      taken: () => undefined,
      rejected: () => undefined,
      settled: () => undefined,
      limited: () => undefined,
    }
    const options = { pacing: PACING, mostInFlight: 1, timeoutMs: 40_000, giveUpMs: 60_000 }
    const courier = newCourier(caps, channel, options, listener)
    const answer = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve))
      elapsedMs += 20_000
      open?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    const first = courier.send(1, entries(0, 1))
    await answer()
    await first
    // A batch of bad events that is searched for hours.
    let free = false
    void courier.send(2, entries(1, 200))?.then(() => (free = true))
    const frees: Array<boolean> = []
    for (let answers = 0; answers < 4; answers++) {
      await answer()
      frees.push(free)
    }
    expect(frees).toEqual([false, false, true, true])
    expect(courier.failure()).toBeUndefined()
  })

  test('after a signal a batch that meets trouble is left, and the others settle', async () => {
    const world = worldOf((events, request) => {
      if (request === 3) world.stop.abort()
      if (events.includes('1')) return busy()
      return events.length > 1 && events.includes('5') ? REFUSED : ACCEPTED
    })
    await sendAll(world, [entries(0, 1), entries(1, 2), entries(2, 9)])
    expect(world.settled).toEqual([1, 3])
    expect(world.courier.counts.accepted).toBe(8)
    expect(world.courier.failure()).toEqual({ _tag: 'Stopped' })
  })

  test('a limit of the day ends the run at once, and what is on its way is settled', async () => {
    const world = worldOf((events) => (events.includes('9') ? { _tag: 'Exhausted', reason: 'per day' } : ACCEPTED))
    await sendAll(world, [entries(0, 9), entries(9, 10), entries(10, 12), entries(12, 14)])
    expect(world.courier.failure()).toEqual({ _tag: 'PlatformExhausted', reason: 'per day' })
    expect(world.waits).toEqual([])
    expect(world.settled).toContain(1)
    expect(world.settled).not.toContain(2)
  })

  test('while a rate limit is waited out, it is told until when', async () => {
    const world = worldOf((_, request) => (request < 3 ? busy('rate-limit') : request < 5 ? busy() : ACCEPTED))
    await sendAll(world, [entries(0, 1)])
    expect(world.waits).toEqual([500, 1000, 2000, 4000])
    expect(world.limits).toEqual([500, 1500])
  })

  test('a stop ends the waiting, and the run', async () => {
    const world = worldOf(() => {
      world.stop.abort()
      return busy()
    })
    await sendAll(world, [entries(0, 1)])
    expect(world.courier.failure()).toEqual({ _tag: 'Stopped' })
    expect(world.bodies.length).toBe(1)
  })
})

describe('requests in flight', () => {
  test('one until the platform has accepted events, then as many as allowed', async () => {
    const world = worldOf(() => ACCEPTED)
    await sendAll(
      world,
      Array.from({ length: 20 }, (_, i) => entries(i, i + 1)),
    )
    expect(world.bodies.length).toBe(20)
    expect(world.mostAtOnce()).toBe(4)
    const halted = worldOf(() => ({ _tag: 'Halt', reason: 'no such event set' }))
    await sendAll(
      halted,
      Array.from({ length: 20 }, (_, i) => entries(i, i + 1)),
    )
    expect(halted.bodies.length).toBe(1)
    expect(halted.courier.halted.aborted).toBe(true)
    expect(halted.courier.failure()).toEqual({ _tag: 'PlatformRefused', reason: 'no such event set' })
  })

  test('half of them after a rate limit, though more batches wait, and one more after each round', async () => {
    // All that is in flight is answered at one moment: a round.
    const open: Array<() => void> = []
    let elapsedMs = 0
    let answered = 0
    const caps = {
      ...outside(),
      elapsedMs: () => elapsedMs,
      http: {
        send: () =>
          new Promise<E.Right<{ status: number; body: string }>>((resolve) =>
            open.push(() => resolve({ _tag: 'Right', right: { status: 200, body: '' } })),
          ),
      },
    }
    const channel: Channel = {
      mostRequestsPerSecond: 1_000_000,
      judge: () => (++answered > 1 && answered <= 9 ? busy('rate-limit') : ACCEPTED),
      request: () => ({ method: 'POST', url: 'u', headers: {}, body: '', timeoutMs: 1 }),
    }
    const listener = {
      taken: () => undefined,
      rejected: () => undefined,
      settled: () => undefined,
      limited: () => undefined,
    }
    const options = { pacing: PACING, mostInFlight: 8, timeoutMs: 1_000, giveUpMs: 60_000 }
    const courier = newCourier(caps, channel, options, listener)
    const sending = (async () => {
      for (let batch = 1; batch <= 60; batch++) await courier.send(batch, entries(batch, batch + 1))
      await courier.idle()
    })()
    const rounds: Array<number> = []
    while (answered < 68) {
      await new Promise((resolve) => setImmediate(resolve))
      rounds.push(open.length)
      elapsedMs += 100
      for (const answer of open.splice(0)) answer()
    }
    await sending
    expect(rounds.slice(0, 7)).toEqual([1, 8, 4, 5, 6, 7, 8])
    expect(courier.counts).toMatchObject({ accepted: 60, requests: 68, retries: 8 })
  })

  test('fewer, where this machine gives no more connections; with none in flight the run ends', async () => {
    const crowded: Verdict = { _tag: 'Crowded', cause: 'no-handles', host: 'h' }
    let atOnceNow = (): number => 0
    const world = worldOf((_, request) => (request > 1 && atOnceNow() > 2 ? crowded : ACCEPTED))
    atOnceNow = world.atOnce
    await sendAll(
      world,
      Array.from({ length: 20 }, (_, i) => entries(i, i + 1)),
    )
    expect(world.courier.counts.accepted).toBe(20)
    expect(world.limits).toEqual([])
    const starved = worldOf(() => crowded)
    await sendAll(starved, [entries(0, 1)])
    expect(starved.courier.failure()).toEqual({ _tag: 'PlatformUnreachable', cause: 'no-handles', host: 'h' })
    expect(starved.settled).toEqual([])
  })

  test('duplicates are settled and counted apart', async () => {
    const world = worldOf(() => ({ _tag: 'Duplicate' }))
    await sendAll(world, [entries(0, 5)])
    expect(world.courier.counts).toMatchObject({ accepted: 0, duplicates: 5 })
    expect(world.settled).toEqual([1])
  })
})
