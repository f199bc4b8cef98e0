import Ajv from 'ajv'
import { parse } from 'csv-parse/sync'
import { template } from '../../src/commands/template'
import { OFFLINE_EVENT, isPurchase } from '../../src/template/offline-event'
import { type Cells, judgeRow } from '../support/row'

const NOW_MS = 1_800_000_000_500
const IN_FILE = OFFLINE_EVENT.filter(({ inFile }) => inFile)

describe('the CSV file', () => {
  const rows = parse(template(NOW_MS, 'csv'), { columns: true }) as ReadonlyArray<Cells>

  test('has every column of the template, and one row of an hour ago', () => {
    expect(rows.map((row) => Object.keys(row))).toEqual([IN_FILE.map(({ name }) => name)])
    expect(rows[0]?.['event_time']).toBe('1799996400')
  })

  test('is taken as it is: no fault, no warning, nothing dropped', () => {
    const { code, event, warnings } = judgeRow(rows[0] ?? {})
    expect({ code, warnings }).toEqual({ code: undefined, warnings: [] })
    const filled = Object.entries(rows[0] ?? {}).flatMap(([name, cell]) => (cell === '' ? [] : [name]))
    expect(Object.keys(event)).toEqual(filled)
  })
})

test('the Markdown table has a line for every column, with all of its names', () => {
  const [head, , ...lines] = template(NOW_MS, 'markdown').split('\n')
  expect(head).toBe('| column | need | what it holds | also read as | example |')
  expect(lines).toHaveLength(IN_FILE.length)
  for (const [i, { name, aliases }] of IN_FILE.entries())
    for (const one of [name, ...aliases]) expect(lines[i]).toContain(`\`${one}\``)
  for (const line of lines) expect(line.split(/(?<!\\)\|/)).toHaveLength(7)
})

describe('the JSON Schema', () => {
  const schema = JSON.parse(template(NOW_MS, 'json-schema')) as {
    readonly properties: Readonly<Record<string, { readonly examples?: ReadonlyArray<unknown> }>>
  }
  const accepts = new Ajv({ strict: true, strictRequired: false, strictTypes: false }).compile(schema)
  const row = Object.fromEntries(
    Object.entries(schema.properties).flatMap(([name, { examples }]) =>
      examples === undefined ? [] : [[name, examples[0]]],
    ),
  )
  const without = (...names: ReadonlyArray<string>) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))

  test('has every column, and takes its own examples', () => {
    expect(Object.keys(schema.properties)).toEqual(IN_FILE.map(({ name }) => name))
    expect(accepts(row)).toBe(true)
  })

  test.each([['event_name'], ['event_time'], ['currency'], ['value'], ['transaction_id']])(
    'wants %s of a purchase',
    (name) => {
      expect(accepts(without(name))).toBe(false)
    },
  )

  test('wants one identifier of the two', () => {
    expect(accepts(without('Email_hashed'))).toBe(true)
    expect(accepts(without('Email_hashed', 'Phone_hashed'))).toBe(false)
  })

  test.each(['Purchase', 'pURCHASE', 'CompletePayment', 'COMPLETEPAYMENT', 'Lead', 'Purchased'])(
    'takes %s for a purchase where the template does',
    (event_name) => {
      expect(accepts({ ...without('value'), event_name })).toBe(!isPurchase(event_name))
    },
  )
})
