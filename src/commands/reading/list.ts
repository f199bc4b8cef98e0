import * as E from 'fp-ts/Either'
import type { ObjectRef } from '../../capabilities'
import type { Failure } from '../../failure'
import { prefixOf } from '../../source/config'
import * as Cursor from '../../source/cursor'
import { chooser } from '../../source/selection'
import { type Session, say, wanted } from './session'

/** The files that a stream has not seen all of, in the order of reading. Pages are read one by one; what is not wanted is not kept. */
export const listFiles = async (session: Session): Promise<E.Either<Failure, ReadonlyArray<ObjectRef>>> => {
  const { caps, config, counts, objects, streams } = session
  const choose = chooser(config)
  const files: Array<ObjectRef> = []
  const stillThere = new Set<string>()
  let from: string | undefined
  do {
    if (caps.stop.aborted) return E.left({ _tag: 'Stopped' })
    const page = await objects.page(prefixOf(config), from)()
    if (E.isLeft(page)) return page
    for (const object of page.right.objects) {
      const choice = choose(object)
      if (choice === 'ignored') counts.filesIgnored++
      if (choice !== 'file') continue
      counts.newestModifiedMs = Math.max(counts.newestModifiedMs ?? 0, object.modifiedMs)
      if (streams.some(({ cursor }) => cursor.open.has(object.key))) stillThere.add(object.key)
      if (wanted(session, object)) files.push(object)
    }
    from = page.right.next
  } while (from !== undefined)
  forgetVanished(session, stillThere)
  return E.right(files.sort(Cursor.inOrder))
}

const forgetVanished = (session: Session, stillThere: ReadonlySet<string>): void => {
  const gone = new Set<string>()
  for (const stream of session.streams) {
    const [cursor, keys] = Cursor.dropVanished(stream.cursor, stillThere)
    stream.cursor = cursor
    for (const key of keys) gone.add(key)
  }
  if (gone.size > 0)
    say(
      session,
      'WARN',
      `Files that were not read to the end are no longer there and are let go: ${[...gone].slice(0, 20).join(', ')}${gone.size > 20 ? ` and ${gone.size - 20} more` : ''}.`,
    )
}
