import * as E from 'fp-ts/Either'
import { explain } from '../../src/explain'
import { columnOf, defaultsOf } from '../../src/rows/config'
import { OFFLINE_EVENT } from '../../src/template/offline-event'
import { left } from '../support/either'

describe('defaultsOf', () => {
  test('what is absent stays absent', () => {
    expect(
      defaultsOf({
        default_event_name: undefined,
        default_country: undefined,
        default_currency: undefined,
        default_time_zone: undefined,
        max_rejected_percent: 100,
      }),
    ).toEqual({ eventName: undefined, country: undefined, currency: undefined, timeZone: undefined })
  })

  test('a currency is in capitals, as one of a cell is', () => {
    expect(
      defaultsOf({
        default_event_name: 'purchase',
        default_country: 'US',
        default_currency: 'eur',
        default_time_zone: 'Europe/Madrid',
        max_rejected_percent: 0,
      }),
    ).toEqual({ eventName: 'purchase', country: 'US', currency: 'EUR', timeZone: 'Europe/Madrid' })
  })

  test('an event name is trimmed, as one of a cell is', () => {
    const none = { default_country: undefined, default_currency: undefined, default_time_zone: undefined }
    expect(defaultsOf({ ...none, default_event_name: ' Purchase ', max_rejected_percent: 100 }).eventName).toBe(
      'Purchase',
    )
  })
})

describe('columnOf', () => {
  const inFile = columnOf(OFFLINE_EVENT.filter((column) => column.inFile))
  const any = columnOf(OFFLINE_EVENT)

  test.each(['Email_hashed', 'email', 'EMAIL', ' order_id', '\uFEFFtimestamp', 'num_items'])(
    '%j is a column',
    (name) => {
      expect([inFile.is(name), any.is(name)]).toEqual([true, true])
    },
  )

  test.each(['colour', '', 'e-mail', 'event name', 5, null, ['email'], {}])('%j is none', (name) => {
    expect(explain(left(any.decode(name)))).toEqual(['expected a column of the template'])
  })

  test('the digest that files do not bring is a column of records only', () => {
    expect([inFile, any].map((codec) => E.isRight(codec.decode('phone_e164_hashed')))).toEqual([false, true])
  })
})
