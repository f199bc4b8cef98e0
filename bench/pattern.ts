import { createHash } from 'node:crypto'

/** Objects of a folder, each with so many rows, whose content follows from key and offset: none of it is ever kept. */
export type Pattern = Readonly<{ objects: number; rows: number }>

/** The folder in which the objects lie. */
export const folder = 'data/'

const header = Buffer.from('event_name,event_time,currency,value,transaction_id,email,phone\n')
const row = Buffer.from('Purchase,1767000000,EUR,000.00,ORD-000000000,buyer000000000@example.com,+12005550100\n')
/** Where a row's own digits stand. */
const at = {
  time: row.indexOf('1767') + 4,
  euros: row.indexOf('000.00'),
  cents: row.indexOf('000.00') + 4,
  order: row.indexOf('ORD-') + 4,
  buyer: row.indexOf('buyer') + 5,
  area: row.indexOf('+1') + 2,
  line: row.length - 3,
}
const zero = 0x30
const areas = { first: 200, count: 800 }

/** 2026-01-10, when the first object was last modified; after all event times. */
const firstModifiedMs = Date.UTC(2026, 0, 10)
/** Far from 1 and a prime: objects are not modified in the order of their keys. */
const stride = 7919

const keyDigits = 9

/** How many rows an object has that takes at most so many bytes; one at least. */
export const rowsIn = (bytes: number): number => Math.max(1, Math.floor((bytes - header.length) / row.length))

/** Every object's length in bytes. */
export const objectBytes = ({ rows }: Pattern): number => header.length + rows * row.length

/** The key of an object by its number, from 0; keys sort as their numbers do. */
export const keyOf = (index: number): string => `${folder}orders-${String(index).padStart(keyDigits, '0')}.csv`

/** The number of the object under a key; undefined where there is none. */
export const indexOf = ({ objects }: Pattern, key: string): number | undefined => {
  const index = Number(key.slice(-4 - keyDigits, -4))
  return Number.isInteger(index) && index < objects && keyOf(index) === key ? index : undefined
}

/** When an object was last modified: seconds apart, all within little more than a day for 100,000 of them. */
export const modifiedMsOf = ({ objects }: Pattern, index: number): number =>
  firstModifiedMs + ((index * stride) % objects) * 1000

/** An object's ETag, quoted. */
export const etagOf = (pattern: Pattern, key: string): string =>
  `"${createHash('md5')
    .update(`${key} ${objectBytes(pattern)}`)
    .digest('hex')}"`

const writeDigits = (bytes: Buffer, start: number, digits: number, number: number): void => {
  let left = number
  for (let place = start + digits - 1; place >= start; place--) {
    bytes[place] = zero + (left % 10)
    left = Math.floor(left / 10)
  }
}

/** Writes the row of a number, which no other row of the folder has. */
const writeRow = (bytes: Buffer, start: number, number: number): void => {
  row.copy(bytes, start)
  writeDigits(bytes, start + at.time, 6, number % 1_000_000)
  writeDigits(bytes, start + at.euros, 3, Math.floor(number / 100) % 1000)
  writeDigits(bytes, start + at.cents, 2, number % 100)
  writeDigits(bytes, start + at.order, 9, number)
  writeDigits(bytes, start + at.buyer, 9, number)
  writeDigits(bytes, start + at.area, 3, areas.first + (number % areas.count))
  writeDigits(bytes, start + at.line, 2, Math.floor(number / areas.count) % 100)
}

/** An object's bytes from an offset to before another. */
export const bytesOf = (pattern: Pattern, index: number, from: number, to: number): Buffer => {
  if (from < header.length)
    return to <= header.length
      ? header.subarray(from, to)
      : Buffer.concat([header.subarray(from), bytesOf(pattern, index, header.length, to)])
  const first = Math.floor((from - header.length) / row.length)
  const last = Math.ceil((to - header.length) / row.length)
  const bytes = Buffer.allocUnsafe((last - first) * row.length)
  for (let one = first; one < last; one++) writeRow(bytes, (one - first) * row.length, index * pattern.rows + one)
  const start = header.length + first * row.length
  return bytes.subarray(from - start, to - start)
}
