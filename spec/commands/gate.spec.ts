import fc from 'fast-check'
import { newGate } from '../../src/commands/writing/gate'
import type { Released } from '../../src/destination/delivery/ledger'
import { law } from '../support/laws'

/** A state at which the run has had so many records, and so many of them rejected. */
const stateAt = (line: string, records: number, rejected: number): Released => ({
  line,
  records: 0,
  rejected: 0,
  run: { records, rejected },
})

/** What happens at a gate: which states pass as each comes, which at the end, and whether the run went too far. */
const passing = (percent: number, states: ReadonlyArray<Released>, end: Released['run']) => {
  const gate = newGate(percent)
  const during = states.map((state) => gate.pass(state).map(({ line }) => line))
  return { during, atEnd: gate.end(end).map(({ line }) => line), excess: gate.excess() }
}

describe('the gate', () => {
  test('a limit of 100 percent lets every state go at once', () => {
    const states = [stateAt('a', 3, 3), stateAt('b', 2000, 2000)]
    expect(passing(100, states, { records: 2000, rejected: 2000 })).toEqual({
      during: [['a'], ['b']],
      atEnd: [],
      excess: undefined,
    })
  })

  test('the states of a short run wait for its end', () => {
    const states = [stateAt('a', 3, 0), stateAt('b', 5, 0), stateAt('c', 5, 0)]
    expect(passing(10, states, { records: 5, rejected: 0 })).toEqual({
      during: [[], [], []],
      atEnd: ['a', 'b', 'c'],
      excess: undefined,
    })
  })

  test('a short run of nothing but rejects is not acknowledged, whatever number of states it ends with', () => {
    const states = [stateAt('a', 20, 20), stateAt('b', 20, 20)]
    expect(passing(50, states, { records: 20, rejected: 20 })).toMatchObject({ during: [[], []], atEnd: [] })
  })

  test('from 1,000 records on a state is judged at once', () => {
    const states = [stateAt('a', 999, 0), stateAt('b', 1000, 100), stateAt('c', 1001, 100)]
    expect(passing(10, states, { records: 1001, rejected: 100 })).toEqual({
      during: [[], ['a', 'b'], ['c']],
      atEnd: [],
      excess: undefined,
    })
  })

  test('where too many were rejected nothing passes any more, whatever comes', () => {
    const states = [stateAt('a', 1000, 101), stateAt('b', 100_000, 101), stateAt('c', 200_000, 101)]
    expect(passing(10, states, { records: 200_000, rejected: 101 })).toEqual({
      during: [[], [], []],
      atEnd: [],
      excess: { records: 1000, rejected: 101 },
    })
  })

  test('the end of the run is judged, with what came after the last state', () => {
    expect(passing(10, [stateAt('a', 8, 0)], { records: 10, rejected: 2 })).toEqual({
      during: [[]],
      atEnd: ['a'],
      excess: { records: 10, rejected: 2 },
    })
    expect(passing(10, [], { records: 1, rejected: 1 }).excess).toEqual({ records: 1, rejected: 1 })
    expect(passing(0, [], { records: 0, rejected: 0 }).excess).toBeUndefined()
  })

  test('states pass in their order and once, none from where too many were rejected on', () => {
    const step = fc.record({ kept: fc.nat({ max: 700 }), rejected: fc.nat({ max: 60 }) })
    law([fc.array(step, { maxLength: 8 }), fc.nat({ max: 100 })], (steps, percent) => {
      const run = { records: 0, rejected: 0 }
      const states = steps.map(({ kept, rejected }, i) => {
        run.records += kept + rejected
        run.rejected += rejected
        return stateAt(String(i), run.records, run.rejected)
      })
      const { during, atEnd, excess } = passing(percent, states, run)
      const passed = [...during.flat(), ...atEnd]
      expect(passed).toEqual(states.slice(0, passed.length).map(({ line }) => line))
      // By the contract: at each state from 1,000 records on, and at the end.
      const isOver = (at: Released['run']) => at.rejected * 100 > at.records * percent
      const judged = [...states.map((state) => state.run).filter(({ records }) => records >= 1000), run]
      expect(excess).toEqual(judged.find(isOver))
      // Nothing past the first point at which there were too many, unless a later judgement was good.
      const stop = states.findIndex((state) => state.run.records >= 1000 && isOver(state.run))
      const reach = stop === -1 ? states : states.slice(0, stop)
      const redeemed = reach.some((state) => state.run.records >= 1000)
      const firstOver = reach.findIndex((state) => isOver(state.run))
      const most = excess === undefined || redeemed || firstOver === -1 ? reach.length : firstOver
      expect(passed).toEqual(states.slice(0, most).map(({ line }) => line))
    })
  })

  test('a waiting state is not judged by itself: a run that is good in the end lets it go', () => {
    expect(passing(10, [stateAt('a', 5, 5)], { records: 1000, rejected: 5 })).toEqual({
      during: [[]],
      atEnd: ['a'],
      excess: undefined,
    })
  })
})
