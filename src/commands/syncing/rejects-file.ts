import * as E from 'fp-ts/Either'
import type { Disk } from '../../capabilities'
import { CSV } from '../../destination/delivery/reject-file'
import type { RejectKeeper } from '../../destination/delivery/rejects'
import type { Failure } from '../../failure'

/** So much text may wait before it is written without being asked for. */
const MOST_CHARS = 1_000_000

/**
 * Keeps the rejects of a run in a CSV file of this machine, which opens safely in a spreadsheet. A run that goes on with one that was
 * cut off writes behind its rejects; any other begins the file anew.
 */
export const openRejectsFile = async (
  disk: Disk,
  path: string,
  goesOn: boolean,
): Promise<E.Either<Failure, RejectKeeper>> => {
  const begun = goesOn ? await disk.create(path, CSV.head) : await disk.replace(path, CSV.head)
  if (E.isLeft(begun)) return failed(begun.left)

  let gathered: Array<string> = []
  let chars = 0
  let unwritten = 0
  let writing: Promise<E.Either<Failure, void>> = Promise.resolve(E.right(undefined))
  const write = (): Promise<E.Either<Failure, void>> => {
    const text = gathered.join('')
    const rejects = gathered.length
    gathered = []
    chars = 0
    writing = writing.then(async (earlier) => {
      if (E.isLeft(earlier) || text === '') return earlier
      const written = await disk.append(path, text)
      if (E.isLeft(written)) return failed(written.left)
      unwritten -= rejects
      return earlier
    })
    return writing
  }

  return E.right({
    keep: (reject) => {
      const line = CSV.line(reject)
      gathered.push(line)
      unwritten++
      chars += line.length
      return chars < MOST_CHARS ? undefined : write().then(() => undefined)
    },
    isClean: () => unwritten === 0,
    kept: write,
  })
}

const failed = (trouble: string): E.Either<Failure, never> => E.left({ _tag: 'DiskFailed', file: 'rejects', trouble })

/** Two keepers as one. */
export const both = (a: RejectKeeper, b: RejectKeeper): RejectKeeper => ({
  keep: (reject) => {
    const busy = [a.keep(reject), b.keep(reject)].filter((one) => one !== undefined)
    return busy.length === 0 ? undefined : Promise.all(busy).then(() => undefined)
  },
  isClean: () => a.isClean() && b.isClean(),
  kept: async () => {
    const [first, second] = await Promise.all([a.kept(), b.kept()])
    return E.isLeft(first) ? first : second
  },
})
