import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import type { Files, ObjectRef } from '../../src/capabilities'
import { openLocal } from '../../src/storage/local'
import { right } from '../support/either'

const folder = mkdtempSync(join(tmpdir(), 'local-spec-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open = (name: string, stop = new AbortController()) => openLocal(join(folder, name), 'read-once', stop.signal)

const only = async (files: Files): Promise<ObjectRef> => {
  const { objects, next } = right(await files.page('', undefined)())
  expect({ found: objects.length, next }).toEqual({ found: 1, next: undefined })
  return objects[0] as ObjectRef
}

const bytesOf = async (files: Files, object: ObjectRef, from: number) => {
  const pieces: Array<string> = []
  for await (const piece of files.read(object, from)) {
    if (E.isLeft(piece)) return { text: pieces.join(''), trouble: piece.left }
    pieces.push(piece.right.toString())
  }
  return { text: pieces.join(''), trouble: undefined }
}

test('a file is a bucket that holds nothing else, under its name without folders', async () => {
  writeFileSync(join(folder, 'a.csv'), 'abcdef')
  const files = right(await open('a.csv'))
  const object = await only(files)
  expect(object).toMatchObject({ key: 'a.csv', bytes: 6, archived: false })
  expect(await bytesOf(files, object, 0)).toEqual({ text: 'abcdef', trouble: undefined })
  expect(await bytesOf(files, object, 4)).toEqual({ text: 'ef', trouble: undefined })
  expect(right(await files.find('a.csv')())).toEqual(object)
  expect(right(await files.find('b.csv')())).toBeUndefined()
  expect(right(await files.page('other/', undefined)()).objects).toEqual([])
})

test('one that is written while it is read has changed', async () => {
  writeFileSync(join(folder, 'grows.csv'), 'abc')
  const files = right(await open('grows.csv'))
  const object = await only(files)
  appendFileSync(join(folder, 'grows.csv'), 'def')
  expect((await bytesOf(files, object, 0)).trouble).toMatchObject({ code: 'FILE_CHANGED' })
  expect(right(await files.find('grows.csv')())?.etag).not.toBe(object.etag)
})

test('a stop ends the reading', async () => {
  writeFileSync(join(folder, 'long.csv'), 'x'.repeat(2_000_000))
  const stop = new AbortController()
  const files = right(await open('long.csv', stop))
  const object = await only(files)
  stop.abort()
  expect((await bytesOf(files, object, 0)).trouble).toEqual({ _tag: 'Stopped' })
})

test.each([
  ['nowhere.csv', 'missing'],
  ['folder', 'folder'],
  [`${'x'.repeat(400)}.csv`, 'missing'],
])('%s can not be opened: %s', async (name, cause) => {
  mkdirSync(join(folder, 'folder'), { recursive: true })
  expect(await open(name)).toEqual(E.left({ _tag: 'LocalUnusable', cause }))
})

test('what may not be read can not be opened', async () => {
  writeFileSync(join(folder, 'secret.csv'), 'x')
  chmodSync(join(folder, 'secret.csv'), 0)
  const isRoot = process.getuid?.() === 0
  const found = await open('secret.csv')
  // Root may read everything.
  if (!isRoot) expect(found).toEqual(E.left({ _tag: 'LocalUnusable', cause: 'permission' }))
  else expect(E.isRight(found)).toBe(true)
})

test('a pipe can be read once, and is none to remember', async () => {
  expect(E.isRight(await openLocal('/dev/null', 'read-once', new AbortController().signal))).toBe(true)
  expect(await openLocal('/dev/null', 'remembered', new AbortController().signal)).toEqual(
    E.left({ _tag: 'LocalUnusable', cause: 'pipe' }),
  )
})
