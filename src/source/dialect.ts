/** The separators that a file may have. */
export const DELIMITERS = [',', ';', '|', '\t'] as const
export type Delimiter = (typeof DELIMITERS)[number]

/** The encodings that a file may have. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type Encoding = (typeof ENCODINGS)[number]

/** What a file turned out to be by its first bytes: enough to go on in its middle. */
export interface Form {
  readonly compression: 'none' | 'gzip' | 'zstd'
  readonly encoding: Encoding
  readonly delimiter: string
}

/** How files are to be read: the config's csv.delimiter, csv.encoding and max_row_bytes. */
export interface CsvSettings {
  readonly delimiter: 'auto' | Delimiter
  readonly encoding: 'auto' | Encoding
  readonly maxRowBytes: number
}

/** How many cells of a header name a column that is known: that tells the delimiter. */
export type Rate = (header: ReadonlyArray<string>) => number

/** Whether bytes begin with a line end. */
export const isLineEnd = (bytes: Buffer, encoding: Encoding): boolean => {
  const [first, second] = bytes
  if (encoding === 'utf-16le') return isBreak(first) && second === 0
  return encoding === 'utf-16be' ? first === 0 && isBreak(second) : isBreak(first)
}

/** Whether a byte of a character that has one is a line end. */
export const isBreak = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d
