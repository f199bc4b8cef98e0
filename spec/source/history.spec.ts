import fc from 'fast-check'
import { History, versionOf } from '../../src/source/history'
import { readTo } from '../support/files'
import { law } from '../support/laws'

const readOf = (key: string, modifiedMs: number, etag: string) => ({
  modifiedMs,
  version: versionOf({ etag }),
  ...readTo(key.length),
})

const reload = (history: History): History =>
  History.decode(history.forgottenMs, history.encodeFiles(), history.encodeReads())

/** Files of one name each, a second apart. */
const historyOf = (files: number): History => {
  const history = new History()
  for (let i = 0; i < files; i++) history.add({ key: `in/${i}` }, readOf(`in/${i}`, i * 1000, `"${i}"`))
  return history
}

describe('History', () => {
  test('knows the version of every file that was added, and of no other', () => {
    const files = fc.uniqueArray(fc.record({ key: fc.string(), etag: fc.string(), modifiedMs: fc.nat() }), {
      selector: ({ key }) => key,
      maxLength: 60,
    })
    law([files, fc.string(), fc.boolean()], (added, other, isReloaded) => {
      const built = new History()
      for (const { key, etag, modifiedMs } of added) built.add({ key }, readOf(key, modifiedMs, etag))
      const history = isReloaded ? reload(built) : built
      for (const { key, etag, modifiedMs } of added) {
        expect(history.find({ key, etag })).toMatchObject({ sameVersion: true, isSure: true, modifiedMs })
        expect(history.find({ key, etag: `${etag}+` })).toMatchObject({ sameVersion: false })
      }
      const isThere = added.some(({ key }) => key === other)
      expect(history.find({ key: other, etag: '' }) !== undefined).toBe(isThere)
    })
  })

  test('a file that is added again has its last version only, and is one of the newest', () => {
    const history = historyOf(3)
    history.add({ key: 'in/0' }, readOf('in/0', 9000, '"again"'))
    expect(history.find({ key: 'in/0', etag: '"0"' })).toMatchObject({ sameVersion: false, modifiedMs: 9000 })
    expect(history.find({ key: 'in/0', etag: '"again"' })).toMatchObject({ sameVersion: true })
    expect(history.encodeReads().at(-1)?.[1].modifiedMs).toBe(9000)
  })

  test('of 101,000 files it forgets none but the oldest, and says up to when', () => {
    const history = reload(historyOf(101_000))
    expect(history.forgottenMs).toBe(999_000)
    expect(history.find({ key: 'in/999', etag: '"999"' })).toBeUndefined()
    for (const i of [1000, 50_000, 100_999])
      expect(history.find({ key: `in/${i}`, etag: `"${i}"` })).toMatchObject({ sameVersion: true })
    // What was read is known of the newest thousand; of the others when they were last modified, at the latest.
    expect(history.find({ key: 'in/99999', etag: '"99999"' })).toEqual({
      modifiedMs: 99_999_000,
      sameVersion: true,
      isSure: false,
      read: undefined,
    })
    expect(history.find({ key: 'in/100000', etag: '"100000"' })?.read?.row).toBe('in/100000'.length)
  })

  test('it can forget all, and go on', () => {
    const history = historyOf(2_500)
    while (history.forgetOldest());
    expect(history.encodeFiles()).toEqual([])
    expect(history.encodeReads()).toEqual([])
    history.add({ key: 'in/next' }, readOf('in/next', 5, '"n"'))
    expect(reload(history).find({ key: 'in/next', etag: '"n"' })).toMatchObject({ sameVersion: true })
    expect(history.forgottenMs).toBe(2_499_000)
  })
})
