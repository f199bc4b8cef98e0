import fc from 'fast-check'
import { withDestinationStats } from '../../src/protocol/splice'
import { type Member, blank, jsonText, membersBut, object } from '../support/json-text'
import { law } from '../support/laws'

const STATS = '{"recordCount":997,"rejectedRecordCount":3}'
const NEW = `"destinationStats":${STATS}`

interface Loose {
  readonly state: Readonly<Record<string, unknown>>
}

const parsed = (line: string): Loose => JSON.parse(line) as Loose

/** What stands beside destinationStats, as values. */
const without = ({ state, ...rest }: Loose): unknown => ({
  ...rest,
  state: Object.fromEntries(Object.entries(state).filter(([key]) => key !== 'destinationStats')),
})

/** A STATE line around the members of its state object. */
const line = (before: ReadonlyArray<Member>, state: string, after: ReadonlyArray<Member>, s: string): string =>
  s.replace(/[\r\n]/g, ' ') + object([...before, ['"state"', state], ...after], s)

const outer = membersBut('state')
const inner = membersBut('destinationStats')

describe('withDestinationStats: laws', () => {
  test('where there are none they are added, and every other byte stays', () => {
    law([outer, inner, outer, blank], (before, members, after, s) => {
      const old = line(before, object(members, s), after, s)
      const spliced = withDestinationStats(old, STATS)
      expect(parsed(spliced).state['destinationStats']).toEqual(JSON.parse(STATS))
      const [head = '', tail = '', ...more] = spliced.split(NEW)
      expect(more).toEqual([])
      expect([head + tail, head.replace(/,$/, '') + tail]).toContain(old)
      expect(without(parsed(spliced))).toEqual(without(parsed(old)))
    })
  })

  test('where there are some, whatever they are and wherever they stand, only their value is replaced', () => {
    const key = fc.constantFrom('"destinationStats"', '"destination\\u0053tats"')
    const place = fc.nat(4)
    law([outer, inner, outer, blank, key, jsonText, place], (before, members, after, s, name, value, at) => {
      const stateWith = (stats: string) => object([...members.slice(0, at), [name, stats], ...members.slice(at)], s)
      const old = line(before, stateWith(value), after, s)
      expect(withDestinationStats(old, STATS)).toBe(line(before, stateWith(STATS), after, s))
    })
  })

  test('splicing twice is splicing once with the last', () => {
    law([outer, inner, blank], (before, members, s) => {
      const old = line(before, object(members, s), [], s)
      expect(withDestinationStats(withDestinationStats(old, '{"recordCount":1}'), STATS)).toBe(
        withDestinationStats(old, STATS),
      )
    })
  })
})

describe('withDestinationStats', () => {
  test.each([
    [
      'the platform’s own form',
      '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"e"},"stream_state":{"n":12345678901234567890}},"sourceStats":{"recordCount":1000.0},"id":7}}',
      `{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"e"},"stream_state":{"n":12345678901234567890}},"sourceStats":{"recordCount":1000.0},"id":7,${NEW}}}`,
    ],
    ['an empty state', '{"state":{}}', `{"state":{${NEW}}}`],
    ['an empty state with space', '{"state":{ }}', `{"state":{ ${NEW}}}`],
    ['null', '{"state":{"destinationStats":null,"id":1}}', `{"state":{${NEW},"id":1}}`],
    ['an object', '{"state":{"id":1,"destinationStats":{"recordCount":5.0}}}', `{"state":{"id":1,${NEW}}}`],
    [
      'a namesake further in is left alone',
      '{"state":{"stream":{"destinationStats":null}}}',
      `{"state":{"stream":{"destinationStats":null},${NEW}}}`,
    ],
    [
      'a namesake further out is left alone',
      '{"destinationStats":null,"state":{"id":1}}',
      `{"destinationStats":null,"state":{"id":1,${NEW}}}`,
    ],
    [
      'a namesake of the state further in is left alone',
      '{"x":{"state":{}},"state":{"id":1}}',
      `{"x":{"state":{}},"state":{"id":1,${NEW}}}`,
    ],
    ['braces and quotes in texts', '{"state":{"a":"}\\"{","b":"\\\\"}}', `{"state":{"a":"}\\"{","b":"\\\\",${NEW}}}`],
    ['a carriage return at the end', '{"state":{"id":1}}\r', `{"state":{"id":1,${NEW}}}\r`],
  ])('%s', (_, old, spliced) => {
    expect(withDestinationStats(old, STATS)).toBe(spliced)
  })
})
