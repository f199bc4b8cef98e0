import * as fc from 'fast-check'
import { newEncoder } from '../../../src/destination/platforms/tiktok/mapping'
import { CURRENCIES, EVENT_NAMES } from '../../../src/destination/platforms/tiktok/wire'
import type { WarningCode } from '../../../src/template/fault'
import { type OfflineEvent, emptyEvent } from '../../../src/template/offline-event'

const NOW = 1_758_200_000
const EMAIL = '86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d'
const PHONE = 'e631c2534428c6c9b48c2167604a8983046085e43a2c00ed748733c544c0bb4d'
const DIGITS_ONLY = '8d5f937f3a5590634cbe975951a6aa1543170671ce6e73cce4062f4e8c288417'

/** sha256sum of the event of that test as it is sent, without its event_id. */
const DERIVED = 'a6ebaed51aa9ab85b0bad697f0b74f08b98200cddb5fdd4478dde56f087ea7f5'

const encode = newEncoder({ additionalEventNames: ['GiftCard'], maxEventAgeDays: 28 })

const eventOf = (given: Partial<OfflineEvent>): OfflineEvent => ({
  ...emptyEvent(),
  event_name: 'Purchase',
  event_time: NOW - 3600,
  Email_hashed: EMAIL,
  ...given,
})

const encoded = (given: Partial<OfflineEvent>, warnings: Array<WarningCode> = []): unknown => {
  const json = encode(eventOf(given), NOW, warnings)
  return typeof json === 'string' ? JSON.parse(json) : json.code
}

test('a full event, byte for byte', () => {
  const full = eventOf({
    currency: 'GBP',
    value: 46.5,
    transaction_id: '1001',
    Phone_hashed: DIGITS_ONLY,
    phone_e164_hashed: PHONE,
    event_id: 'order-"1001"',
    external_id: EMAIL,
    shop_id: 'LDN-03',
    content_type: 'product',
    content_ids: ['SKU-1'],
    contents: [{ content_id: 'SKU-1', price: '23.25', quantity: 2, colour: 'red', brand: 7 }],
    num_items: 2,
    description: 'kettle',
    search_string: 'tea',
  })
  expect(encode(full, NOW, [])).toBe(
    `{"event":"Purchase","event_time":1758196400,"event_id":"order-\\"1001\\"","user":{"email":["${EMAIL}"],"phone":["${PHONE}"]},` +
      `"properties":{"value":46.5,"currency":"GBP","order_id":"1001","shop_id":"LDN-03","content_type":"product",` +
      `"contents":[{"price":23.25,"quantity":2,"content_id":"SKU-1","brand":"7"}],"content_ids":["SKU-1"],"num_items":2,` +
      `"description":"kettle","search_string":"tea"}}`,
  )
})

describe('event_id', () => {
  test('the given one, else the transaction, else derived; frozen: another derivation would count old events again', () => {
    expect(encoded({ event_id: 'e', transaction_id: 't' })).toMatchObject({ event_id: 'e' })
    expect(encoded({ transaction_id: 't' })).toMatchObject({ event_id: 't' })
    expect(encoded({ value: 0, currency: 'EUR', phone_e164_hashed: PHONE })).toMatchObject({
      event_id: DERIVED,
    })
  })

  test('the derived id depends on everything that is sent', () => {
    const ids = [
      {},
      { event_name: 'Lead' },
      { event_time: NOW },
      { value: 1 },
      { Email_hashed: PHONE },
      { shop_id: 's' },
    ].map((given) => (encoded(given) as { event_id: string }).event_id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(encoded({})).toEqual(encoded({}))
  })
})

describe('event names', () => {
  test.each([
    ...EVENT_NAMES.map((name) => [name.toUpperCase(), name]),
    ['completepayment', 'Purchase'],
    ['SubmitForm', 'Lead'],
    ['giftcard', 'GiftCard'],
  ])('%s is sent as %s', (given, sent) => {
    expect(encoded({ event_name: given })).toMatchObject({ event: sent })
  })

  test.each(['PageView', 'PlaceAnOrder', 'constructor', '__proto__', ''])('%s is unknown', (name) => {
    expect(encoded({ event_name: name })).toBe('EVENT_NAME_UNKNOWN')
  })
})

describe('the time window', () => {
  test.each([
    [NOW - 28 * 86_400, true],
    [NOW - 28 * 86_400 - 1, 'EVENT_TOO_OLD'],
    [NOW + 300, true],
    [NOW + 301, 'EVENT_IN_FUTURE'],
  ])('%d', (event_time, outcome) => {
    const result = encoded({ event_time })
    expect(typeof result === 'string' ? result : true).toBe(outcome)
  })
})

describe('identifiers', () => {
  test('the + digest of a phone stands before the digest as given, which is warned of', () => {
    const warnings: Array<WarningCode> = []
    expect(encoded({ Phone_hashed: DIGITS_ONLY, phone_e164_hashed: PHONE }, warnings)).toMatchObject({
      user: { phone: [PHONE] },
    })
    expect(warnings).toEqual([])
    expect(encoded({ Phone_hashed: DIGITS_ONLY }, warnings)).toMatchObject({ user: { phone: [DIGITS_ONLY] } })
    expect(warnings).toEqual(['PHONE_DIGEST_FORM_UNKNOWN'])
  })

  test('several stay in their order, repeats once', () => {
    const event = {
      Email_hashed: [PHONE, EMAIL, PHONE],
      Phone_hashed: [DIGITS_ONLY, EMAIL],
      phone_e164_hashed: [PHONE, undefined],
    }
    expect(encoded(event)).toMatchObject({ user: { email: [PHONE, EMAIL], phone: [PHONE, EMAIL] } })
  })

  test('nothing but e-mail and phone goes into user, and nothing unknown into properties', () => {
    expect(encoded({ external_id: EMAIL })).toMatchObject({ user: { email: [EMAIL] } })
    expect(Object.keys(encoded({ external_id: EMAIL }) as object)).toEqual(['event', 'event_time', 'event_id', 'user'])
  })
})

test('a currency outside the published list is sent with a warning', () => {
  const warnings: Array<WarningCode> = []
  expect(CURRENCIES.has('BGN')).toBe(false)
  expect(encoded({ currency: 'BGN', value: 1 }, warnings)).toMatchObject({ properties: { currency: 'BGN' } })
  expect(warnings).toEqual(['CURRENCY_UNLISTED'])
})

test('whatever the texts hold, the result is JSON that says the same', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
      (id, text, value) => {
        const json = encode(
          eventOf({ event_id: id, description: text, search_string: text, transaction_id: id, value }),
          NOW,
          [],
        )
        const back = JSON.parse(json as string) as { event_id: string; properties: Record<string, unknown> }
        const asJson = JSON.parse(JSON.stringify([id, text, value])) as [string, string, number]
        expect([back.event_id, back.properties['description'], back.properties['value']]).toEqual(asJson)
      },
    ),
  )
})
