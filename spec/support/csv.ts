import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { rowsOf } from '../../src/source/csv'

/** All that a reading brought, chunks joined. */
export interface Reading<F> {
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  readonly ends: ReadonlyArray<number>
  /** For each row, whether its chunk was suspected of bad bytes. */
  readonly suspect: ReadonlyArray<boolean>
  readonly left: F | undefined
}

/** Reads pieces as if they came from byte `from` of a file; a piece that is no Buffer is a Left of the bytes. */
export const read = async (pieces: ReadonlyArray<Buffer | 'broken'>, from = 0) => {
  async function* bytes() {
    for (const piece of pieces) {
      await Promise.resolve()
      yield piece === 'broken' ? E.left(piece) : E.right(piece)
    }
  }
  const rows: Array<ReadonlyArray<string>> = []
  const ends: Array<number> = []
  const suspect: Array<boolean> = []
  const lefts: Array<unknown> = []
  for await (const chunk of rowsOf(bytes(), from)) {
    expect(lefts).toEqual([])
    if (E.isLeft(chunk)) {
      lefts.push(chunk.left)
      continue
    }
    expect(chunk.right.cells.length).toBe(chunk.right.ends.length)
    for (const cells of chunk.right.cells) {
      rows.push(cells)
      suspect.push(chunk.right.suspect)
    }
    for (const end of chunk.right.ends) ends.push(end)
  }
  const reading: Reading<unknown> = { rows, ends, suspect, left: lefts[0] }
  return reading
}

export const readText = (text: string, from = 0) => read([Buffer.from(text)], from)

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

/** A CSV file, the rows that it holds and where each of them ends. */
export interface CsvFile {
  readonly bytes: Buffer
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  readonly ends: ReadonlyArray<number>
}

const line = fc.record({
  cells: fc.array(fc.tuple(cell, fc.boolean()), { minLength: 2, maxLength: 5 }),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  blanks: fc.constantFrom('', '', '', '\n', '\r\n\n'),
})

/** Files of any cells, with or without BOM, of mixed line ends, blank lines between rows, the last line perhaps without an end. */
export const csvFile: fc.Arbitrary<CsvFile> = fc
  .record({ lines: fc.array(line, { maxLength: 8 }), bom: fc.boolean(), open: fc.boolean() })
  .map(({ lines, bom, open }) => {
    let text = bom ? '\uFEFF' : ''
    const ends = lines.map(({ cells, end, blanks }, i) => {
      const last = open && i === lines.length - 1
      text += cells.map(([cell, quoted]) => written(cell, quoted)).join(',') + (last ? '' : end)
      const rowEnd = Buffer.byteLength(text)
      // After a lone CR a blank line's LF would make it a CRLF.
      if (!last && end !== '\r') text += blanks
      return rowEnd
    })
    return { bytes: Buffer.from(text), rows: lines.map(({ cells }) => cells.map(([cell]) => cell)), ends }
  })

const written = (cell: string, quoted: boolean): string =>
  quoted || /[,\r\n]|^"/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

/** Text that makes no promise to be CSV: what it is read as is not said, only that cuts don't matter. */
export const chaos: fc.Arbitrary<Buffer> = fc
  .array(fc.constantFrom(...SPECIAL), { maxLength: 40 })
  .map((parts) => Buffer.from(parts.join('')))
