import { OFFLINE_EVENT } from '../../src/template/offline-event'
import { compileRecords } from '../../src/template/record-plan'
import {
  EMAIL,
  EMAIL_DIGEST,
  LEAD,
  NO_DEFAULTS,
  PHONE,
  PHONE_DIGEST,
  PHONE_E164_DIGEST,
  PURCHASE,
  digest,
  judgeRecord,
  withDefaults,
} from '../support/row'

const lead = (data: Readonly<Record<string, unknown>>) => judgeRecord({ ...LEAD, ...data })
const purchase = (data: Readonly<Record<string, unknown>>) => judgeRecord({ ...PURCHASE, ...data })
/** A lead without any identifier but these. */
const identified = (data: Readonly<Record<string, unknown>>) => judgeRecord({ event: 'Lead', timestamp: 1, ...data })

const GIVEN = 'ab'.repeat(32)
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e'

describe('compileRecords: which key is the column', () => {
  test.each([
    [{ email: 'x@example.com', Email_hashed: EMAIL }],
    [{ Email_hashed: EMAIL, email: 'x@example.com' }],
    [{ EMAIL: EMAIL }],
    [{ ' Email ': EMAIL }],
    [{ Email_hashed: null, email: EMAIL }],
    [{ email: EMAIL, Email_hashed: null }],
    [{ Email_hashed: '', email: EMAIL }],
    [{ email: EMAIL, email_hashed: null }],
  ])('of %j the e-mail is the one that counts', (data) => {
    expect(identified(data).event).toHaveProperty('Email_hashed', EMAIL_DIGEST)
  })

  test.each([
    [{ phone: PHONE, phone_number: '+14155550111', Phone_hashed: null }],
    [{ phone_number: '+14155550111', phone: PHONE }],
    [{ phone_number: '+14155550111', phone: '+14155550122', phone_hashed: PHONE }],
  ])('aliases count in their order: %j', (data) => {
    expect(identified(data).event).toHaveProperty('phone_e164_hashed', PHONE_E164_DIGEST)
  })

  test('an alias that is no text does not hide behind the canonical name', () => {
    expect(judgeRecord({ event_name: 'Lead', event: 5, event_time: 1, email: EMAIL }).event).toHaveProperty(
      'event_name',
      'Lead',
    )
  })

  test('other keys are no part of the event', () => {
    const { event } = lead({ _ab_source_file_url: 'a.csv', name: 'Jane', __proto__key: 1, constructor: 'x' })
    expect(Object.keys(event)).toEqual(['event_name', 'event_time', 'Email_hashed'])
  })

  test('nothing of one record stays for the next', () => {
    const { fill, draft } = compileRecords(OFFLINE_EVENT, NO_DEFAULTS)
    fill({ ...PURCHASE, phone: PHONE, event_id: 'e', contents: '[{"content_id":"1"}]', num_items: 2, shop_id: 's' })
    expect(fill({ event: 'Lead', timestamp: 1, email: GIVEN })).toBeUndefined()
    expect(JSON.parse(JSON.stringify(draft.event))).toEqual({ event_name: 'Lead', event_time: 1, Email_hashed: GIVEN })
  })
})

describe('compileRecords: field_mapping', () => {
  const mapped = (
    mapping: ReadonlyArray<readonly [column: string, field: string]>,
    data: Readonly<Record<string, unknown>>,
  ) =>
    judgeRecord(
      { event_name: 'Lead', event_time: 1, email: EMAIL, ...data },
      withDefaults({ mapping: mapping.map(([column, field]) => ({ column, field })) }),
    )

  test.each([
    ['email_address', 'email_address'],
    ['Email Address', 'EMAIL ADDRESS '],
    ['correo', '\uFEFFCorreo'],
  ])('the key %j is the column, as %j too', (key, found) => {
    expect(mapped([[key, 'Email_hashed']], { email: undefined, [found]: EMAIL }).event).toHaveProperty(
      'Email_hashed',
      EMAIL_DIGEST,
    )
  })

  test.each(['transaction_id', 'Transaction_ID', 'order_id', ' ORDER_ID'])(
    'its column by name or alias: %j',
    (field) => {
      expect(mapped([['ref', field]], { ref: 42 }).event).toHaveProperty('transaction_id', '42')
    },
  )

  test.each([
    [{ ref: 'mapped', transaction_id: 'canonical', order_id: 'alias' }, 'mapped'],
    [{ order_id: 'alias', transaction_id: 'canonical', ref: 'mapped' }, 'mapped'],
    [{ ref: null, transaction_id: 'canonical', order_id: 'alias' }, 'canonical'],
    [{ ref: '', transaction_id: null, order_id: 'alias' }, 'alias'],
    [{ ref: '', transaction_id: '', order_id: null }, undefined],
  ])('of %j the mapped key counts first, then the canonical name, then aliases', (data, id) => {
    expect(mapped([['ref', 'transaction_id']], data).event['transaction_id']).toBe(id)
  })

  test("of two mapped keys for one column the first of the list counts, whatever the record's order", () => {
    const pairs = [
      ['ref', 'transaction_id'],
      ['number', 'order_id'],
    ] as const
    expect(mapped(pairs, { number: 'b', ref: 'a' }).event).toHaveProperty('transaction_id', 'a')
    expect(mapped(pairs, { number: 'b', ref: null }).event).toHaveProperty('transaction_id', 'b')
  })

  test('one key may stand for several columns', () => {
    const pairs = [
      ['ref', 'transaction_id'],
      ['ref', 'event_id'],
      ['ref', 'description'],
    ] as const
    expect(mapped(pairs, { ref: 'r-1', event_id: 'e-1' }).event).toMatchObject({
      transaction_id: 'r-1',
      event_id: 'r-1',
      description: 'r-1',
    })
  })

  test('a mapped key no longer means what its own name says', () => {
    const pairs = [['order_id', 'shop_id']] as const
    expect(mapped(pairs, { order_id: 's-1' }).event).toEqual(
      expect.objectContaining({ shop_id: 's-1' }) as Readonly<Record<string, unknown>>,
    )
    expect(mapped(pairs, { order_id: 's-1' }).event).not.toHaveProperty('transaction_id')
    expect(mapped(pairs, { order_id: 's-1', transaction_id: 't' }).event).toHaveProperty('transaction_id', 't')
  })

  test('a digest of + and digits may be mapped, and stands before what is made of a plain phone', () => {
    expect(mapped([['e164', 'phone_e164_hashed']], { e164: GIVEN, phone: PHONE }).event).toMatchObject({
      Phone_hashed: PHONE_DIGEST,
      phone_e164_hashed: GIVEN,
    })
  })

  test('only top-level keys are meant: a dot is part of a name', () => {
    const pairs = [['user.email', 'Email_hashed']] as const
    expect(mapped(pairs, { email: null, user: { email: EMAIL } })).toMatchObject({ code: 'IDENTIFIER_MISSING' })
    expect(mapped(pairs, { email: null, 'user.email': EMAIL }).event).toHaveProperty('Email_hashed', EMAIL_DIGEST)
  })

  test('a mapped value is judged as any other, and the fault names the column of the template', () => {
    expect(mapped([['when', 'event_time']], { when: 'never' })).toMatchObject({
      code: 'EVENT_TIME_MALFORMED',
      column: 'event_time',
    })
  })

  test('keys in another order from record to record stay what they are', () => {
    const { fill, draft } = compileRecords(
      OFFLINE_EVENT,
      withDefaults({ mapping: [{ column: 'ref', field: 'transaction_id' }] }),
    )
    const base = { event_name: 'Lead', event_time: 1, email: EMAIL }
    const ids = [
      { ...base, ref: 'a', order_id: 'x' },
      { order_id: 'x', ref: 'b', ...base },
      { ...base, REF: 'c' },
      { ...base, order_id: 'd' },
      { ref: 'e', ...base, transaction_id: 'x' },
      base,
    ].map((data) => {
      expect(fill(data)).toBeUndefined()
      return draft.event.transaction_id
    })
    expect(ids).toEqual(['a', 'b', 'c', 'd', 'e', undefined])
  })
})

describe('compileRecords: types of other sources', () => {
  test('ids given as numbers become their decimal text', () => {
    const ids = { transaction_id: 42, event_id: 1700000000001, shop_id: 7, content_ids: [12, 'x'] }
    expect(purchase(ids).event).toMatchObject({
      transaction_id: '42',
      event_id: '1700000000001',
      shop_id: '7',
      content_ids: ['12', 'x'],
    })
    expect(lead({ content_ids: 12 }).event).toHaveProperty('content_ids', ['12'])
    expect(lead({ external_id: 42 }).event).toHaveProperty('external_id', digest('42'))
  })

  test.each([
    ['transaction_id', 'TRANSACTION_ID_MALFORMED'],
    ['event_id', 'EVENT_ID_MALFORMED'],
  ])('%s as an unsafe integer, a boolean, a list or an object is %s', (column, code) => {
    for (const id of [2 ** 53, JSON.parse('12345678901234567890') as number, 1e21, true, ['x'], { id: 1 }])
      expect(purchase({ [column]: id })).toMatchObject({ code, column })
    expect(purchase({ [column]: 2 ** 53 - 1 }).event).toHaveProperty(column, '9007199254740991')
  })

  test.each([
    [1758190000, 1758190000, []],
    ['1758190000', 1758190000, []],
    [1758190000.9, 1758190000, ['EVENT_TIME_CONVERTED']],
    [1758190000123, 1758190000, ['EVENT_TIME_CONVERTED']],
    ['2025-09-18T10:06:40Z', 1758190000, ['EVENT_TIME_CONVERTED']],
  ])('event_time %j is %d', (event_time, seconds, warnings) => {
    expect(lead({ event_time })).toMatchObject({ event: { event_time: seconds }, warnings })
  })

  test.each([-1, 1e11, 1e21, true, [1758190000], {}])('event_time %j is malformed', (event_time) => {
    expect(lead({ event_time }).code).toBe('EVENT_TIME_MALFORMED')
  })

  test.each([
    [0, 0],
    [12.5, 12.5],
    ['12.50', 12.5],
    [1e21, 1e21],
  ])('value %j is %d', (value, amount) => {
    expect(purchase({ value }).event).toHaveProperty('value', amount)
  })

  test.each([-1, '-1', '1e3', true, [5], {}, Number.NaN, Infinity])('value %j is malformed', (value) => {
    expect(purchase({ value }).code).toBe('VALUE_MALFORMED')
  })

  test.each([5, true, ['Lead'], {}])('event_name %j is no text: malformed', (event_name) => {
    expect(judgeRecord({ ...LEAD, event_name })).toMatchObject({ code: 'EVENT_NAME_MALFORMED', column: 'event_name' })
  })

  test.each([978, true, ['EUR'], {}])('currency %j is malformed', (currency) => {
    expect(purchase({ currency }).code).toBe('CURRENCY_MALFORMED')
  })

  test.each([
    [null, 'CURRENCY_MISSING', 'currency'],
    [null, 'VALUE_MISSING', 'value'],
    [null, 'TRANSACTION_ID_MISSING', 'transaction_id'],
    ['', 'EVENT_TIME_MISSING', 'event_time'],
    [undefined, 'EVENT_NAME_MISSING', 'event_name'],
  ])('%j counts as absent: %s', (nothing, code, column) => {
    expect(purchase({ [column]: nothing })).toMatchObject({ code, column })
  })

  test.each(['shop_id', 'content_type', 'description', 'search_string', 'external_id'])(
    '%s that is no text is dropped with TEXT_MALFORMED, and the record kept',
    (column) => {
      for (const given of [true, false, ['x'], { a: 1 }, 2 ** 53, 1e-7, JSON.parse('12345678901234567890') as number])
        expect(lead({ [column]: given })).toMatchObject({ code: undefined, warnings: ['TEXT_MALFORMED'] })
      expect(lead({ [column]: ['x'] }).event).not.toHaveProperty(column)
      for (const nothing of [null, '', ' \u00a0', [], [null, '']])
        expect(lead({ [column]: nothing })).toMatchObject({ code: undefined, warnings: [] })
    },
  )

  test('an element of content_ids that is no text is dropped with TEXT_MALFORMED, the others stay', () => {
    expect(lead({ content_ids: ['a', true, 12, null, { id: 'b' }, 2 ** 53] })).toMatchObject({
      event: { content_ids: ['a', '12'] },
      warnings: ['TEXT_MALFORMED', 'TEXT_MALFORMED', 'TEXT_MALFORMED'],
    })
    expect(lead({ content_ids: { id: 'b' } })).toMatchObject({ warnings: ['TEXT_MALFORMED'] })
    expect(lead({ content_ids: { id: 'b' } }).event).not.toHaveProperty('content_ids')
  })

  test.each([
    [3, 3, []],
    ['3', 3, []],
    [3.5, undefined, ['NUM_ITEMS_MALFORMED']],
    [-1, undefined, ['NUM_ITEMS_MALFORMED']],
    [true, undefined, ['NUM_ITEMS_MALFORMED']],
  ])('num_items %j is %j', (num_items, count, warnings) => {
    expect(lead({ num_items }).event['num_items']).toBe(count)
    expect(lead({ num_items }).warnings).toEqual(warnings)
  })

  test.each([
    ['an array', [{ content_id: 42 }], [{ content_id: '42' }]],
    ['the text of an array', '[{"content_id":"42"}]', [{ content_id: '42' }]],
    ['one object', { content_id: 42, price: 1 }, [{ content_id: '42', price: 1 }]],
    ['the text of one object', '{"content_id":42}', [{ content_id: '42' }]],
  ])('contents may be %s', (_, contents, expected) => {
    expect(lead({ contents })).toMatchObject({ event: { contents: expected }, warnings: [] })
  })

  test.each([
    ['an array', ['a', 'b']],
    ['text', 'a|b'],
  ])('content_ids may be %s', (_, content_ids) => {
    expect(lead({ content_ids }).event).toHaveProperty('content_ids', ['a', 'b'])
  })
})

describe('compileRecords: identifiers', () => {
  test('lists of identifiers keep their order, digests and plain ones alike', () => {
    expect(identified({ email: ['b@example.com', GIVEN, ' A@example.com'] }).event).toHaveProperty('Email_hashed', [
      digest('b@example.com'),
      GIVEN,
      digest('a@example.com'),
    ])
  })

  test.each([
    ['of one', [EMAIL]],
    ['with empty ones', [null, EMAIL, '']],
  ])('a list %s is one identifier', (_, email) => {
    expect(identified({ email })).toMatchObject({ event: { Email_hashed: EMAIL_DIGEST }, warnings: [] })
  })

  test('unusable ones in a list are warnings beside a usable one', () => {
    expect(identified({ email: [MD5, EMAIL, 'nobody'] })).toMatchObject({
      event: { Email_hashed: EMAIL_DIGEST },
      warnings: ['EMAIL_WRONG_DIGEST', 'EMAIL_MALFORMED'],
    })
  })

  test.each([
    [[], 'IDENTIFIER_MISSING'],
    [[null, ''], 'IDENTIFIER_MISSING'],
    [['nobody'], 'EMAIL_MALFORMED'],
    [[MD5], 'EMAIL_WRONG_DIGEST'],
    [[true], 'EMAIL_MALFORMED'],
    [{ address: EMAIL }, 'EMAIL_MALFORMED'],
    // The first in the order of the code list, not of the elements.
    [[MD5, 'nobody'], 'EMAIL_MALFORMED'],
  ])('nothing usable in %j is %s', (email, code) => {
    expect(identified({ email }).code).toBe(code)
  })

  test('phones in a list have both digests, place by place', () => {
    expect(identified({ phone: [PHONE, '+44 20 7946 0958'] }).event).toMatchObject({
      Phone_hashed: [PHONE_DIGEST, digest('442079460958')],
      phone_e164_hashed: [PHONE_E164_DIGEST, digest('+442079460958')],
    })
    expect(identified({ phone: [GIVEN, PHONE] }).event).toMatchObject({
      Phone_hashed: [GIVEN, PHONE_DIGEST],
      phone_e164_hashed: [null, PHONE_E164_DIGEST],
    })
  })

  test('a phone may be a JSON number', () => {
    expect(identified({ phone: 14155550100 })).toMatchObject({
      event: { Phone_hashed: PHONE_DIGEST },
      warnings: ['PHONE_COUNTRY_ASSUMED'],
    })
  })

  test('phone_e164_hashed that is given is an identifier, and passed on', () => {
    expect(identified({ phone_e164_hashed: GIVEN.toUpperCase() }).event).toEqual({
      event_name: 'Lead',
      event_time: 1,
      phone_e164_hashed: GIVEN,
    })
    expect(identified({ Phone_hashed: PHONE_DIGEST, phone_e164_hashed: PHONE_E164_DIGEST }).event).toMatchObject({
      Phone_hashed: PHONE_DIGEST,
      phone_e164_hashed: PHONE_E164_DIGEST,
    })
  })

  test('phone_e164_hashed that is given stands before what is made of a plain phone', () => {
    expect(identified({ phone: PHONE, phone_e164_hashed: GIVEN }).event).toHaveProperty('phone_e164_hashed', GIVEN)
    expect(identified({ phone: PHONE, phone_e164_hashed: null }).event).toHaveProperty(
      'phone_e164_hashed',
      PHONE_E164_DIGEST,
    )
  })

  test('what our own source emits goes through unchanged', () => {
    const emitted = judgeRecord({
      ...PURCHASE,
      phone: PHONE,
      external_id: 'CUST-0042',
      contents: '[{"price":1}]',
    }).event
    expect(judgeRecord(emitted)).toMatchObject({ event: emitted, warnings: [] })
  })
})
