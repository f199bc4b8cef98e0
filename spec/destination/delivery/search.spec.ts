import * as fc from 'fast-check'
import type { Entry } from '../../../src/destination/delivery/batch'
import { type Exchange, newSearch } from '../../../src/destination/delivery/search'
import type { Verdict } from '../../../src/destination/delivery/verdict'

type Answered = Extract<Verdict, { _tag: 'Accepted' | 'Duplicate' | 'Refused' | 'Partial' }>

/** Entries `from` to `to`, the latter not included, each of them its own number. */
const entries = (from: number, to: number): ReadonlyArray<Entry> =>
  Array.from({ length: to - from }, (_, i) => ({
    json: String(from + i),
    slot: { records: 1, rejected: 0 },
    origin: { stream: 's', record: from + i, file: undefined, row: undefined },
  }))

const ACCEPTED: Answered = { _tag: 'Accepted' }
const SAID = { message: 'bad', requestId: undefined }
const refused = (suspect?: number): Answered => ({ _tag: 'Refused', ...SAID, suspect })

/** How a platform answers, by which of a request's events are bad (their places, never empty), and how often it was asked. */
type Manner = (bad: ReadonlyArray<number>, events: ReadonlyArray<string>, request: number) => Answered

interface Found {
  readonly taken: ReadonlyArray<number>
  readonly rejected: ReadonlyArray<number>
  readonly requests: ReadonlyArray<ReadonlyArray<string>>
}

/** Sends batches one after the other, by one search, to a platform to which some events are bad; `isOpen`: it has taken one before. */
const run = async (
  batches: ReadonlyArray<ReadonlyArray<Entry>>,
  isBad: (event: number) => boolean,
  manner: Manner,
  isOpen = true,
): Promise<Found> => {
  const found = {
    taken: new Array<number>(),
    rejected: new Array<number>(),
    requests: new Array<ReadonlyArray<string>>(),
  }
  const search = newSearch({
    taken: (those) => void found.taken.push(...those.map(({ json }) => Number(json))),
    refused: ({ json }) => {
      found.rejected.push(Number(json))
      return true
    },
  })
  const exchange: Exchange = (events) => {
    found.requests.push(events)
    const bad = events.flatMap((event, place) => (isBad(Number(event)) ? [place] : []))
    return Promise.resolve(bad.length === 0 ? ACCEPTED : manner(bad, events, found.requests.length))
  }
  if (isOpen) await search(entries(-1, 0), exchange)
  found.taken.length = 0
  found.requests.length = 0
  for (const batch of batches) expect(await search(batch, exchange)).toBe(true)
  return found
}

/** The place of the first good event, if there is one. */
const firstGood = (bad: ReadonlyArray<number>, events: ReadonlyArray<string>): ReadonlyArray<number> =>
  events.flatMap((_, place) => (bad.includes(place) ? [] : [place])).slice(0, 1)

const boundOf = (n: number, k: number): number => 1 + 2 * k * Math.ceil(Math.log2(n))

const sorted = (numbers: ReadonlyArray<number>): ReadonlyArray<number> => [...numbers].sort((a, b) => a - b)

const MANNERS: Readonly<Record<string, Manner>> = {
  'says nothing': () => refused(),
  'names the first bad event': (bad) => refused(bad[0]),
  'names the last bad event': (bad) => refused(bad[bad.length - 1]),
  'names a good event': (bad, events) => refused(firstGood(bad, events)[0]),
  'names places that are none': (_, events) => refused(events.length),
  'names the first event, always': () => refused(0),
  'names any event': (bad, events, request) => refused((request * 7919 + bad.length) % events.length),
}

/** A batch of n events, and which of them are bad: few mostly, all at times. */
const batch = fc
  .integer({ min: 1, max: 1000 })
  .chain((n) =>
    fc.tuple(
      fc.constant(n),
      fc.oneof(
        { weight: 8, arbitrary: fc.uniqueArray(fc.nat(n - 1), { maxLength: 12 }) },
        { weight: 1, arbitrary: fc.constant(Array.from({ length: n }, (_, i) => i)) },
      ),
    ),
  )

describe.each(Object.entries(MANNERS))('a platform that refuses whole requests and %s', (_, manner) => {
  test('exactly the bad events are rejected, each refused alone, within 1 + 2·k·⌈log₂ n⌉ requests', async () => {
    await fc.assert(
      fc.asyncProperty(batch, async ([n, places]) => {
        const bad = new Set(places)
        const { taken, rejected, requests } = await run([entries(0, n)], (event) => bad.has(event), manner)
        expect(sorted(rejected)).toEqual(sorted(places))
        expect(taken.length).toBe(n - bad.size)
        expect(new Set(taken).size).toBe(n - bad.size)
        expect(requests.length).toBeLessThanOrEqual(boundOf(n, bad.size))
        const alone = new Set(requests.filter(({ length }) => length === 1).map(([event]) => Number(event)))
        for (const event of rejected) expect(alone).toContain(event)
      }),
      { numRuns: 60 },
    )
  })
})

test('messages that name the bad events make it two requests for each, and one', async () => {
  const bad = new Set([3, 500, 501, 999])
  const { requests, rejected } = await run(
    [entries(0, 1000)],
    (event) => bad.has(event),
    (places) => refused(places[0]),
  )
  expect(rejected).toEqual([3, 500, 501, 999])
  expect(requests.length).toBe(1 + 2 * bad.size)
})

test('before events were taken no message is gone by: many refused alone would look as if the request were wrong', async () => {
  const isBad = (event: number): boolean => event % 40 === 0
  const { requests } = await run([entries(0, 1000)], isBad, (places) => refused(places[0]), false)
  const firstTaken = requests.findIndex((events) => !events.some((event) => isBad(Number(event))))
  expect(requests.slice(0, firstTaken).filter(({ length }) => length === 1).length).toBeLessThan(16)
})

test('a message that named a good event is never gone by again', async () => {
  const bad = new Set([7, 1007])
  const manner: Manner = (places, events) => refused(events.length === 1000 ? 0 : places[0])
  const { requests } = await run([entries(0, 1000), entries(1000, 2000)], (event) => bad.has(event), manner)
  // The first batch tried event 0; the second is halved from the start.
  expect(requests.some(([event, ...others]) => event === '0' && others.length === 0)).toBe(true)
  expect(requests.some(([event, ...others]) => event === '1000' && others.length === 0)).toBe(false)
})

describe('a platform that takes the good events and answers 20001', () => {
  type Listing = (bad: ReadonlyArray<number>, events: ReadonlyArray<string>) => ReadonlyArray<number>

  const partial =
    (failed: Listing): Manner =>
    (bad, events) => {
      const listed = failed(bad, events)
      return events.length === 1 || listed.length === 0 ? refused() : { _tag: 'Partial', ...SAID, failed: listed }
    }

  test('a list that is right costs one request for each event of it, and one for the others', async () => {
    const bad = new Set([3, 500, 999])
    const found = await run(
      [entries(0, 1000)],
      (event) => bad.has(event),
      partial((places) => places),
    )
    expect(found.rejected).toEqual([3, 500, 999])
    expect(found.taken.length).toBe(997)
    expect(found.requests.map(({ length }) => length)).toEqual([1000, 1, 1, 1, 997])
  })

  test.each<readonly [string, Listing]>([
    ['of the events after those', (bad, events) => bad.map((place) => (place + 1) % events.length)],
    ['of one good event', firstGood],
    ['without one of them', (bad) => bad.slice(1)],
    ['of all and one good event', (bad, events) => [...bad, ...firstGood(bad, events)]],
    ['of none', () => []],
  ])('a list %s is found out: exactly the bad events are rejected, none is lost', async (_, failed) => {
    await fc.assert(
      fc.asyncProperty(batch, async ([n, places]) => {
        const bad = new Set(places)
        const { taken, rejected, requests } = await run([entries(0, n)], (event) => bad.has(event), partial(failed))
        expect(sorted(rejected)).toEqual(sorted(places))
        expect(sorted([...taken, ...rejected])).toEqual(Array.from({ length: n }, (_, i) => i))
        expect(requests.length).toBeLessThanOrEqual(boundOf(n, bad.size) + 2 * places.length + 1)
      }),
      { numRuns: 60 },
    )
  })
})

test('where the run ends over an exchange, nothing more is sent', async () => {
  let requests = 0
  const search = newSearch({ taken: () => undefined, refused: () => true })
  const exchange: Exchange = () => Promise.resolve(++requests < 4 ? refused() : undefined)
  expect(await search(entries(0, 100), exchange)).toBe(false)
  expect(requests).toBe(4)
})
