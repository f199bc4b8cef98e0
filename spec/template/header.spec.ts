import * as E from 'fp-ts/Either'
import { type HeaderManner, matchHeader, mayBeEmpty } from '../../src/template/header'
import { OFFLINE_EVENT } from '../../src/template/offline-event'
import { EMAIL, EMAIL_DIGEST, NO_DEFAULTS, PHONE, judgeCells, judgeRow, planOf, withDefaults } from '../support/row'
import { right } from '../support/either'

const headerOf = (header: ReadonlyArray<string>, manner: Partial<HeaderManner> = {}) =>
  matchHeader(OFFLINE_EVENT, { ...NO_DEFAULTS, ...manner })(header)

/** Where the columns of a header stand, by canonical name. */
const placesOf = (header: ReadonlyArray<string>, ...mapping: ReadonlyArray<readonly [string, string]>) =>
  Object.fromEntries(
    [...right(headerOf(header, { mapping: pairs(...mapping) })).at].map(([{ name }, place]) => [name, place]),
  )

const pairs = (...mapping: ReadonlyArray<readonly [column: string, field: string]>): HeaderManner['mapping'] =>
  mapping.map(([column, field]) => ({ column, field }))

/** The least that a header needs. */
const LEAST = ['event_name', 'event_time', 'email']

describe('matchHeader: names', () => {
  test.each([
    ['event_name', 'event_time', 'Email_hashed'],
    ['EVENT_NAME', 'Event_Time', 'EMAIL_HASHED'],
    [' event_name ', '\tevent_time', '\u00a0Email_hashed\u00a0'],
    ['\uFEFFevent_name', 'event_time', 'email'],
    ['\uFEFF Event ', 'TimeStamp', 'Email'],
    ['event_type', 'timestamp', 'email_hashed'],
  ])('%j, %j and %j are matched', (...header) => {
    expect(judgeCells(planOf(header), ['Lead', '1758190000', EMAIL]).event).toEqual({
      event_name: 'Lead',
      event_time: 1758190000,
      Email_hashed: EMAIL_DIGEST,
    })
  })

  test.each(['Phone_hashed', 'phone', 'phone_number', 'phone_hashed', 'Phone_Number'])('%s is a phone', (column) => {
    const { event } = judgeRow({ event: 'Lead', timestamp: '1758190000', [column]: PHONE })
    expect(Object.keys(event)).toEqual(['event_name', 'event_time', 'Phone_hashed', 'phone_e164_hashed'])
  })

  test.each(['transaction_id', 'order_id', 'Order_ID '])('%j is the transaction', (column) => {
    expect(judgeRow({ event: 'Lead', timestamp: '1', email: EMAIL, [column]: '007' }).event).toHaveProperty(
      'transaction_id',
      '007',
    )
  })

  test('columns may stand in any order', () => {
    const plan = planOf(['email', 'value', 'event_time', 'currency', 'event_name', 'order_id'])
    expect(judgeCells(plan, [EMAIL, '3', '1758190000', 'usd', 'Purchase', 'x']).event).toMatchObject({
      event_name: 'Purchase',
      value: 3,
      currency: 'USD',
      transaction_id: 'x',
    })
  })

  test.each([
    [['event_name', 'event_time', 'Email_hashed', 'email'], 'Email_hashed', ['Email_hashed', 'email']],
    [['event_name', 'event_time', ' Phone ', 'PHONE_NUMBER'], 'Phone_hashed', ['Phone', 'PHONE_NUMBER']],
    [['\uFEFFevent', 'email', 'event_type', 'event_time'], 'event_name', ['event', 'event_type']],
    [['event', 'email', 'event_time', 'event_time'], 'event_time', ['event_time', 'event_time']],
    [['event', 'email', 'event_time', 'order_id', 'Transaction_ID'], 'transaction_id', ['order_id', 'Transaction_ID']],
  ])('two headers for one column fail the file and both are named: %j', (header, column, headers) => {
    expect(headerOf(header)).toEqual(E.left({ _tag: 'ColumnTwice', column, headers }))
  })
})

describe('matchHeader: what a header must hold', () => {
  const anIdentifier = 'Email_hashed or Phone_hashed'

  test.each([
    [['event_time', 'email'], ['event_name']],
    [['event_name', 'email'], ['event_time']],
    [['event_name', 'event_time'], [anIdentifier]],
    [['event_name', 'event_time', 'external_id'], [anIdentifier]],
    [
      ['value', 'currency'],
      ['event_name', 'event_time', anIdentifier],
    ],
    [[], ['event_name', 'event_time', anIdentifier]],
  ])('of %j it names what is missing: %j', (header, columns) => {
    expect(headerOf(header)).toEqual(E.left({ _tag: 'ColumnsMissing', columns }))
  })

  test('with a default event name the column may be absent', () => {
    const plan = planOf(['event_time', 'email'], withDefaults({ eventName: 'Lead' }))
    expect(judgeCells(plan, ['1758190000', EMAIL]).event).toHaveProperty('event_name', 'Lead')
  })

  test('event_time has no default', () => {
    expect(headerOf(['email'], { eventName: 'Lead' })).toEqual(
      E.left({ _tag: 'ColumnsMissing', columns: ['event_time'] }),
    )
  })

  test('a purchase in a file without the columns that purchases need is a fault of the row', () => {
    expect(judgeRow({ event_name: 'Purchase', event_time: '1758190000', email: EMAIL })).toMatchObject({
      code: 'CURRENCY_MISSING',
      column: 'currency',
    })
    expect(judgeRow({ event_name: 'Lead', event_time: '1758190000', email: EMAIL }).code).toBeUndefined()
  })
})

describe('matchHeader: columns that the template does not know', () => {
  const unknownOf = (...names: ReadonlyArray<string>) => planOf([...LEAST, ...names]).unknown

  test.each([
    ['Store Name', 'Store Name'],
    ['  loyalty-tier ', 'loyalty-tier'],
    ['utm.source_2', 'utm.source_2'],
    ['Größe', 'Größe'],
    ['zip4711', 'zip4711'],
    ['x'.repeat(40), 'x'.repeat(40)],
    // The template's own name for a digest that files don't bring.
    ['phone_e164_hashed', 'phone_e164_hashed'],
  ])('%j is shown as %j', (header, shown) => {
    expect(unknownOf(header)).toEqual([shown])
  })

  test.each([
    ['an address', 'jane.doe@example.com'],
    ['a number', '14155550100'],
    ['a run of five digits', 'zip12345'],
    ['more than 40 characters', 'x'.repeat(41)],
    ['a digit first', '2nd'],
    ['a formula', '=cmd()'],
    ['a line break', 'a\nb'],
    ['a quote', `O'Brien`],
    ['nothing', ''],
  ])('%s is shown by its place', (_, header) => {
    expect(unknownOf('first', header)).toEqual(['first', 'column 5'])
  })

  test('their cells are not part of the event', () => {
    const { event } = judgeRow({
      event: 'Lead',
      timestamp: '1',
      email: EMAIL,
      backup_email: 'jane@example.com',
      '': 'x',
    })
    expect(event).toEqual({ event_name: 'Lead', event_time: 1, Email_hashed: EMAIL_DIGEST })
  })
})

describe('column_mapping', () => {
  test('a mapped header is the column, matched without case, outer space or byte order mark', () => {
    const header = ['\uFEFFWas ', ' wann', 'CORREO', 'Pedido']
    const mapping = [
      ['was', 'event_name'],
      ['Wann', 'event_time'],
      [' correo', 'Email_hashed'],
      ['PEDIDO', 'transaction_id'],
    ] as const
    expect(placesOf(header, ...mapping)).toEqual({ event_name: 0, event_time: 1, Email_hashed: 2, transaction_id: 3 })
  })

  test.each(['transaction_id', 'TRANSACTION_ID', ' Transaction_id ', 'order_id', 'Order_ID'])(
    'the field may be given by name or alias, in any case: %j',
    (field) => {
      expect(placesOf([...LEAST, 'Ref'], ['Ref', field])).toHaveProperty('transaction_id', 3)
    },
  )

  test('it wins over a header that means the field by its name', () => {
    const header = [...LEAST, 'Real time', 'order_id', 'Order No']
    const mapping = [
      ['Real time', 'event_time'],
      ['Order No', 'transaction_id'],
    ] as const
    expect(placesOf(header, ...mapping)).toMatchObject({ event_time: 3, transaction_id: 5 })
    // The header that lost is no extra: it would stand beside the field it is named after.
    expect(right(headerOf(header, { mapping: pairs(...mapping), passes: () => true }))).toMatchObject({
      extras: [],
      unknown: ['event_time', 'order_id'],
    })
  })

  test('it says which of two headers for one field counts', () => {
    const header = ['event_name', 'event_time', 'Email_hashed', 'email']
    expect(headerOf(header)).toMatchObject({ left: { _tag: 'ColumnTwice' } })
    expect(placesOf(header, ['email', 'Email_hashed'])).toHaveProperty('Email_hashed', 3)
    expect(placesOf(header, ['EMAIL_HASHED', 'email'])).toHaveProperty('Email_hashed', 2)
  })

  test('a mapped header no longer means what its own name says', () => {
    const mapping = [['email', 'external_id']] as const
    expect(placesOf(['event_name', 'event_time', 'phone', 'email'], ...mapping)).toEqual({
      event_name: 0,
      event_time: 1,
      Phone_hashed: 2,
      external_id: 3,
    })
    expect(headerOf(LEAST, { mapping: pairs(...mapping) })).toEqual(
      E.left({ _tag: 'ColumnsMissing', columns: ['Email_hashed or Phone_hashed'] }),
    )
  })

  test('two columns may be swapped', () => {
    const header = [...LEAST, 'currency', 'value']
    expect(placesOf(header, ['currency', 'value'], ['value', 'currency'])).toMatchObject({ value: 3, currency: 4 })
  })

  test('one column may stand for two fields', () => {
    const header = [...LEAST, 'Order No']
    const mapping = [
      ['Order No', 'transaction_id'],
      ['Order No', 'event_id'],
    ] as const
    expect(placesOf(header, ...mapping)).toMatchObject({ transaction_id: 3, event_id: 3 })
    const plan = planOf(header, withDefaults({ mapping: pairs(...mapping) }))
    expect(judgeCells(plan, ['Lead', '1', EMAIL, '0042']).event).toMatchObject({
      transaction_id: '0042',
      event_id: '0042',
    })
  })

  test.each<readonly [string, ReadonlyArray<string>, ReadonlyArray<readonly [string, string]>, object]>([
    [
      'two mapped columns for one field, both there',
      [...LEAST, ' Order No', 'REF'],
      [
        ['order no', 'transaction_id'],
        ['ref', 'order_id'],
      ],
      { column: 'transaction_id', headers: ['Order No', 'REF'] },
    ],
    [
      'a mapped column that is there twice',
      [...LEAST, 'Ref', 'ref'],
      [['Ref', 'transaction_id']],
      { column: 'transaction_id', headers: ['Ref', 'ref'] },
    ],
    [
      'two columns by name for a field beside a mapped one for another',
      ['event_name', 'event_time', 'When', 'email', 'email_hashed'],
      [['When', 'event_time']],
      { column: 'Email_hashed', headers: ['email', 'email_hashed'] },
    ],
  ])('%s fail the file, and both headers are named', (_, header, mapping, fault) => {
    expect(headerOf(header, { mapping: pairs(...mapping) })).toEqual(E.left({ _tag: 'ColumnTwice', ...fault }))
  })

  test('of two mapped columns for one field the one that is there counts', () => {
    const mapping = [
      ['Order No', 'transaction_id'],
      ['Ref', 'transaction_id'],
    ] as const
    expect(placesOf([...LEAST, 'Ref'], ...mapping)).toHaveProperty('transaction_id', 3)
  })

  test('the same pair twice is one', () => {
    const mapping = [
      ['Ref', 'transaction_id'],
      ['ref', 'Order_id'],
    ] as const
    expect(placesOf([...LEAST, 'Ref'], ...mapping)).toHaveProperty('transaction_id', 3)
  })

  test('a mapped column that the file has not leaves the names as they are', () => {
    expect(placesOf([...LEAST, 'order_id'], ['Order No', 'transaction_id'])).toHaveProperty('transaction_id', 3)
  })

  test.each<readonly [ReadonlyArray<string>, ReadonlyArray<readonly [string, string]>, ReadonlyArray<string>]>([
    [['event_name', 'email'], [['When', 'event_time']], ['event_time (When by column_mapping)']],
    [['event_time', 'email'], [['What', 'event']], ['event_name (What by column_mapping)']],
    [
      ['event_time', 'email'],
      [
        ['What', 'event_name'],
        ['Kind', 'event_type'],
        ['Ref', 'transaction_id'],
      ],
      ['event_name (What or Kind by column_mapping)'],
    ],
    [['event_name', 'event_time'], [['Correo', 'email']], ['Email_hashed (Correo by column_mapping) or Phone_hashed']],
  ])('of %j with %j it names what is missing and what was to stand for it: %j', (header, mapping, columns) => {
    expect(headerOf(header, { mapping: pairs(...mapping) })).toEqual(E.left({ _tag: 'ColumnsMissing', columns }))
  })

  test('a fault of a row names the column of the template', () => {
    const plan = planOf(['What', 'When', 'email'], {
      ...NO_DEFAULTS,
      mapping: pairs(['What', 'event_name'], ['When', 'event_time']),
    })
    expect(judgeCells(plan, ['Lead', 'never', EMAIL])).toMatchObject({
      code: 'EVENT_TIME_MALFORMED',
      column: 'event_time',
    })
  })

  test('nothing by the name of a mapping is shown, for a mapped header is known', () => {
    const mapping = pairs(['jane@example.com', 'email'])
    expect(right(headerOf(['event_name', 'event_time', 'jane@example.com', '12345'], { mapping })).unknown).toEqual([
      'column 4',
    ])
  })
})

describe('extra_columns pass_through', () => {
  const match = (names: ReadonlyArray<string>, passes: HeaderManner['passes'] = () => true) =>
    right(headerOf([...LEAST, ...names], { passes }))

  test('headers that the template does not know are passed through by their own spelling, without outer space', () => {
    expect(match(['Store Name ', '\u00a0loyalty-tier', 'Größe', 'zip4711'])).toMatchObject({
      extras: [
        { name: 'Store Name', at: 3 },
        { name: 'loyalty-tier', at: 4 },
        { name: 'Größe', at: 5 },
        { name: 'zip4711', at: 6 },
      ],
      unknown: [],
    })
  })

  test('only those that are wanted; the others are dropped and named', () => {
    const wanted = (header: string): boolean => header === 'Store'
    expect(match(['Till', 'Store', 'store'], wanted)).toMatchObject({
      extras: [{ name: 'Store', at: 4 }],
      unknown: ['Till', 'store'],
    })
  })

  test.each([
    ['the digest that is made from a plain phone', 'phone_e164_hashed', 'phone_e164_hashed'],
    ['the same in another spelling', ' Phone_E164_Hashed', 'Phone_E164_Hashed'],
    ["a column of the source's own", '_ab_source_file_url', 'column 4'],
    ['another of the same prefix', '_AB_x', 'column 4'],
    ['an address', 'jane@example.com', 'column 4'],
    ['a number', '14155550100', 'column 4'],
    ['a name with a long run of digits', 'card 4111111111111111', 'column 4'],
    ['a name that is too long', 'x'.repeat(41), 'column 4'],
    ['nothing', '', 'column 4'],
    ['a formula', '=cmd()', 'column 4'],
    ['a prototype', '__proto__', 'column 4'],
  ])('%s never passes: %j is dropped as %s', (_, header, shown) => {
    expect(match([header])).toMatchObject({ extras: [], unknown: [shown] })
  })

  test('a column of the template or its alias never passes, though another column stands for it by mapping', () => {
    const header = ['What', 'When', 'Correo', 'event_name', 'TIMESTAMP', 'Email', 'Store']
    const mapping = pairs(['What', 'event_name'], ['When', 'event_time'], ['Correo', 'email'])
    expect(right(headerOf(header, { mapping, passes: () => true }))).toMatchObject({
      extras: [{ name: 'Store', at: 6 }],
      unknown: ['event_name', 'TIMESTAMP', 'Email'],
    })
  })

  test('of two headers alike the first passes', () => {
    expect(match(['Store', 'Till', 'Store ', 'STORE'])).toMatchObject({
      extras: [
        { name: 'Store', at: 3 },
        { name: 'Till', at: 4 },
      ],
      unknown: ['Store', 'STORE'],
    })
  })

  test('a column that is mapped is no extra', () => {
    const mapping = pairs(['Store', 'shop_id'])
    expect(right(headerOf([...LEAST, 'Store'], { mapping, passes: () => true }))).toMatchObject({
      extras: [],
      unknown: [],
    })
  })
})

describe('mayBeEmpty', () => {
  const emptyUnder = (manner: Parameters<typeof mayBeEmpty>[1]) =>
    OFFLINE_EVENT.filter((column) => column.need !== 'optional' && mayBeEmpty(column, manner)).map(({ name }) => name)

  test.each([
    [undefined, undefined, []],
    ['Lead', undefined, ['event_name']],
    [undefined, 'EUR', ['currency']],
    ['Lead', 'EUR', ['event_name', 'currency']],
  ])(
    'of what is not optional, with default event name %s and default currency %s: %j',
    (eventName, currency, names) => {
      expect(emptyUnder({ eventName, currency })).toEqual(names)
    },
  )
})

test('a header of many columns costs no more than it is long', () => {
  const strangers = Array.from({ length: 50_000 }, (_, i) => `c${i % 10_000} ${Math.floor(i / 10_000)}`)
  const start = process.hrtime.bigint()
  const found = headerOf(['event', 'timestamp', 'email', ...strangers], { passes: () => true })
  expect(E.isRight(found) ? found.right.extras.length : 0).toBe(50_000)
  // The square of it would be minutes.
  expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(5)
})
