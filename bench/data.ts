import { createWriteStream } from 'node:fs'
import { once } from 'node:events'

/** What a generated file is made of. The same request always gives the same bytes. */
export type DataRequest = Readonly<{ path: string; rows: number; seed: number; nowSeconds: number }>

/** The key under which the CSV lies in the bucket, and which the records name as their source. */
export const objectKey = 'bench/orders.csv'

type Row = Readonly<{
  eventTime: number
  currency: string
  value: string
  transactionId: string
  email: string
  phone: string
}>

const statesEvery = 10_000
const flushChars = 1 << 20
const spanSeconds = 20 * 86_400
const currencies = ['EUR', 'USD', 'GBP', 'SEK', 'JPY'] as const
const names = [
  'buyer',
  'customer',
  'anna.larsson',
  'Jose.Garcia',
  'm',
  'orders+shop',
  'LI.WEI',
  'contact_desk',
] as const
const hosts = ['example.com', 'example.org', 'mail.example.net', 'Example.com'] as const

/** A small seeded generator (mulberry32): whole numbers from 0 to below `limit`. */
const chance = (seed: number): ((limit: number) => number) => {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit)
  }
}

const pick = (words: readonly string[], index: number): string => words[index] ?? ''

const emailOf = (draw: (limit: number) => number): string => {
  const plain = `${pick(names, draw(names.length))}${draw(10_000_000)}@${pick(hosts, draw(hosts.length))}`
  const shape = draw(20)
  return shape === 0 ? ` ${plain}` : shape === 1 ? `${plain} ` : plain
}

const rowMaker = (seed: number, nowSeconds: number): ((index: number) => Row) => {
  const draw = chance(seed)
  return (index) => ({
    eventTime: nowSeconds - 1 - draw(spanSeconds),
    currency: pick(currencies, draw(currencies.length)),
    value: `${draw(500)}.${String(draw(100)).padStart(2, '0')}`,
    transactionId: `ORD-${String(index).padStart(9, '0')}-${draw(0x1000000).toString(16).padStart(6, '0')}`,
    email: emailOf(draw),
    phone: `+1555${String(draw(10_000_000)).padStart(7, '0')}`,
  })
}

/** Writes text piece by piece and waits whenever the disk is behind. */
const writeAll = async (path: string, pieces: Iterable<string>): Promise<void> => {
  const file = createWriteStream(path, { highWaterMark: flushChars })
  let held = ''
  for (const piece of pieces) {
    held += piece
    if (held.length >= flushChars) {
      if (!file.write(held)) await once(file, 'drain')
      held = ''
    }
  }
  file.end(held)
  await once(file, 'close')
}

function* csvLines({ rows, seed, nowSeconds }: DataRequest): Generator<string> {
  const make = rowMaker(seed, nowSeconds)
  yield 'event_name,event_time,currency,value,transaction_id,email,phone\n'
  for (let index = 1; index <= rows; index++) {
    const row = make(index)
    yield `Purchase,${row.eventTime},${row.currency},${row.value},${row.transactionId},${row.email},${row.phone}\n`
  }
}

const stateLine = (row: number, recordCount: number): string =>
  `${JSON.stringify({
    type: 'STATE',
    state: {
      type: 'STREAM',
      stream: { stream_descriptor: { name: 'offline_events' }, stream_state: { row } },
      sourceStats: { recordCount },
    },
  })}\n`

function* recordLines({ rows, seed, nowSeconds }: DataRequest): Generator<string> {
  const make = rowMaker(seed, nowSeconds)
  const lastModified = new Date(nowSeconds * 1000).toISOString()
  for (let index = 1; index <= rows; index++) {
    const row = make(index)
    const data = {
      event_name: 'Purchase',
      event_time: row.eventTime,
      currency: row.currency,
      value: Number(row.value),
      transaction_id: row.transactionId,
      Email_hashed: row.email,
      Phone_hashed: row.phone,
      _ab_source_file_url: objectKey,
      _ab_source_file_row: index,
      _ab_source_file_last_modified: lastModified,
    }
    const record = { stream: 'offline_events', data, emitted_at: nowSeconds * 1000 }
    yield `${JSON.stringify({ type: 'RECORD', record })}\n`
    if (index % statesEvery === 0) yield stateLine(index, statesEvery)
  }
  if (rows % statesEvery !== 0) yield stateLine(rows, rows % statesEvery)
}

/** Writes the CSV file that `read` finds in its bucket: seven columns, plain e-mail and phone. */
export const makeCsv = (request: DataRequest): Promise<void> => writeAll(request.path, csvLines(request))

/** Writes the Airbyte messages that `write` takes on stdin: the same rows, with a STATE every 10,000 records. */
export const makeRecords = (request: DataRequest): Promise<void> => writeAll(request.path, recordLines(request))
