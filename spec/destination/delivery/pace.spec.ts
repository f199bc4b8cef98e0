import * as fc from 'fast-check'
import { type Pace, newPace } from '../../../src/destination/delivery/pace'

const pace = (mostInFlight = 32, mostPerSecond = 1000): Pace => newPace({ mostInFlight, mostPerSecond })

const times = (n: number, act: () => void): void => {
  for (let i = 0; i < n; i++) act()
}

/** A pace at which the platform takes events. */
const opened = (mostInFlight = 32): Pace => {
  const one = pace(mostInFlight)
  one.open()
  return one
}

describe('requests in flight', () => {
  test('one, until the platform has taken events; then as many as allowed', () => {
    const one = pace()
    times(100, one.passed)
    expect(one.most()).toBe(1)
    one.open()
    expect(one.most()).toBe(32)
  })

  test('half of them after a rate limit, whatever number of the same round meets it', () => {
    const one = opened()
    for (let request = 0; request < 32; request++) one.limited(0, 10 + request)
    expect(one.most()).toBe(16)
    one.limited(60, 70)
    expect(one.most()).toBe(8)
  })

  test('never fewer than one', () => {
    const one = opened()
    for (let second = 1; second < 40; second++) one.limited(second * 1000, second * 1000 + 1)
    expect(one.most()).toBe(1)
  })

  test('one more after each round that is let through, up to as many as allowed', () => {
    const one = opened(4)
    one.limited(0, 1)
    one.limited(2, 3)
    expect(one.most()).toBe(1)
    times(1, one.passed)
    expect(one.most()).toBe(2)
    times(1, one.passed)
    expect(one.most()).toBe(2)
    times(1, one.passed)
    expect(one.most()).toBe(3)
    times(3 + 100, one.passed)
    expect(one.most()).toBe(4)
  })

  test('what is taken after a limit opens nothing again', () => {
    const one = opened()
    one.limited(0, 1)
    one.open()
    expect(one.most()).toBe(16)
  })
})

describe('requests per second', () => {
  const gaps = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 30, noNaN: true })), { maxLength: 400 })

  test('in no second there are more than allowed, in whatever way they come', () => {
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 50 }), (all, mostPerSecond) => {
        const one = pace(32, mostPerSecond)
        let nowMs = 0
        const starts = all.map((gapMs) => {
          nowMs += gapMs
          return nowMs + one.turnMs(nowMs)
        })
        for (const [i, start] of starts.entries()) {
          const within = starts.slice(i).filter((later) => later < start + 1000 - 1e-6).length
          expect(within).toBeLessThanOrEqual(mostPerSecond)
        }
      }),
    )
  })

  test('nobody waits who comes seldom enough', () => {
    const one = pace()
    for (let nowMs = 0; nowMs < 1000; nowMs += 2) expect(one.turnMs(nowMs)).toBe(0)
  })
})
