import * as E from 'fp-ts/Either'
import { OFFLINE_EVENT } from '../../src/template/offline-event'
import { compile } from '../../src/template/plan'
import { EMAIL, EMAIL_DIGEST, NO_DEFAULTS, PHONE, judgeCells, judgeRow, planOf, withDefaults } from '../support/row'

const headerOf = (...names: ReadonlyArray<string>) => compile(OFFLINE_EVENT, NO_DEFAULTS)(names)

describe('compile: header names', () => {
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
    expect(headerOf(...header)).toEqual(E.left({ _tag: 'ColumnTwice', column, headers }))
  })
})

describe('compile: what a header must hold', () => {
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
    expect(headerOf(...header)).toEqual(E.left({ _tag: 'ColumnsMissing', columns }))
  })

  test('with a default event name the column may be absent', () => {
    const plan = planOf(['event_time', 'email'], withDefaults({ eventName: 'Lead' }))
    expect(judgeCells(plan, ['1758190000', EMAIL]).event).toHaveProperty('event_name', 'Lead')
  })

  test('event_time has no default', () => {
    expect(compile(OFFLINE_EVENT, withDefaults({ eventName: 'Lead' }))(['email'])).toEqual(
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

describe('compile: unknown columns', () => {
  const unknownOf = (...names: ReadonlyArray<string>) => planOf(['event_name', 'event_time', 'email', ...names]).unknown

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
