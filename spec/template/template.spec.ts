import { headerKey, headerKeys } from '../../src/template/column'
import { ROW_CODES, WARNING_CODES, fault, meaning } from '../../src/template/fault'
import { formOf, sha256 } from '../../src/template/hash'
import * as Normalise from '../../src/template/normalise'
import { isCountry, isSpreadsheetDamage } from '../../src/template/normalise'
import { OFFLINE_EVENT, emptyEvent, isPurchase } from '../../src/template/offline-event'
import { properties, streamSchema } from '../../src/template/schema'
import { count, newTally, total } from '../../src/template/tally'
import { trim } from '../../src/template/trim'
import { digest } from '../support/row'

describe('OFFLINE_EVENT', () => {
  test('has the columns of the set-up guide, by need', () => {
    const byNeed = (need: string) => OFFLINE_EVENT.filter((column) => column.need === need).map(({ name }) => name)
    expect(byNeed('required')).toEqual(['event_name', 'event_time'])
    expect(byNeed('purchase')).toEqual(['currency', 'value', 'transaction_id'])
    expect(byNeed('identifier')).toEqual(['Email_hashed', 'Phone_hashed', 'phone_e164_hashed'])
    expect(byNeed('optional')).toEqual([
      'event_id',
      'external_id',
      'shop_id',
      'content_type',
      'content_ids',
      'contents',
      'num_items',
      'description',
      'search_string',
    ])
  })

  test('only the digest that is made from a plain phone is no column of files', () => {
    expect(OFFLINE_EVENT.filter(({ inFile }) => !inFile).map(({ name }) => name)).toEqual(['phone_e164_hashed'])
  })

  test('names and aliases mean one column each', () => {
    for (const [key, { column, rank }] of headerKeys(OFFLINE_EVENT)) {
      const { name, aliases } = OFFLINE_EVENT[column] ?? { name: '', aliases: [] }
      expect([name, ...aliases].map(headerKey)[rank]).toBe(key)
    }
    const all = OFFLINE_EVENT.flatMap(({ name, aliases }) => [...new Set([name, ...aliases].map(headerKey))])
    expect(new Set(all).size).toBe(all.length)
  })

  test('the empty event has every column, in the order of the template', () => {
    expect(Object.keys(emptyEvent())).toEqual(OFFLINE_EVENT.map(({ name }) => name))
  })
})

describe('isPurchase', () => {
  test.each(['Purchase', 'pURCHASE', 'CompletePayment', 'COMPLETEPAYMENT'])('%s is one', (name) => {
    expect(isPurchase(name)).toBe(true)
  })

  test.each(['Lead', 'Purchased', ' Purchase', ''])('%j is none', (name) => {
    expect(isPurchase(name)).toBe(false)
  })
})

describe('headerKey', () => {
  test.each(['\uFEFFEmail', ' email ', 'EMAIL', '\u00a0eMail\t', 'email\u0085'])('%j is email', (header) => {
    expect(headerKey(header)).toBe('email')
  })
})

describe('properties and streamSchema', () => {
  test('every property is nullable, typed and described; nothing is required', () => {
    const schema = streamSchema(properties(OFFLINE_EVENT))
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      additionalProperties: true,
    })
    expect(schema).not.toHaveProperty('required')
    for (const property of Object.values(properties(OFFLINE_EVENT)))
      expect(property).toMatchObject({
        type: ['null', expect.stringMatching(/^(string|number|integer|array)$/) as string],
        description: expect.stringMatching(/\.$/) as string,
      })
  })

  test('types are those of the canonical values', () => {
    expect(properties(OFFLINE_EVENT)).toMatchObject({
      event_time: { type: ['null', 'integer'] },
      value: { type: ['null', 'number'] },
      num_items: { type: ['null', 'integer'] },
      content_ids: { type: ['null', 'array'], items: { type: 'string' } },
      contents: { type: ['null', 'array'], items: { type: 'object' } },
      transaction_id: { type: ['null', 'string'] },
    })
  })
})

describe('fault codes', () => {
  test('each has a meaning that a person can act on', () => {
    for (const code of [...ROW_CODES, ...WARNING_CODES]) expect(meaning(code).length).toBeGreaterThan(15)
  })

  test('no code is listed twice', () => {
    expect(new Set(ROW_CODES).size).toBe(ROW_CODES.length)
    expect(new Set(WARNING_CODES).size).toBe(WARNING_CODES.length)
  })

  test('a fault is its code and column', () => {
    expect(fault('VALUE_MALFORMED', 'value')).toEqual({ code: 'VALUE_MALFORMED', column: 'value' })
    expect(fault('IDENTIFIER_MISSING')).toEqual({ code: 'IDENTIFIER_MISSING', column: undefined })
  })
})

describe('sha256', () => {
  test.each(['', 'ana@example.es', 'zoë', '漢字', '\u{1F600}', 'x'.repeat(10_000)])(
    'is the digest of the UTF-8 bytes of %j',
    (text) => {
      expect(sha256(text)).toBe(digest(text))
    },
  )
})

describe('formOf', () => {
  test.each([
    [digest('x'), 'digest'],
    [digest('x').toUpperCase(), 'digest'],
    [digest(''), 'wrong-digest'],
    ['a'.repeat(32), 'wrong-digest'],
    ['A'.repeat(128), 'wrong-digest'],
    ['a'.repeat(63), 'plain'],
    ['a'.repeat(65), 'plain'],
    ['g'.repeat(64), 'plain'],
    ['', 'plain'],
  ])('%s is %s', (text, form) => {
    expect(formOf(text)).toBe(form)
  })
})

describe('normalise', () => {
  test('trim removes Unicode space of every kind, and only outer', () => {
    expect(trim('\u0085 \u2003a\u00a0b\u3000\u0085\u0085 ')).toBe('a\u00a0b')
    expect(trim(' \u0085 ')).toBe('')
    expect(trim('\u0085')).toBe('')
  })

  test('isSpreadsheetDamage knows rounded numbers', () => {
    expect(['1.2E+11', '1E+5', '9.99999E+20'].map(isSpreadsheetDamage)).toEqual([true, true, true])
    expect(['12E+11', '1E11', 'E+11', '1.2E+', 'A1E+5'].map(isSpreadsheetDamage)).toEqual(Array(5).fill(false))
  })

  test('isCountry knows ISO codes in capital letters', () => {
    expect(['US', 'GB', 'DE', 'XX', 'us', 'USA', ''].map(isCountry)).toEqual([
      true,
      true,
      true,
      ...Array<boolean>(4).fill(false),
    ])
  })
})

describe('tally', () => {
  test('counts by code, and keeps the first 20 positions of each', () => {
    const tally = newTally<number>()
    for (let row = 1; row <= 25; row++) count(tally, 'A', () => row)
    count(tally, 'B', () => 99)
    expect(tally.counts).toEqual({ A: 25, B: 1 })
    expect(tally.positions.get('A')).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(tally.positions.get('B')).toEqual([99])
    expect(total(tally.counts)).toBe(26)
    expect(total({})).toBe(0)
  })
})

test('a cell that was made to be slow costs no more than it is long', () => {
  const start = process.hrtime.bigint()
  const space = ' '.repeat(1_000_000)
  expect(headerKey(`x${space}y`)).toHaveLength(1_000_002)
  expect(trim(`\u0085x${space}y`)).toHaveLength(1_000_002)
  expect(Normalise.phone(`1${'\u0301\u0316'.repeat(500_000)}`, undefined)).toBeUndefined()
  expect(Normalise.email(`\u0085a${space}@example.com`)).toBeUndefined()
  // The square of it would be an hour.
  expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(5)
})
