import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Files, ObjectRef } from '../../capabilities'
import type { Failure, FileFault } from '../../failure'
import { type SourceConfig, csvOf, mannerOf } from '../../source/config'
import { rowsOf } from '../../source/csv'
import type { Form, Rate } from '../../source/dialect'
import type { RowFault } from '../../source/splitter'
import { columnLookup, headerKey } from '../../template/column'
import type { HeaderFault } from '../../template/header'
import { OFFLINE_EVENT } from '../../template/offline-event'
import { type Plan, compile } from '../../template/plan'

/** The plan of a header under a config; `passes` says which headers that the template does not know are wanted. */
export const planFor = (
  config: SourceConfig,
  passes: (header: string) => boolean = () => false,
): ((header: ReadonlyArray<string>) => E.Either<FileFault, Plan>) => {
  const planOf = compile(OFFLINE_EVENT, mannerOf(config, passes))
  return (header) =>
    pipe(
      planOf(header),
      E.mapLeft((found) => headerInvalid(found, header)),
    )
}

/** What a file says of itself at its beginning. */
export interface Head {
  readonly form: Form
  /** Its first row that is not blank. */
  readonly header: ReadonlyArray<string>
}

/** The head of a file, or undefined where it has no rows. */
export const headOf = async (
  objects: Files,
  object: ObjectRef,
  config: SourceConfig,
): Promise<E.Either<Failure | FileFault, Head | undefined>> => {
  for await (const chunk of rowsOf(objects.read(object, 0), csvOf(config), rateOf(config))) {
    if (E.isLeft(chunk)) return chunk
    const { cells, faults, form } = chunk.right
    const at = cells.findIndex((row) => !isBlank(row))
    const fault = headerUnreadable(faults?.get(at))
    if (fault !== undefined) return E.left(fault)
    const header = cells[at]
    if (header !== undefined) return E.right({ form, header })
  }
  return E.right(undefined)
}

/** Tells a header by its columns. */
export const rateOf = ({ column_mapping }: SourceConfig): Rate => {
  const columnCalled = columnLookup(OFFLINE_EVENT)
  const mapped = new Set(column_mapping.map(({ column }) => headerKey(column)))
  return (header) => header.filter((name) => columnCalled(name) !== undefined || mapped.has(headerKey(name))).length
}

/** Why a first line is no header: it could not be split. */
export const headerUnreadable = (found: RowFault | undefined): FileFault | undefined => {
  if (found === undefined || found === 'BAD_ENCODING') return undefined
  const why = found === 'QUOTE_UNCLOSED' ? 'opens a quote and never closes it' : 'is longer than max_row_bytes'
  return { code: 'FILE_HEADER_INVALID', detail: `its first line ${why}: it must name the columns as in the template` }
}

/** What is wrong with a header, with what to do. */
const headerInvalid = (found: HeaderFault, header: ReadonlyArray<string>): FileFault => ({
  code: 'FILE_HEADER_INVALID',
  detail:
    found._tag === 'ColumnsMissing'
      ? `its header has no column ${found.columns.join(', nor ')}: ${header.some(isNoText) ? 'its first line is no text by the encoding that it is read with: set csv.encoding to its own (UTF-16 without a byte order mark is not found by itself)' : 'the first line must name the columns as in the template (column_mapping takes other names)'}`
      : `its header has two columns for ${found.column}, ${found.headers.join(' and ')}: ${headerKey(found.headers[0]) === headerKey(found.headers[1]) ? 'rename or leave out one of them' : 'leave one out, or say by column_mapping which of them counts'}`,
})

/** A NUL, and what stands for what is no character. */
const isNoText = (name: string): boolean => name.includes('\0') || name.includes('\uFFFD')

/** A line of nothing but space is no row. */
export const isBlank = (cells: ReadonlyArray<string>): boolean => cells.length === 1 && (cells[0] ?? '').trim() === ''
