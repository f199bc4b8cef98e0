import { realpathSync } from 'node:fs'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import type { Disk, DiskTrouble } from '../capabilities'

/** The disk of this machine. `tag` makes names of files-to-be that no other process has. */
export const newDisk = (tag: string): Disk => ({
  read: async (path) => {
    const read = await tried(async () => ({
      text: await readFile(path, 'utf8'),
      modifiedMs: (await stat(path)).mtimeMs,
    }))
    return E.isLeft(read) && read.left === 'ENOENT' ? E.right(undefined) : read
  },
  replace: (path, text) =>
    tried(async () => {
      const next = `${path}.${tag}.tmp`
      try {
        await written(next, 'w', text)
        await rename(next, path)
      } catch (error) {
        await rm(next, { force: true })
        throw error
      }
      await synced(dirname(path))
    }),
  create: async (path, text) => {
    const made = await tried(() => written(path, 'wx', text))
    if (E.isRight(made)) return E.right(true)
    if (made.left === 'EEXIST') return E.right(false)
    // It may stand there, and be empty.
    await tried(() => rm(path, { force: true }))
    return made
  },
  append: (path, text) => tried(() => written(path, 'a', text)),
  remove: (path) => tried(() => rm(path, { force: true })),
  placeOf: (path) => {
    try {
      return realpathSync(path)
    } catch {
      return resolve(path)
    }
  },
})

const tried = async <A>(work: () => Promise<A>): Promise<E.Either<DiskTrouble, A>> => {
  try {
    return E.right(await work())
  } catch (error) {
    return E.left((error as NodeJS.ErrnoException).code ?? 'EUNKNOWN')
  }
}

const written = async (path: string, flags: string, text: string): Promise<void> => {
  const file = await open(path, flags)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The new name, too, is to outlive the machine; not every file system can tell its folders to be written. */
const synced = async (folder: string): Promise<void> => {
  try {
    const file = await open(folder, 'r')
    await file.sync().finally(() => file.close())
  } catch {
    return
  }
}
