import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { newDisk } from '../../src/runtime/disk'

describe('the disk', () => {
  let folder: string
  const at = (name: string): string => join(folder, name)
  const disk = newDisk('x')
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'disk-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('tells a file that is not there from one that can’t be read', async () => {
    expect(await disk.read(at('none'))).toEqual(E.right(undefined))
    expect(await disk.read(folder)).toEqual(E.left('EISDIR'))
    writeFileSync(at('one'), 'text')
    expect(await disk.read(at('one'))).toEqual(E.right({ text: 'text', modifiedMs: statSync(at('one')).mtimeMs }))
  })

  it('replaces a file whole, and leaves nothing else behind', async () => {
    writeFileSync(at('one'), 'old')
    expect(await disk.replace(at('one'), 'new')).toEqual(E.right(undefined))
    expect([readFileSync(at('one'), 'utf8'), readdirSync(folder)]).toEqual(['new', ['one']])
  })

  it('that can’t put a file in its place keeps what stands there, and leaves nothing behind', async () => {
    expect(await disk.replace(at('gone/one'), 'new')).toEqual(E.left('ENOENT'))
    // A folder that is not empty can't be replaced by a file.
    const inner = mkdtempSync(at('inner-'))
    writeFileSync(join(inner, 'kept'), '')
    expect(E.isLeft(await disk.replace(inner, 'new'))).toBe(true)
    expect([readdirSync(folder), readdirSync(inner)]).toEqual([[inner.slice(folder.length + 1)], ['kept']])
  })

  it('of those who make a file at once lets one', async () => {
    const made = await Promise.all(['a', 'b', 'c'].map((text) => disk.create(at('one'), text)))
    expect(made.filter((one) => E.isRight(one) && one.right)).toHaveLength(1)
    expect(made.filter(E.isLeft)).toEqual([])
  })

  it('appends, and removes what may be gone', async () => {
    await disk.append(at('one'), 'a')
    await disk.append(at('one'), 'b')
    expect(readFileSync(at('one'), 'utf8')).toBe('ab')
    expect([await disk.remove(at('one')), await disk.remove(at('one'))]).toEqual([
      E.right(undefined),
      E.right(undefined),
    ])
    expect(readdirSync(folder)).toEqual([])
  })
})
