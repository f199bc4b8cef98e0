import { isUtf8 } from 'node:buffer'
import { Parser } from 'csv-parse'
import * as E from 'fp-ts/Either'
import type { FileFault } from '../failure'

/** Rows that a piece of a file completed. */
export interface Rows {
  readonly cells: ReadonlyArray<ReadonlyArray<string>>
  /** For each row, the offset in the file of the byte after it: where a later read can go on. */
  readonly ends: ReadonlyArray<number>
  /** Whether the bytes were not all valid UTF-8: cells may hold U+FFFD in place of what could not be read. */
  readonly suspect: boolean
}

/**
 * CSV bytes, which begin at a row and at `fromByte` of the file, as chunks of rows. Comma, double quotes, UTF-8 with or without
 * byte order mark, lines ending in LF, CRLF or CR, also mixed; empty lines are no rows; a stray quote inside an unquoted cell is
 * text. Cells are counted by whoever knows the header. A Left of the bytes is passed on, and ends the rows as a damaged file does.
 */
export async function* rowsOf<F>(
  bytes: AsyncIterable<E.Either<F, Buffer>>,
  fromByte: number,
): AsyncGenerator<E.Either<F | FileFault, Rows>, void, void> {
  const parser = new RowCollector(fromByte)
  const encoding = newEncodingCheck()
  let at = fromByte
  // Where the row that is not complete yet begins, at the earliest.
  let openFrom = fromByte
  for await (const piece of fromByte === 0 ? withWholeSignature(bytes) : bytes) {
    if (E.isLeft(piece)) {
      yield piece
      return
    }
    const fault = at === 0 ? foreignFormat(piece.right) : undefined
    if (fault !== undefined) {
      yield E.left(fault)
      return
    }
    const before = at
    at += piece.right.length
    const linesBefore = parser.info.empty_lines
    const parsed = await parser.feed(piece.right)
    if (parser.pending > 0) openFrom = parser.readTo
    else if (parser.info.empty_lines > linesBefore) openFrom = before
    const suspect = encoding.suspects(piece.right, parser.pending > 0)
    if (parser.pending > 0) yield E.right({ ...parser.collected(), suspect })
    if (!parsed || at - openFrom > MOST_ROW_BYTES) {
      yield E.left(damaged(parser.readTo))
      return
    }
  }
  const complete = await parser.finish()
  if (!complete) {
    yield E.left(damaged(parser.readTo))
    return
  }
  if (parser.pending > 0) yield E.right({ ...parser.collected(), suspect: encoding.suspects(Buffer.alloc(0), true) })
}

/** A row of more bytes is taken for an unclosed quote: it bounds memory. */
const MOST_ROW_BYTES = 4_194_304

const damaged = (end: number): FileFault => ({
  code: 'FILE_DAMAGED',
  detail: `the row that begins after byte ${end} does not end: a quote is opened and never closed, or the row is longer than ${MOST_ROW_BYTES} bytes`,
})

/** csv-parse, tapped where it hands out a record: `info.bytes` is then exactly the record's end. */
class RowCollector extends Parser {
  /** The offset of the byte after the last row. */
  readTo: number
  private cells: Array<ReadonlyArray<string>> = []
  private ends: Array<number> = []

  constructor(private readonly fromByte: number) {
    super({
      bom: fromByte === 0,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
    })
    this.readTo = fromByte
    // feed and finish report errors; without a listener they would be thrown as well.
    this.on('error', () => undefined)
  }

  /** Called by csv-parse for each record; nothing is queued for a reader, so a row costs no stream machinery. */
  override push(record: ReadonlyArray<string> | null): boolean {
    if (record === null) return true
    this.readTo = this.fromByte + this.info.bytes
    this.cells.push(record)
    this.ends.push(this.readTo)
    return true
  }

  get pending(): number {
    return this.cells.length
  }

  collected(): Pick<Rows, 'cells' | 'ends'> {
    const taken = { cells: this.cells, ends: this.ends }
    this.cells = []
    this.ends = []
    return taken
  }

  /** False where the bytes can't be parsed. */
  feed(bytes: Buffer): Promise<boolean> {
    return new Promise((resolve) => this.write(bytes, (error) => resolve(error === undefined || error === null)))
  }

  /** False where the file ends inside quotes. */
  finish(): Promise<boolean> {
    return new Promise((resolve) => {
      this.once('error', () => resolve(false))
      this.end(() => resolve(true))
    })
  }
}

/** Watches for bytes that are no UTF-8, a sequence cut between two pieces aside; csv-parse replaces them without a word. */
const newEncodingCheck = (): { suspects: (piece: Buffer, completesRows: boolean) => boolean } => {
  let cut: Buffer = Buffer.alloc(0)
  let open = false
  return {
    suspects: (piece, completesRows) => {
      const bytes = cut.length === 0 ? piece : Buffer.concat([cut, piece])
      const whole = piece.length === 0 ? bytes.length : wholeCharacters(bytes)
      cut = bytes.subarray(whole)
      const valid = isUtf8(bytes.subarray(0, whole))
      const suspect = open || !valid
      // A row that is still open may hold the bad bytes; the next piece completes it.
      open = !valid || (suspect && !completesRows)
      return suspect
    },
  }
}

/** The length up to the last whole character: a UTF-8 sequence of up to 4 bytes may be cut off at the end. */
const wholeCharacters = (bytes: Buffer): number => {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

/** The pieces with the first four bytes in one of them: signatures are looked for there. */
async function* withWholeSignature<F>(
  bytes: AsyncIterable<E.Either<F, Buffer>>,
): AsyncGenerator<E.Either<F, Buffer>, void, void> {
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const piece of bytes) {
    if (head === undefined || E.isLeft(piece)) yield piece
    else if (head.length + piece.right.length < 4) head = Buffer.concat([head, piece.right])
    else {
      yield E.right(head.length === 0 ? piece.right : Buffer.concat([head, piece.right]))
      head = undefined
    }
  }
  if (head !== undefined && head.length > 0) yield E.right(head)
}

/** Files that are no plain UTF-8 text, by their first bytes. */
const FOREIGN: ReadonlyArray<readonly [signature: string, what: string]> = [
  ['1f8b', 'gzip-compressed'],
  ['28b52ffd', 'zstd-compressed'],
  ['504b0304', 'a zip archive or an Excel workbook'],
  ['25504446', 'a PDF'],
  ['50415231', 'a Parquet file'],
  ['fffe', 'UTF-16 text'],
  ['feff', 'UTF-16 text'],
]

const foreignFormat = (start: Buffer): FileFault | undefined => {
  const hex = start.subarray(0, 4).toString('hex')
  const found = FOREIGN.find(([signature]) => hex.startsWith(signature))
  return found === undefined
    ? undefined
    : { code: 'FILE_UNREADABLE', detail: `it is ${found[1]}: save it as plain CSV in UTF-8` }
}
