import fc from 'fast-check'
import { exceeds } from '../../src/rows/limit'
import { law } from '../support/laws'

describe('exceeds', () => {
  test.each([
    ['nothing of nothing', 0, 0, 0, false],
    ['nothing, where nothing is allowed', 0, 10, 0, false],
    ['one, where nothing is allowed', 1, 1_000_000, 0, true],
    ['at the limit', 1, 20, 5, false],
    ['one over it', 2, 20, 5, true],
    ['under it by less than a percent', 4, 81, 5, false],
    ['over it by less than a percent', 4, 79, 5, true],
    // 0.07 * 100 is more than 7 where numbers are binary.
    ['at a limit that binary fractions miss', 7, 100, 7, false],
    ['all, where all is allowed', 10, 10, 100, false],
    ['more rows than 32 bits count', 3_000_000_001, 6_000_000_000, 50, true],
  ])('%s: %d of %d over %d percent', (_, rejected, total, percent, over) => {
    expect(exceeds(rejected, total, percent)).toBe(over)
  })

  test('is exact, and a row that is rejected never brings it back under', () => {
    const rows = fc.nat({ max: 10_000_000 })
    law([rows, rows, fc.integer({ min: 0, max: 100 })], (kept, rejected, percent) => {
      const total = kept + rejected
      expect(exceeds(rejected, total, percent)).toBe(BigInt(rejected) * 100n > BigInt(total) * BigInt(percent))
      if (exceeds(rejected, total, percent)) expect(exceeds(rejected + 1, total + 1, percent)).toBe(true)
    })
  })
})
