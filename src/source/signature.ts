import type { FileFault } from '../failure'
import type { Form } from './dialect'

type Compression = Form['compression']

/** How many bytes tell what a file is. */
export const SIGNATURE_BYTES = 512

/** How a file is compressed, by its first bytes. */
export const compressionOf = (start: Buffer): Compression => {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  const magic = start.length < 4 ? 0 : start.readUInt32LE(0)
  // A frame, or one of those that decompressors skip, which some tools put first.
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50 ? 'zstd' : 'none'
}

/** What is no list of rows at all, by its first bytes: what it is, and what to do. */
export const foreignFormat = (start: Buffer, compression: Compression): FileFault | undefined => {
  const found = FOREIGN.find(({ holds }) => holds(start))
  const isTwice = compression !== 'none' && compressionOf(start) !== 'none'
  const told = isTwice ? TWICE : found
  if (told === undefined) return undefined
  const where = compression === 'none' ? 'it is' : 'its archive holds'
  return { code: 'FILE_UNREADABLE', detail: `${where} ${told.what}: ${told.advice}` }
}

interface Foreign {
  readonly holds: (start: Buffer) => boolean
  readonly what: string
  readonly advice: string
}

const UNPACK = 'unpack it, and upload the CSV files'
const EXPORT = 'export it as CSV'
const COMPRESS = 'unpack it, and upload it as it is or compressed with gzip or zstd'

const TWICE: Omit<Foreign, 'holds'> = { what: 'another archive', advice: 'compress it once' }

const startsWith =
  (hex: string) =>
  (start: Buffer): boolean =>
    start.subarray(0, hex.length / 2).toString('hex') === hex

const holdsText =
  (pattern: RegExp) =>
  (start: Buffer): boolean =>
    pattern.test(start.toString('latin1'))

const ZIP = startsWith('504b0304')

const FOREIGN: ReadonlyArray<Foreign> = [
  {
    holds: (start) => ZIP(start) && holdsText(/\[Content_Types\]\.xml|xl\/|docProps\//)(start),
    what: 'an Excel workbook',
    advice: 'save it as "CSV UTF-8"',
  },
  { holds: ZIP, what: 'a zip archive', advice: UNPACK },
  { holds: startsWith('d0cf11e0a1b11ae1'), what: 'an old Excel workbook', advice: 'save it as "CSV UTF-8"' },
  { holds: startsWith('25504446'), what: 'a PDF', advice: EXPORT },
  { holds: startsWith('50415231'), what: 'a Parquet file', advice: EXPORT },
  { holds: startsWith('4f626a01'), what: 'an Avro file', advice: EXPORT },
  { holds: (start) => startsWith('4f5243')(start) && start.includes(0), what: 'an ORC file', advice: EXPORT },
  { holds: holdsText(/^BZh[1-9]1AY&SY/), what: 'compressed with bzip2', advice: COMPRESS },
  { holds: startsWith('fd377a585a00'), what: 'compressed with xz', advice: COMPRESS },
  { holds: startsWith('377abcaf271c'), what: 'a 7z archive', advice: UNPACK },
  { holds: startsWith('526172211a07'), what: 'a RAR archive', advice: UNPACK },
  { holds: (start) => start.subarray(257, 262).toString('latin1') === 'ustar', what: 'a tar archive', advice: UNPACK },
  { holds: holdsText(/^(\xef\xbb\xbf)?\s*</), what: 'HTML or XML', advice: EXPORT },
  { holds: holdsText(/^(\xef\xbb\xbf)?\s*(\{\s*"|\[\s*[{[])/), what: 'JSON', advice: EXPORT },
]
