import { Cursor, inOrder, rfc3339 } from '../../src/source/cursor'
import { file, markAt, readTo } from '../support/files'

const HOUR_MS = 3_600_000
const [a, b, c] = [file('data/a.csv', 1000), file('data/b.csv', 1000), file('data/c.csv', 2000)]

const newCursor = (lookbackMs = 0): Cursor => new Cursor(lookbackMs)

const standings = (cursor: Cursor): ReadonlyArray<string> => [a, b, c].map((object) => cursor.standing(object)._tag)

describe('inOrder', () => {
  test('files are read by last modification, then by key', () => {
    expect([c, b, a].sort(inOrder)).toEqual([a, b, c])
    expect(inOrder(a, { ...a })).toBe(0)
    expect(inOrder(file('z', 1), file('a', 2))).toBeLessThan(0)
  })
})

describe('standing', () => {
  test('at the start every file is new', () => {
    expect(standings(newCursor())).toEqual(['New', 'New', 'New'])
  })

  test('a file that was finished is read; others of the same time are new, by whatever key', () => {
    const cursor = newCursor()
    cursor.finish(b, readTo(3))
    expect(standings(cursor)).toEqual(['New', 'Read', 'New'])
  })

  test('a file that failed stays begun although later ones are done', () => {
    const cursor = newCursor()
    cursor.fail(markAt(a, 3))
    cursor.finish(b, readTo(1))
    cursor.finish(c, readTo(1))
    expect(cursor.standing(a)).toEqual({ _tag: 'Begun', mark: markAt(a, 3) })
    expect(standings(cursor)).toEqual(['Begun', 'Read', 'Read'])
  })

  test('a file that was begun does not move the cursor past those before it', () => {
    const cursor = newCursor()
    cursor.advance(markAt(c, 1))
    expect(standings(cursor)).toEqual(['New', 'New', 'Begun'])
    expect(cursor.through).toBeUndefined()
  })

  test('another version of a file that was read is told, with what is known of the one before', () => {
    const cursor = newCursor()
    cursor.finish(a, readTo(3))
    expect(cursor.standing(file(a.key, 3000, '"new"'))).toMatchObject({
      _tag: 'Replaced',
      modifiedMs: 1000,
      read: { row: 3, stretches: [] },
    })
  })

  test('another version counts, be its time no later than that of others that were read', () => {
    const cursor = newCursor()
    cursor.finish(a, readTo(3))
    cursor.finish(c, readTo(3))
    expect(cursor.standing(file(a.key, 1000, '"new"'))._tag).toBe('Replaced')
  })

  test('the same bytes put again are read already', () => {
    const cursor = newCursor()
    cursor.finish(a, readTo(3))
    expect(cursor.standing(file(a.key, 9000, a.etag))._tag).toBe('Read')
  })

  test.each([
    [0, 0, 'New'],
    [0, 1, 'TooLate'],
    [1, HOUR_MS, 'New'],
    [1, HOUR_MS + 1, 'TooLate'],
    [72, 72 * HOUR_MS, 'New'],
    [72, 72 * HOUR_MS + 1, 'TooLate'],
  ])('with %i hours to look back, a file that comes %i ms behind the newest is %s', (hours, behindMs, tag) => {
    const cursor = newCursor(hours * HOUR_MS)
    const newest = file('data/newest.csv', 100 * HOUR_MS)
    cursor.finish(newest, readTo(1))
    expect(cursor.standing(file('data/late.csv', newest.modifiedMs - behindMs))._tag).toBe(tag)
  })

  test('where files may have been forgotten, nothing is judged', () => {
    const cursor = newCursor(HOUR_MS)
    cursor.finish(a, readTo(1))
    cursor.finish(c, readTo(1))
    expect(cursor.history.forgetOldest()).toBe(true)
    const next = new Cursor(HOUR_MS, cursor.through, cursor.open, cursor.history)
    expect(standings(next)).toEqual(['Read', 'Read', 'Read'])
    expect(next.standing(file('data/d.csv', 2001))._tag).toBe('New')
    // For the run that forgot it, what its listing found to be new still is.
    expect(cursor.standing(b)._tag).toBe('New')
  })
})

describe('finish', () => {
  test('of an older file after a newer one does not move the cursor back', () => {
    const cursor = newCursor()
    cursor.fail(markAt(a, 3))
    cursor.finish(c, readTo(1))
    cursor.finish(a, readTo(4))
    expect(cursor.through).toEqual({ modifiedMs: 2000, key: c.key })
    expect(cursor.open.size).toBe(0)
  })

  test('the same bytes put again under a pending key are done once', () => {
    const again = file(a.key, 5000, a.etag)
    const cursor = newCursor()
    cursor.advance(markAt(a, 5))
    expect(cursor.standing(again)).toEqual({ _tag: 'Begun', mark: markAt(a, 5) })
    cursor.finish(again, readTo(9))
    expect([a, again].map((object) => cursor.wants(object))).toEqual([false, false])
  })
})

describe('dropVanished', () => {
  test('pending files that are listed no more are let go and named', () => {
    const cursor = newCursor()
    cursor.finish(b, readTo(1))
    cursor.advance(markAt(c, 1))
    cursor.fail(markAt(a, 2))
    expect(cursor.dropVanished(new Set([c.key]))).toEqual([a.key])
    expect([...cursor.open.keys()]).toEqual([c.key])
    expect(cursor.dropVanished(new Set([c.key, 'x']))).toEqual([])
  })
})

describe('isCrowded', () => {
  test.each([
    ['2,000 files', 2_000, 10],
    ['files whose keys take 300,000 bytes', 300, 1_000],
  ])('with %s pending there is no room for more', (_, files, keyLength) => {
    const cursor = newCursor()
    for (let i = 0; i < files - 1; i++) cursor.fail(markAt(file(String(i).padStart(keyLength, 'k'), 1), 0))
    expect(cursor.isCrowded()).toBe(false)
    cursor.fail(markAt(file('last'.padStart(keyLength, 'k'), 1), 0))
    expect(cursor.isCrowded()).toBe(true)
  })
})

describe('rfc3339', () => {
  test('has milliseconds and Z', () => {
    expect(rfc3339(0)).toBe('1970-01-01T00:00:00.000Z')
    expect(rfc3339(1758190000123)).toBe('2025-09-18T10:06:40.123Z')
  })
})
