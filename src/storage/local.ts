import { createReadStream } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import type { Files, LocalUse, ObjectRef } from '../capabilities'
import type { Failure, FileFault } from '../failure'

/**
 * A file of this machine as a bucket that holds nothing else, under its name without folders: what reads a bucket's files reads it
 * too.
 */
export const openLocal = async (path: string, use: LocalUse, stop: AbortSignal): Promise<E.Either<Failure, Files>> => {
  const found = await refOf(path)
  if (E.isLeft(found)) return found
  const ref = found.right
  if (ref.etag === STREAM && use === 'remembered') return E.left({ _tag: 'LocalUnusable', cause: 'pipe' })
  return E.right({
    page: (prefix, from) =>
      TE.right({ objects: from === undefined && ref.key.startsWith(prefix) ? [ref] : [], next: undefined }),
    find: (key) =>
      key === ref.key
        ? async () => {
            const now = await refOf(path)
            return E.right(E.isRight(now) ? now.right : undefined)
          }
        : TE.right(undefined),
    read: (object, fromByte) => bytesOf(path, object, fromByte, stop),
  })
}

/** The version of a pipe: there is no other. */
const STREAM = 'stream'

const refOf = async (path: string): Promise<E.Either<Failure, ObjectRef>> => {
  try {
    const found = await stat(path)
    if (found.isDirectory()) return E.left({ _tag: 'LocalUnusable', cause: 'folder' })
    await access(path, constants.R_OK)
    // Of a pipe nothing is known before it is read.
    const bytes = found.isFile() ? found.size : 0
    const etag = found.isFile() ? `${found.ino}-${found.size}-${found.mtimeMs}` : STREAM
    return E.right({
      key: basename(path),
      etag,
      bytes,
      modifiedMs: Math.max(0, Math.floor(found.mtimeMs)),
      archived: false,
    })
  } catch (error) {
    return E.left({ _tag: 'LocalUnusable', cause: causeOf(error as NodeJS.ErrnoException) })
  }
}

const causeOf = ({ code }: NodeJS.ErrnoException): 'missing' | 'permission' | 'unreadable' => {
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return 'missing'
  return code === 'EACCES' || code === 'EPERM' ? 'permission' : 'unreadable'
}

const PIECE_BYTES = 256 * 1024

/** All of one version: a file that is written meanwhile is a FILE_CHANGED. */
async function* bytesOf(
  path: string,
  object: ObjectRef,
  fromByte: number,
  stop: AbortSignal,
): AsyncGenerator<E.Either<Failure | FileFault, Buffer>, void, void> {
  // A pipe has no places to start at, not even its beginning.
  const start = fromByte > 0 ? { start: fromByte } : {}
  const stream: Readable = createReadStream(path, { ...start, highWaterMark: PIECE_BYTES, signal: stop })
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) yield E.right(piece)
  } catch {
    yield E.left(stop.aborted ? { _tag: 'Stopped' } : { code: 'FILE_UNREADABLE', detail: 'the disk gave an error' })
    return
  }
  const now = await refOf(path)
  if (E.isLeft(now) || now.right.etag !== object.etag)
    yield E.left({ code: 'FILE_CHANGED', detail: 'it was written or removed while it was being read' })
}
