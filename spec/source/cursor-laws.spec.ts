import fc from 'fast-check'
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
  wants,
} from '../../src/source/cursor'
import { right } from '../support/either'
import { law } from '../support/laws'

const PLACE = { bucket: 'acme-offline', prefix: 'data/' }

const reload = (cursor: Cursor): Cursor => right(decode(PLACE)(JSON.parse(JSON.stringify(encode(PLACE, cursor)))))

const objectRef: fc.Arbitrary<ObjectRef> = fc.record({
  key: fc.string({ unit: 'grapheme', minLength: 1 }),
  etag: fc.stringMatching(/^"[0-9a-f]{32}(-\d{1,4})?"$/),
  bytes: fc.maxSafeNat(),
  modifiedMs: fc.integer({ min: 0, max: 4_102_444_800_000 }),
})
const someMark: fc.Arbitrary<Mark> = fc.record({
  object: objectRef,
  offset: fc.maxSafeNat(),
  row: fc.nat(),
  rejected: fc.nat(),
})
const cursor: fc.Arbitrary<Cursor> = fc
  .tuple(fc.option(objectRef), fc.array(someMark, { maxLength: 5 }))
  .map(([through, marks]) => ({
    through: through === null ? undefined : { modifiedMs: through.modifiedMs, key: through.key },
    open: new Map(marks.map((mark) => [mark.object.key, mark])),
  }))

describe('encode and decode', () => {
  test('a cursor survives the round trip through JSON, and is encoded to the same bytes again', () => {
    law([cursor], (before) => {
      const after = reload(before)
      expect(after).toEqual(before)
      expect(JSON.stringify(encode(PLACE, after))).toBe(JSON.stringify(encode(PLACE, before)))
    })
  })
})

/** What happens to a file that is opened: read to its end, damaged at a row, or the run is killed at a row. */
interface Happening {
  readonly kind: 'finish' | 'fail' | 'kill'
  readonly at: number
  /** A state is taken in the middle, as checkpoints do. */
  readonly checkpoint: boolean
}

const happening: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constantFrom('finish', 'finish', 'fail', 'kill'),
  at: fc.nat(9),
  checkpoint: fc.boolean(),
})

/** Listings of one run after the other: every run finds a few new files, later than all before them. */
const waves = fc.array(
  fc.array(fc.record({ name: fc.stringMatching(/^[a-z]{1,3}$/), rows: fc.nat(6), apart: fc.nat(2) }), { maxLength: 4 }),
  { minLength: 1, maxLength: 5 },
)

interface Listed extends ObjectRef {
  readonly rows: number
}

const listings = (found: ReadonlyArray<ReadonlyArray<{ name: string; rows: number; apart: number }>>) => {
  const all: Array<Listed> = []
  let clock = 1_000
  return found.map((wave, i) => {
    clock += 1_000
    for (const { name, rows, apart } of wave) {
      clock += apart
      const key = `data/${name}-${i}.csv`
      if (all.some((other) => other.key === key)) continue
      all.push({ key, modifiedMs: clock, etag: `"${i}"`, bytes: rows * 10, rows })
    }
    return [...all]
  })
}

/** One run over a listing: `emit` is told of every row; the cursor that the last state held. */
const run = (
  from: Cursor,
  listing: ReadonlyArray<Listed>,
  happenings: Array<Happening>,
  emit: (row: string) => void,
): Cursor => {
  let cursor = dropVanished(from, new Set(listing.map(({ key }) => key)))[0]
  for (const object of listing.filter((one) => wants(cursor, one)).sort(inOrder)) {
    const { kind, at, checkpoint } = happenings.shift() ?? { kind: 'finish', at: 0, checkpoint: false }
    const start = markOf(cursor, object)
    const end = kind === 'finish' ? object.rows : Math.max(start.row, Math.min(at, object.rows))
    for (let row = start.row + 1; row <= end; row++) {
      emit(`${object.key} ${row}`)
      if (checkpoint) cursor = reload(advance(cursor, { object, offset: row * 10, row, rejected: 0 }))
    }
    const mark: Mark = { object, offset: end * 10, row: end, rejected: 0 }
    if (kind === 'kill') return reload(advance(cursor, mark))
    cursor = kind === 'fail' ? fail(cursor, mark) : finish(cursor, object)
  }
  return reload(cursor)
}

describe('finish, advance and fail over many runs', () => {
  test('no row of any file is lost and none is read twice, whatever happens to the runs', () => {
    law(
      [waves, fc.array(happening, { maxLength: 25 })],
      (found, happenings) => {
        const emitted: Array<string> = []
        const emit = (row: string): number => emitted.push(row)
        const left = [...happenings]
        let cursor = START
        const all = listings(found)
        for (const listing of all) cursor = run(cursor, listing, left, emit)
        // In the end somebody mends what is damaged.
        const last = all.at(-1) ?? []
        cursor = run(cursor, last, [], emit)
        const wanted = last.flatMap(({ key, rows }) => Array.from({ length: rows }, (_, i) => `${key} ${i + 1}`))
        expect([...emitted].sort()).toEqual(wanted.sort())
        expect(last.filter((object) => wants(cursor, object))).toEqual([])
        expect(cursor.open.size).toBe(0)
      },
      500,
    )
  })

  test('files are finished in the order of modification and key', () => {
    law([waves], (found) => {
      const emitted: Array<string> = []
      const [listing = []] = listings(found)
      run(START, [...listing].reverse(), [], (row) => emitted.push(row))
      const wanted = [...listing].sort(inOrder).flatMap(({ key, rows }) => Array<string>(rows).fill(key))
      expect(emitted.map((row) => row.split(' ')[0])).toEqual(wanted)
    })
  })
})
