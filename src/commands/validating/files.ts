import * as E from 'fp-ts/Either'
import type { ObjectRef } from '../../capabilities'
import type { Failure } from '../../failure'
import { prefixOf } from '../../source/config'
import { inOrder } from '../../source/cursor'
import { chooser } from '../../source/selection'
import type { Validation } from './open'

/** The files that `read` would read first of all, in its order: all that match, for nothing was read before. */
export const filesOf = async (validation: Validation): Promise<E.Either<Failure, ReadonlyArray<ObjectRef>>> => {
  const { caps, config, counting, files, isLocal } = validation
  // The pattern, the date and the part are for choosing in a folder; a file that is named is chosen.
  const choose = isLocal ? () => 'file' as const : chooser(config)
  const found: Array<ObjectRef> = []
  let from: string | undefined
  do {
    if (caps.stop.aborted) return E.left({ _tag: 'Stopped' })
    const page = await files.page(isLocal ? '' : prefixOf(config), from)()
    if (E.isLeft(page)) return page
    for (const object of page.right.objects) {
      const choice = choose(object)
      if (choice === 'ignored') counting.filesIgnored++
      if (choice !== 'file') continue
      if (object.archived) passOver(validation, 'FILE_ARCHIVED')
      else found.push(object)
    }
    from = page.right.next
  } while (from !== undefined)
  return E.right(found.sort(inOrder))
}

/** A file that is not read although it matches: the run is none the worse for it. */
export const passOver = ({ counting }: Validation, code: 'FILE_ARCHIVED'): void => {
  counting.filesIgnored++
  counting.filesByCode[code] = (counting.filesByCode[code] ?? 0) + 1
}
