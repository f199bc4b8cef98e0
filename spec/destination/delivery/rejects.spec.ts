import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'
import type { Objects } from '../../../src/capabilities'
import { CSV, JSONL, type Reject, type RejectForm } from '../../../src/destination/delivery/reject-file'
import { KEEPER_LIMITS, type KeeperLimits, NO_KEEPER, newKeeper } from '../../../src/destination/delivery/rejects'
import type { Failure } from '../../../src/failure'
import { lawLater } from '../../support/laws'

const START_MS = Date.UTC(2026, 0, 31)
const FAILURE: Failure = { _tag: 'StorageFailing', status: 503 }

const rejectOf = (stream: string, record: number, message = 'm'): Reject => ({
  ...{ code: 'C', message, stream, namespace: undefined, record, file: undefined, row: undefined, column: undefined },
  ...{ transactionId: undefined, eventName: undefined, requestId: undefined },
})

interface Put {
  readonly key: string
  readonly body: string
  readonly answer: (answer: E.Either<Failure, void>) => void
}

/** A bucket whose puts wait until the test answers them. */
const slowBucket = () => {
  const puts: Array<Put> = []
  const state = { inFlight: 0, most: 0, stored: new Map<string, string>() }
  const put: Objects['put'] = (key, body) => () => {
    state.most = Math.max(state.most, ++state.inFlight)
    return new Promise((resolve) => {
      puts.push({
        key,
        body,
        answer: (answer) => {
          state.inFlight--
          if (E.isRight(answer)) {
            expect(state.stored.has(key)).toBe(false)
            state.stored.set(key, body)
          }
          resolve(answer)
        },
      })
    })
  }
  return { put, puts, state }
}

/** Lets everything run that waits for nothing but its turn. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const keeperOf = (
  put: Objects['put'],
  limits: KeeperLimits = KEEPER_LIMITS,
  form: RejectForm = JSONL,
  stop: AbortSignal = new AbortController().signal,
) =>
  newKeeper(put, {
    form,
    run: { startMs: START_MS, tag: 'k3x9ab' },
    folderOf: ({ stream }) => `f/${stream}/`,
    limits,
    stop,
  })

/** The records of each stream, in the order of the objects and of their lines. */
const recordsIn = (stored: ReadonlyMap<string, string>): ReadonlyMap<string, ReadonlyArray<number>> => {
  const byStream = new Map<string, Array<number>>()
  for (const [key, body] of stored)
    for (const line of body.split('\n').slice(0, -1)) {
      const { stream, record } = JSON.parse(line) as { readonly stream: string; readonly record: number }
      expect(key.startsWith(`f/${stream}/2026_01_31_${START_MS}_`)).toBe(true)
      byStream.set(stream, [...(byStream.get(stream) ?? []), record])
    }
  return byStream
}

type Step =
  | { readonly do: 'keep'; readonly stream: string; readonly length: number }
  | { readonly do: 'kept' }
  | { readonly do: 'answer' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('keep' as const),
      stream: fc.constantFrom('a', 'b', 'c'),
      length: fc.integer({ min: 0, max: 200 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kept' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('answer' as const) }) },
)

const LIMITS: KeeperLimits = { gatheredBytes: 600, objectBytes: 500 }
const LONGEST_LINE = 300

describe('the keeper, over random runs', () => {
  test('what was taken before kept() is in exactly one object, in order, whatever the timing; one put at a time, none too large', async () => {
    await lawLater([fc.array(step, { maxLength: 80 })], async (steps) => {
      const bucket = slowBucket()
      const keeper = keeperOf(bucket.put, LIMITS)
      const taken = new Map<string, Array<number>>()
      const promises: Array<Promise<unknown>> = []
      let record = 0
      let answered = 0
      const answer = (): void => bucket.puts[answered++]?.answer(E.right(undefined))
      /** A caller that waits where it is told to. */
      let busy: Promise<void> | undefined
      for (const now of steps) {
        if (now.do === 'keep' && busy === undefined) {
          record++
          taken.set(now.stream, [...(taken.get(now.stream) ?? []), record])
          const wait = keeper.keep(rejectOf(now.stream, record, 'x'.repeat(now.length)))
          if (wait !== undefined) {
            expect(bucket.state.inFlight).toBe(1)
            busy = wait.then(() => (busy = undefined))
            promises.push(busy)
          }
        } else if (now.do === 'kept') {
          const due = new Map([...taken].map(([stream, records]) => [stream, [...records]]))
          promises.push(
            keeper.kept().then((kept) => {
              expect(kept).toEqual(E.right(undefined))
              const found = recordsIn(bucket.state.stored)
              for (const [stream, records] of due) expect(found.get(stream)?.slice(0, records.length)).toEqual(records)
            }),
          )
        } else if (now.do === 'answer' && answered < bucket.puts.length) answer()
        await settle()
        const all = [...taken.values()].flat().length
        const stored = [...recordsIn(bucket.state.stored).values()].flat().length
        if (keeper.isClean()) expect(stored).toBe(all)
      }
      promises.push(keeper.kept())
      while (bucket.state.inFlight > 0) {
        answer()
        await settle()
      }
      await Promise.all(promises)
      expect(keeper.isClean()).toBe(true)
      expect(recordsIn(bucket.state.stored)).toEqual(taken)
      expect(bucket.state.most).toBeLessThanOrEqual(1)
      for (const { body } of bucket.puts) {
        expect(body).not.toBe('')
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(Math.max(LIMITS.objectBytes, LONGEST_LINE))
      }
    })
  })

  test('a put that fails is final: kept() says why from then on, and nothing more is written', async () => {
    await lawLater([fc.array(step, { maxLength: 40 }), fc.nat({ max: 3 })], async (steps, good) => {
      const bucket = slowBucket()
      const keeper = keeperOf(bucket.put, LIMITS)
      const waits: Array<Promise<unknown>> = []
      let record = 0
      let answered = 0
      const answer = (): void => {
        const isGood = answered < good
        bucket.puts[answered++]?.answer(isGood ? E.right(undefined) : E.left(FAILURE))
      }
      for (const now of steps) {
        if (now.do === 'keep') waits.push(Promise.resolve(keeper.keep(rejectOf(now.stream, ++record))))
        else if (now.do === 'kept') waits.push(keeper.kept())
        else if (answered < bucket.puts.length) answer()
        await settle()
      }
      void keeper.keep(rejectOf('last', ++record, 'x'.repeat(LIMITS.gatheredBytes)))
      for (let i = 0; i <= good; i++) {
        const kept = keeper.kept()
        void keeper.keep(rejectOf('last', ++record))
        waits.push(kept)
        while (bucket.state.inFlight > 0) {
          answer()
          await settle()
        }
      }
      await Promise.all(waits)
      expect(await keeper.kept()).toEqual(E.left(FAILURE))
      expect(keeper.isClean()).toBe(false)
      expect(keeper.keep(rejectOf('a', 0, 'x'.repeat(10_000)))).toBeUndefined()
      expect(await keeper.kept()).toEqual(E.left(FAILURE))
      expect(bucket.puts.length).toBe(good + 1)
    })
  })
})

describe('the keeper', () => {
  test('nothing is written before it is asked for, and nothing where there is nothing', async () => {
    const bucket = slowBucket()
    const keeper = keeperOf(bucket.put)
    expect([keeper.isClean(), await keeper.kept()]).toEqual([true, E.right(undefined)])
    expect(keeper.keep(rejectOf('a', 1))).toBeUndefined()
    await settle()
    expect([keeper.isClean(), bucket.puts.length]).toEqual([false, 0])
  })

  test('each stream has files of its own, numbered over the run, each with its header', async () => {
    const bucket = slowBucket()
    const keeper = keeperOf(bucket.put, KEEPER_LIMITS, CSV)
    const round = async (...streams: ReadonlyArray<string>): Promise<void> => {
      for (const stream of streams) void keeper.keep(rejectOf(stream, 1))
      const kept = keeper.kept()
      while (bucket.state.inFlight > 0) {
        bucket.puts[bucket.puts.length - 1]?.answer(E.right(undefined))
        await settle()
      }
      await kept
    }
    await round('a', 'b', 'a')
    await round('b')
    expect(bucket.puts.map(({ key }) => key)).toEqual([
      `f/a/2026_01_31_${START_MS}_1_k3x9ab.csv`,
      `f/b/2026_01_31_${START_MS}_2_k3x9ab.csv`,
      `f/b/2026_01_31_${START_MS}_3_k3x9ab.csv`,
    ])
    expect(bucket.puts.map(({ body }) => body.split('\n').length - 2)).toEqual([2, 1, 1])
    for (const { body } of bucket.puts) expect(body.startsWith(CSV.head)).toBe(true)
  })

  test('what comes while a put is under way goes with the next, and is no earlier in the bucket', async () => {
    const bucket = slowBucket()
    const keeper = keeperOf(bucket.put)
    void keeper.keep(rejectOf('a', 1))
    const first = keeper.kept()
    void keeper.keep(rejectOf('a', 2))
    const second = keeper.kept()
    bucket.puts[0]?.answer(E.right(undefined))
    expect(await first).toEqual(E.right(undefined))
    expect([keeper.isClean(), recordsIn(bucket.state.stored)]).toEqual([false, new Map([['a', [1]]])])
    bucket.puts[1]?.answer(E.right(undefined))
    expect(await second).toEqual(E.right(undefined))
    expect([keeper.isClean(), recordsIn(bucket.state.stored)]).toEqual([true, new Map([['a', [1, 2]]])])
  })

  test('many rejects are written without being asked for, and the caller waits where the bucket is behind', async () => {
    const bucket = slowBucket()
    const keeper = keeperOf(bucket.put)
    const large = 'x'.repeat(KEEPER_LIMITS.gatheredBytes)
    expect(keeper.keep(rejectOf('a', 1, large))).toBeUndefined()
    expect(bucket.puts.length).toBe(1)
    const busy = keeper.keep(rejectOf('a', 2, large))
    expect(busy).toBeInstanceOf(Promise)
    bucket.puts[0]?.answer(E.right(undefined))
    await busy
    expect(bucket.puts.length).toBe(2)
  })
})

test('without a bucket all is always kept', async () => {
  expect(NO_KEEPER.keep(rejectOf('a', 1))).toBeUndefined()
  expect([NO_KEEPER.isClean(), await NO_KEEPER.kept()]).toEqual([true, E.right(undefined)])
})

test('after a signal nobody waits for room: what is full by then is written all the same', async () => {
  const { put, puts, state } = slowBucket()
  const stop = new AbortController()
  const keeper = keeperOf(put, { gatheredBytes: 100, objectBytes: 1_000 }, JSONL, stop.signal)
  void keeper.keep(rejectOf('a', 1, 'm'.repeat(200)))
  const busy = keeper.keep(rejectOf('a', 2, 'm'.repeat(200)))
  let free = false
  void busy?.then(() => (free = true))
  await settle()
  expect(free).toBe(false)
  stop.abort()
  await settle()
  expect(free).toBe(true)
  const kept = keeper.kept()
  while (state.stored.size < 2) {
    puts.splice(0).forEach(({ answer }) => answer(E.right(undefined)))
    await settle()
  }
  expect(await kept).toEqual(E.right(undefined))
})
