import * as E from 'fp-ts/Either'
import type { Capabilities, ObjectRef, Objects } from '../../capabilities'
import type { Failure, FileFault } from '../../failure'
import { type SourceConfig, prefixOf } from '../../source/config'
import { inOrder } from '../../source/cursor'
import { chooser } from '../../source/selection'

/** What a folder holds, as far as it was listed: what `check` and `discover` go by. */
export interface Survey {
  /** Of the files to read the newest that has any bytes and is in no archive: only that proves the permission to read. */
  newest: ObjectRef | undefined
  files: number
  /** Files that were last modified before the platforms' window. */
  old: number
  /** Objects that file_pattern or start_date leaves out. */
  leftOut: number
  /** Whether all keys were listed. */
  whole: boolean
}

/** Days: platforms take events of so long, and what is older is not worth reading. */
export const PLATFORM_WINDOW_DAYS = 28
export const DAY_MS = 86_400_000

/** How far a folder is looked through. */
export interface Scope {
  readonly pages: number
  readonly ms: number
}

/** The newest file may have any key. */
export const WHOLE: Scope = { pages: Infinity, ms: Infinity }

/** Looks through the keys of the folder. */
export const survey = async (
  caps: Pick<Capabilities, 'nowMs' | 'elapsedMs'>,
  config: SourceConfig,
  objects: Objects,
  scope: Scope,
): Promise<E.Either<Failure, Survey>> => {
  const choose = chooser(config)
  const nowMs = caps.nowMs()
  const startMs = caps.elapsedMs()
  const found: Survey = { newest: undefined, files: 0, old: 0, leftOut: 0, whole: false }
  let from: string | undefined
  for (let pages = 0; pages < scope.pages && caps.elapsedMs() - startMs < scope.ms; pages++) {
    const page = await objects.page(prefixOf(config), from)()
    if (E.isLeft(page)) return page
    for (const object of page.right.objects) {
      const choice = choose(object)
      if (choice === 'ignored') found.leftOut++
      if (choice !== 'file') continue
      found.files++
      if (nowMs - object.modifiedMs > PLATFORM_WINDOW_DAYS * DAY_MS) found.old++
      const isReadable = object.bytes > 0 && !object.archived
      if (isReadable && (found.newest === undefined || inOrder(object, found.newest) > 0)) found.newest = object
    }
    from = page.right.next
    found.whole = from === undefined
    if (found.whole) break
  }
  return E.right(found)
}

/** Why the newest file could not be looked into, as what ends the run. */
export const newestUnusable = ({ key }: ObjectRef, trouble: Failure | FileFault): Failure =>
  '_tag' in trouble ? trouble : { _tag: 'FileUnusable', file: { key, ...trouble } }
