import * as E from 'fp-ts/Either'
import type { FileFault } from '../failure'
import { type Bytes, Lookahead, skipping, tapped } from './bytes'
import { contentOf } from './content'
import type { CsvSettings, Form, Rate } from './dialect'
import { ENCODING_BYTES, encodingOf, newTranscoder } from './encoding'
import { separatorOf } from './separator'
import { SIGNATURE_BYTES, compressionOf, foreignFormat } from './signature'
import { type Rows, Splitter } from './splitter'

type RowsOrTrouble<F> = AsyncGenerator<E.Either<F | FileFault, Rows>, void, void>

/**
 * The rows of a file by its bytes from the first one. What it is (compression, encoding, separator) is found by its beginning. Lines end in
 * LF, CRLF or CR, also mixed; empty lines are no rows; a stray quote inside an unquoted cell is text. Cells are counted by whoever knows
 * the header. A Left of the bytes is passed on after the rows that are whole. `tap` sees the content before the rows that it completes.
 */
export async function* rowsOf<F>(
  raw: Bytes<F>,
  settings: CsvSettings,
  rate: Rate,
  tap: (content: Buffer) => void = ignore,
): RowsOrTrouble<F> {
  const file = new Lookahead(raw)
  const rawStart = await file.look(SIGNATURE_BYTES)
  const compression = compressionOf(rawStart)
  const content = new Lookahead(tapped(contentOf(file.all(), compression), tap))
  const start = await content.look(ENCODING_BYTES)
  const foreign = foreignFormat(start.subarray(0, SIGNATURE_BYTES), compression)
  if (foreign !== undefined) {
    await content.close()
    yield E.left(foreign)
    return
  }
  const { encoding, markBytes } = encodingOf(start, content.isAll, settings.encoding)
  const text = newTranscoder(encoding).take(start.subarray(markBytes, markBytes + DIALECT_BYTES))
  const { delimiter, skippedBytes } = separatorOf(text, newTranscoder(encoding), settings.delimiter, rate)
  const from = markBytes + skippedBytes
  const splitter = new Splitter({ compression, encoding, delimiter }, from, settings.maxRowBytes)
  yield* split(splitter, skipping(content.all(), from))
}

/**
 * The rows of a file whose form is known, from a mark on. `raw`: from byte `fromByte` on, or all of a compressed object, whose content
 * before `fromByte` is skipped. `tap` sees the content from there on.
 */
export async function* rowsFrom<F>(
  raw: Bytes<F>,
  form: Form,
  fromByte: number,
  maxRowBytes: number,
  tap: (content: Buffer) => void = ignore,
): RowsOrTrouble<F> {
  const content = form.compression === 'none' ? raw : skipping(contentOf(raw, form.compression), fromByte)
  yield* split(new Splitter(form, fromByte, maxRowBytes), tapped(content, tap))
}

const ignore = (): void => undefined

/** So much of the content says its separator; a header is rarely longer. */
const DIALECT_BYTES = 65_536

async function* split<F>(splitter: Splitter, content: Bytes<F>): RowsOrTrouble<F> {
  for await (const piece of content) {
    if (E.isLeft(piece)) {
      const whole = await splitter.breakOff()
      if (whole !== undefined) yield E.right(whole)
      yield piece
      return
    }
    const rows = await splitter.feed(piece.right)
    if (rows !== undefined) yield E.right(rows)
  }
  const rows = await splitter.finish()
  if (rows !== undefined) yield E.right(rows)
}
