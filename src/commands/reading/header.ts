import * as E from 'fp-ts/Either'
import type { ObjectRef, Objects } from '../../capabilities'
import type { Failure, FileFault } from '../../failure'
import { type SourceConfig, mannerOf } from '../../source/config'
import { rowsOf } from '../../source/csv'
import { headerKey } from '../../template/column'
import type { HeaderFault } from '../../template/header'
import { OFFLINE_EVENT } from '../../template/offline-event'
import { type Plan, compile } from '../../template/plan'

/** The plan of a header under a config; `passes` says which headers that the template does not know are wanted. */
export const planFor = (
  config: SourceConfig,
  passes: (header: string) => boolean = () => false,
): ((header: ReadonlyArray<string>) => E.Either<HeaderFault, Plan>) => compile(OFFLINE_EVENT, mannerOf(config, passes))

/** A file's header: its first row that is not blank, or undefined where it has none. */
export const headerOf = async (
  objects: Objects,
  object: ObjectRef,
): Promise<E.Either<Failure | FileFault, ReadonlyArray<string> | undefined>> => {
  for await (const chunk of rowsOf(objects.read(object, 0), 0)) {
    if (E.isLeft(chunk)) return chunk
    const header = chunk.right.cells.find((cells) => !isBlank(cells))
    if (header !== undefined) return E.right(header)
  }
  return E.right(undefined)
}

/** What is wrong with a header, with what to do. */
export const headerInvalid = (found: HeaderFault): FileFault => ({
  code: 'FILE_HEADER_INVALID',
  detail:
    found._tag === 'ColumnsMissing'
      ? `its header has no column ${found.columns.join(', nor ')}: the first line must name the columns as in the template (column_mapping takes other names)`
      : `its header has two columns for ${found.column}, ${found.headers.join(' and ')}: ${headerKey(found.headers[0]) === headerKey(found.headers[1]) ? 'rename or leave out one of them' : 'leave one out, or say by column_mapping which of them counts'}`,
})

/** A line of nothing but space is no row. */
export const isBlank = (cells: ReadonlyArray<string>): boolean => cells.length === 1 && (cells[0] ?? '').trim() === ''
