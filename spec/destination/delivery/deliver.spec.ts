import * as E from 'fp-ts/Either'
import * as fc from 'fast-check'
import type { HttpRequest } from '../../../src/capabilities'
import { PACING } from '../../../src/destination/delivery/backoff'
import type { Entry } from '../../../src/destination/delivery/batch'
import { type Channel, type Courier, type DeliveryOptions, newCourier } from '../../../src/destination/delivery/deliver'
import type { Verdict } from '../../../src/destination/delivery/verdict'

const entryOf = (json: string): Entry => ({
  json,
  slot: { records: 1, rejected: 0 },
  origin: { stream: 's', record: Number(json), file: undefined, row: undefined },
})

const entries = (from: number, to: number): ReadonlyArray<Entry> =>
  Array.from({ length: to - from }, (_, i) => entryOf(String(from + i)))

const ACCEPTED: Verdict = { _tag: 'Accepted' }
const REFUSED: Verdict = { _tag: 'Refused', message: 'bad', requestId: undefined }

interface World {
  readonly courier: Courier
  readonly bodies: Array<string>
  readonly rejects: Array<string>
  readonly settled: Array<number>
  readonly waits: Array<number>
  readonly mostAtOnce: () => number
  readonly stop: AbortController
}

/** A platform as a function of a request's events; the clock moves only by the waits. */
const worldOf = (
  answer: (events: ReadonlyArray<string>, request: number) => Verdict,
  given: Partial<DeliveryOptions> = {},
): World => {
  const bodies: Array<string> = []
  const rejects: Array<string> = []
  const settled: Array<number> = []
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
    nowMs: () => nowMs,
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
    rejected: ({ json }) => void rejects.push(json),
    settled: (batch) => void settled.push(batch),
  })
  return { courier, bodies, rejects, settled, waits, mostAtOnce: () => most, stop }
}

const sendAll = async ({ courier }: World, batches: ReadonlyArray<ReadonlyArray<Entry>>): Promise<void> => {
  for (const [i, batch] of batches.entries()) await courier.send(i + 1, batch)
  await courier.idle()
}

describe('bisection', () => {
  test('singles out exactly the bad events, within 1 + 2·k·ceil(log2 n) requests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.array(fc.nat(299), { maxLength: 12 }), async (n, picks) => {
        // One good event before: without any acceptance sixteen refusals in a row condemn the request itself.
        const bad = new Set(picks.map((pick) => String(1 + (pick % n))))
        const world = worldOf((events) => (events.some((event) => bad.has(event)) ? REFUSED : ACCEPTED))
        await sendAll(world, [entries(0, 1), entries(1, n + 1)])
        expect(new Set(world.rejects)).toEqual(bad)
        expect(world.rejects.length).toBe(bad.size)
        expect(world.courier.counts.accepted).toBe(n + 1 - bad.size)
        expect(world.bodies.length - 1).toBeLessThanOrEqual(1 + 2 * bad.size * Math.ceil(Math.log2(n)))
        expect(world.settled).toEqual([1, 2])
      }),
      { numRuns: 100 },
    )
  })

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
    const world = worldOf((_, request) =>
      request < 4 ? { _tag: 'Again', reason: 'busy', rateLimited: false } : ACCEPTED,
    )
    await sendAll(world, [entries(0, 3)])
    expect(world.bodies).toEqual(['0,1,2', '0,1,2', '0,1,2', '0,1,2'])
    expect(world.waits).toEqual([500, 1000, 2000])
    expect(world.courier.counts).toEqual({ accepted: 3, duplicates: 0, requests: 4, retries: 3 })
  })

  test('give_up_after_minutes is the budget: then the run fails as passing trouble, and nothing of it is settled', async () => {
    const world = worldOf(() => ({ _tag: 'Again', reason: 'HTTP 502', rateLimited: false }), { giveUpMs: 60_000 })
    await sendAll(world, [entries(0, 3)])
    expect(world.courier.failure()).toEqual({ _tag: 'PlatformFailing', minutes: 1, reason: 'HTTP 502' })
    expect(world.waits.reduce((sum, ms) => sum + ms, 0)).toBe(60_000)
    expect(world.settled).toEqual([])
  })

  test('the five-minute pause comes only after a minute of nothing but rate limits', async () => {
    const world = worldOf((_, request) =>
      request < 12 ? { _tag: 'Again', reason: 'limit', rateLimited: true } : ACCEPTED,
    )
    await sendAll(world, [entries(0, 1)])
    const pause = world.waits.indexOf(300_000)
    const before = world.waits.slice(0, pause).reduce((sum, ms) => sum + ms, 0)
    expect(pause).toBeGreaterThan(0)
    expect(before).toBeGreaterThanOrEqual(60_000)
    expect(before).toBeLessThan(60_000 + PACING.capMs)
  })

  test('a stop ends the waiting, and the run', async () => {
    const world = worldOf(() => {
      world.stop.abort()
      return { _tag: 'Again', reason: 'busy', rateLimited: false }
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

  test('duplicates are settled and counted apart', async () => {
    const world = worldOf(() => ({ _tag: 'Duplicate' }))
    await sendAll(world, [entries(0, 5)])
    expect(world.courier.counts).toMatchObject({ accepted: 0, duplicates: 5 })
    expect(world.settled).toEqual([1])
  })
})
