import { createHash } from 'node:crypto'

/** A CSV file made of a seed, and what must become of it. */
export interface Made {
  readonly csv: string
  readonly rows: number
  /** Event ids of the good rows, in the order of the file. */
  readonly good: ReadonlyArray<string>
  /** Bad rows by code, those that the destination rejects among them. */
  readonly bad: Readonly<Record<string, number>>
}

export interface Wanted {
  readonly rows: number
  /** Goes into every id: files of different seeds have no event in common. */
  readonly seed: string
  /** Codes of bad rows, spread evenly. */
  readonly codes?: ReadonlyArray<string>
  /** One bad row in so many. */
  readonly oneIn?: number
}

type Row = Readonly<Record<Column, string>>

const COLUMNS = [
  'event_name',
  'event_time',
  'currency',
  'value',
  'transaction_id',
  'Email_hashed',
  'Phone_hashed',
  'event_id',
  'external_id',
  'shop_id',
  'content_ids',
  'contents',
  'num_items',
] as const
type Column = (typeof COLUMNS)[number]

export const HEADER = COLUMNS.join(',')

const DAY = 86_400
const nowSeconds = (): number => Math.floor(Date.now() / 1000)

/** How a good row is spoilt, for every code that both sides know. */
export const BAD_ROWS: Readonly<Record<string, Partial<Row>>> = {
  EVENT_NAME_MISSING: { event_name: ' ' },
  EVENT_NAME_MALFORMED: { event_name: 'jo@example.com' },
  EVENT_TIME_MISSING: { event_time: '' },
  EVENT_TIME_MALFORMED: { event_time: 'yesterday' },
  CURRENCY_MISSING: { currency: '' },
  CURRENCY_MALFORMED: { currency: '€' },
  VALUE_MISSING: { value: '' },
  VALUE_MALFORMED: { value: '1,234.50' },
  TRANSACTION_ID_MISSING: { transaction_id: '' },
  TRANSACTION_ID_MALFORMED: { transaction_id: '1.2E+11' },
  EVENT_ID_MALFORMED: { event_id: '4.57E+12' },
  IDENTIFIER_MISSING: { Email_hashed: '', Phone_hashed: ' ' },
  EMAIL_MALFORMED: { Email_hashed: 'nobody', Phone_hashed: '' },
  EMAIL_WRONG_DIGEST: { Email_hashed: '5d41402abc4b2a76b9719d911017c592', Phone_hashed: '' },
  PHONE_MALFORMED: { Email_hashed: '', Phone_hashed: '12' },
  PHONE_WRONG_DIGEST: { Email_hashed: '', Phone_hashed: 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d' },
}

/** Rows that the source emits and the destination rejects. */
export const LATE_ROWS: Readonly<Record<string, () => Partial<Row>>> = {
  EVENT_NAME_UNKNOWN: () => ({ event_name: 'Teleported' }),
  EVENT_TOO_OLD: () => ({ event_time: String(nowSeconds() - 29 * DAY) }),
  EVENT_IN_FUTURE: () => ({ event_time: String(nowSeconds() + 3600) }),
}

export const makeFile = ({ rows, seed, codes = [], oneIn = Infinity }: Wanted): Made => {
  const lines = [HEADER]
  const good: Array<string> = []
  const bad: Record<string, number> = {}
  let spoilt = 0
  for (let i = 1; i <= rows; i++) {
    const row = goodRow(seed, i)
    const code = i % oneIn === 0 ? codes[spoilt++ % codes.length] : undefined
    if (code === undefined) good.push(row.event_id === '' ? row.transaction_id : row.event_id)
    else bad[code] = (bad[code] ?? 0) + 1
    lines.push(code === undefined ? lineOf(row) : badLine(row, code))
  }
  return { csv: `${lines.join('\n')}\n`, rows, good, bad }
}

const badLine = (row: Row, code: string): string => {
  // Bad rows are purchases: only those need all of the columns.
  const purchase = { ...row, event_name: 'Purchase' }
  if (code === 'COLUMN_COUNT_MISMATCH') return `${lineOf(purchase)},surplus`
  const change = BAD_ROWS[code] ?? LATE_ROWS[code]?.()
  if (change === undefined) throw new Error(`no such bad row: ${code}`)
  return lineOf({ ...purchase, ...change })
}

/** Purchases of every kind of identifier, and leads between them. */
const goodRow = (seed: string, i: number): Row => {
  const lead = i % 10 === 3
  return {
    event_name: lead ? 'Lead' : 'Purchase',
    event_time: String(nowSeconds() - 3600 - (i % 50_000)),
    currency: 'USD',
    value: `${i % 500}.${String(i % 100).padStart(2, '0')}`,
    transaction_id: `${seed}-order-${i}`,
    Email_hashed: i % 3 === 1 ? '' : i % 5 === 0 ? digestOf(`${seed}${i}`) : ` Person${i}@Example.com `,
    Phone_hashed: i % 3 === 2 ? '' : `+1 (415) 555-${String(i % 10_000).padStart(4, '0')}`,
    event_id: i % 7 === 0 ? `${seed}-event-${i}` : '',
    external_id: i % 4 === 0 ? `customer-${i}` : '',
    shop_id: `store-${i % 40}`,
    content_ids: i % 2 === 0 ? `SKU-${i % 90}|SKU-${i % 70}` : '',
    contents: i % 20 === 0 ? `[{"content_id":"SKU-${i % 90}","price":${i % 50}.5,"quantity":2}]` : '',
    num_items: String((i % 5) + 1),
  }
}

const lineOf = (row: Row): string => COLUMNS.map((column) => quoted(row[column])).join(',')

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell)

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** RECORD lines of good purchases as a source emits them, `state` after every so many and at the end. */
export const recordStream = (ids: ReadonlyArray<string>, stateEvery: number): string => {
  const time = nowSeconds() - 3600
  const lines: Array<string> = []
  ids.forEach((id, i) => {
    const data = {
      event_name: 'Purchase',
      event_time: time,
      currency: 'USD',
      value: 1.5,
      transaction_id: id,
      Email_hashed: digestOf(`${id}@example.com`),
    }
    lines.push(JSON.stringify({ type: 'RECORD', record: { stream: 'offline_events', data, emitted_at: 1 } }))
    if ((i + 1) % stateEvery === 0 || i === ids.length - 1) lines.push(stateAfter(i + 1))
  })
  return `${lines.join('\n')}\n`
}

/** A STATE that says how many records stand before it. */
export const stateAfter = (records: number): string =>
  `{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"offline_events"},"stream_state":{"after":${records}}}}}`
