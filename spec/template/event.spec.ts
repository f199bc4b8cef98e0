import {
  type Cells,
  EMAIL,
  LEAD,
  PURCHASE,
  judgeCells,
  judgeRecord,
  judgeRow,
  planOf,
  withDefaults,
} from '../support/row'

const atTime = (event_time: string) => judgeRow({ ...LEAD, event_time })

describe('event_time', () => {
  test.each([
    ['1758190000', 1758190000],
    ['9999999999', 9999999999],
    ['946684800', 946684800],
    ['0', 0],
    [' 1758190000 ', 1758190000],
  ])('%j is Unix seconds as it stands', (cell, seconds) => {
    expect(atTime(cell)).toMatchObject({ event: { event_time: seconds }, warnings: [] })
  })

  test.each([
    ['milliseconds', '1758190000123', 1758190000],
    ['milliseconds, floored', '1758190000999', 1758190000],
    ['milliseconds with a fraction', '1758190000999.9', 1758190000],
    ['seconds with a fraction', '1758190000.999', 1758190000],
    ['UTC', '2025-09-18T10:06:40Z', 1758190000],
    ['UTC in small letters', '2025-09-18t10:06:40z', 1758190000],
    ['a space for T', '2025-09-18 10:06:40Z', 1758190000],
    ['an offset ahead', '2025-09-18T12:06:40+02:00', 1758190000],
    ['an offset behind', '2025-09-18T03:06:40-07:00', 1758190000],
    ['an offset of half an hour', '2025-09-18T15:36:40+05:30', 1758190000],
    ['an offset without colon', '2025-09-18T12:06:40+0200', 1758190000],
    ['an offset over midnight', '2025-09-19T00:06:40+14:00', 1758190000],
    ['fractions, floored', '2025-09-18T10:06:40.999999Z', 1758190000],
    ['no seconds', '2025-09-18T10:06Z', 1758189960],
    ['a leap day', '2024-02-29T00:00:00Z', 1709164800],
    ['a leap day of a century', '2000-02-29T00:00:00Z', 951782400],
  ])('%s: %j is converted and counted', (_, cell, seconds) => {
    expect(atTime(cell)).toMatchObject({ event: { event_time: seconds }, warnings: ['EVENT_TIME_CONVERTED'] })
  })

  test.each([
    ['11 digits', '17581900001'],
    ['12 digits', '175819000012'],
    ['14 digits', '17581900001234'],
    ['16 digits: microseconds', '1758190000123456'],
    ['an exponent', '1.75819E+09'],
    ['a sign', '-1758190000'],
    ['a plus', '+1758190000'],
    ['a thousands separator', '1,758,190,000'],
    ['no offset', '2025-09-18T10:06:40'],
    ['no offset, with space', '2025-09-18 10:06:40'],
    ['a date alone', '2025-09-18'],
    ['the 30th of February', '2025-02-30T00:00:00Z'],
    ['the 29th of February in no leap year', '2025-02-29T00:00:00Z'],
    ['the 29th of February 1900', '1900-02-29T00:00:00Z'],
    ['the 31st of April', '2025-04-31T00:00:00Z'],
    ['month 13', '2025-13-01T00:00:00Z'],
    ['month 0', '2025-00-10T00:00:00Z'],
    ['day 0', '2025-01-00T00:00:00Z'],
    ['hour 25', '2025-01-01T25:00:00Z'],
    ['minute 60', '2025-01-01T10:60:00Z'],
    ['an offset of 24 hours', '2025-01-01T10:00:00+24:00'],
    ['the American order', '09/18/2025 10:06:40'],
    ['a name of a zone', '2025-09-18T10:06:40 CET'],
    ['words', 'yesterday'],
    ['before 1970', '1969-12-31T23:59:59Z'],
    ['a year of the first century', '0024-05-01T10:00:00Z'],
    // Date.UTC takes the years 0 to 99 for 1900 to 1999.
    ['a year of the first century that Date.UTC would move to 1975', '0075-05-01T10:00:00Z'],
    ['hexadecimal', '0x68CBD3F0'],
  ])('%s: %j is EVENT_TIME_MALFORMED', (_, cell) => {
    expect(atTime(cell)).toMatchObject({ code: 'EVENT_TIME_MALFORMED', column: 'event_time' })
  })

  test.each(['', '  '])('%j is EVENT_TIME_MISSING', (cell) => {
    expect(atTime(cell)).toMatchObject({ code: 'EVENT_TIME_MISSING', column: 'event_time' })
  })
})

describe('event_time with a default time zone', () => {
  const inMadrid = withDefaults({ timeZone: 'Europe/Madrid' })
  const inMadridAt = (event_time: string) => judgeRow({ ...LEAD, event_time }, inMadrid)

  test.each([
    ['T', '2025-09-18T12:06:40', 1758190000],
    ['a small t', '2025-09-18t12:06:40', 1758190000],
    ['a space', '2025-09-18 12:06:40', 1758190000],
    ['fractions, floored', '2025-09-18T12:06:40.999', 1758190000],
    ['fractions after a comma', '2025-09-18 12:06:40,5', 1758190000],
    ['no seconds', '2025-09-18 12:06', 1758189960],
    ['winter', '2025-12-01 12:00:00', 1764586800],
    ['a time that is skipped', '2026-03-29 02:30:00', 1774747800],
    ['a time that comes twice', '2026-10-25T02:30:00', 1792888200],
    ['a leap day', '2024-02-29 00:00:00', 1709161200],
    ['the first second', '1970-01-01 01:00:00', 0],
  ])('%s: %j is local time there, converted and counted', (_, cell, seconds) => {
    expect(inMadridAt(cell)).toMatchObject({ event: { event_time: seconds }, warnings: ['EVENT_TIME_CONVERTED'] })
  })

  test.each([
    ['UTC', '2025-09-18T10:06:40Z', ['EVENT_TIME_CONVERTED']],
    ['an offset', '2025-09-18T03:06:40-07:00', ['EVENT_TIME_CONVERTED']],
    ['seconds', '1758190000', []],
    ['milliseconds', '1758190000123', ['EVENT_TIME_CONVERTED']],
  ])('%s is not local: %j', (_, cell, warnings) => {
    expect(inMadridAt(cell)).toMatchObject({ event: { event_time: 1758190000 }, warnings })
  })

  test.each([
    ['a date alone', '2025-09-18'],
    ['the 30th of February', '2025-02-30 00:00:00'],
    ['hour 24', '2025-01-01 24:00:00'],
    ['the Spanish order', '18/09/2025 12:06:40'],
    ['half of the day', '2025-09-18 12:06:40 PM'],
    ['a name of a zone', '2025-09-18 12:06:40 CET'],
    ['before 1970, though 1970 there', '1970-01-01 00:59:59'],
    ['a year of the first century', '0075-05-01T10:00:00'],
  ])('%s: %j is EVENT_TIME_MALFORMED all the same', (_, cell) => {
    expect(inMadridAt(cell)).toMatchObject({ code: 'EVENT_TIME_MALFORMED', column: 'event_time' })
  })

  test('records are read alike', () => {
    expect(judgeRecord({ ...LEAD, event_time: '2025-09-18 12:06:40' }, inMadrid)).toMatchObject({
      event: { event_time: 1758190000 },
      warnings: ['EVENT_TIME_CONVERTED'],
    })
    expect(judgeRecord({ ...LEAD, event_time: '2025-09-18 12:06:40' })).toMatchObject({ code: 'EVENT_TIME_MALFORMED' })
  })
})

describe('event_name', () => {
  test.each(['Purchase', 'purchase', 'PURCHASE', ' CompletePayment ', 'completepayment'])(
    '%j is a purchase: money and transaction are required',
    (event_name) => {
      const { currency, value, transaction_id, ...rest } = PURCHASE
      expect(judgeRow({ ...rest, event_name }).code).toBe('CURRENCY_MISSING')
      expect(judgeRow({ ...rest, event_name, currency }).code).toBe('VALUE_MISSING')
      expect(judgeRow({ ...rest, event_name, currency, value }).code).toBe('TRANSACTION_ID_MISSING')
      expect(judgeRow({ ...rest, event_name, currency, value, transaction_id }).code).toBeUndefined()
    },
  )

  test.each(['Lead', 'Purchases', 'PlaceAnOrder', 'Complete Payment'])('%j is none', (event_name) => {
    expect(judgeRow({ ...LEAD, event_name }).event).toHaveProperty('event_name', event_name)
  })

  test('is kept as found but for outer space', () => {
    expect(judgeRow({ ...LEAD, event_name: '\u0085 Völlig Eigenes  Ereignis\u3000' }).event).toHaveProperty(
      'event_name',
      'Völlig Eigenes  Ereignis',
    )
  })
})

describe('value', () => {
  const ofValue = (value: string, event_name: string = PURCHASE.event_name) =>
    judgeRow({ ...PURCHASE, event_name, value })

  test.each([
    ['0', 0],
    ['0.00', 0],
    ['12.50', 12.5],
    ['007', 7],
    [' 99.95 ', 99.95],
    ['123456789.123456', 123456789.123456],
  ])('%j is %d', (cell, value) => {
    expect(ofValue(cell).event).toHaveProperty('value', value)
  })

  test.each([
    ['an exponent', '1e3'],
    ['a sign', '-1'],
    ['a plus', '+1'],
    ['a decimal comma', '1,5'],
    ['a thousands comma', '1,234.50'],
    ['a symbol', '€5'],
    ['a currency', '5 EUR'],
    ['no digit before the point', '.5'],
    ['no digit after the point', '5.'],
    ['two points', '1.234.567'],
    ['an inner space', '1 234'],
    ['more than a number can hold', '9'.repeat(400)],
    ['words', 'NaN'],
    ['infinity', 'Infinity'],
    ['hexadecimal', '0x10'],
    ['digits of another script', '١٢'],
  ])('%s: %j is VALUE_MALFORMED, of any event', (_, cell) => {
    expect(ofValue(cell)).toMatchObject({ code: 'VALUE_MALFORMED', column: 'value' })
    expect(ofValue(cell, 'Lead')).toMatchObject({ code: 'VALUE_MALFORMED', column: 'value' })
  })

  test('an empty one is absent from other events, not 0', () => {
    expect(ofValue('', 'Lead').event).not.toHaveProperty('value')
  })
})

describe('value with the decimal comma', () => {
  const ofValue = (value: string, event_name: string = PURCHASE.event_name) =>
    judgeRow({ ...PURCHASE, event_name, value }, withDefaults({ decimal: ',' }))

  test.each([
    ['1234,5', 1234.5],
    ['12,50', 12.5],
    ['0,00', 0],
    ['0', 0],
    ['1234', 1234],
    ['007,5', 7.5],
    [' 99,95 ', 99.95],
    ['123456789,123456', 123456789.123456],
  ])('%j is %d', (cell, value) => {
    expect(ofValue(cell).event).toHaveProperty('value', value)
  })

  test.each([
    ['a point: it is never guessed', '1234.50'],
    ['a point between thousands', '1.234,50'],
    ['a point between thousands alone', '1.234'],
    ['a comma between thousands', '1,234,567'],
    ['a comma and a point', '1,234.50'],
    ['no digit before the comma', ',5'],
    ['no digit after the comma', '5,'],
    ['a space between thousands', '1 234,50'],
    ['an apostrophe between thousands', "1'234,50"],
    ['a sign', '-1,5'],
    ['an exponent', '1,5e3'],
    ['a symbol', '12,50 €'],
    ['an Arabic decimal comma', '12\u066b50'],
    ['more than a number can hold', `${'9'.repeat(400)},5`],
  ])('%s: %j is VALUE_MALFORMED, of any event', (_, cell) => {
    expect(ofValue(cell)).toMatchObject({ code: 'VALUE_MALFORMED', column: 'value' })
    expect(ofValue(cell, 'Lead')).toMatchObject({ code: 'VALUE_MALFORMED', column: 'value' })
  })

  test('an empty one is still missing', () => {
    expect(ofValue(' ').code).toBe('VALUE_MISSING')
  })

  test('it says nothing about other columns, nor about times', () => {
    const row = { ...LEAD, event_time: '1758190000.5', num_items: '2,0', contents: '[{"price":"9,50"}]' }
    expect(judgeRow(row, withDefaults({ decimal: ',' }))).toMatchObject({
      event: { event_time: 1758190000, contents: [{ price: '9,50' }] },
      warnings: ['EVENT_TIME_CONVERTED', 'NUM_ITEMS_MALFORMED'],
    })
  })

  test('it says nothing about records: their numbers are JSON or have a point', () => {
    const manner = withDefaults({ decimal: ',' })
    expect(judgeRecord({ ...PURCHASE, value: '12.50' }, manner).event).toHaveProperty('value', 12.5)
    expect(judgeRecord({ ...PURCHASE, value: '12,50' }, manner)).toMatchObject({ code: 'VALUE_MALFORMED' })
  })
})

describe('currency', () => {
  const ofCurrency = (currency: string, event_name: string = PURCHASE.event_name) =>
    judgeRow({ ...PURCHASE, event_name, currency })

  test.each([
    ['EUR', 'EUR'],
    ['usd', 'USD'],
    [' Gbp ', 'GBP'],
    ['XYZ', 'XYZ'],
  ])('%j is %s', (cell, currency) => {
    expect(ofCurrency(cell).event).toHaveProperty('currency', currency)
  })

  test.each(['€', 'EURO', 'EU', '978', 'E R', 'ЕUR', 'EUR,'])('%j is CURRENCY_MALFORMED, of any event', (cell) => {
    expect(ofCurrency(cell)).toMatchObject({ code: 'CURRENCY_MALFORMED', column: 'currency' })
    expect(ofCurrency(cell, 'Lead')).toMatchObject({ code: 'CURRENCY_MALFORMED', column: 'currency' })
  })
})

describe('default currency', () => {
  const inEuro = withDefaults({ currency: 'EUR' })
  const { currency, ...withoutColumn } = PURCHASE

  test.each<readonly [string, Cells]>([
    ['an empty cell', { ...PURCHASE, currency: '' }],
    ['a cell of space', { ...PURCHASE, currency: ' \u00a0' }],
    ['a missing column', withoutColumn],
    ['an empty cell of another event', { ...LEAD, currency: '' }],
    ['a missing column of another event', LEAD],
  ])('stands in for %s', (_, row) => {
    expect(judgeRow(row, inEuro)).toMatchObject({ event: { currency }, warnings: [] })
  })

  test('a currency that is given wins', () => {
    expect(judgeRow({ ...PURCHASE, currency: 'usd' }, inEuro).event).toHaveProperty('currency', 'USD')
  })

  test('one that is malformed is not replaced', () => {
    expect(judgeRow({ ...PURCHASE, currency: '€' }, inEuro)).toMatchObject({ code: 'CURRENCY_MALFORMED' })
    expect(judgeRow({ ...LEAD, currency: '€' }, inEuro)).toMatchObject({ code: 'CURRENCY_MALFORMED' })
  })

  test("of one row is not the next one's", () => {
    const plan = planOf(['event_name', 'event_time', 'email', 'currency'], inEuro)
    const currencies = ['usd', '', 'GBP', ''].map(
      (cell) => judgeCells(plan, ['Lead', '1', EMAIL, cell]).event['currency'],
    )
    expect(currencies).toEqual(['USD', 'EUR', 'GBP', 'EUR'])
  })

  test.each([[{}], [{ currency: null }], [{ currency: '' }], [{ currency: ' ' }]])(
    'stands in for that of the record %j',
    (given) => {
      expect(judgeRecord({ ...withoutColumn, ...given }, inEuro)).toMatchObject({ event: { currency }, warnings: [] })
    },
  )
})

describe('transaction_id and event_id', () => {
  test.each([
    ['leading zeros', '00042'],
    ['more digits than a number holds', '12345678901234567890'],
    ['a point and zeros', '1000.00'],
    ['something like an exponent', 'E+12'],
    ['an exponent without plus', '1E12'],
    ['a lone @', 'shop@42'],
  ])('%s is text and stays', (_, id) => {
    const row = judgeRow({ ...PURCHASE, transaction_id: ` ${id} `, event_id: id })
    expect(row.event).toMatchObject({ transaction_id: id, event_id: id })
  })

  test.each(['1.2E+11', '1E+12', '4.00012E+15', '1.2e+11', 'jane@example.com', 'order of jane@example.com'])(
    '%j is malformed in either',
    (id) => {
      expect(judgeRow({ ...PURCHASE, transaction_id: id })).toMatchObject({
        code: 'TRANSACTION_ID_MALFORMED',
        column: 'transaction_id',
      })
      expect(judgeRow({ ...LEAD, transaction_id: id }).code).toBe('TRANSACTION_ID_MALFORMED')
      expect(judgeRow({ ...LEAD, event_id: id })).toMatchObject({ code: 'EVENT_ID_MALFORMED', column: 'event_id' })
    },
  )

  test('both may be absent from other events', () => {
    expect(judgeRow({ event: 'Lead', timestamp: '1', email: EMAIL, order_id: '', event_id: ' ' }).event).toEqual({
      event_name: 'Lead',
      event_time: 1,
      Email_hashed: expect.any(String) as string,
    })
  })
})
