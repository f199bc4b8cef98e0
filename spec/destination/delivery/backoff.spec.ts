import * as fc from 'fast-check'
import { PACING, waitMs } from '../../../src/destination/delivery/backoff'

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('waitMs', () => {
  test('the first retry comes within a second', () => {
    fc.assert(fc.property(chance, (random) => waitMs(PACING, 0, random, 0) < 1000))
  })

  test('no wait is negative or above the cap, however often it was tried', () => {
    fc.assert(
      fc.property(fc.nat(100_000), chance, (attempt, random) => {
        const ms = waitMs(PACING, attempt, random, 0)
        return ms >= 0 && ms < PACING.capMs
      }),
    )
  })

  test('the wait spreads over all of its range: two connectors that fail together do not come back together', () => {
    expect(waitMs(PACING, 3, 0, 0)).toBe(0)
    expect(waitMs(PACING, 3, 0.5, 0)).toBe(4000)
    expect(waitMs(PACING, 3, 0.75, 0)).toBe(6000)
  })

  test.each([
    [59_999, false],
    [60_000, true],
    [600_000, true],
  ])('after %d ms of nothing but rate limits the five-minute pause is %s', (limitedMs, pauses) => {
    expect(waitMs(PACING, 8, 0.1, limitedMs) >= 300_000).toBe(pauses)
    expect(waitMs(PACING, 8, 0.99, limitedMs)).toBeLessThan(330_000)
  })
})
