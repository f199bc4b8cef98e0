import * as fc from 'fast-check'
import { type Slot, newLedger } from '../../../src/destination/delivery/ledger'

/** A random run: records of streams go into batches, states come in between, batches settle in any order. */
type Step =
  | { readonly do: 'record'; readonly stream: string; readonly rejected: boolean }
  | { readonly do: 'batch' }
  | { readonly do: 'state'; readonly stream: string | undefined }
  | { readonly do: 'settle'; readonly pick: number }

const stream = fc.constantFrom('a', 'b')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('record' as const), stream, rejected: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('batch' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('state' as const), stream: fc.option(stream, { nil: undefined }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const), pick: fc.nat() }) },
)

interface Sent {
  readonly ordinal: number
  readonly slot: Slot
  readonly rejected: boolean
  batch: number
}

describe('the ledger, over random runs', () => {
  test('no state leaves before all earlier records are settled; states leave in order; their counts add up', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const ledger = newLedger()
        const sent: Array<Sent> = []
        const settled = new Set<number>()
        const unsettled: Array<number> = []
        const heldAt = new Map<string, number>()
        const released: Array<string> = []
        const totals = { records: 0, rejected: 0 }
        let batch = 0
        const settle = (number: number): void => {
          for (const record of sent.filter((one) => one.batch === number)) if (record.rejected) record.slot.rejected++
          settled.add(number)
          ledger.settle(number)
        }
        const release = (): void => {
          for (const { line, records, rejected, run } of ledger.release()) {
            const before = sent.filter(({ ordinal }) => ordinal <= (heldAt.get(line) ?? 0))
            expect(before.every((record) => settled.has(record.batch))).toBe(true)
            // Of the run up to the state, whatever came after it meanwhile.
            expect(run).toEqual({ records: before.length, rejected: before.filter((one) => one.rejected).length })
            released.push(line)
            totals.records += records
            totals.rejected += rejected
          }
        }
        const open = (): void => {
          if (batch !== 0) unsettled.push(batch)
          batch = ledger.open()
        }
        for (const now of steps) {
          if (now.do === 'record') {
            if (batch === 0) open()
            sent.push({ ordinal: sent.length + 1, slot: ledger.record(now.stream), rejected: now.rejected, batch })
          } else if (now.do === 'batch') {
            if (batch !== 0) open()
          } else if (now.do === 'state') {
            const line = `state ${heldAt.size}`
            heldAt.set(line, sent.length)
            ledger.hold(line, now.stream)
          } else if (unsettled.length > 0) {
            const [number] = unsettled.splice(now.pick % unsettled.length, 1)
            if (number !== undefined) settle(number)
          }
          release()
        }
        // The end of a run: everything settles, and a state of everything closes it.
        if (batch !== 0) unsettled.push(batch)
        for (const number of unsettled.reverse()) settle(number)
        heldAt.set('last', sent.length)
        ledger.hold('last', undefined)
        release()
        expect(released).toEqual([...heldAt.keys()])
        expect(totals.records).toBe(sent.length)
        expect(totals.rejected).toBe(sent.filter(({ rejected }) => rejected).length)
      }),
      { numRuns: 300 },
    )
  })
})

describe('the ledger', () => {
  test('a state of one stream counts its own records only, since its previous state', () => {
    const ledger = newLedger()
    ledger.record('a')
    ledger.record('b')
    ledger.record('a').rejected++
    ledger.hold('a1', 'a')
    ledger.record('a')
    ledger.hold('a2', 'a')
    ledger.hold('b1', 'b')
    expect(ledger.release()).toEqual([
      { line: 'a1', records: 2, rejected: 1, run: { records: 3, rejected: 1 } },
      { line: 'a2', records: 1, rejected: 0, run: { records: 4, rejected: 1 } },
      { line: 'b1', records: 1, rejected: 0, run: { records: 4, rejected: 1 } },
    ])
  })

  test('a state that covers all streams counts all of them, and a state before any record leaves at once', () => {
    const ledger = newLedger()
    ledger.hold('empty', undefined)
    ledger.record('a')
    ledger.record('b')
    ledger.hold('global', undefined)
    expect(ledger.release()).toEqual([
      { line: 'empty', records: 0, rejected: 0, run: { records: 0, rejected: 0 } },
      { line: 'global', records: 2, rejected: 0, run: { records: 2, rejected: 0 } },
    ])
  })

  test('many held states cost no more than they are', () => {
    const ledger = newLedger()
    const batch = ledger.open()
    let looked = 0
    for (let i = 0; i < 100_000; i++) {
      ledger.hold(String(i), 'a')
      looked += ledger.release().length
    }
    ledger.settle(batch)
    expect([looked, ledger.release().length, ledger.release().length]).toEqual([0, 100_000, 0])
  })

  test('a later state waits for an earlier batch, whatever settled meanwhile', () => {
    const ledger = newLedger()
    const first = ledger.open()
    ledger.hold('one', 'a')
    const second = ledger.open()
    ledger.hold('two', 'a')
    ledger.settle(second)
    expect(ledger.release()).toEqual([])
    ledger.settle(first)
    expect(ledger.release().map(({ line }) => line)).toEqual(['one', 'two'])
  })

  test('a stream without states of its own costs no more for the states of others', () => {
    const ledger = newLedger()
    const start = process.hrtime.bigint()
    for (let i = 0; i < 50_000; i++) {
      ledger.record('a')
      ledger.record('b')
      ledger.hold(`state ${i}`, 'a')
      ledger.release()
    }
    ledger.hold('all', undefined)
    expect(ledger.release()).toMatchObject([{ records: 50_000, run: { records: 100_000 } }])
    // The square of it would be a minute.
    expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(5)
  })
})
