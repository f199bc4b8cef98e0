import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import type { ObjectRef, Objects } from '../../src/capabilities'
import { read } from '../../src/commands/read'
import { CHANGED } from '../../src/storage/s3-refusal'
import { lawLater } from '../support/laws'
import { memory } from '../support/memory'

/** One thing that a shop does to its folder; `file` and `rows` are small numbers. */
interface Deed {
  readonly kind: 'upload' | 'upload late' | 'grow' | 'cut and grow' | 'overwrite' | 'touch'
  readonly file: number
  readonly rows: number
  /** Whether the last line has an end. */
  readonly isWhole: boolean
}

/** What comes between two syncs, and where the second is killed: behind which share of its states; 1 for not at all. */
interface Round {
  readonly deeds: ReadonlyArray<Deed>
  readonly share: number
  /** A deed that is done while the file of its name is read, after so many pieces. */
  readonly during: { readonly deed: Deed; readonly pieces: number } | undefined
}

const deed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom('upload', 'upload late', 'grow', 'cut and grow', 'overwrite', 'touch'),
  file: fc.nat(4),
  rows: fc.nat(4),
  isWhole: fc.boolean(),
})

const round: fc.Arbitrary<Round> = fc.record({
  deeds: fc.array(deed, { maxLength: 4 }),
  share: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  during: fc.option(fc.record({ deed, pieces: fc.nat(4) }), { nil: undefined }),
})

const MINUTE_MS = 60_000
const LOOKBACK_HOURS = 72
/** What is uploaded while files are read may be far younger than they are. */
const HUNDRED_DAYS_MS = 100 * 24 * 60 * MINUTE_MS
const HEADER = 'event_name,event_time,transaction_id,email\n'

interface Stored {
  readonly text: string
  readonly modifiedMs: number
}

/** A shop's folder. Every row that is ever written has a transaction_id of its own. */
class Shop {
  readonly files = new Map<string, Stored>()
  private rows = 0
  private nowMs = Date.UTC(2026, 0, 1)

  constructor(private readonly isCompressed: boolean) {}

  do({ kind, file, rows, isWhole }: Deed, laterMs = MINUTE_MS): void {
    this.nowMs += laterMs
    const key = `in/${file}.csv`
    const was = this.files.get(key)
    const put = (text: string, lateMs = 0): void => void this.files.set(key, { text, modifiedMs: this.nowMs - lateMs })
    switch (kind) {
      case 'upload':
      case 'upload late':
        if (was === undefined) put(this.textOf(HEADER, rows, isWhole), kind === 'upload' ? 0 : 24 * 60 * MINUTE_MS)
        return
      case 'grow':
        if (was !== undefined && rows > 0)
          put(this.textOf(was.text.endsWith('\n') ? was.text : `${was.text}\n`, rows, isWhole))
        return
      case 'cut and grow':
        // The row's address has no domain yet: as it stands it is no event.
        if (was?.text.endsWith('\n') === true) put(`${was.text}Lead,1767225600,T${++this.rows},buyer@exam`)
        else if (was?.text.endsWith('@exam') === true) put(this.textOf(`${was.text}ple.com\n`, rows, isWhole))
        return
      case 'overwrite':
        if (was !== undefined && !was.text.endsWith('@exam')) put(this.textOf(HEADER, rows + 1, isWhole))
        return
      case 'touch':
        if (was !== undefined) put(was.text)
    }
  }

  /** The rows that are events by now. */
  transactions(): ReadonlyArray<string> {
    return [...this.files.values()].flatMap(({ text }) => {
      const rows = text.split('\n').slice(1)
      return rows.flatMap((row) => (row.endsWith('@example.com') ? [row.split(',')[2] ?? ''] : []))
    })
  }

  /** The folder as a bucket; `during` is asked with each piece that is read of a file, and may change it. */
  bucket(during: (key: string) => void): Objects {
    const bytesOf = ({ text }: Stored): Buffer => (this.isCompressed ? gzipSync(text) : Buffer.from(text))
    const refOf = (key: string, stored: Stored): ObjectRef => ({
      key,
      etag: createHash('md5').update(stored.text).digest('hex'),
      bytes: bytesOf(stored).length,
      modifiedMs: stored.modifiedMs,
      archived: false,
    })
    const { files } = this
    return {
      page: () =>
        TE.fromIO(() => ({ objects: [...files].map(([key, stored]) => refOf(key, stored)), next: undefined })),
      find: (key) =>
        TE.fromIO(() => {
          const stored = files.get(key)
          return stored === undefined ? undefined : refOf(key, stored)
        }),
      read: async function* ({ key, etag }, fromByte) {
        const stored = files.get(key)
        if (stored === undefined || refOf(key, stored).etag !== etag) {
          yield E.left(CHANGED)
          return
        }
        const bytes = bytesOf(stored)
        for (let at = fromByte; at < bytes.length; at += 40) {
          await Promise.resolve()
          yield E.right(bytes.subarray(at, at + 40))
          during(key)
          const now = files.get(key)
          if (now !== undefined && now.text !== stored.text) {
            yield E.left(CHANGED)
            return
          }
        }
      },
      put: () => TE.right(undefined),
      remove: () => TE.right(undefined),
    }
  }

  private textOf(before: string, rows: number, isWhole: boolean): string {
    const lines = Array.from({ length: rows }, () => `Lead,1767225600,T${++this.rows},buyer@example.com`)
    return rows === 0 ? before : `${before}${lines.join('\n')}${isWhole ? '\n' : ''}`
  }
}

const CATALOG = JSON.stringify({
  streams: ['offline_events', 'offline_events_rejected'].map((name) => ({
    stream: { name, json_schema: {} },
    sync_mode: 'incremental',
  })),
})

const configOf = (partition: unknown): string =>
  JSON.stringify({
    bucket: 'acme',
    path_prefix: 'in',
    credentials: { auth_type: 'default_chain' },
    checkpoint_rows: 1,
    lookback_hours: LOOKBACK_HOURS,
    partition,
  })

interface Message {
  readonly type: string
  readonly record?: { readonly stream: string; readonly data: { readonly transaction_id?: string } }
}

/** One sync that is killed behind a share of its states: what was delivered by then, and the states to go on from. */
const sync = async (
  objects: Objects,
  state: ReadonlyArray<string>,
  share: number,
  partition?: unknown,
): Promise<{ delivered: ReadonlyArray<string>; state: ReadonlyArray<string>; failed: boolean }> => {
  const texts = { config: configOf(partition), catalog: CATALOG, state: state.join('\n') }
  const world = memory({ texts, objects, nowMs: Date.UTC(2026, 0, 2) })
  const paths = { config: 'config', catalog: 'catalog', state: state.length === 0 ? undefined : 'state' }
  const outcome = await read(world.caps)(paths)()
  const messages = world.lines.map((line) => JSON.parse(line) as Message)
  const states = messages.flatMap(({ type }, i) => (type === 'STATE' ? [i] : []))
  const last = states[Math.ceil(states.length * share) - 1]
  const kept = last === undefined ? 0 : last + 1
  const delivered = messages
    .slice(0, kept)
    .flatMap(({ record }) => (record?.stream === 'offline_events' ? [record.data.transaction_id ?? ''] : []))
  const kills = world.lines.slice(0, kept).filter((_, i) => messages[i]?.type === 'STATE')
  return { delivered, state: [...state, ...kills], failed: E.isLeft(outcome) }
}

/** Lives through rounds, and one last sync; all that was delivered. */
const live = async (shop: Shop, rounds: ReadonlyArray<Round>): Promise<ReadonlyArray<string>> => {
  const delivered: Array<string> = []
  let state: ReadonlyArray<string> = []
  const syncOnce = async (share: number, during: Round['during']): Promise<boolean> => {
    let pieces = during?.pieces ?? -1
    const change = (key: string): void => {
      if (during !== undefined && key === `in/${during.deed.file}.csv` && pieces-- === 0)
        shop.do(during.deed, HUNDRED_DAYS_MS)
    }
    const synced = await sync(shop.bucket(change), state, share)
    delivered.push(...synced.delivered)
    state = synced.state
    return synced.failed
  }
  for (const { deeds, share, during } of rounds) {
    for (const one of deeds) shop.do(one)
    await syncOnce(share, during)
  }
  expect(await syncOnce(1, undefined)).toBe(false)
  return delivered
}

describe('whatever happens to the files and to the runs', () => {
  test.each([
    ['plain', false],
    ['compressed', true],
  ])('no row of a %s file is lost and none is delivered twice', async (_, isCompressed) => {
    await lawLater(
      [fc.array(round, { minLength: 1, maxLength: 6 })],
      async (rounds) => {
        const shop = new Shop(isCompressed)
        const delivered = await live(shop, rounds)
        expect(new Set(delivered).size).toBe(delivered.length)
        expect(delivered).toEqual(expect.arrayContaining([...shop.transactions()]))
      },
      isCompressed ? 150 : 400,
    )
  })
})

describe('partition', () => {
  test('the parts of a folder are disjoint, and together they are all of it', async () => {
    await lawLater(
      [fc.array(deed, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 4 })],
      async (deeds, count) => {
        const shop = new Shop(false)
        for (const one of deeds) shop.do({ ...one, kind: 'upload', isWhole: true })
        const parts = await Promise.all(
          Array.from({ length: count }, (_, index) =>
            sync(
              shop.bucket(() => undefined),
              [],
              1,
              { index, count },
            ),
          ),
        )
        expect(parts.flatMap(({ delivered }) => delivered).sort()).toEqual([...shop.transactions()].sort())
      },
      50,
    )
  })
})
