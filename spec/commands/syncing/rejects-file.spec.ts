import * as E from 'fp-ts/Either'
import { both, openRejectsFile } from '../../../src/commands/syncing/rejects-file'
import { CSV } from '../../../src/destination/delivery/reject-file'
import { NO_KEEPER, type RejectKeeper } from '../../../src/destination/delivery/rejects'
import { memoryDisk } from '../../support/memory'

const PATH = 'rejects.csv'
const newPlace = () => {
  const files = new Map<string, string>()
  return { files, disk: memoryDisk(files, () => 0) }
}

const reject = (row: number, transactionId = `T${row}`) => ({
  code: 'EMAIL_MALFORMED',
  message: 'why',
  stream: 'offline_events',
  namespace: undefined,
  record: undefined,
  file: 'a.csv',
  row,
  column: 'email',
  transactionId,
  eventName: undefined,
  requestId: undefined,
})

const opened = async (...args: Parameters<typeof openRejectsFile>): Promise<RejectKeeper> => {
  const keeper = await openRejectsFile(...args)
  if (E.isLeft(keeper)) throw new Error(keeper.left._tag)
  return keeper.right
}

const rowsOf = (text = ''): ReadonlyArray<string> => [...text.matchAll(/,a\.csv,(\d+),/g)].map(([, row = '']) => row)

describe('a file of rejects', () => {
  it('is begun anew by a run of its own, and written on by one that goes on', async () => {
    const { disk, files } = newPlace()
    files.set(PATH, 'what was here before')
    const first = await opened(disk, PATH, false)
    expect(files.get(PATH)).toBe(CSV.head)
    void first.keep(reject(1))
    await first.kept()
    const second = await opened(disk, PATH, true)
    void second.keep(reject(2))
    await second.kept()
    expect(rowsOf(files.get(PATH))).toEqual(['1', '2'])
    await opened(disk, PATH, false)
    expect(rowsOf(files.get(PATH))).toEqual([])
  })

  it('has all that was kept, in its order, when it is asked', async () => {
    const { disk, files } = newPlace()
    const keeper = await opened(disk, PATH, false)
    expect(keeper.isClean()).toBe(true)
    void keeper.keep(reject(1))
    expect(keeper.isClean()).toBe(false)
    const kept = [keeper.kept(), keeper.kept()]
    void keeper.keep(reject(2))
    await Promise.all(kept)
    expect([rowsOf(files.get(PATH)), keeper.isClean()]).toEqual([['1'], false])
    await keeper.kept()
    expect([rowsOf(files.get(PATH)), keeper.isClean()]).toEqual([['1', '2'], true])
  })

  it('is written before many gather, and has whoever rejects wait for that', async () => {
    const { disk, files } = newPlace()
    const keeper = await opened(disk, PATH, false)
    let waited = 0
    for (let row = 1; row <= 30_000; row++) {
      const busy = keeper.keep(reject(row))
      if (busy === undefined) continue
      waited++
      await busy
      expect(rowsOf(files.get(PATH))).toHaveLength(row)
    }
    expect(waited).toBeGreaterThan(0)
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)'])('opens safely in a spreadsheet: %s', async (id) => {
    const { disk, files } = newPlace()
    const keeper = await opened(disk, PATH, false)
    void keeper.keep(reject(1, id))
    await keeper.kept()
    expect(files.get(PATH)).toContain(`,'${id},`)
  })

  it('that can’t be written lets no state leave', async () => {
    const { disk } = newPlace()
    const full = { ...disk, append: () => Promise.resolve(E.left('ENOSPC')) }
    const keeper = await opened(full, PATH, false)
    void keeper.keep(reject(1))
    const failed = E.left({ _tag: 'DiskFailed', file: 'rejects', trouble: 'ENOSPC' })
    expect(await keeper.kept()).toEqual(failed)
    expect(await keeper.kept()).toEqual(failed)
    expect(keeper.isClean()).toBe(false)
  })

  it('beside a bucket is one of two, and both have to have all', async () => {
    const { disk, files } = newPlace()
    const file = await opened(disk, PATH, false)
    const seen: Array<number | undefined> = []
    const bucket: RejectKeeper = { ...NO_KEEPER, keep: ({ row }) => void seen.push(row), isClean: () => false }
    const two = both(file, bucket)
    void two.keep(reject(1))
    await two.kept()
    expect([rowsOf(files.get(PATH)), seen, file.isClean(), two.isClean()]).toEqual([['1'], [1], true, false])
  })
})
