import { isUtf8 } from 'node:buffer'
import type { CsvSettings, Encoding } from './dialect'

/** How the bytes of an encoding become what is split into rows, and how offsets there become those of the content. */
export interface Transcoder {
  /** What the splitter makes text by. */
  readonly parserEncoding: 'utf8' | 'latin1'
  /** The splitter's bytes for the content's next ones; some may be held until more come. */
  readonly take: (content: Buffer) => Buffer
  /** What is held at the end. */
  readonly finish: () => Buffer
  /** So many bytes of content are these of the splitter, which are whole characters. */
  readonly contentBytes: (bytes: Buffer, from: number, to: number) => number
  /** Whether bytes of the splitter, which hold whole rows, are what they should be. */
  readonly isValid: (bytes: Buffer) => boolean
  /** Finishes the text of cells. */
  readonly mend: ((cell: string) => string) | undefined
}

/** A transcoder at the beginning of a row. */
export const newTranscoder = (encoding: Encoding): Transcoder => {
  switch (encoding) {
    case 'utf-8':
      return UTF8
    case 'windows-1252':
      return WINDOWS_1252
    case 'utf-16le':
    case 'utf-16be':
      return newUtf16(encoding === 'utf-16be')
  }
}

const NOTHING = Buffer.alloc(0)

/** Bytes as they are: an offset is the content's own. */
const AS_IT_IS = {
  take: (content: Buffer) => content,
  finish: () => NOTHING,
  contentBytes: (_: Buffer, from: number, to: number) => to - from,
}

const UTF8: Transcoder = { ...AS_IT_IS, parserEncoding: 'utf8', isValid: isUtf8, mend: undefined }

/** Of 80 to 9F, Windows-1252 has other characters than Latin-1, and five that are none (Unicode's table CP1252.TXT). */
const HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'
const NO_CHARACTERS = [0x81, 0x8d, 0x8f, 0x90, 0x9d]

const WINDOWS_1252: Transcoder = {
  ...AS_IT_IS,
  parserEncoding: 'latin1',
  isValid: (bytes) => !NO_CHARACTERS.some((byte) => bytes.includes(byte)),
  mend: (cell) =>
    HIGH_LATIN1.test(cell) ? cell.replace(EACH_HIGH_LATIN1, (one) => HIGH[one.charCodeAt(0) - 0x80] ?? one) : cell,
}

const HIGH_LATIN1 = /[\u0080-\u009f]/
const EACH_HIGH_LATIN1 = /[\u0080-\u009f]/g

/** A byte that is nowhere in UTF-8: it stands for what is no character, one unit of UTF-16 each. */
const NO_CHARACTER = Buffer.of(0xff)

/** UTF-16 as UTF-8. Characters, and halves of them, may be cut between two pieces. */
const newUtf16 = (isBigEndian: boolean): Transcoder => {
  let held = NOTHING
  return {
    parserEncoding: 'utf8',
    take: (content) => {
      const bytes = held.length === 0 ? content : Buffer.concat([held, content])
      let whole = bytes.length & ~1
      const lastUnitHigh = whole === 0 ? 0 : (bytes[isBigEndian ? whole - 2 : whole - 1] ?? 0)
      // The first half of a pair waits for the second.
      if (lastUnitHigh >= 0xd8 && lastUnitHigh <= 0xdb) whole -= 2
      held = Buffer.from(bytes.subarray(whole))
      return utf8Of(textOf(bytes.subarray(0, whole), isBigEndian))
    },
    finish: () => {
      const rest = held
      held = NOTHING
      // Half a pair, and half a unit.
      return Buffer.alloc(Math.ceil(rest.length / 2), NO_CHARACTER)
    },
    contentBytes: (bytes, from, to) => 2 * bytes.toString('utf8', from, to).length,
    isValid: isUtf8,
    mend: undefined,
  }
}

const textOf = (units: Buffer, isBigEndian: boolean): string =>
  isBigEndian ? Buffer.from(units).swap16().toString('utf16le') : units.toString('utf16le')

const utf8Of = (text: string): Buffer => {
  if (!LONE_SURROGATE.test(text)) return Buffer.from(text)
  const parts = text.split(LONE_SURROGATE).flatMap((part, i) => [...(i === 0 ? [] : [NO_CHARACTER]), Buffer.from(part)])
  return Buffer.concat(parts)
}

/** By whole characters, one half of a pair alone. */
const LONE_SURROGATE = /\p{Surrogate}/u

/** The byte order marks that say an encoding. */
const MARKS: Readonly<Partial<Record<Encoding, Buffer>>> = {
  'utf-8': Buffer.of(0xef, 0xbb, 0xbf),
  'utf-16le': Buffer.of(0xff, 0xfe),
  'utf-16be': Buffer.of(0xfe, 0xff),
}

/** So much of the content says its encoding. */
export const ENCODING_BYTES = 1024 * 1024

/** The encoding of content and the length of its byte order mark, by its first bytes; `isAll`: there are no more. */
export const encodingOf = (
  start: Buffer,
  isAll: boolean,
  setting: CsvSettings['encoding'],
): { readonly encoding: Encoding; readonly markBytes: number } => {
  const marked = (Object.keys(MARKS) as ReadonlyArray<Encoding>).find((one) => hasMark(start, one))
  const encoding = setting !== 'auto' ? setting : (marked ?? unmarked(start, isAll))
  // Windows-1252 has no mark; what stands there was copied from a file of UTF-8.
  const mark = encoding === 'windows-1252' ? 'utf-8' : encoding
  return { encoding, markBytes: hasMark(start, mark) ? (MARKS[mark]?.length ?? 0) : 0 }
}

const hasMark = (start: Buffer, encoding: Encoding): boolean => {
  const mark = MARKS[encoding]
  return mark !== undefined && start.subarray(0, mark.length).equals(mark)
}

const unmarked = (start: Buffer, isAll: boolean): Encoding => {
  // Pieces differ from read to read: what comes with the last one must say nothing.
  const first = start.subarray(0, ENCODING_BYTES)
  const isWhole = isAll && first.length === start.length
  return isUtf8(isWhole ? first : first.subarray(0, wholeCharacters(first))) ? 'utf-8' : 'windows-1252'
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
