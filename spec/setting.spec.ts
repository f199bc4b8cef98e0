import * as t from 'io-ts'
import { failureType, sentence } from '../src/failure'
import {
  Filled,
  HttpUrl,
  KindsType,
  PositiveInteger,
  decodeConfig,
  Secret,
  integerWithin,
  oneOf,
  optional,
  otherwise,
  plainHttpWarnings,
  refined,
  section,
} from '../src/setting'
import { explain } from '../src/explain'
import { left, right } from './support/either'

const CANARY = 'canary-8f2c'

const Account = t.type({ token: Filled, retries: optional(PositiveInteger) }, 'an account')
const Config = t.type(
  { account: Account, url: optional(HttpUrl), percent: otherwise(integerWithin(0, 100), 100) },
  'an object',
)

const decode = decodeConfig(
  Config,
  { mode: 'fast', names: [], zone: undefined, csv: { decimal: '.', quote: { char: '"' } } },
  ({ url }) => plainHttpWarnings('url', url),
)

const noWarnings = (): ReadonlyArray<string> => []

const GOOD = { account: { token: 't' } }

const problemsOf = (json: unknown): ReadonlyArray<string> => {
  const failure = left(decode(json))
  expect(sentence(failure)).not.toContain(CANARY)
  return failure._tag === 'InputInvalid' ? failure.problems : []
}

describe('decodeConfig', () => {
  test('fills defaults in and leaves absent keys absent', () => {
    expect(right(decode(GOOD))).toEqual({
      config: { account: { token: 't', retries: undefined }, url: undefined, percent: 100 },
      unknown: [],
      warnings: [],
    })
  })

  test('a config that is wrong is a config_error of one sentence that says where', () => {
    const failure = left(decode({ account: { token: 5 } }))
    expect(failureType(failure)).toBe('config_error')
    expect(sentence(failure)).toBe("The config can't be used: account.token: expected a text that is not empty.")
  })

  test.each([
    ['a key', {}, ['account: expected an account']],
    ['a key inside', { account: {} }, ['account.token: expected a text that is not empty']],
    [
      'a type',
      { account: { token: [CANARY], retries: CANARY } },
      ['account.token: expected a text that is not empty', 'account.retries: expected a whole number from 1 up'],
    ],
    ['a bound', { ...GOOD, percent: 101 }, ['percent: expected a whole number from 0 to 100']],
    ['a form', { ...GOOD, url: CANARY }, ['url: expected an http or https URL']],
    ['everything', CANARY, ['expected an object']],
  ])('with %s wrong it names place and expectation, never the value', (_, json, problems) => {
    expect(problemsOf(json)).toEqual(problems)
  })

  test.each([
    ['absent', {}],
    ['their defaults', { mode: 'fast', names: [], csv: { decimal: '.', quote: { char: '"' } } }],
    ['parts of their defaults', { csv: { quote: {} } }],
    ['an empty object', { csv: {} }],
  ])('later keys that are %s are accepted', (_, later) => {
    expect(right(decode({ ...GOOD, ...later })).unknown).toEqual([])
  })

  test.each([
    [{ mode: CANARY }, 'mode: this version knows only "fast"'],
    [{ mode: null }, 'mode: this version knows only "fast"'],
    [{ names: [CANARY] }, 'names: this version knows only []'],
    [{ names: CANARY }, 'names: this version knows only []'],
    [{ zone: CANARY }, 'zone: this version knows only its absence'],
    [{ csv: { decimal: CANARY } }, 'csv.decimal: this version knows only "."'],
    [{ csv: { quote: { char: CANARY } } }, 'csv.quote.char: this version knows only "\\""'],
  ])('later keys with another value are refused by name: %j', (later, problem) => {
    expect(problemsOf({ ...GOOD, ...later })).toEqual([problem])
  })

  test('what is wrong is told before what is unknown to this version', () => {
    expect(problemsOf({ mode: 'slow' })).toEqual(['account: expected an account'])
  })

  test('unknown keys are listed with their place, and never their value', () => {
    const { unknown, config } = right(decode({ ...GOOD, account: { token: 't', tokn: CANARY }, extra: { a: CANARY } }))
    expect(unknown).toEqual(['account.tokn', 'extra'])
    expect(config.account.token).toBe('t')
  })
})

describe('plain HTTP', () => {
  test.each([
    ['http://minio.example.com', true],
    ['HTTP://10.0.0.7:9000', true],
    ['http://localhost.example.com', true],
    ['http://127.0.0.1.example.com', true],
    ['https://minio.example.com', false],
    ['http://127.0.0.1:4568', false],
    ['http://127.8.0.1', false],
    ['http://localhost:9000', false],
    ['http://s3.localhost:4566', false],
    ['http://[::1]:9000', false],
  ])('of %s it is %s that people are warned', (url, isWarned) => {
    expect(right(decode({ ...GOOD, url })).warnings.length).toBe(isWarned ? 1 : 0)
  })
})

describe('a section', () => {
  const Sectioned = t.type(
    {
      name: Filled,
      csv: section({
        decimal: otherwise(oneOf('.', ','), '.'),
        quote: optional(Filled),
        lines: section({ most: otherwise(PositiveInteger, 9) }),
      }),
    },
    'an object',
  )
  const decodeSectioned = decodeConfig(
    Sectioned,
    { csv: { encoding: 'auto', lines: { ending: undefined } } },
    noWarnings,
  )
  const problems = (json: unknown): ReadonlyArray<string> => {
    const failure = left(decodeSectioned(json))
    expect(sentence(failure)).not.toContain(CANARY)
    return failure._tag === 'InputInvalid' ? failure.problems : []
  }

  test.each([
    ['absent', {}],
    ['empty', { csv: {} }],
    ['there with an empty one in it', { csv: { lines: {} } }],
  ])('that is %s is filled with its defaults', (_, given) => {
    expect(right(decodeSectioned({ name: 'x', ...given }))).toEqual({
      config: { name: 'x', csv: { decimal: '.', quote: undefined, lines: { most: 9 } } },
      unknown: [],
      warnings: [],
    })
  })

  test('what is given is taken, the rest filled in', () => {
    const { config } = right(decodeSectioned({ name: 'x', csv: { decimal: ',', lines: { most: 3 } } }))
    expect(config.csv).toEqual({ decimal: ',', quote: undefined, lines: { most: 3 } })
  })

  test.each([
    [{ csv: CANARY }, 'csv: expected an object'],
    [{ csv: null }, 'csv: expected an object'],
    [{ csv: [CANARY] }, 'csv: expected an object'],
    [{ csv: { decimal: CANARY } }, 'csv.decimal: expected "." or ","'],
    [{ csv: { decimal: null } }, 'csv.decimal: expected "." or ","'],
    [{ csv: { lines: CANARY } }, 'csv.lines: expected an object'],
    [{ csv: { lines: { most: 0 } } }, 'csv.lines.most: expected a whole number from 1 up'],
  ])('%j is refused by its place', (given, problem) => {
    expect(problems({ name: 'x', ...given })).toEqual([problem])
  })

  test('keys that nobody reads are listed with their place, in sections and sections of sections', () => {
    const csv = { decimal: ',', decimel: CANARY, lines: { most: 1, least: CANARY }, other: { a: CANARY } }
    expect(right(decodeSectioned({ name: 'x', csv })).unknown).toEqual(['csv.decimel', 'csv.lines.least', 'csv.other'])
  })

  test('a later key inside one is known, accepted at its default and refused otherwise', () => {
    expect(right(decodeSectioned({ name: 'x', csv: { encoding: 'auto' } })).unknown).toEqual([])
    expect(problems({ name: 'x', csv: { encoding: CANARY } })).toEqual(['csv.encoding: this version knows only "auto"'])
    expect(problems({ name: 'x', csv: { lines: { ending: CANARY } } })).toEqual([
      'csv.lines.ending: this version knows only its absence',
    ])
  })
})

describe('codecs of settings', () => {
  const Even = refined('an even number', (json): json is number => typeof json === 'number' && json % 2 === 0)

  test.each([
    ['Filled', Filled, ['a', ' ', '0'], ['', 5, null, undefined, [], {}]],
    ['PositiveInteger', PositiveInteger, [1, 2 ** 53, 1e21], [0, -1, 1.5, '1', NaN, Infinity, null]],
    ['integerWithin', integerWithin(0, 3), [0, 1, 3], [-1, 4, 0.5, '0', null]],
    [
      'HttpUrl',
      HttpUrl,
      ['http://127.0.0.1:4568', 'https://example.com/x?y', 'HTTP://EXAMPLE.COM'],
      ['example.com', 'ftp://example.com', 'https://', 'http://x:port', ' http://x', 5, null],
    ],
    ['Secret', Secret, ['a', '~', 'a=b/c+'], ['', ' ', 'a b', 'a\n', 'é', 5, null, undefined]],
    ['oneOf', oneOf('hash', 'as_is'), ['hash', 'as_is'], ['HASH', '', 'hash ', 5, null, undefined, ['hash']]],
    ['refined', Even, [0, 2], [1, '2', null]],
    ['optional', optional(Even), [undefined, 2], [1, null, '']],
    ['otherwise', otherwise(Even, 4), [undefined, 2], [1, null, '']],
  ])('%s accepts what it names and nothing else', (_, codec, accepted, refused) => {
    expect(accepted.map((json) => codec.decode(json)._tag)).toEqual(accepted.map(() => 'Right'))
    expect(refused.map((json) => codec.decode(json)._tag)).toEqual(refused.map(() => 'Left'))
  })

  test('their names are what error texts expect', () => {
    const names = [Even, optional(Even), otherwise(Even, 4)].map((codec) => explain(left(codec.decode('x'))))
    expect(names).toEqual(Array(3).fill(['expected an even number']))
    expect(explain(left(oneOf('a', 'b', 'c').decode('x')))).toEqual(['expected "a" or "b" or "c"'])
    expect(explain(left(section({}).decode('x')))).toEqual(['expected an object'])
  })

  test('otherwise stands in for an absent key only', () => {
    expect(right(otherwise(Even, 4).decode(undefined))).toBe(4)
    expect(right(otherwise(Even, 4).decode(0))).toBe(0)
    expect(right(optional(Even).decode(undefined))).toBeUndefined()
  })
})

describe('kinds', () => {
  const Place = new KindsType(
    'kind',
    {
      none: t.type({ kind: oneOf('none', 'shop') }, 'an object'),
      shop: t.type({ kind: oneOf('none', 'shop'), name: Filled }, 'an object'),
    },
    { kind: 'none' },
  )
  const decodePlace = decodeConfig(t.type({ place: Place }, 'an object'), { place: { colour: 'red' } }, noWarnings)

  test('an object is what its kind says, and may be left out', () => {
    expect(right(decodePlace({})).config).toEqual({ place: { kind: 'none' } })
    const place = { kind: 'shop', name: 'x' }
    expect(right(decodePlace({ place }))).toMatchObject({ config: { place }, unknown: [] })
    expect([Place.is(place), Place.is({ kind: 'shop' }), Place.is({}), Place.is(5)]).toEqual([
      true,
      false,
      false,
      false,
    ])
  })

  test.each([
    [CANARY, 'place: expected an object with kind "none" or "shop"'],
    [{}, 'place.kind: expected "none" or "shop"'],
    [{ kind: CANARY }, 'place.kind: expected "none" or "shop"'],
    [{ kind: 'constructor' }, 'place.kind: expected "none" or "shop"'],
    [{ kind: 'shop', name: 5 }, 'place.name: expected a text that is not empty'],
    [{ kind: 'none', colour: CANARY }, 'place.colour: this version knows only "red"'],
  ])('%j is refused by its place', (place, problem) => {
    const failure = left(decodePlace({ place }))
    expect(failure).toEqual({ _tag: 'InputInvalid', input: 'config', problems: [problem] })
  })

  test("a key of another kind is unknown, as is nobody's", () => {
    expect(right(decodePlace({ place: { kind: 'none', name: 'x', colour: 'red' } })).unknown).toEqual(['place.name'])
    expect(right(decodePlace({ place: { kind: 'shop', name: 'x', nam: 'y' } })).unknown).toEqual(['place.nam'])
  })
})
