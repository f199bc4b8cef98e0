import { LEAD, judgeCells, judgeRow, planOf, withDefaults } from '../support/row'

const lead = (cells: Readonly<Record<string, string>>) => judgeRow({ ...LEAD, ...cells })

const TEXTS = ['shop_id', 'content_type', 'description', 'search_string']

describe('text columns', () => {
  test.each(TEXTS)('%s is trimmed text, absent where empty', (column) => {
    expect(lead({ [column]: ' 0042 Größe | "x" ' }).event).toHaveProperty(column, '0042 Größe | "x"')
    expect(lead({ [column]: ' \u00a0' }).event).not.toHaveProperty(column)
  })

  test.each(TEXTS)('%s with an e-mail address in it is dropped with a warning', (column) => {
    for (const text of ['jane@example.com', 'for Jane <JANE@Example.COM>, please', 'mailto:j@x.yz'])
      expect(lead({ [column]: text })).toMatchObject({ code: undefined, warnings: ['PLAIN_IDENTITY_DROPPED'] })
    expect(lead({ [column]: 'jane@example.com' }).event).not.toHaveProperty(column)
  })

  test.each(['@home', 'Burger@Home', '3 @ 5.00', 'a@b'])('%j is no address and stays', (text) => {
    expect(lead({ description: text })).toMatchObject({ event: { description: text }, warnings: [] })
  })
})

describe('content_ids', () => {
  test.each([
    ['SKU-1', ['SKU-1']],
    ['SKU-1|0042| x ', ['SKU-1', '0042', 'x']],
    ['|SKU-1||', ['SKU-1']],
    ['a,b;c', ['a,b;c']],
    ['[1,2]', ['[1,2]']],
  ])('%j is the list %j', (cell, ids) => {
    expect(lead({ content_ids: cell })).toMatchObject({ event: { content_ids: ids }, warnings: [] })
  })

  test.each(['', ' ', '|', ' | '])('%j is no list at all', (cell) => {
    expect(lead({ content_ids: cell }).event).not.toHaveProperty('content_ids')
  })

  test('an e-mail address among them is dropped, the others stay', () => {
    expect(lead({ content_ids: 'SKU-1|jane@example.com|SKU-2' })).toMatchObject({
      event: { content_ids: ['SKU-1', 'SKU-2'] },
      warnings: ['PLAIN_IDENTITY_DROPPED'],
    })
  })
})

describe('contents', () => {
  test('is a JSON array of objects, passed on with ids as text', () => {
    const contents = '[{"content_id":42,"price":9.5,"quantity":2},{"content_id":"0042","brand":"Acme"},{}]'
    expect(lead({ contents })).toMatchObject({
      event: {
        contents: [{ content_id: '42', price: 9.5, quantity: 2 }, { content_id: '0042', brand: 'Acme' }, {}],
      },
      warnings: [],
    })
  })

  // JSON.parse knows only ASCII space.
  test('outer space of any Unicode kind does not matter', () => {
    expect(lead({ contents: '\u00a0[{"price":1}]\u3000' })).toMatchObject({ event: { contents: [{ price: 1 }] } })
  })

  test.each(['', ' ', '[]'])('%j is absent, without a warning', (contents) => {
    expect(lead({ contents })).toMatchObject({ warnings: [] })
    expect(lead({ contents }).event).not.toHaveProperty('contents')
  })

  test.each([
    ['no JSON', 'SKU-1'],
    ['cut off', '[{"content_id":"1"}'],
    ['a text', '"SKU-1"'],
    ['a number', '5'],
    ['null', 'null'],
    ['a list of texts', '["SKU-1"]'],
    ['a list with null', '[{"content_id":"1"},null]'],
    ['a list of lists', '[[{"content_id":"1"}]]'],
    ['an id that a number can not hold', '[{"content_id":12345678901234567890}]'],
    ['an id that is an object', '[{"content_id":{}}]'],
  ])('%s is dropped with CONTENTS_MALFORMED', (_, contents) => {
    expect(lead({ contents })).toMatchObject({ code: undefined, warnings: ['CONTENTS_MALFORMED'] })
    expect(lead({ contents }).event).not.toHaveProperty('contents')
  })

  test.each([
    ['in a value', '[{"content_name":"jane@example.com"}]'],
    ['deep inside', '[{"x":{"y":["jane@example.com"]}}]'],
    ['in a key', '[{"jane@example.com":1}]'],
    ['escaped', '[{"content_name":"jane\\u0040example.com"}]'],
  ])('an e-mail address %s drops them with PLAIN_IDENTITY_DROPPED', (_, contents) => {
    expect(lead({ contents })).toMatchObject({ code: undefined, warnings: ['PLAIN_IDENTITY_DROPPED'] })
    expect(lead({ contents }).event).not.toHaveProperty('contents')
  })

  // In the JSON text `@Home","price":9.5` looks like one.
  test('a name with an @ beside a price with a point is no e-mail address', () => {
    expect(lead({ contents: '[{"content_name":"Burger@Home","price":9.5}]' })).toMatchObject({
      event: { contents: [{ content_name: 'Burger@Home', price: 9.5 }] },
      warnings: [],
    })
  })
})

describe('num_items', () => {
  test.each([
    ['3', 3],
    ['0', 0],
    [' 12 ', 12],
    ['007', 7],
  ])('%j is %d', (cell, count) => {
    expect(lead({ num_items: cell })).toMatchObject({ event: { num_items: count }, warnings: [] })
  })

  test.each(['1.5', '1,000', 'three', '1e3', '9'.repeat(30), '0x1'])(
    '%j is dropped with NUM_ITEMS_MALFORMED',
    (cell) => {
      expect(lead({ num_items: cell })).toMatchObject({ code: undefined, warnings: ['NUM_ITEMS_MALFORMED'] })
      expect(lead({ num_items: cell }).event).not.toHaveProperty('num_items')
    },
  )
})

describe('columns that are passed through', () => {
  const withExtras = (cells: Readonly<Record<string, string>>) =>
    judgeRow({ ...LEAD, ...cells }, withDefaults({ passes: () => true }))

  test.each([
    ['text', 'Madrid Centro', 'Madrid Centro'],
    ['outer space goes', '\u00a0 Madrid\u3000\u0085', 'Madrid'],
    ['a number stays text', '0042', '0042'],
    ['an unsafe integer stays what it is', '12345678901234567890', '12345678901234567890'],
    ['what a spreadsheet made of a number too', '1.2E+11', '1.2E+11'],
    ['a truth value stays text', 'true', 'true'],
    ['null stays text', 'null', 'null'],
    ['JSON stays text', '{"a":[1,"x"]}', '{"a":[1,"x"]}'],
    ['quotes, line breaks and backslashes', 'a "b"\n\\c\t\u2028', 'a "b"\n\\c'],
    ['a lone @', 'shop@42', 'shop@42'],
    ['half of a pair', '\ud800x', '\ud800x'],
  ])('%s: %j is %j', (_, cell, text) => {
    expect(withExtras({ Till: cell })).toMatchObject({ code: undefined, event: { Till: text }, warnings: [] })
  })

  test.each(['', ' ', '\u00a0\u0085'])('%j is absent, without a warning', (cell) => {
    expect(withExtras({ Till: cell }).event).not.toHaveProperty('Till')
    expect(withExtras({ Till: cell }).warnings).toEqual([])
  })

  test.each(['jane@example.com', 'for Jane <JANE@Example.COM>, please', '{"mail":"jane@example.com"}'])(
    '%j holds an e-mail address and is dropped with PLAIN_IDENTITY_DROPPED, the others stay',
    (cell) => {
      const { event, warnings } = withExtras({ Till: '1', Note: cell, Shift: 'b' })
      expect(event).toMatchObject({ Till: '1', Shift: 'b' })
      expect(event).not.toHaveProperty('Note')
      expect(warnings).toEqual(['PLAIN_IDENTITY_DROPPED'])
    },
  )

  test('they follow the columns of the template, in the order of the file', () => {
    const row = { Till: '1', ...LEAD, 'Über 18': 'ja', shop_id: 's' }
    expect(Object.keys(withExtras(row).event)).toEqual([
      'event_name',
      'event_time',
      'Email_hashed',
      'shop_id',
      'Till',
      'Über 18',
    ])
  })

  test('names that mean something to an object are plain members', () => {
    const { event } = withExtras({ constructor: 'a', toString: 'b', length: '3' })
    expect(Object.entries(event).slice(-3)).toEqual([
      ['constructor', 'a'],
      ['toString', 'b'],
      ['length', '3'],
    ])
  })

  test('nothing of one row stays for the next, and a missing cell is an absent one', () => {
    const plan = planOf(['event', 'timestamp', 'email', 'Till', 'Shift'], withDefaults({ passes: () => true }))
    const tills = [['7', 'a'], ['', 'b'], [], ['9']].map(
      (cells) => judgeCells(plan, ['Lead', '1', 'ana@example.es', ...cells]).event,
    )
    expect(tills.map(({ Till, Shift }) => [Till, Shift])).toEqual([
      ['7', 'a'],
      [undefined, 'b'],
      [undefined, undefined],
      ['9', undefined],
    ])
  })
})

test('warnings add up in one row, each once a cell', () => {
  const { warnings } = lead({
    event_time: '1758190000123',
    phone: 'call me',
    description: 'jane@example.com',
    contents: '{',
    num_items: 'x',
  })
  expect([...warnings].sort()).toEqual([
    'CONTENTS_MALFORMED',
    'EVENT_TIME_CONVERTED',
    'NUM_ITEMS_MALFORMED',
    'PHONE_MALFORMED',
    'PLAIN_IDENTITY_DROPPED',
  ])
})
