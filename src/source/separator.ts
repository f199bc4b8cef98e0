import { type Options, parse } from 'csv-parse/sync'
import { type CsvSettings, DELIMITERS, type Rate, isBreak } from './dialect'
import type { Transcoder } from './encoding'

type ParserEncoding = Transcoder['parserEncoding']

/** How csv-parse is to split; all of a file is split alike. */
export const csvOptions = (delimiter: string, encoding: ParserEncoding): Options => ({
  delimiter,
  encoding,
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
})

/** What separates the cells, and how many bytes of content come before the header: those of Excel's line that says it. */
export interface Separator {
  readonly delimiter: string
  readonly skippedBytes: number
}

/** The separator by the beginning of a file: what is set, what the file says, or what makes its header the most like one. */
export const separatorOf = (
  start: Buffer,
  { parserEncoding, contentBytes }: Transcoder,
  setting: CsvSettings['delimiter'],
  rate: Rate,
): Separator => {
  const isAll = start.length < LONGEST_LINE_BYTES
  const line = SEPARATOR_LINE.exec(start.subarray(0, LONGEST_LINE_BYTES).toString(parserEncoding))
  // Where the text is cut off, its end is no line's.
  const isLine = line !== null && (isAll || isBreak(line[0].charCodeAt(line[0].length - 1)))
  const skipped = Buffer.from(isLine ? line[0] : '', parserEncoding)
  const said = isLine ? line.groups?.['separator'] : undefined
  return {
    delimiter: setting !== 'auto' ? setting : (said ?? likeliest(start, parserEncoding, rate)),
    skippedBytes: contentBytes(skipped, 0, skipped.length),
  }
}

/** As Excel writes and reads it: any one character, and the separators of the empty cells behind it where it was saved again. */
const SEPARATOR_LINE = /^"?sep=(?<separator>[^"\r\n])"?\k<separator>* *(\r\n|\n|\r|$)/iu
/** Excel has 16,384 columns; no line that says the separator is longer. */
const LONGEST_LINE_BYTES = 20_000

const likeliest = (start: Buffer, encoding: ParserEncoding, rate: Rate): string => {
  const candidates = DELIMITERS.filter((delimiter) => start.includes(delimiter))
  if (candidates.length <= 1) return candidates[0] ?? ','
  const rated = candidates.map((delimiter) => {
    const header = headerBy(delimiter, start, encoding)
    return { delimiter, known: rate(header), cells: header.length }
  })
  return rated.reduce((best, one) => ((one.known - best.known || one.cells - best.cells) > 0 ? one : best)).delimiter
}

/** The first row that is not blank, or what there is of it; none where it opens a quote that is not closed. */
const headerBy = (delimiter: string, start: Buffer, encoding: ParserEncoding): ReadonlyArray<string> => {
  try {
    const options = { ...csvOptions(delimiter, encoding), to: 1, skip_records_with_empty_values: true }
    return (parse(start, options) as ReadonlyArray<ReadonlyArray<string>>)[0] ?? []
  } catch {
    return []
  }
}
