import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import type { ObjectRef } from '../../src/capabilities'
import { Cursor, type Mark } from '../../src/source/cursor'
import type { Stretches } from '../../src/source/digest'
import type { Cut, Reach } from '../../src/source/reach'
import { decode, encode } from '../../src/source/state'
import { left, right } from '../support/either'
import { file, markAt, readTo } from '../support/files'
import { law } from '../support/laws'

const PLACE = { bucket: 'acme-offline', prefix: 'data/', partition: undefined }
const LOOKBACK_MS = 0

const textOf = (cursor: Cursor): string => JSON.stringify(encode(PLACE, cursor))
const reload = (cursor: Cursor): Cursor => right(decode(PLACE, LOOKBACK_MS)(JSON.parse(textOf(cursor))))

const objectRef: fc.Arbitrary<ObjectRef> = fc.record({
  key: fc.string({ unit: 'grapheme', minLength: 1 }),
  etag: fc.stringMatching(/^"[0-9a-f]{32}(-\d{1,4})?"$/),
  bytes: fc.maxSafeNat(),
  modifiedMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  archived: fc.constant(false),
})
const stretches: fc.Arbitrary<Stretches | undefined> = fc.option(
  fc.array(fc.record({ to: fc.maxSafeNat(), digest: fc.stringMatching(/^[\w-]{22}$/) }), { maxLength: 3 }),
  { nil: undefined },
)
const place = { offset: fc.maxSafeNat(), row: fc.nat(), rejected: fc.nat() }
const cut: fc.Arbitrary<Cut | undefined> = fc.option(fc.record({ ...place, inQuotes: fc.boolean() }), {
  nil: undefined,
})
const reach = { ...place, stretches, cut }
const mark: fc.Arbitrary<Mark> = fc.record({ object: objectRef, ...reach })
const read: fc.Arbitrary<Reach> = fc.record(reach)

const cursor: fc.Arbitrary<Cursor> = fc
  .tuple(fc.array(mark, { maxLength: 5 }), fc.array(fc.tuple(objectRef, read), { maxLength: 20 }))
  .map(([marks, files]) => {
    const made = new Cursor(LOOKBACK_MS)
    for (const [object, done] of files) made.finish(object, done)
    for (const one of marks) made.fail(one)
    return made
  })

describe('encode and decode', () => {
  test('a cursor survives the round trip through JSON, and is encoded to the same bytes again', () => {
    law([cursor, fc.array(objectRef, { maxLength: 5 })], (before, others) => {
      const after = reload(before)
      expect(textOf(after)).toBe(textOf(before))
      expect(after.open).toEqual(before.open)
      expect(after.through).toEqual(before.through)
      for (const object of others) expect(after.standing(object)).toEqual(before.standing(object))
    })
  })

  test('a state of the start is one', () => {
    expect(textOf(reload(new Cursor(LOOKBACK_MS)))).toBe(textOf(new Cursor(LOOKBACK_MS)))
  })

  test('the state has the cursor field that the catalog names', () => {
    const done = new Cursor(LOOKBACK_MS)
    done.finish(file('data/c.csv', 2000), readTo(1))
    expect(encode(PLACE, done)).toMatchObject({
      version: 2,
      bucket: 'acme-offline',
      path_prefix: 'data/',
      _ab_source_file_last_modified: '1970-01-01T00:00:02.000Z',
      _ab_source_file_url: 'data/c.csv',
    })
  })

  test('unknown keys are ignored', () => {
    const begun = new Cursor(LOOKBACK_MS)
    begun.fail(markAt(file('data/c.csv', 2000), 3))
    const after = right(decode(PLACE, LOOKBACK_MS)({ ...encode(PLACE, begun), later: { x: 1 } }))
    expect(textOf(after)).toBe(textOf(begun))
  })
})

describe('the size of a state', () => {
  /** Files with keys as shops have them, each with two stretches: they are larger than the first. */
  const full = (files: number): Cursor => {
    const made = new Cursor(LOOKBACK_MS)
    const digest = 'x'.repeat(22)
    for (let i = 0; i < files; i++) {
      const object = file(`exports/offline events/2026-01-31/store ${i}.csv`, 1_767_225_600_000 + i * 1000)
      const known = [
        { to: 65_536, digest },
        { to: 1_000_000, digest },
      ]
      made.finish(object, { offset: 1_000_000, row: 12_345, rejected: 67, stretches: known, cut: undefined })
    }
    return made
  }

  test('stays under 1 MB with 101,000 files read, and the newest 100,000 are known', () => {
    const after = reload(full(101_000))
    expect(textOf(after).length).toBeLessThan(980_000)
    const known = (i: number): unknown =>
      after.standing(file(`exports/offline events/2026-01-31/store ${i}.csv`, 1_767_225_600_000 + i * 1000))._tag
    expect([1_000, 50_000, 100_999].map(known)).toEqual(['Read', 'Read', 'Read'])
  })

  test('stays under 1 MB however long the keys of pending files are; files read are forgotten for it', () => {
    const made = full(101_000)
    for (let i = 0; !made.isCrowded(); i++) made.fail(markAt(file(`${i}${'\u0001'.repeat(1000)}`, 1), 0))
    expect(made.open.size).toBeGreaterThan(40)
    expect(Buffer.byteLength(textOf(made))).toBeLessThan(980_000)
    expect(reload(made).history.forgottenMs).toBeGreaterThan(1_767_225_600_000)
  })
})

describe('whose state it is', () => {
  const state = encode(PLACE, new Cursor(LOOKBACK_MS))
  const parted = encode({ ...PLACE, partition: { index: 1, count: 4 } }, new Cursor(LOOKBACK_MS))

  test.each([
    ['another bucket', { ...PLACE, bucket: 'other' }, state, 'it belongs to bucket acme-offline, folder "data/"'],
    ['another folder', { ...PLACE, prefix: '' }, state, 'it belongs to bucket acme-offline, folder "data/"'],
    [
      'all files',
      { ...PLACE, partition: { index: 0, count: 4 } },
      state,
      'it belongs to all files, and the config to a part of them (partition)',
    ],
    [
      'another part',
      { ...PLACE, partition: { index: 0, count: 4 } },
      parted,
      'it belongs to partition 1 of 4 (counted from 0)',
    ],
    [
      'a part of another count',
      { ...PLACE, partition: { index: 1, count: 5 } },
      parted,
      'it belongs to partition 1 of 4 (counted from 0)',
    ],
    ['a part, for all files', PLACE, parted, 'it belongs to partition 1 of 4 (counted from 0)'],
  ])('a state of %s is refused, saying whose it is', (_, place, json, text) => {
    expect(left(decode(place, LOOKBACK_MS)(JSON.parse(JSON.stringify(json))))).toBe(text)
  })

  test('a state of a newer version is refused, saying so, whatever else it holds', () => {
    const newer = { version: 3, bucket: 'acme-offline', path_prefix: 'data/', whatever: [] }
    expect(left(decode(PLACE, LOOKBACK_MS)(newer))).toMatch(/newer version of this connector: update/)
  })
})

describe('what is no state', () => {
  const made = new Cursor(LOOKBACK_MS)
  made.finish(file('data/b.csv', 2000), readTo(3))
  made.fail(markAt(file('data/a.csv', 1000), 3))
  const good = JSON.parse(textOf(made)) as Record<string, ReadonlyArray<unknown>>
  const entry = good['files']?.[0] as Readonly<Record<string, unknown>>
  const group = good['files_read']?.[0] as Readonly<Record<string, unknown>>

  test.each([
    ['no object', 'canary', /^expected a state of this connector$/],
    ['no version', { ...good, version: undefined }, /^version: expected a count$/],
    ['a version that is text', { ...good, version: 'canary' }, /^version: expected a count$/],
    ['no files', { ...good, files: 'canary' }, /^files: expected /],
    ['a file without key', { ...good, files: [{ ...entry, key: undefined }] }, /^files\.0\.key: expected string$/],
    ['a mark before the file', { ...good, files: [{ ...entry, offset: -1 }] }, /^files\.0\.offset: expected a count$/],
    ['half a row', { ...good, files: [{ ...entry, row: 0.5 }] }, /^files\.0\.row: expected a count$/],
    ['no content', { ...good, files: [{ ...entry, content: 'canary' }] }, /^files\.0\.content: expected /],
    ['no date', { ...good, files: [{ ...entry, last_modified: 'canary' }] }, /^files\.0\.last_modified: expected /],
    ['no end', { ...good, _ab_source_file_last_modified: 'canary' }, /^_ab_source_file_last_modified: expected /],
    [
      'no group',
      { ...good, files_read: [{ ...group, until: 'canary' }] },
      /^files_read\.0\.until: expected a date-time$/,
    ],
    ['no reads', { ...good, newest_files_read: [['canary']] }, /^newest_files_read\.0\.0: expected a count/],
    ['nothing forgotten', { ...good, forgotten_until: 'canary' }, /^forgotten_until: expected a date-time$/],
  ])('%s is refused with place and expectation, never the value', (_, state, text) => {
    const problem = left(decode(PLACE, LOOKBACK_MS)(state))
    expect(problem).toMatch(text)
    expect(problem).not.toContain('canary')
  })
})

describe('states of released versions', () => {
  const golden = (name: string): string => readFileSync(join(__dirname, '..', 'golden', 'state', name), 'utf8')
  const place = { bucket: 'acme-offline', prefix: 'my folder/this table/', partition: undefined }
  const late: ObjectRef = {
    key: 'my folder/this table/2026-01-30 "late".csv',
    etag: '"9b2cf535f27731c974343645a3985328"',
    bytes: 1048576,
    modifiedMs: Date.UTC(2026, 0, 30, 8),
    archived: false,
  }
  const large: ObjectRef = {
    key: 'my folder/this table/größe.csv',
    etag: '"9b2cf535f27731c974343645a3985328-2"',
    bytes: Number.MAX_SAFE_INTEGER,
    modifiedMs: Date.UTC(2026, 1, 1, 0, 0, 0, 500),
    archived: false,
  }
  const through = { modifiedMs: Date.UTC(2026, 0, 31, 23, 59, 59), key: 'my folder/this table/2026-01-31.csv' }

  test('version 1 is read; it did not say which files were read, and nothing is judged of those', () => {
    const cursor = right(decode(place, LOOKBACK_MS)(JSON.parse(golden('v1.json'))))
    expect(cursor.through).toEqual(through)
    expect([...cursor.open.values()]).toEqual([
      { object: late, offset: 524288, row: 4096, rejected: 17, stretches: undefined, cut: undefined },
      { object: large, offset: 0, row: 0, rejected: 0, stretches: undefined, cut: undefined },
    ])
    const at = (modifiedMs: number, key: string): unknown => cursor.standing(file(key, modifiedMs))._tag
    expect(at(through.modifiedMs - 1, 'x')).toBe('Read')
    expect(at(through.modifiedMs, through.key)).toBe('Read')
    expect(at(through.modifiedMs + 1, 'x')).toBe('New')
  })

  test('version 2 is read and written, byte for byte', () => {
    const cursor = new Cursor(LOOKBACK_MS)
    const day = (n: number) => file(`my folder/this table/2026-01-${n}.csv`, Date.UTC(2026, 0, n), `"${n}"`)
    const cutAt = (offset: number, row: number, inQuotes: boolean): Cut => ({ offset, row, rejected: 1, inQuotes })
    const known = [{ to: 90, digest: 'u'.repeat(22) }]
    cursor.finish(day(28), { offset: 90, row: 3, rejected: 1, stretches: known, cut: cutAt(70, 2, false) })
    cursor.finish(day(29), { offset: 0, row: 0, rejected: 0, stretches: undefined, cut: undefined })
    cursor.finish(day(31), { offset: 80, row: 2, rejected: 0, stretches: [], cut: undefined })
    const content = [
      { to: 65536, digest: 'v'.repeat(22) },
      { to: 524288, digest: 'w'.repeat(22) },
    ]
    const lateCut = cutAt(524200, 4094, true)
    cursor.fail({ object: late, offset: 524288, row: 4096, rejected: 17, stretches: content, cut: lateCut })
    cursor.advance({ object: large, offset: 0, row: 0, rejected: 0, stretches: undefined, cut: undefined })
    const text = golden('v2.json')
    expect(`${JSON.stringify(encode(place, cursor), null, 2)}\n`).toBe(text)
    const after = right(decode(place, LOOKBACK_MS)(JSON.parse(text)))
    expect(`${JSON.stringify(encode(place, after), null, 2)}\n`).toBe(text)
  })
})
