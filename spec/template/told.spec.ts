import * as fc from 'fast-check'
import { toldId } from '../../src/template/told'

describe('the id of an order, told to its owner', () => {
  test.each(['A-17', '1001', '0049123', 'order/17#2', 'd4735e3a', '-5', 'B+12', 'deadbeef-cafe', '4.5', ' 12 '])(
    '%j is told',
    (id) => {
      expect(toldId(id)).toBe(id)
    },
  )

  test.each([
    'jane@example.com',
    'order of jane@example.com',
    'jane\uFF20example.com',
    'jane\uFE6Bexample.com',
    'jane%40example.com',
    '+14155550132',
    ' + 49 151 2345678',
    ...[32, 40, 56, 64, 96, 128].map((length) => 'aB'.repeat(length / 2)),
    `id:${'0'.repeat(64)}`,
  ])('%j may be an identity and is not', (id) => {
    expect(toldId(id)).toBeUndefined()
  })

  test('none is none', () => {
    expect(toldId(undefined)).toBeUndefined()
  })

  test('whatever holds an address is never told', () => {
    fc.assert(
      fc.property(fc.string(), fc.emailAddress(), fc.string(), (before, address, after) => {
        expect(toldId(before + address + after)).toBeUndefined()
      }),
    )
  })
})
