import * as E from 'fp-ts/Either'
import type { ObjectRef } from '../../capabilities'
import type { Failure } from '../../failure'
import { prefixOf } from '../../source/config'
import { inOrder } from '../../source/cursor'
import { type Session, emitStates, isStateDue, say } from './session'

/** The files that a stream has not seen all of, in the order of reading. Pages are read one by one; what is not wanted is not kept. */
export const listFiles = async (session: Session): Promise<E.Either<Failure, ReadonlyArray<ObjectRef>>> => {
  const { caps, choose, config, counts, objects, streams } = session
  const files: Array<ObjectRef> = []
  const stillThere = new Set<string>()
  const passedOver = { FILE_ARCHIVED: newPassedOver(), FILE_TOO_LATE: newPassedOver() }
  let listed = 0
  let from: string | undefined
  do {
    if (caps.stop.aborted) return E.left({ _tag: 'Stopped' })
    const page = await objects.page(prefixOf(config), from)()
    if (E.isLeft(page)) return page
    for (const object of page.right.objects) {
      listed++
      if (streams.some(({ cursor }) => cursor.open.has(object.key))) stillThere.add(object.key)
      const choice = choose(object)
      if (choice === 'ignored') counts.filesIgnored++
      if (choice !== 'file') continue
      counts.newestModifiedMs = Math.max(counts.newestModifiedMs ?? 0, object.modifiedMs)
      const standings = streams.map(({ cursor }) => cursor.standing(object)._tag)
      if (standings.every((standing) => standing === 'Read')) continue
      // Also where the other stream reads it.
      if (standings.includes('TooLate')) passOver(passedOver.FILE_TOO_LATE, object)
      if (standings.every((standing) => standing === 'Read' || standing === 'TooLate')) continue
      if (object.archived) passOver(passedOver.FILE_ARCHIVED, object)
      else files.push(object)
    }
    from = page.right.next
    if (isStateDue(session)) {
      say(session, 'INFO', `${listed} objects listed so far, ${files.length} files to read.`)
      emitStates(session)
    }
  } while (from !== undefined)
  if (session.isWhole) forgetVanished(session, stillThere)
  tellPassedOver(session, 'FILE_ARCHIVED', passedOver.FILE_ARCHIVED, ARCHIVED)
  tellPassedOver(session, 'FILE_TOO_LATE', passedOver.FILE_TOO_LATE, TOO_LATE)
  return E.right(files.sort(inOrder))
}

/** Files that are not read although they match: the run is none the worse for them. */
interface PassedOver {
  files: number
  first: string | undefined
}

export const newPassedOver = (): PassedOver => ({ files: 0, first: undefined })

const passOver = (passedOver: PassedOver, { key }: ObjectRef): void => {
  passedOver.files++
  passedOver.first ??= key
}

/** Why archived files are not read, and what to do. */
export const ARCHIVED =
  'lie in an archived storage class and are not read: restore them, or leave them out by file_pattern or start_date'
const TOO_LATE =
  'appeared later than lookback_hours allows and are not read: raise lookback_hours to have them read, or leave them out by start_date'

/** One warning for all files of a code. */
export const tellPassedOver = (
  session: Session,
  code: 'FILE_ARCHIVED' | 'FILE_TOO_LATE',
  { files, first }: PassedOver,
  why: string,
): void => {
  if (files === 0) return
  const { counts } = session
  counts.filesIgnored += files
  counts.filesByCode[code] = (counts.filesByCode[code] ?? 0) + files
  say(session, 'WARN', `${files} ${files === 1 ? 'file' : 'files'} ${code}, first ${first ?? ''}: they ${why}.`)
}

const forgetVanished = (session: Session, stillThere: ReadonlySet<string>): void => {
  const gone = new Set<string>()
  for (const { cursor } of session.streams) for (const key of cursor.dropVanished(stillThere)) gone.add(key)
  if (gone.size > 0)
    say(
      session,
      'WARN',
      `Files that were not read to the end are no longer there and are let go: ${[...gone].slice(0, 20).join(', ')}${gone.size > 20 ? ` and ${gone.size - 20} more` : ''}.`,
    )
}
