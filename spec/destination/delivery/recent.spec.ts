import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import type { Origin } from '../../../src/destination/delivery/batch'

import { newRecent } from '../../../src/destination/delivery/recent'

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Events of few names and contents, so that all of it happens: the same again, another one of its name, one of no name. */
const event = fc.record({
  key: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { nil: undefined }),
  content: fc.nat(3),
  stream: fc.constantFrom('s', 't'),
  file: fc.option(fc.constantFrom('f', 'g'), { nil: undefined }),
  row: fc.option(fc.nat(9), { nil: undefined }),
})

interface Kept {
  readonly key: string | undefined
  readonly content: string
  readonly origin: Origin
}

describe('the events met last', () => {
  test('are told again as by a list that is searched from its end', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (events, capacity) => {
        const recent = newRecent(capacity)
        let last: ReadonlyArray<Kept> = []
        for (const [i, { key, content: n, ...place }] of events.entries()) {
          const content = digest(`${key ?? 'none'} ${n}`)
          const origin: Origin = { ...place, record: i + 1 }
          const same = last.some((one) => one.content === content)
          const before = [...last].reverse().find((one) => key !== undefined && one.key === key)
          expect(recent.meet(content, 'Purchase', key, origin)).toEqual(same ? 'same' : before?.origin)
          if (!same) last = [...last, { key, content, origin }].slice(-capacity)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('are as many as are asked for, and one more is not known', () => {
    const recent = newRecent(1000)
    const meet = (n: number) =>
      recent.meet(digest(String(n)), 'Purchase', undefined, { stream: 's', record: n, file: undefined, row: undefined })
    for (let n = 0; n < 5000; n++) expect(meet(n)).toBeUndefined()
    for (let n = 4000; n < 5000; n++) expect(meet(n)).toBe('same')
    expect(meet(3999)).toBeUndefined()
    // That one took the place of the oldest.
    expect(meet(4000)).toBeUndefined()
    expect(meet(4002)).toBe('same')
  })

  test('rows that are no numbers of rows are not told', () => {
    const recent = newRecent(10)
    const at = (row: number): Origin => ({ stream: 's', record: 1, file: 'f', row })
    for (const [i, row] of [-1, 1.5, NaN, 2 ** 40].entries()) {
      expect(recent.meet(digest(`${i} a`), 'Lead', `key ${i}`, at(row))).toBeUndefined()
      expect(recent.meet(digest(`${i} b`), 'Lead', `key ${i}`, at(2))).toMatchObject({ file: 'f', row: undefined })
    }
  })
})

test('hundreds of thousands of orders, each with a number of its own, are told apart by name and id', () => {
  const recent = newRecent(400_000)
  const at = (record: number): Origin => ({ stream: 's', record, file: undefined, row: undefined })
  const content = (i: number): string => digest(String(i))
  for (let i = 1; i <= 200_000; i++) {
    if (recent.meet(content(2 * i), 'Purchase', `order-${i}`, at(2 * i)) !== undefined) throw new Error(`order-${i}`)
    if (recent.meet(content(2 * i + 1), 'Lead', `order-${i}`, at(2 * i + 1)) !== undefined) throw new Error(`${i}`)
  }
  expect(recent.meet(content(1), 'Lead', 'order-77', at(0))).toEqual(at(155))
})
