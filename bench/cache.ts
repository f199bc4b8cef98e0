import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DataRequest } from './data'

/** A file of test data: where it lies and how long it is. */
export type DataFile = Readonly<{ path: string; bytes: number }>

const folder = join(tmpdir(), 'offline-events-bench')

const sizeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  )

/** Removes the files of other days: their event times are on the way out of the window that platforms accept. */
const dropOthers = async (day: string): Promise<void> => {
  for (const name of await readdir(folder)) if (!name.startsWith(`${day}-`)) await rm(join(folder, name))
}

/** Gives a file of test data, made once for each day, number of rows and seed. */
export const cached = async (
  name: string,
  make: (request: DataRequest) => Promise<void>,
  { rows, seed, nowSeconds }: Omit<DataRequest, 'path'>,
): Promise<DataFile> => {
  await mkdir(folder, { recursive: true })
  const day = String(nowSeconds)
  await dropOthers(day)
  const path = join(folder, `${day}-${rows}-${seed}-${name}`)
  const known = await sizeOf(path)
  if (known !== undefined) return { path, bytes: known }
  const unfinished = `${path}.${process.pid}`
  await make({ path: unfinished, rows, seed, nowSeconds })
  await rename(unfinished, path)
  return { path, bytes: (await stat(path)).size }
}
