import { Parser } from 'csv-parse'
import { type Form, isBreak } from './dialect'
import { type Transcoder, newTranscoder } from './encoding'
import { csvOptions } from './separator'

/** Why a row can't be taken as it is. */
export type RowFault = 'ROW_TOO_LONG' | 'BAD_ENCODING' | 'QUOTE_UNCLOSED'

/** Rows that a piece of a file completed. */
export interface Rows {
  /** The same for all rows of a file. */
  readonly form: Form
  readonly cells: ReadonlyArray<ReadonlyArray<string>>
  /** For each row, the offset in the content (the file, decompressed) of the byte after it: where a later read can go on. */
  readonly ends: ReadonlyArray<number>
  /** By index in cells; undefined for none. Only rows of BAD_ENCODING have their cells. */
  readonly faults: ReadonlyMap<number, RowFault> | undefined
  /** The rows at the content's end that would be others if it went on; undefined for none. */
  readonly unsettled: Unsettled | undefined
}

/** Rows whose end is the content's: the last has no line end, or quotes are open. */
export interface Unsettled {
  /** The index in cells of the first. */
  readonly from: number
  readonly inQuotes: boolean
}

/** Of a row, as far as it was looked at. */
interface Quotes {
  /** The quote that is open at the end. */
  readonly open: number | undefined
  /**
   * A quote that was left open and closed by one further on, which was to open a cell or to be text: it goes over a line end, and there is
   * text behind its end. Nobody writes such cells, and without this the lines between would become one cell without a word.
   */
  readonly stray: number | undefined
}

/** Splits content that begins at a row; the rows do not depend on the pieces in which it comes. */
export class Splitter {
  private readonly transcoder: Transcoder
  private collector: RowCollector
  /** What the collector was fed with, from the first row on that is not complete. */
  private held: Array<Buffer> = []
  private heldBytes = 0
  /** The collector's offset of the first byte held. */
  private heldFrom = 0
  /** The content's offset of the same byte. */
  private from: number
  /** The content's offset of the byte that comes next. */
  private seenTo: number
  /** A row was given up: what comes up to the next line end belongs to it. */
  private givenUp: { readonly fault: RowFault; endsInReturn: boolean } | undefined
  /** So many bytes are given to the collector at once. */
  private sliceBytes = Infinity
  /** With so many bytes held, the row that is not complete is looked at for a stray quote. */
  private lookBytes = LOOK_BYTES
  private cells: Array<ReadonlyArray<string>> = []
  private ends: Array<number> = []
  private faults: Map<number, RowFault> | undefined
  private unsettled: Unsettled | undefined
  private endsInBreak = true

  constructor(
    private readonly form: Form,
    from: number,
    private readonly maxRowBytes: number,
  ) {
    this.transcoder = newTranscoder(form.encoding)
    this.from = from
    this.seenTo = from
    this.collector = this.newCollector()
  }

  /** The rows that the content's next bytes complete; undefined for none. */
  async feed(content: Buffer): Promise<Rows | undefined> {
    this.seenTo += content.length
    await this.take(this.transcoder.take(content), false)
    return this.collected()
  }

  /** The rows that the content's end completes. */
  async finish(): Promise<Rows | undefined> {
    await this.take(this.transcoder.finish(), true)
    if (!this.endsInBreak && this.cells.length > 0) this.unsettled ??= { from: this.cells.length - 1, inQuotes: false }
    return this.collected()
  }

  /** The rows that are whole where the content breaks off: the parser holds on to a line end until it sees what follows. */
  async breakOff(): Promise<Rows | undefined> {
    const { collector, givenUp, held, heldFrom } = this
    if (givenUp !== undefined) return undefined
    const isOpen = !(await collector.finish())
    const { rows, ends } = collector.taken()
    const lastByte = Buffer.concat(held)[(ends.at(-1) ?? heldFrom) - heldFrom - 1]
    const whole = isOpen || isBreak(lastByte) ? rows.length : rows.length - 1
    this.takeRows(rows.slice(0, whole), ends.slice(0, whole), false)
    return this.collected()
  }

  private async take(next: Buffer, isLast: boolean): Promise<void> {
    if (next.length > 0) this.endsInBreak = isBreak(next.at(-1))
    // The last of these comes next.
    const rest = [next]
    for (let piece = rest.pop(); piece !== undefined; piece = rest.pop()) {
      const isEnd = isLast && rest.length === 0
      const bytes = this.givenUp === undefined ? piece : this.skipLine(this.givenUp, piece, isEnd)
      if (bytes === undefined) continue
      const isAll = bytes.length <= this.sliceBytes
      const slice = isAll ? bytes : bytes.subarray(0, characterAt(bytes, 0, this.sliceBytes))
      const again = await this.split(slice, isEnd && isAll)
      if (!isAll) rest.push(bytes.subarray(slice.length))
      if (again !== undefined) rest.push(again)
      // What is split anew is little each time, or a file full of such rows would take for ever.
      this.sliceBytes =
        again === undefined ? 2 * this.sliceBytes : Math.min(this.maxRowBytes, FIRST_SLICE_BYTES) + LOOK_AHEAD_BYTES
    }
  }

  /** Splits bytes. Where a row is given up it returns those from there on, and undefined elsewhere. */
  private async split(bytes: Buffer, isLast: boolean): Promise<Buffer | undefined> {
    const { collector } = this
    this.held.push(bytes)
    this.heldBytes += bytes.length
    await collector.feed(bytes)
    const isOpen = isLast && !(await collector.finish())
    const { rows, ends } = collector.taken()
    const isDue = this.heldBytes > Math.min(this.lookBytes, this.maxRowBytes + LOOK_AHEAD_BYTES)
    return rows.length > 0 || isOpen || isDue ? this.takeRows(rows, ends, isOpen) : undefined
  }

  /** `isOpen`: the content ends inside quotes. */
  private takeRows(
    rows: ReadonlyArray<ReadonlyArray<string>>,
    ends: ReadonlyArray<number>,
    isOpen: boolean,
  ): Buffer | undefined {
    const { heldFrom, maxRowBytes, transcoder } = this
    const { isValid, contentBytes, mend } = transcoder
    const bytes = Buffer.concat(this.held)
    const lastEnd = (ends.at(-1) ?? heldFrom) - heldFrom
    const hasQuotes = bytes.includes(QUOTE)
    const areValid = isValid(bytes.subarray(0, lastEnd))
    let start = 0
    for (const [i, cells] of rows.entries()) {
      const end = (ends[i] ?? heldFrom) - heldFrom
      if (end - start > maxRowBytes && end - afterBlank(bytes, start) > maxRowBytes)
        return this.giveUp(bytes, start, maxRowBytes, false)
      if (hasQuotes && hasInnerBreak(bytes.subarray(start, end))) {
        const { stray } = this.quotesOf(bytes, afterBlank(bytes, start), end)
        if (stray !== undefined) return this.giveUpFrom(bytes, start, stray, 'QUOTE_UNCLOSED')
      }
      if (!areValid && !isValid(bytes.subarray(start, end))) this.addFault('BAD_ENCODING')
      this.addRow(mend === undefined ? cells : cells.map(mend), contentBytes(bytes, start, end))
      start = end
    }
    // Blank lines before a row do not count, however many they are.
    const rowStart = afterBlank(bytes, start)
    const openBytes = bytes.length - rowStart
    if (isOpen || openBytes > maxRowBytes + LOOK_AHEAD_BYTES)
      return this.giveUp(bytes, start, Math.min(openBytes, maxRowBytes), isOpen && openBytes <= maxRowBytes)
    if (openBytes > LOOK_BYTES) {
      // Were it found only with the row, a file full of such quotes, which is one row to the parser, would take for ever.
      const { stray } = this.quotesOf(bytes, rowStart, bytes.length)
      if (stray !== undefined) return this.giveUpFrom(bytes, start, stray, 'QUOTE_UNCLOSED')
    }
    this.lookBytes = Math.max(LOOK_BYTES, 2 * openBytes)
    this.from += contentBytes(bytes, start, rowStart)
    this.hold(bytes.subarray(rowStart), heldFrom + rowStart)
    return undefined
  }

  /** A row does not end within so many bytes: reading goes on in the line after the one where it opened a quote, or behind this one. */
  private giveUp(bytes: Buffer, start: number, rowBytes: number, isEnd: boolean): Buffer {
    const rowStart = afterBlank(bytes, start)
    const limit = rowStart + rowBytes
    const { open: quote, stray } = this.quotesOf(bytes, rowStart, limit)
    if (isEnd && quote !== undefined && stray === undefined)
      this.unsettled ??= { from: this.cells.length, inQuotes: true }
    return quote === undefined
      ? this.giveUpFrom(bytes, start, characterAt(bytes, rowStart, limit), 'ROW_TOO_LONG')
      : this.giveUpFrom(bytes, start, quote, 'QUOTE_UNCLOSED')
  }

  /** The line of this place is the last of the row that begins at `start`. */
  private giveUpFrom(bytes: Buffer, start: number, goOn: number, fault: RowFault): Buffer {
    this.givenUp = { fault, endsInReturn: false }
    this.from += this.transcoder.contentBytes(bytes, start, goOn)
    this.hold(NOTHING, 0)
    this.collector = this.newCollector()
    return bytes.subarray(goOn)
  }

  /** Ends the row that was given up with its line: the bytes after it, or undefined where the line goes on. */
  private skipLine(row: NonNullable<Splitter['givenUp']>, bytes: Buffer, isLast: boolean): Buffer | undefined {
    const end = row.endsInReturn ? (bytes[0] === LF ? 1 : 0) : lineEnd(bytes)
    const isUnsure = !isLast && (bytes.length === 0 || (end === bytes.length && bytes[end - 1] === CR))
    row.endsInReturn ||= isUnsure && bytes.length > 0
    if (isUnsure || (end === undefined && !isLast)) {
      this.from += this.transcoder.contentBytes(bytes, 0, bytes.length)
      return undefined
    }
    const skipped = end ?? bytes.length
    this.givenUp = undefined
    this.addFault(row.fault)
    this.addRow([], this.transcoder.contentBytes(bytes, 0, skipped))
    return bytes.subarray(skipped)
  }

  /** The quotes of a row up to a place, by the rules of the parser: one opens a cell, and ends at the next that is not doubled. */
  private quotesOf(bytes: Buffer, from: number, to: number): Quotes {
    const delimiter = Buffer.from(this.form.delimiter, this.transcoder.parserEncoding)
    const startsCell = (at: number): boolean => bytes.subarray(at, at + delimiter.length).equals(delimiter)
    let open: number | undefined
    let hasBreak = false
    let isCellStart = true
    for (let at = from; at < to; at++) {
      const byte = bytes[at]
      if (open !== undefined) {
        if (isBreak(byte)) hasBreak = true
        if (byte !== QUOTE) continue
        if (bytes[at + 1] === QUOTE) at++
        else {
          let after = at + 1
          while (bytes[after] === SPACE) after++
          const isUnsure = after + delimiter.length > to
          const isClosed = isUnsure || isBreak(bytes[after]) || startsCell(after)
          if (hasBreak && !isClosed) return { open, stray: open }
          open = undefined
        }
      } else if (byte === QUOTE && isCellStart) {
        open = at
        hasBreak = false
        isCellStart = false
      } else {
        isCellStart = byte === delimiter[0] && startsCell(at)
        if (isCellStart) at += delimiter.length - 1
      }
    }
    return { open, stray: undefined }
  }

  private addFault(fault: RowFault): void {
    this.faults ??= new Map()
    this.faults.set(this.cells.length, fault)
  }

  private addRow(cells: ReadonlyArray<string>, contentBytes: number): void {
    this.from += contentBytes
    this.cells.push(cells)
    this.ends.push(Math.min(this.from, this.seenTo))
  }

  private hold(bytes: Buffer, from: number): void {
    this.held = bytes.length === 0 ? [] : [bytes]
    this.heldBytes = bytes.length
    this.heldFrom = from
  }

  private newCollector(): RowCollector {
    return new RowCollector(this.form.delimiter, this.transcoder.parserEncoding)
  }

  private collected(): Rows | undefined {
    const { form, cells, ends, faults, unsettled } = this
    if (cells.length === 0) return undefined
    this.cells = []
    this.ends = []
    this.faults = undefined
    return { form, cells, ends, faults, unsettled }
  }
}

const NOTHING = Buffer.alloc(0)
/** csv-parse hands a row out some bytes after its end: by then so many have come. */
const LOOK_AHEAD_BYTES = 64
/** A row of more is looked at before it is complete. */
const LOOK_BYTES = 256
/** What is split anew at first, behind a row that was given up. */
const FIRST_SLICE_BYTES = 256
const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x22
const SPACE = 0x20

/** The offset after the line ends that stand at an offset. */
const afterBlank = (bytes: Buffer, from: number): number => {
  let at = from
  while (isBreak(bytes[at])) at++
  return at
}

/** Whether a row goes over a line end before its last. */
const hasInnerBreak = (row: Buffer): boolean => {
  const end = lineEnd(row)
  return end !== undefined && end < row.length
}

/** Where the character begins that an offset lies in, from `from` on; in Latin-1 perhaps one before it, of the same line all the same. */
const characterAt = (bytes: Buffer, from: number, offset: number): number => {
  let at = offset
  while (at > from && at > offset - 3 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--
  return at
}

/** The offset after the first line end; undefined for none. */
const lineEnd = (bytes: Buffer): number | undefined => {
  const lf = bytes.indexOf(LF)
  const cr = bytes.subarray(0, lf === -1 ? bytes.length : lf).indexOf(CR)
  if (cr !== -1) return bytes[cr + 1] === LF ? cr + 2 : cr + 1
  return lf === -1 ? undefined : lf + 1
}

/** csv-parse, tapped where it hands out a record: `info.bytes` is then exactly the record's end. */
class RowCollector extends Parser {
  private rows: Array<ReadonlyArray<string>> = []
  private ends: Array<number> = []
  /** Each row is the first to csv-parse: of those of another length than the first it makes an error, at forty times a row's price. */
  private readonly seen: { records: number } = this.info

  constructor(delimiter: string, encoding: Transcoder['parserEncoding']) {
    super({ ...csvOptions(delimiter, encoding) })
    // feed and finish report errors; without a listener they would be thrown as well.
    this.on('error', () => undefined)
  }

  /** Called by csv-parse for each record; nothing is queued for a reader, so a row costs no stream machinery. */
  override push(record: ReadonlyArray<string> | null): boolean {
    if (record === null) return true
    this.rows.push(record)
    this.ends.push(this.info.bytes)
    this.seen.records = 0
    return true
  }

  /** The rows since the last time, and for each the number of bytes that were fed up to its end. */
  taken(): { readonly rows: ReadonlyArray<ReadonlyArray<string>>; readonly ends: ReadonlyArray<number> } {
    const { rows, ends } = this
    this.rows = []
    this.ends = []
    return { rows, ends }
  }

  feed(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => this.write(bytes, () => resolve()))
  }

  /** False where the bytes end inside quotes. */
  finish(): Promise<boolean> {
    return new Promise((resolve) => {
      this.once('error', () => resolve(false))
      this.end(() => resolve(true))
    })
  }
}
