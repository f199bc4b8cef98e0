import { parseStates } from '../../src/protocol/state'
import { left, right } from '../support/either'

const json = JSON.stringify
const state = (name: string, stream_state: unknown) => ({
  type: 'STREAM',
  stream: { stream_descriptor: { name }, stream_state },
})
const message = (of: unknown) => ({ type: 'STATE', state: of })
const global = (...streams: ReadonlyArray<ReturnType<typeof state>>) => ({
  type: 'GLOBAL',
  global: { shared_state: null, stream_states: streams.map(({ stream }) => stream) },
})

const statesOf = (text: string) => Object.fromEntries(right(parseStates(text)))

const A = state('a', { n: 1 })
const B = state('b', { n: 2 })
const BOTH = { a: { n: 1 }, b: { n: 2 } }

describe('parseStates: forms', () => {
  test.each([
    ['an array of states', json([A, B])],
    ['an array of whole messages', json([message(A), message(B)])],
    ['an array of both', json([A, message(B)])],
    ['an array that is printed nicely', JSON.stringify([A, B], null, 2)],
    ['JSON lines of messages', `${json(message(A))}\n${json(message(B))}\n`],
    ['JSON lines of states', `${json(A)}\n${json(B)}`],
    ['lines of Windows', `${json(A)}\r\n\r\n${json(B)}\r\n`],
    ['JSON lines of arrays', `${json([A])}\n${json([B])}\n`],
    ['a GLOBAL state', json([global(A, B)])],
    ['a GLOBAL message', json(message(global(A, B)))],
    [
      'what a destination printed',
      [{ type: 'LOG', log: {} }, message(A), { type: 'TRACE' }, message(B)].map((m) => json(m)).join('\n'),
    ],
    [
      'a catalog and records between them',
      [{ type: 'RECORD' }, message(A), { type: 'CATALOG' }, message(B)].map((m) => json(m)).join('\n'),
    ],
  ])('%s is read', (_, text) => {
    expect(statesOf(text)).toEqual(BOTH)
  })

  test.each([
    ['a state', json(A)],
    ['a message', json(message(A))],
    [
      'a message with explicit nulls',
      json({ record: null, log: null, ...message({ ...A, global: null, data: null }) }),
    ],
    ['a state with the key of a Python reader', json({ ...A, global_: null })],
    ['unknown keys', json({ ...A, id: 7, sourceStats: { recordCount: 1.0 }, x: [] })],
    ['no type', json({ stream: A.stream })],
    [
      'a GLOBAL state under the key of a Python reader',
      json({ type: 'GLOBAL', global: null, global_: global(A).global }),
    ],
    ['a namespace', json({ stream: { ...A.stream, stream_descriptor: { name: 'a', namespace: 'n' } } })],
  ])('%s alone is read', (_, text) => {
    expect(statesOf(text)).toEqual({ a: { n: 1 } })
  })

  test.each(['[]', '{}', ' [ ] \n'])('%j holds none', (text) => {
    expect(statesOf(text)).toEqual({})
  })
})

describe('parseStates: which counts', () => {
  test('the last of each stream wins', () => {
    expect(statesOf(json([A, B, state('a', { n: 3 })]))).toEqual({ a: { n: 3 }, b: { n: 2 } })
    expect(statesOf(json([global(A, B), state('b', { n: 4 })]))).toEqual({ a: { n: 1 }, b: { n: 4 } })
  })

  test.each([
    ['null', null],
    ['{}', {}],
    ['absent', undefined],
  ])('a state that is %s means a new start, also after another', (_, stream_state) => {
    expect(statesOf(json([A, B, state('a', stream_state)]))).toEqual({ b: { n: 2 } })
    expect(statesOf(json([state('a', stream_state)]))).toEqual({})
  })

  test('a stream may be called as any key of an object is', () => {
    expect(right(parseStates(json([state('__proto__', { n: 1 })]))).get('__proto__')).toEqual({ n: 1 })
  })
})

describe('parseStates: what a writer that was killed leaves', () => {
  test('a STATE message that is cut off is let go, also where the next run wrote on behind it', () => {
    const [whole, later] = [json(message(A)), json(message(B))]
    const half = later.slice(0, -9)
    for (const text of [`${whole}\n${half}\n`, `${whole}\n${half}${later}\n`, `${half}\n${whole}\n`])
      expect(statesOf(text)).toEqual({ a: { n: 1 } })
    expect(left(parseStates(`${half}\n`))).toMatch(/JSON array of states/)
  })

  test('a last line that is cut off is let go, and the states before it hold', () => {
    expect(parseStates(`${json(A)}\n${json(B).slice(0, -3)}`)).toEqual(parseStates(json(A)))
  })
})

describe('parseStates: what can not be used', () => {
  const canary = 'canary@example.com'

  test.each([
    ['no JSON', canary, /JSON array of states, or JSON lines/],
    ['a cut-off array', json([A]).slice(0, -3), /JSON array of states, or JSON lines/],
    ['a cut-off line with its newline', `${json(A)}\n${json(B).slice(0, -3)}\n`, /JSON array of states, or JSON lines/],
    ['a line that is cut off and alone', json(A).slice(0, -3), /JSON array of states, or JSON lines/],
    ['text', json(canary), /^0: expected a state object$/],
    ['null', 'null', /^0: expected a state object$/],
    ['an array of texts', json([A, canary]), /^1: expected a state object$/],
    [
      'a LEGACY state',
      json([{ type: 'LEGACY', data: { x: canary } }]),
      /^0: expected a state of type STREAM or GLOBAL$/,
    ],
    ['a message without state', json([A, message(null)]), /^1: expected a state of type STREAM or GLOBAL$/],
    ['a state without name', json([{ stream: { stream_state: {} } }]), /^0: expected a state of type/],
    ['a stream_state that is text', json([A, B, state('c', canary)]), /^2: expected stream_state to be an object$/],
    ['a stream_state that is a list', json([state('c', [canary])]), /^0: expected stream_state to be an object$/],
    ['a GLOBAL without streams', json([{ type: 'GLOBAL', global: {} }]), /^0: expected a state of type/],
  ])('%s is refused, with its place and without its value', (_, text, problem) => {
    const found = left(parseStates(text))
    expect(found).toMatch(problem)
    expect(found).not.toContain(canary)
  })
})
