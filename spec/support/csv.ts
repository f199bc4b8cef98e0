import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { rowsFrom, rowsOf } from '../../src/source/csv'
import type { CsvSettings, Encoding, Form } from '../../src/source/dialect'
import type { RowFault, Rows } from '../../src/source/splitter'

/** All that a reading brought, chunks joined. */
export interface Reading {
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  readonly ends: ReadonlyArray<number>
  /** For each row, its fault. */
  readonly faults: ReadonlyArray<RowFault | undefined>
  readonly form: Form | undefined
  readonly left: unknown
}

type Piece = Buffer | 'broken'

async function* stream(pieces: ReadonlyArray<Piece>) {
  for (const piece of pieces) {
    await Promise.resolve()
    yield piece === 'broken' ? E.left(piece) : E.right(piece)
  }
}

const gather = async (chunks: AsyncIterable<E.Either<unknown, Rows>>): Promise<Reading> => {
  const rows: Array<ReadonlyArray<string>> = []
  const ends: Array<number> = []
  const faults: Array<RowFault | undefined> = []
  const lefts: Array<unknown> = []
  let form: Form | undefined
  for await (const chunk of chunks) {
    expect(lefts).toEqual([])
    if (E.isLeft(chunk)) {
      lefts.push(chunk.left)
      continue
    }
    const { cells } = chunk.right
    expect(cells.length).toBe(chunk.right.ends.length)
    for (const [i, row] of cells.entries()) {
      rows.push(row)
      faults.push(chunk.right.faults?.get(i))
    }
    for (const end of chunk.right.ends) ends.push(end)
    form = chunk.right.form
  }
  return { rows, ends, faults, form, left: lefts[0] }
}

const AUTO: CsvSettings = { delimiter: 'auto', encoding: 'auto', maxRowBytes: 4_194_304 }

/** Counts cells of one letter: a header of such is known. */
const rate = (header: ReadonlyArray<string>): number => header.filter((cell) => /^[a-z]$/.test(cell)).length

/** Reads pieces as a file from its beginning; a piece that is no Buffer is a Left of the bytes. */
export const read = (pieces: ReadonlyArray<Piece>, settings: Partial<CsvSettings> = {}): Promise<Reading> =>
  gather(rowsOf(stream(pieces), { ...AUTO, ...settings }, rate))

/** Reads pieces as a file's from a mark on. */
export const readFrom = (
  pieces: ReadonlyArray<Piece>,
  form: Form,
  from: number,
  maxRowBytes = AUTO.maxRowBytes,
): Promise<Reading> => gather(rowsFrom(stream(pieces), form, from, maxRowBytes))

export const readText = (text: string, settings: Partial<CsvSettings> = {}) => read([Buffer.from(text)], settings)

/** The bytes cut at these places (modulo the length), in pieces. */
export const cut = (bytes: Buffer, places: ReadonlyArray<number>): ReadonlyArray<Buffer> => {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((start, i) => bytes.subarray(start, at[i] ?? bytes.length))
}

export const cuts = fc.array(fc.nat(2000), { maxLength: 12 })

const SPECIAL = ['a', 'b', '"', '""', ',', '\n', '\r\n', '\r', ' ', ';', 'ß', '漢', '\u{1F600}', 'é', '0', '|']

/** A cell of anything a file may hold. The first character is no quote where the cell is written without quotes. */
const cell = fc.oneof(
  fc.array(fc.constantFrom(...SPECIAL), { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !text.includes('\uFEFF')),
)

/** A CSV file, what it is, the rows that it holds and where each of them ends. */
export interface CsvFile {
  readonly bytes: Buffer
  readonly form: Form
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  readonly ends: ReadonlyArray<number>
}

const line = fc.record({
  cells: fc.array(fc.tuple(cell, fc.boolean()), { minLength: 2, maxLength: 5 }),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  blanks: fc.constantFrom('', '', '', '\n', '\r\n\n'),
})

const form: fc.Arbitrary<Form> = fc.record({
  compression: fc.constantFrom('none', 'none', 'gzip'),
  encoding: fc.constantFrom('utf-8', 'utf-8', 'utf-16le', 'utf-16be'),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
})

/** The bytes of a text in an encoding. */
export const encoded = (text: string, encoding: Encoding): Buffer => {
  if (encoding === 'utf-8') return Buffer.from(text)
  if (encoding === 'windows-1252') return Buffer.from(text.replaceAll('€', '\u0080'), 'latin1')
  const units = Buffer.from(text, 'utf16le')
  return encoding === 'utf-16be' ? units.swap16() : units
}

/**
 * Files of a known header and any cells, in any form that can be told, with or without BOM where UTF-8 needs none, of mixed line ends, blank
 * lines between rows, the last line perhaps without an end.
 */
export const csvFile: fc.Arbitrary<CsvFile> = fc
  .record({ lines: fc.array(line, { maxLength: 8 }), bom: fc.boolean(), open: fc.boolean(), form })
  .map(({ lines, bom, open, form }) => {
    const { compression, encoding, delimiter } = form
    const header = ['a', 'b', 'c']
    let text = `${bom || encoding !== 'utf-8' ? '\uFEFF' : ''}${header.join(delimiter)}\n`
    const ends = [encoded(text, encoding).length]
    for (const [i, { cells, end, blanks }] of lines.entries()) {
      const last = open && i === lines.length - 1
      text += cells.map(([cell, quoted]) => written(cell, quoted, delimiter)).join(delimiter) + (last ? '' : end)
      ends.push(encoded(text, encoding).length)
      // After a lone CR a blank line's LF would make it a CRLF.
      if (!last && end !== '\r') text += blanks
    }
    const content = encoded(text, encoding)
    const bytes = compression === 'gzip' ? gzipSync(content) : content
    return { bytes, form, rows: [header, ...lines.map(({ cells }) => cells.map(([cell]) => cell))], ends }
  })

const written = (cell: string, quoted: boolean, delimiter: string): string =>
  quoted || /[\r\n]|^"/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell

/** What makes no promise to be CSV: what it is read as is not said, only that cuts don't matter. */
export const chaos: fc.Arbitrary<Buffer> = fc.oneof(
  fc.array(fc.constantFrom(...SPECIAL), { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''))),
  fc
    .array(fc.constantFrom(...SPECIAL, '\uD800', '\uDC00'), { maxLength: 40 })
    .map((parts) => encoded(`\uFEFF${parts.join('')}`, 'utf-16le')),
  fc
    .array(fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0x41, 0x81, 0x80, 0xff, 0xc3, 0x00))
    .map((bytes) => Buffer.from(bytes)),
)
