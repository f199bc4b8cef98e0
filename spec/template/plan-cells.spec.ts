import { OFFLINE_EVENT } from '../../src/template/offline-event'
import { ROW_CODES, type RowCode, fault } from '../../src/template/fault'
import { type FileManner, transactionIdOf } from '../../src/template/plan'
import { type Cells, EMAIL, NO_DEFAULTS, PURCHASE, judgeCells, judgeRow, planOf, withDefaults } from '../support/row'

describe('fill: number of cells', () => {
  const header = ['event_name', 'event_time', 'email', 'phone', 'shop_id', 'Store', 'description']
  const row = ['Lead', '1758190000', EMAIL, '', 'S1', 'x', 'd']
  const MISMATCH = { code: 'COLUMN_COUNT_MISMATCH', column: undefined }

  test.each([
    ['an optional and an unknown column', 5],
    ['all optional columns', 4],
  ])('a row may miss the cells of %s', (_, length) => {
    expect(judgeCells(planOf(header), row.slice(0, length)).code).toBeUndefined()
  })

  test.each([
    ['a phone, although the e-mail is there', 3],
    ['both identifiers', 2],
    ['all', 0],
  ])('a row may not miss the cells of %s', (_, length) => {
    expect(judgeCells(planOf(header), row.slice(0, length))).toMatchObject(MISMATCH)
  })

  test('an optional column between required ones is counted', () => {
    const plan = planOf(['shop_id', 'event_name', 'event_time', 'description', 'email'])
    expect(judgeCells(plan, ['S', 'Lead', '1758190000', 'd'])).toMatchObject(MISMATCH)
  })

  test.each(['currency', 'value', 'transaction_id'])('the cell of %s may not be missing, even of a lead', (column) => {
    expect(judgeCells(planOf(['event', 'timestamp', 'email', column]), ['Lead', '1', EMAIL])).toMatchObject(MISMATCH)
  })

  test.each<readonly [string, Partial<FileManner>, ReadonlyArray<string>]>([
    ['event_name', { eventName: 'Lead' }, ['event_time', 'email', 'event_name']],
    ['currency', { currency: 'EUR' }, ['event', 'event_time', 'email', 'currency']],
    [
      'currency, and what is optional after it',
      { currency: 'EUR' },
      ['event', 'event_time', 'email', 'currency', 'shop_id'],
    ],
  ])('the cell of %s may be missing where a default stands in', (_, defaults, header) => {
    const least = header.indexOf('email') + 1
    const cells = header.slice(0, least).map((name) => (name === 'email' ? EMAIL : name === 'event' ? 'Lead' : '1'))
    expect(judgeCells(planOf(header, withDefaults(defaults)), cells)).toMatchObject({
      code: undefined,
      event: { event_name: 'Lead', ...(defaults.currency === undefined ? {} : { currency: 'EUR' }) },
    })
    expect(judgeCells(planOf(header, withDefaults(defaults)), cells.slice(0, -1))).toMatchObject(MISMATCH)
  })

  test('a default stands in for its own column only', () => {
    const plan = planOf(['event', 'timestamp', 'email', 'currency', 'value'], withDefaults({ currency: 'EUR' }))
    expect(judgeCells(plan, ['Lead', '1', EMAIL])).toMatchObject(MISMATCH)
    expect(judgeCells(plan, ['Lead', '1', EMAIL, ''])).toMatchObject(MISMATCH)
  })

  test('a mapped column is needed as its field is, whatever its name says', () => {
    const plan = (field: string) =>
      planOf(
        ['event', 'timestamp', 'email', 'description'],
        withDefaults({ mapping: [{ column: 'description', field }] }),
      )
    expect(judgeCells(plan('value'), ['Lead', '1', EMAIL])).toMatchObject(MISMATCH)
    expect(judgeCells(plan('shop_id'), ['Lead', '1', EMAIL]).code).toBeUndefined()
  })

  test('a column that is passed through may be missing, as one that is dropped', () => {
    const plan = planOf([...header, 'Till'], withDefaults({ passes: () => true }))
    expect(judgeCells(plan, row).event).toMatchObject({ shop_id: 'S1', Store: 'x' })
    expect(judgeCells(plan, row.slice(0, 5)).code).toBeUndefined()
  })

  test.each([
    ['empty', ['']],
    ['blank', [' ', '\t', '\u00a0', '']],
  ])('extra cells that are %s are ignored', (_, extra) => {
    expect(judgeCells(planOf(header), [...row, ...extra]).event).toMatchObject({ shop_id: 'S1', description: 'd' })
  })

  test('an extra cell that holds something is a fault', () => {
    expect(judgeCells(planOf(header), [...row, '', 'x'])).toMatchObject(MISMATCH)
  })
})

describe('fill: defaults', () => {
  const leads = withDefaults({ eventName: 'Lead' })

  test.each(['', '  ', '\u00a0'])('an empty event name %j becomes the default', (name) => {
    expect(judgeRow({ event_name: name, event_time: '1', email: EMAIL }, leads).event).toHaveProperty(
      'event_name',
      'Lead',
    )
  })

  test('an event name that is given wins', () => {
    expect(judgeRow({ event_name: ' Add to cart ', event_time: '1', email: EMAIL }, leads).event).toHaveProperty(
      'event_name',
      'Add to cart',
    )
  })

  test('a default that is a purchase is judged as one', () => {
    const purchases = withDefaults({ eventName: 'Purchase' })
    expect(judgeRow({ event_time: '1', email: EMAIL }, purchases).code).toBe('CURRENCY_MISSING')
    expect(judgeRow({ event_time: '1', email: EMAIL }, { ...purchases, currency: 'EUR' }).code).toBe('VALUE_MISSING')
  })
})

/** For each code of a row, cells that alone bring it about. Rows of identifier codes have no other identifier. */
const SPOILT: ReadonlyArray<readonly [code: RowCode, about: string, cells: Cells]> = [
  ['EVENT_NAME_MISSING', 'name', { event_name: '' }],
  ['EVENT_NAME_MALFORMED', 'name', { event_name: 'jane@example.com' }],
  ['EVENT_TIME_MISSING', 'time', { event_time: ' ' }],
  ['EVENT_TIME_MALFORMED', 'time', { event_time: 'yesterday' }],
  ['CURRENCY_MISSING', 'currency', { currency: '' }],
  ['CURRENCY_MALFORMED', 'currency', { currency: 'euro' }],
  ['VALUE_MISSING', 'value', { value: '' }],
  ['VALUE_MALFORMED', 'value', { value: '-1' }],
  ['TRANSACTION_ID_MISSING', 'transaction', { transaction_id: '' }],
  ['TRANSACTION_ID_MALFORMED', 'transaction', { transaction_id: '1.2E+11' }],
  ['EVENT_ID_MALFORMED', 'id', { event_id: '4E+12' }],
  ['IDENTIFIER_MISSING', 'email phone', {}],
  ['EMAIL_MALFORMED', 'email', { Email_hashed: 'nobody' }],
  ['EMAIL_WRONG_DIGEST', 'email', { Email_hashed: 'd41d8cd98f00b204e9800998ecf8427e' }],
  ['PHONE_MALFORMED', 'phone', { Phone_hashed: '12' }],
  ['PHONE_WRONG_DIGEST', 'phone', { Phone_hashed: 'd41d8cd98f00b204e9800998ecf8427e' }],
]

const isIdentifierCode = (about: string): boolean => about.includes('email') || about.includes('phone')

/** A row with all of these faults in it. */
const spoil = (...faults: ReadonlyArray<(typeof SPOILT)[number]>): Cells => ({
  ...PURCHASE,
  event_id: 'e1',
  Email_hashed: faults.some(([, about]) => isIdentifierCode(about)) ? '' : EMAIL,
  Phone_hashed: '',
  ...Object.fromEntries(faults.flatMap(([, , cells]) => Object.entries(cells))),
})

const PAIRS = SPOILT.flatMap((earlier, i) =>
  SPOILT.slice(i + 1)
    .filter(([, about]) => !earlier[1].split(' ').some((part) => about.split(' ').includes(part)))
    .map((later) => ({ earlier, later, name: `${earlier[0]} before ${later[0]}` })),
)

describe('fill: order of judgement', () => {
  test('the table has every code that cells can bring about, in the public order', () => {
    const ofTables = SPOILT.map(([code]) => code)
    expect(ROW_CODES.filter((code) => ofTables.includes(code))).toEqual(ofTables)
  })

  test.each(SPOILT)('%s comes about alone', (...one) => {
    expect(judgeRow(spoil(one)).code).toBe(one[0])
  })

  test.each(PAIRS)('$name', ({ earlier, later }) => {
    expect(judgeRow(spoil(earlier, later)).code).toBe(earlier[0])
  })

  test.each(SPOILT)('COLUMN_COUNT_MISMATCH before %s', (...one) => {
    const cells = spoil(one)
    const plan = planOf(Object.keys(cells), NO_DEFAULTS)
    expect(judgeCells(plan, [...Object.values(cells), 'extra']).code).toBe('COLUMN_COUNT_MISMATCH')
  })

  test('a fault names the column by its canonical name, whatever the header says', () => {
    const row = { event: 'Lead', timestamp: 'x', email: EMAIL }
    expect(judgeRow(row)).toMatchObject({ code: 'EVENT_TIME_MALFORMED', column: 'event_time' })
    expect(OFFLINE_EVENT.map(({ name }) => name)).toContain('event_time')
  })
})

describe('transactionIdOf', () => {
  const header = ['event_name', 'event_time', 'email', 'order_id']
  const idIn = (code: RowCode, id: string, ...extra: ReadonlyArray<string>) =>
    transactionIdOf(planOf(header), ['Lead', 'x', EMAIL, id, ...extra], fault(code))

  test('names the order of a rejected row, trimmed', () => {
    expect(idIn('EVENT_TIME_MALFORMED', ' 0042 ')).toBe('0042')
  })

  test.each(['COLUMN_COUNT_MISMATCH', 'BAD_ENCODING', 'TRANSACTION_ID_MALFORMED'] as const)(
    'is silent where %s makes the cell unsafe',
    (code) => {
      expect(idIn(code, '0042', 'x')).toBeUndefined()
    },
  )

  test.each(['', '  ', 'jane@example.com', '@jane'])('is silent about %j', (id) => {
    expect(idIn('EVENT_TIME_MALFORMED', id)).toBeUndefined()
  })

  test('names the order of a mapped column', () => {
    const mapping = [{ column: 'Ref', field: 'transaction_id' }]
    const plan = planOf(['event', 'timestamp', 'email', 'order_id', 'ref'], withDefaults({ mapping }))
    expect(transactionIdOf(plan, ['Lead', 'x', EMAIL, 'a', '0042'], fault('EVENT_TIME_MALFORMED'))).toBe('0042')
  })

  test('is silent in a file without the column, or a row without the cell', () => {
    const without = planOf(['event_name', 'event_time', 'email'])
    expect(transactionIdOf(without, ['Lead', 'x', EMAIL], fault('EVENT_TIME_MALFORMED'))).toBeUndefined()
    expect(transactionIdOf(planOf(header), ['Lead', 'x', EMAIL], fault('EVENT_TIME_MALFORMED'))).toBeUndefined()
  })
})
