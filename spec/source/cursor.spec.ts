import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ObjectRef } from '../../src/capabilities'
import {
  type Cursor,
  type Mark,
  START,
  advance,
  decode,
  dropVanished,
  encode,
  fail,
  finish,
  inOrder,
  markOf,
  rfc3339,
  wants,
} from '../../src/source/cursor'
import { left, right } from '../support/either'

const PLACE = { bucket: 'acme-offline', prefix: 'data/' }

const file = (key: string, modifiedMs: number, etag = `"${key}"`): ObjectRef => ({ key, modifiedMs, etag, bytes: 100 })
const mark = (object: ObjectRef, row: number): Mark => ({ object, offset: row * 10, row, rejected: 0 })

const [a, b, c] = [file('data/a.csv', 1000), file('data/b.csv', 1000), file('data/c.csv', 2000)]

describe('inOrder', () => {
  test('files are read by last modification, then by key', () => {
    expect([c, b, a].sort(inOrder)).toEqual([a, b, c])
    expect(inOrder(a, { ...a })).toBe(0)
    expect(inOrder(file('z', 1), file('a', 2))).toBeLessThan(0)
  })
})

describe('wants', () => {
  test('at the start every file is wanted', () => {
    expect([a, b, c].every((object) => wants(START, object))).toBe(true)
  })

  test('a file that was finished, and all before it, are not wanted; later ones are', () => {
    const cursor = finish(START, b)
    expect([a, b, c].map((object) => wants(cursor, object))).toEqual([false, false, true])
  })

  test('a file that failed stays wanted although later ones are done', () => {
    const cursor = finish(finish(fail(START, mark(a, 3)), b), c)
    expect([a, b, c].map((object) => wants(cursor, object))).toEqual([true, false, false])
  })

  test('a file that was begun stays wanted, and the cursor does not pass those after it', () => {
    const cursor = advance(START, mark(a, 1))
    expect([a, b, c].map((object) => wants(cursor, object))).toEqual([true, true, true])
  })

  test('a file that was overwritten later is wanted again', () => {
    expect(wants(finish(START, c), file(a.key, 3000, '"new"'))).toBe(true)
  })

  test('finishing an older file after a newer one does not move the cursor back', () => {
    const cursor = finish(finish(fail(START, mark(a, 3)), c), a)
    expect([a, b, c].map((object) => wants(cursor, object))).toEqual([false, false, false])
  })
})

describe('markOf', () => {
  test('a new file is read from its beginning', () => {
    expect(markOf(START, a)).toEqual({ object: a, offset: 0, row: 0, rejected: 0 })
  })

  test('a file is read on from where it was left', () => {
    expect(markOf(advance(START, { object: a, offset: 70, row: 7, rejected: 2 }), a)).toMatchObject({
      offset: 70,
      row: 7,
      rejected: 2,
    })
  })

  test('another object under the same key is read from its beginning', () => {
    const replaced = file(a.key, 5000, '"other"')
    expect(markOf(advance(START, mark(a, 7)), replaced)).toEqual(mark(replaced, 0))
  })

  test('advancing again replaces the mark, and leaves the old cursor as it was', () => {
    const first = advance(START, mark(a, 1))
    expect(markOf(advance(first, mark(a, 2)), a).row).toBe(2)
    expect(markOf(first, a).row).toBe(1)
    expect(START.open.size).toBe(0)
  })
})

describe('the same bytes put again under a pending key', () => {
  test('are read on from the mark, and once: the cursor passes the new time', () => {
    const again = file(a.key, 5000, a.etag)
    const cursor = advance(START, mark(a, 5))
    expect(markOf(cursor, again)).toEqual(mark(again, 5))
    expect(wants(finish(cursor, markOf(cursor, again).object), again)).toBe(false)
  })
})

describe('dropVanished', () => {
  const cursor = fail(advance(finish(START, b), mark(c, 1)), mark(a, 2))

  test('pending files that are listed no more are let go and named', () => {
    const [kept, gone] = dropVanished(cursor, new Set([c.key]))
    expect(gone).toEqual([a.key])
    expect([...kept.open.keys()]).toEqual([c.key])
    expect(kept.through).toEqual(cursor.through)
  })

  test('nothing changes while all are listed', () => {
    expect(dropVanished(cursor, new Set([a.key, c.key, 'x']))).toEqual([cursor, []])
  })
})

describe('encode and decode', () => {
  test('a state of the start is one', () => {
    expect(right(decode(PLACE)(JSON.parse(JSON.stringify(encode(PLACE, START)))))).toEqual(START)
  })

  test('the state has the cursor field that the catalog names', () => {
    expect(encode(PLACE, finish(START, c))).toMatchObject({
      version: 1,
      bucket: 'acme-offline',
      path_prefix: 'data/',
      _ab_source_file_last_modified: '1970-01-01T00:00:02.000Z',
      _ab_source_file_url: 'data/c.csv',
    })
  })

  test('unknown keys are ignored', () => {
    const state = { ...encode(PLACE, finish(START, c)), later: { x: 1 } }
    expect(right(decode(PLACE)(state))).toEqual(finish(START, c))
  })

  test.each([
    ['another bucket', { bucket: 'other', prefix: 'data/' }, 'it belongs to bucket acme-offline, folder "data/"'],
    ['another folder', { bucket: 'acme-offline', prefix: '' }, 'it belongs to bucket acme-offline, folder "data/"'],
  ])('a state of %s is refused, saying whose it is', (_, place, text) => {
    expect(left(decode(place)(encode(PLACE, START)))).toBe(text)
  })

  test('a state of a newer version is refused, saying so, whatever else it holds', () => {
    const newer = { version: 2, bucket: 'acme-offline', path_prefix: 'data/', whatever: [] }
    expect(left(decode(PLACE)(newer))).toMatch(/newer version of this connector: update/)
  })

  const good = encode(PLACE, fail(START, mark(a, 3)))
  const [entry] = good['files'] as ReadonlyArray<Readonly<Record<string, unknown>>>

  test.each([
    ['no object', 'canary', /^expected a state of this connector$/],
    ['no version', { ...good, version: undefined }, /^version: expected number$/],
    ['a version that is text', { ...good, version: 'canary' }, /^version: expected number$/],
    ['no files', { ...good, files: 'canary' }, /^files: expected /],
    ['a file without key', { ...good, files: [{ ...entry, key: undefined }] }, /^files\.0\.key: expected string$/],
    ['a mark before the file', { ...good, files: [{ ...entry, offset: -1 }] }, /^files\.0\.offset: expected a count$/],
    ['half a row', { ...good, files: [{ ...entry, row: 0.5 }] }, /^files\.0\.row: expected a count$/],
    [
      'no date',
      { ...good, files: [{ ...entry, last_modified: 'canary' }] },
      /^files\.0\.last_modified: expected a date-time$/,
    ],
    [
      'no date to be through with',
      { ...good, _ab_source_file_last_modified: 'canary' },
      /^_ab_source_file_last_modified: expected a date-time$/,
    ],
  ])('%s is refused with place and expectation, never the value', (_, state, text) => {
    const problem = left(decode(PLACE)(state))
    expect(problem).toMatch(text)
    expect(problem).not.toContain('canary')
  })
})

describe('states of released versions', () => {
  const text = readFileSync(join(__dirname, '..', 'golden', 'state', 'v1.json'), 'utf8')
  const place = { bucket: 'acme-offline', prefix: 'my folder/this table/' }
  const late: ObjectRef = {
    key: 'my folder/this table/2026-01-30 "late".csv',
    etag: '"9b2cf535f27731c974343645a3985328"',
    bytes: 1048576,
    modifiedMs: Date.UTC(2026, 0, 30, 8),
  }
  const large: ObjectRef = {
    key: 'my folder/this table/größe.csv',
    etag: '"9b2cf535f27731c974343645a3985328-2"',
    bytes: Number.MAX_SAFE_INTEGER,
    modifiedMs: Date.UTC(2026, 1, 1, 0, 0, 0, 500),
  }
  const cursor: Cursor = {
    through: { modifiedMs: Date.UTC(2026, 0, 31, 23, 59, 59), key: 'my folder/this table/2026-01-31.csv' },
    open: new Map([
      [late.key, { object: late, offset: 524288, row: 4096, rejected: 17 }],
      [large.key, { object: large, offset: 0, row: 0, rejected: 0 }],
    ]),
  }

  test('version 1 is read', () => {
    expect(right(decode(place)(JSON.parse(text)))).toEqual(cursor)
  })

  test('version 1 is written, byte for byte', () => {
    expect(`${JSON.stringify(encode(place, cursor), null, 2)}\n`).toBe(text)
  })
})

describe('rfc3339', () => {
  test('has milliseconds and Z', () => {
    expect(rfc3339(0)).toBe('1970-01-01T00:00:00.000Z')
    expect(rfc3339(1758190000123)).toBe('2025-09-18T10:06:40.123Z')
  })
})
