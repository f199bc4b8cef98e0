import * as fc from 'fast-check'
import { type Entry, accumulator } from '../../../src/destination/delivery/batch'

const entryOf = (json: string): Entry => ({
  json,
  slot: { records: 1, rejected: 0 },
  origin: { stream: 's', record: 1, file: undefined, row: undefined },
})

const overheadBytes = 20

const gathered = (texts: ReadonlyArray<string>, events: number, bytes: number): ReadonlyArray<ReadonlyArray<Entry>> => {
  const batch = accumulator({ events, bytes, overheadBytes })
  const closed: Array<ReadonlyArray<Entry>> = []
  for (const text of texts) {
    const full = batch.add(entryOf(text), Buffer.byteLength(text))
    if (full !== undefined) closed.push(full)
  }
  const rest = batch.take()
  return rest === undefined ? closed : [...closed, rest]
}

const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 60 })

describe('accumulator', () => {
  test('nothing is lost or reordered', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 200, max: 400 }), (all, events, bytes) => {
        expect(
          gathered(all, events, bytes)
            .flat()
            .map(({ json }) => json),
        ).toEqual(all)
      }),
    )
  })

  test('no batch holds more events than allowed, and no body weighs more', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 200, max: 400 }), (all, events, bytes) => {
        for (const batch of gathered(all, events, bytes)) {
          const body = overheadBytes + Buffer.byteLength(batch.map(({ json }) => json).join(','))
          expect(batch.length).toBeGreaterThan(0)
          expect(batch.length).toBeLessThanOrEqual(events)
          expect(body).toBeLessThanOrEqual(bytes)
        }
      }),
    )
  })

  test('a thousand small events make one batch, the next one another', () => {
    expect(gathered(new Array<string>(1001).fill('{}'), 1000, 1_000_000).map(({ length }) => length)).toEqual([1000, 1])
  })

  test('an event fits alone up to the very byte', () => {
    const batch = accumulator({ events: 10, bytes: 100, overheadBytes })
    expect([batch.fitsAlone(80), batch.fitsAlone(81)]).toEqual([true, false])
  })

  test('a body may weigh its limit to the byte', () => {
    // 20 of overhead, 40 + comma + 39 of events.
    expect(gathered(['x'.repeat(40), 'y'.repeat(39)], 10, 100).length).toBe(1)
    expect(gathered(['x'.repeat(40), 'y'.repeat(40)], 10, 100).length).toBe(2)
  })

  test('what was taken is gone', () => {
    const batch = accumulator({ events: 10, bytes: 100, overheadBytes })
    batch.add(entryOf('{}'), 2)
    expect(batch.take()?.length).toBe(1)
    expect(batch.take()).toBeUndefined()
    expect(batch.isEmpty()).toBe(true)
  })
})
