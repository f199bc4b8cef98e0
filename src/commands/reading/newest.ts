import * as E from 'fp-ts/Either'
import type { ObjectRef, Objects } from '../../capabilities'
import type { Failure, FileFault } from '../../failure'
import { type SourceConfig, prefixOf } from '../../source/config'
import { inOrder } from '../../source/cursor'
import { chooser } from '../../source/selection'

/** So many pages of 1,000 keys are looked at: enough for a typical folder, and soon done in any. */
const MOST_PAGES = 10

/** The newest file to read among the first 10,000 keys of the folder. */
export const newestFile = async (
  config: SourceConfig,
  objects: Objects,
): Promise<E.Either<Failure, ObjectRef | undefined>> => {
  const choose = chooser(config)
  let newest: ObjectRef | undefined
  let from: string | undefined
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await objects.page(prefixOf(config), from)()
    if (E.isLeft(page)) return page
    for (const object of page.right.objects)
      if (choose(object) === 'file' && (newest === undefined || inOrder(object, newest) > 0)) newest = object
    from = page.right.next
    if (from === undefined) break
  }
  return E.right(newest)
}

/** Why the newest file could not be looked into, as what ends the run. */
export const newestUnusable = ({ key }: ObjectRef, trouble: Failure | FileFault): Failure =>
  '_tag' in trouble ? trouble : { _tag: 'FileUnusable', file: { key, ...trouble } }
