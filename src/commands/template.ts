import type { TemplateFormat } from '../cli'
import type { Column, Need } from '../template/column'
import { OFFLINE_EVENT } from '../template/offline-event'

/** The file to fill in, with one correct row whose event happened an hour ago; or what its columns take, for people or programs. */
export const template = (nowMs: number, format: TemplateFormat): string => {
  const columns = OFFLINE_EVENT.filter(({ inFile }) => inFile)
  const example: Example = { ...EXAMPLE, event_time: String(Math.floor(nowMs / 1000) - 3600) }
  switch (format) {
    case 'csv':
      return csv(columns, example)
    case 'markdown':
      return markdown(columns, example)
    case 'json-schema':
      return JSON.stringify(jsonSchema(columns, example), undefined, 2)
  }
}

type Example = Readonly<Record<string, string>>

/** Nobody's purchase: the digests are those of person@example.com and of +1 415 555 0100, a number kept for fiction. */
const EXAMPLE: Example = {
  event_name: 'Purchase',
  currency: 'USD',
  value: '46.50',
  transaction_id: 'order-1001',
  Email_hashed: '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345',
  Phone_hashed: '5e7ec4c79ccac6e420876e65ad0e6b4b2ccf73ec3dccb50297bf2890a1ec73b9',
  shop_id: 'store-7',
  content_type: 'product',
  content_ids: 'SKU-1|SKU-2',
  contents: '[{"content_id":"SKU-1","price":23.25,"quantity":2}]',
  num_items: '2',
}

const csv = (columns: ReadonlyArray<Column>, example: Example): string =>
  [columns.map(({ name }) => name), columns.map(({ name }) => example[name] ?? '')]
    .map((cells) => cells.map(quoted).join(','))
    .join('\n')

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell)

const NEEDS: Readonly<Record<Need, string>> = {
  required: 'required',
  purchase: 'for purchases',
  identifier: 'one of the two',
  optional: 'optional',
}

const markdown = (columns: ReadonlyArray<Column>, example: Example): string =>
  [
    ['column', 'need', 'what it holds', 'also read as', 'example'],
    ['---', '---', '---', '---', '---'],
    ...columns.map(({ name, need, description, aliases }) => [
      code(name),
      NEEDS[need],
      description.replaceAll('|', '\\|'),
      aliases.map(code).join(', '),
      example[name] === undefined ? '' : code(example[name]),
    ]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')

/** In a table a bar has to be escaped even in code. */
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

type Json = Readonly<Record<string, unknown>>

/** A row as an object, in the canonical form: what programs had best give, as the cells of a file or as records of the destination. */
const jsonSchema = (columns: ReadonlyArray<Column>, example: Example): Json => {
  const named = (need: Need): ReadonlyArray<string> =>
    columns.filter((column) => column.need === need).map(({ name }) => name)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Offline event',
    description: `One row of the file. Names of columns are matched without case; a column may also go by its other names.`,
    type: 'object',
    required: named('required'),
    anyOf: named('identifier').map((name) => ({ required: [name] })),
    if: { properties: { event_name: { pattern: `^(${PURCHASES.map(withoutCase).join('|')})$` } } },
    then: { required: named('purchase') },
    properties: Object.fromEntries(columns.map((column) => [column.name, cellSchema(column, example[column.name])])),
  }
}

/** The names of purchases: see isPurchase of the template, which a test holds equal. */
const PURCHASES = ['Purchase', 'CompletePayment']

/** A name as a pattern for whatever its case: JSON Schema's patterns know no flags. */
const withoutCase = (name: string): string =>
  name.replace(/./g, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`)

const cellSchema = ({ schema, description, aliases }: Column, example: string | undefined): Json => ({
  ...withoutNull(schema),
  description: aliases.length === 0 ? description : `${description} Also read as ${aliases.join(', ')}.`,
  ...(example === undefined ? {} : { examples: [canonical(schema, example)] }),
})

const withoutNull = (schema: Json): Json => ({
  ...schema,
  type: (schema['type'] as ReadonlyArray<string>).find((type) => type !== 'null'),
})

/** A cell of the example as the JSON that it becomes. */
const canonical = (schema: Json, cell: string): unknown => {
  switch (withoutNull(schema)['type']) {
    case 'integer':
    case 'number':
      return Number(cell)
    case 'array':
      return cell.startsWith('[') ? JSON.parse(cell) : cell.split('|')
    default:
      return cell
  }
}
