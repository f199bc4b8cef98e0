import { decode, mannerOf } from '../../src/destination/config'
import { sentence } from '../../src/failure'
import { left, right } from '../support/either'

const CANARY = 'canary-8f2c'
const PLATFORM = { type: 'tiktok', access_token: `${CANARY}-token`, event_set_id: '7312345678901234567' }
const MINIMAL = { platform: PLATFORM }

/** The problems of a config, after a look that none of them shows a value. */
const problemsOf = (config: unknown): ReadonlyArray<string> => {
  const failure = left(decode(config))
  expect(sentence(failure)).not.toContain(CANARY)
  return failure._tag === 'InputInvalid' ? failure.problems : []
}

const platformWith = (over: Readonly<Record<string, unknown>>) => ({ platform: { ...PLATFORM, ...over } })

describe('decode', () => {
  test('the least config is enough; defaults are filled in', () => {
    expect(right(decode(MINIMAL))).toEqual({
      config: {
        platform: {
          ...PLATFORM,
          advertiser_id: undefined,
          test_event_code: undefined,
          additional_event_names: [],
          max_event_age_days: 28,
          api_url: 'https://business-api.tiktok.com',
        },
        default_event_name: undefined,
        default_country: undefined,
        default_currency: undefined,
        default_time_zone: undefined,
        field_mapping: [],
        max_rejected_percent: 100,
        max_requests_in_flight: 32,
        max_events_per_request: 1000,
        max_request_bytes: 1_000_000,
        request_timeout_seconds: 60,
        give_up_after_minutes: 30,
        object_storage_config: { storage_type: 'None' },
      },
      unknown: [],
      warnings: [],
    })
  })

  test.each([
    ['the platform', {}, 'platform: expected an object with type "tiktok", access_token and event_set_id'],
    ['its type', platformWith({ type: CANARY }), 'platform.type: expected "tiktok"'],
    [
      'the token',
      platformWith({ access_token: undefined }),
      'platform.access_token: expected a text without spaces or line breaks',
    ],
    [
      'a token without a line break',
      platformWith({ access_token: `${CANARY}\n` }),
      'platform.access_token: expected a text without spaces or line breaks',
    ],
    ['the event set', platformWith({ event_set_id: '' }), 'platform.event_set_id: expected a text that is not empty'],
    // As a JSON number it would be rounded.
    [
      'the event set as text',
      platformWith({ event_set_id: 7312345678901234 }),
      'platform.event_set_id: expected a text that is not empty',
    ],
  ])('without %s it says: where, and what was expected', (_, config, problem) => {
    expect(problemsOf(config)).toEqual([problem])
  })

  test.each([
    ['default_event_name', ''],
    ['default_country', 'es'],
    ['default_country', CANARY],
    ['default_currency', CANARY],
    ['default_currency', '€'],
    ['default_time_zone', CANARY],
    ['default_time_zone', '-05:00'],
    ['field_mapping', CANARY],
    ['field_mapping', { [CANARY]: 'email' }],
    ['max_rejected_percent', -1],
    ['max_rejected_percent', 101],
    ['max_rejected_percent', 2.5],
    ['max_rejected_percent', CANARY],
    ['max_events_per_request', 1001],
    ['max_requests_in_flight', 0],
    ['give_up_after_minutes', '30'],
  ])('%s: %j is refused in one clear sentence without the value', (key, value) => {
    expect(problemsOf({ ...MINIMAL, [key]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${key}: expected .+`)) as string,
    ])
  })

  test.each([
    ['field_mapping.0', [CANARY], 'expected an object with from and to'],
    ['field_mapping.0.from', [{ to: 'email' }], 'expected a text that is not empty'],
    ['field_mapping.0.from', [{ from: '', to: 'email' }], 'expected a text that is not empty'],
    ['field_mapping.0.to', [{ from: CANARY }], 'expected a column of the template'],
    ['field_mapping.0.to', [{ from: CANARY, to: CANARY }], 'expected a column of the template'],
  ])('%s of %j is refused by its place', (place, field_mapping, expected) => {
    expect(problemsOf({ ...MINIMAL, field_mapping })).toEqual([`${place}: ${expected}`])
  })

  test.each([
    ['default_event_name', 'Purchase'],
    ['default_country', 'ES'],
    ['default_currency', 'EUR'],
    ['default_currency', 'eur'],
    ['default_time_zone', 'Europe/Madrid'],
    ['field_mapping', []],
    ['field_mapping', [{ from: 'email_address', to: 'Email_hashed' }]],
    ['field_mapping', [{ from: 'correo', to: 'EMAIL' }]],
    // Our own source's digest of + and digits.
    ['field_mapping', [{ from: 'e164', to: 'phone_e164_hashed' }]],
    ['max_rejected_percent', 0],
    ['max_rejected_percent', 100],
    ['max_events_per_request', 1],
  ])('%s: %j is accepted', (key, value) => {
    expect(right(decode({ ...MINIMAL, [key]: value })).config).toHaveProperty(key, value)
  })

  test('unknown keys are accepted and listed, with their place', () => {
    const config = { ...platformWith({ acess_token: CANARY }), currency: 'EUR' }
    expect(right(decode(config)).unknown).toEqual(['platform.acess_token', 'currency'])
  })
})

describe('mannerOf', () => {
  test('the least config reads records as the template says', () => {
    expect(mannerOf(right(decode(MINIMAL)).config)).toEqual({
      eventName: undefined,
      country: undefined,
      currency: undefined,
      timeZone: undefined,
      mapping: [],
    })
  })

  test('each setting arrives where records are read', () => {
    const { config } = right(
      decode({
        ...MINIMAL,
        default_event_name: 'Lead',
        default_country: 'ES',
        default_currency: 'eur',
        default_time_zone: 'Europe/Madrid',
        field_mapping: [
          { from: 'correo', to: 'email' },
          { from: 'ref', to: 'transaction_id' },
        ],
      }),
    )
    expect(mannerOf(config)).toEqual({
      ...{ eventName: 'Lead', country: 'ES', currency: 'EUR', timeZone: 'Europe/Madrid' },
      mapping: [
        { column: 'correo', field: 'email' },
        { column: 'ref', field: 'transaction_id' },
      ],
    })
  })
})
