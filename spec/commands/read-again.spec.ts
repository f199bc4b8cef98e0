import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import type { Objects } from '../../src/capabilities'
import { read } from '../../src/commands/read'
import { Cursor } from '../../src/source/cursor'
import { encode } from '../../src/source/state'
import { memory, memoryObjects } from '../support/memory'

const HOUR_MS = 3_600_000
const NOW_MS = Date.UTC(2026, 0, 31)
const HEADER = 'event_name,event_time,transaction_id,email\n'

const rows = (...ids: ReadonlyArray<string>): string =>
  ids.map((id) => `Lead,1767225600,${id},ana@example.com\n`).join('')

const CATALOG = JSON.stringify({
  streams: ['offline_events', 'offline_events_rejected'].map((name) => ({
    stream: { name, json_schema: {} },
    sync_mode: 'incremental',
  })),
})

interface Message {
  readonly type: string
  readonly log?: { readonly level: string; readonly message: string }
  readonly record?: { readonly stream: string; readonly data: Readonly<Record<string, unknown>> }
}

/** Files by name: what is in them, and how many hours before now they were last modified. */
type Files = Readonly<Record<string, readonly [content: string, hoursAgo: number]>>

const bucketOf = (files: Files): Objects => {
  const contents = Object.entries(files).map(([name, [content]]) => [`in/${name}`, content] as const)
  const agesMs = new Map(Object.entries(files).map(([name, [, hours]]) => [`in/${name}`, hours * HOUR_MS]))
  return memoryObjects(Object.fromEntries(contents), (key) => NOW_MS - (agesMs.get(key) ?? 0))
}

/** One sync; `over` is of its config. */
const sync = async (
  objects: Objects,
  state: ReadonlyArray<string> = [],
  over: Readonly<Record<string, unknown>> = {},
  tickMs = 0,
) => {
  const config = { bucket: 'acme', path_prefix: 'in', credentials: { auth_type: 'default_chain' }, ...over }
  const texts = { config: JSON.stringify(config), catalog: CATALOG, state: state.join('\n') }
  const world = memory({ texts, objects, nowMs: NOW_MS })
  let elapsedMs = 0
  const caps = { ...world.caps, elapsedMs: () => (elapsedMs += tickMs) }
  const outcome = await read(caps)({
    config: 'config',
    catalog: 'catalog',
    state: state.length === 0 ? undefined : 'state',
  })()
  const messages = world.lines.map((line) => JSON.parse(line) as Message)
  const logs = messages.flatMap(({ log }) => (log === undefined ? [] : [`${log.level} ${log.message}`]))
  const totals = logs.find((line) => line.startsWith('INFO totals '))?.slice('INFO totals '.length) ?? '{}'
  return {
    outcome,
    messages,
    lines: world.lines,
    ids: messages.flatMap(({ record }) => (record === undefined ? [] : [record.data['transaction_id']])),
    numbers: messages.flatMap(({ record }) => (record === undefined ? [] : [record.data['_ab_source_file_row']])),
    /** Of files, not of the run. */
    told: logs.filter((line) => line.includes('in/') && !line.includes('rejected')),
    totals: JSON.parse(totals) as Readonly<Record<string, unknown>>,
    states: world.lines.filter((_, i) => messages[i]?.type === 'STATE'),
    types: messages.map(({ type }) => type),
  }
}

/** Two syncs, one after the other, of two sets of files. */
const twice = async (before: Files, after: Files, over: Readonly<Record<string, unknown>> = {}) => {
  const { states } = await sync(bucketOf(before), [], over)
  return sync(bucketOf(after), states, over)
}

describe('a file that was overwritten', () => {
  const before: Files = { 'a.csv': [HEADER + rows('1', '2'), 50] }
  const after: Files = { 'a.csv': [HEADER + rows('3', '4'), 1] }

  test('is read again, with a warning that says how old the version before is, and what the platform does', async () => {
    const { ids, told } = await twice(before, after)
    expect(ids).toEqual(['3', '4'])
    expect(told).toEqual([
      'WARN in/a.csv was overwritten; the version that was read is 50 hours old. It is read again. After 48 hours the platform counts its events again.',
    ])
  })

  test('within 48 hours the platform is not spoken of', async () => {
    const { told } = await twice({ 'a.csv': [HEADER + rows('1'), 47] }, after)
    expect(told).toEqual([
      'WARN in/a.csv was overwritten; the version that was read is 47 hours old. It is read again.',
    ])
  })

  test('is not read by on_overwritten_file ignore, with a warning, and once', async () => {
    const over = { on_overwritten_file: 'ignore' }
    const first = await sync(bucketOf(before), [], over)
    const second = await sync(bucketOf(after), first.states, over)
    expect(second.ids).toEqual([])
    expect(second.told).toEqual([
      'WARN in/a.csv was overwritten; the version that was read is 50 hours old. It is not read again, for on_overwritten_file is "ignore".',
    ])
    const third = await sync(bucketOf(after), second.states, over)
    expect([third.ids, third.told]).toEqual([[], []])
  })

  test('is told once though both streams read it', async () => {
    const { told } = await twice(before, after)
    expect(told).toHaveLength(1)
  })
})

describe('a file that has grown', () => {
  test.each([
    ['lines', `${HEADER}${rows('1', '2')}`, rows('3'), ['3'], [3]],
    ['a line end and lines', `${HEADER}${rows('1', '2')}`.trimEnd(), `\n${rows('3')}`, ['3'], [3]],
    ['a line end only', `${HEADER}${rows('1', '2')}`.trimEnd(), '\n', [], []],
    ['its rows', HEADER, rows('1'), ['1'], [1]],
    ['a header and rows', '\n\n', HEADER + rows('1'), ['1'], [1]],
    ['all that it has', '', HEADER + rows('1'), ['1'], [1]],
  ])('by %s is read on, also where overwritten files are ignored', async (_, content, more, ids, numbers) => {
    for (const on_overwritten_file of ['read_again', 'ignore']) {
      const grown: Files = { 'a.csv': [content + more, 1] }
      const second = await twice({ 'a.csv': [content, 50] }, grown, { on_overwritten_file })
      expect([second.ids, second.numbers]).toEqual([ids, numbers])
      expect(second.told.filter((line) => line.startsWith('WARN'))).toEqual([])
      const third = await sync(bucketOf(grown), second.states)
      expect(third.ids).toEqual([])
    }
  })

  test('in the middle of its last row: that row is read again under its number, and it is said', async () => {
    const whole = HEADER + rows('1', '2')
    const { ids, numbers, told } = await twice({ 'a.csv': [whole.slice(0, -8), 50] }, { 'a.csv': [whole, 1] })
    expect([ids, numbers]).toEqual([['2'], [2]])
    expect(told).toEqual(['WARN in/a.csv has grown in the middle of row 2: it is read again from there.'])
  })

  test('and grows again is read on again', async () => {
    let state: ReadonlyArray<string> = []
    let content = HEADER
    for (const id of ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11']) {
      content += rows(id)
      const { ids, states } = await sync(bucketOf({ 'a.csv': [content, 20 - Number(id)] }), state)
      expect(ids).toEqual([id])
      state = states
    }
  })
})

describe('a file that ends inside quotes, with rows behind the one that opened them', () => {
  const begun = `${HEADER}${rows('1')}Lead,1767225600,"2,ana@example.com\n${rows('3', '4')}Lead,1767225600,5,ana@exam`
  const whole = `${begun}ple.com\n",ana@example.com\n${rows('6')}`

  test('is read again from that row when it grows, wherever the runs before were killed', async () => {
    const over = { checkpoint_rows: 1 }
    const first = await sync(bucketOf({ 'a.csv': [begun, 3] }), [], over)
    const outcomes = new Set<string>()
    for (let kill = 0; kill < first.states.length; kill++) {
      const resumed = await sync(bucketOf({ 'a.csv': [begun, 3] }), first.states.slice(0, kill + 1), over)
      const last = await sync(bucketOf({ 'a.csv': [whole, 1] }), [
        ...first.states.slice(0, kill + 1),
        ...resumed.states,
      ])
      outcomes.add(JSON.stringify([last.numbers, last.told]))
    }
    const told = ['WARN in/a.csv has grown in the middle of row 2: it is read again from there.']
    expect([...outcomes]).toEqual([JSON.stringify([[2, 3], told])])
  })
})

describe('a file that was read, and whose bytes come back under another version while it is opened', () => {
  test('moves no other file of the run out of reach', async () => {
    const old: Files = { 'a.csv': [HEADER + rows('1'), 300] }
    const { states } = await sync(bucketOf(old))
    const listed = bucketOf({
      'a.csv': [HEADER + rows('x'), 240],
      'b.csv': [HEADER + rows('2'), 200],
      'c.csv': [HEADER + rows('3'), 190],
    })
    const back = bucketOf({ 'a.csv': [HEADER + rows('1'), 0] })
    const isA = ({ key }: { readonly key: string }): boolean => key === 'in/a.csv'
    const { ids, outcome } = await sync(
      {
        ...listed,
        find: (key) =>
          isA({ key })
            ? TE.map((found: object | undefined) => ({ ...found, etag: '"again"' }) as never)(back.find(key))
            : listed.find(key),
        read: async function* (object, from) {
          if (!isA(object)) yield* listed.read(object, from)
          else if (object.etag === '"again"') yield* back.read(object, from)
          else yield E.left({ code: 'FILE_CHANGED', detail: 'it was replaced' })
        },
      },
      states,
    )
    expect([ids, outcome]).toEqual([['2', '3'], E.right(undefined)])
  })
})

describe('a file that was resumed often, and grows then', () => {
  test('is known by its content all the same', async () => {
    const ids = Array.from({ length: 12 }, (_, i) => String(i + 1))
    const content = HEADER + rows(...ids)
    let states: ReadonlyArray<string> = []
    const seen: Array<unknown> = []
    for (let syncs = 0; syncs < 11; syncs++) {
      // Each is killed behind its first row.
      const { messages, lines } = await sync(bucketOf({ 'a.csv': [content, 50] }), states, { checkpoint_rows: 1 })
      const isNew = (i: number): boolean => messages.slice(0, i).some(({ type }) => type === 'RECORD')
      const kill = messages.findIndex(({ type }, i) => type === 'STATE' && isNew(i))
      seen.push(...messages.slice(0, kill).flatMap(({ record }) => record?.data['transaction_id'] ?? []))
      states = [...states, ...lines.slice(0, kill + 1).filter((_, i) => messages[i]?.type === 'STATE')]
    }
    const last = await sync(bucketOf({ 'a.csv': [content + rows('13'), 1] }), states)
    expect([...seen, ...last.ids]).toEqual([...ids, '13'])
    expect(last.told.filter((line) => line.startsWith('WARN'))).toEqual([])
  })
})

describe('a file that comes late', () => {
  const before: Files = { 'new.csv': [HEADER + rows('1'), 10] }
  const after: Files = { ...before, 'late.csv': [HEADER + rows('2'), 30], 'later.csv': [HEADER + rows('3'), 31] }

  test('is read within lookback_hours of the newest file read', async () => {
    const { ids, told, totals } = await twice(before, after, { lookback_hours: 20 })
    expect(ids).toEqual(['2'])
    expect(told).toEqual([
      'WARN 1 file FILE_TOO_LATE, first in/later.csv: they appeared later than lookback_hours allows and are not read: raise lookback_hours to have them read, or leave them out by start_date.',
    ])
    expect(totals).toMatchObject({ files: 1, files_failed: 0, files_ignored: 1, files_by_code: { FILE_TOO_LATE: 1 } })
  })

  test('is told also where a stream that is new reads it', async () => {
    const { states } = await sync(bucketOf(before))
    const events = states.filter((line) => line.includes('"offline_events"'))
    const { told, totals } = await sync(bucketOf(after), events, { lookback_hours: 0 })
    expect(told.filter((line) => line.includes('FILE_TOO_LATE'))).toHaveLength(1)
    expect(totals).toMatchObject({ files_by_code: { FILE_TOO_LATE: 2 } })
  })

  test('is read where the history has no room for all files of its time', async () => {
    const cursor = new Cursor(72 * HOUR_MS)
    const startMs = NOW_MS - 24 * HOUR_MS
    const readTo = { offset: 1, row: 1, rejected: 0, stretches: undefined, cut: undefined }
    for (let i = 0; i < 100_000; i++)
      cursor.finish({ key: `in/${i}`, etag: '""', bytes: 1, modifiedMs: startMs + i, archived: false }, readTo)
    const stream_state = encode({ bucket: 'acme', prefix: 'in/', partition: undefined }, cursor)
    const state = ['offline_events', 'offline_events_rejected'].map((name) =>
      JSON.stringify({
        type: 'STATE',
        state: { type: 'STREAM', stream: { stream_descriptor: { name }, stream_state } },
      }),
    )
    const late = Array.from({ length: 2_500 }, (_, i) => [`${i}.csv`, [HEADER + rows(String(i)), 24]] as const)
    const objects = bucketOf(Object.fromEntries(late))
    const first = await sync(objects, state)
    expect(new Set(first.ids).size).toBe(2_500)
    expect((await sync(objects, first.states.slice(-2))).ids).toEqual([])
  })

  test('fails no run', async () => {
    const { outcome, ids, totals } = await twice(before, after, { lookback_hours: 0 })
    expect(outcome).toEqual(E.right(undefined))
    expect(ids).toEqual([])
    expect(totals).toMatchObject({ files_ignored: 2, files_by_code: { FILE_TOO_LATE: 2 } })
  })
})

describe('a file in an archive', () => {
  const files: Files = { 'a.csv': [HEADER + rows('1'), 3], 'b.csv': [HEADER + rows('2'), 2] }
  const told = [
    'WARN 1 file FILE_ARCHIVED, first in/a.csv: they lie in an archived storage class and are not read: restore them, or leave them out by file_pattern or start_date.',
  ]

  test('is passed over with a warning, by the listing', async () => {
    const objects = bucketOf(files)
    const archived: Objects = {
      ...objects,
      page: (prefix, from) =>
        TE.map((page: { objects: ReadonlyArray<{ key: string }>; next: string | undefined }) => ({
          ...page,
          objects: page.objects.map((one) => ({ ...one, archived: one.key === 'in/a.csv' })) as never,
        }))(objects.page(prefix, from)),
    }
    const first = await sync(archived)
    expect([first.ids, first.told, first.outcome]).toEqual([['2'], told, E.right(undefined)])
    expect(first.totals).toMatchObject({ files: 1, files_ignored: 1, files_by_code: { FILE_ARCHIVED: 1 } })
    const restored = await sync(objects, first.states)
    expect(restored.ids).toEqual(['1'])
  })

  test('is passed over with a warning, where only opening it tells', async () => {
    const objects = bucketOf(files)
    const { outcome, ids, ...rest } = await sync({
      ...objects,
      read: async function* (object, from) {
        if (object.key === 'in/a.csv') yield E.left({ code: 'FILE_ARCHIVED', detail: 'it lies in an archive' })
        else yield* objects.read(object, from)
      },
    })
    expect([ids, rest.told, outcome]).toEqual([['2'], told, E.right(undefined)])
    expect(rest.totals).toMatchObject({ files_failed: 0, files_ignored: 1, files_by_code: { FILE_ARCHIVED: 1 } })
  })
})

describe('a long listing', () => {
  test('brings a state every 30 seconds as a sign of life, and a word to people', async () => {
    const objects = bucketOf({ 'a.csv': [HEADER + rows('1'), 1] })
    let pages = 0
    const endless: Objects = {
      ...objects,
      page: (prefix) =>
        TE.map((page: { objects: ReadonlyArray<never> }) => ({
          objects: pages === 0 ? page.objects : [],
          next: ++pages < 5 ? String(pages) : undefined,
        }))(objects.page(prefix, undefined) as never),
    }
    const { types, ids } = await sync(endless, [], {}, 20_000)
    expect(ids).toEqual(['1'])
    const first = types.indexOf('RECORD')
    expect(types.slice(0, first).filter((type) => type === 'STATE').length).toBeGreaterThan(0)
  })
})

describe('a file that is replaced while old files are read', () => {
  test('moves none of them out of reach', async () => {
    const before: Files = {
      'a.csv': [HEADER + rows('1'), 2_400],
      'b.csv': [HEADER + rows('2'), 2_300],
      'c.csv': [HEADER + rows('3'), 2_200],
    }
    const grown = bucketOf({ ...before, 'a.csv': [HEADER + rows('1', '4'), 0] })
    const old = bucketOf(before)
    const { ids, totals } = await sync({
      ...grown,
      page: old.page,
      read: async function* (object, from) {
        const now = await grown.find(object.key)()
        const isOld = E.isRight(now) && now.right?.etag !== object.etag
        if (isOld) yield E.left({ code: 'FILE_CHANGED', detail: 'it was replaced' })
        else yield* grown.read(object, from)
      },
    })
    expect(ids).toEqual(['1', '4', '2', '3'])
    expect(totals).toMatchObject({ files: 3, rows: 4 })
  })
})

describe('a file that has grown and can not be opened for once', () => {
  test('is read on where it was left, when it can', async () => {
    const grown = bucketOf({ 'a.csv': [HEADER + rows('1', '2'), 1] })
    const first = await sync(bucketOf({ 'a.csv': [HEADER + rows('1'), 9] }))
    const refused = await sync(
      {
        ...grown,
        read: async function* () {
          await Promise.resolve()
          yield E.left({ code: 'FILE_UNREADABLE', detail: 'no permission' })
        },
      },
      first.states,
    )
    expect(E.isLeft(refused.outcome)).toBe(true)
    const last = await sync(grown, refused.states)
    expect([last.ids, last.numbers]).toEqual([['2'], [2]])
    const after = await sync(grown, last.states)
    expect([after.ids, after.totals['files']]).toEqual([[], 0])
  })
})

describe('a file that was cut off anywhere, and a run that was killed anywhere', () => {
  const email = (n: number): string => `ana${n}@example.com`
  const head = 'event_name,event_time,transaction_id,description,email'
  const whole = [
    head,
    `Lead,1767225600,1,plain,${email(1)}`,
    `Lead,1767225600,2,"in ""two""\nlines, or\nthree",${email(2)}`,
    '   ',
    `Lead,1767225600,3,,${email(3)}`,
    '',
    `"Lead",1767225600,4,"x","${email(4)}"`,
  ]

  /** The records of a sync up to a state, by row. */
  const byRow = (records: ReadonlyArray<Message>): ReadonlyMap<unknown, unknown> =>
    new Map(records.map(({ record }) => [record?.data['_ab_source_file_row'], record?.data]))

  test.each([
    ['LF', '\n', ''],
    ['CRLF', '\r\n', '\r\n'],
  ])('with %s: what it says in the end is what one sync says', async (_, lineEnd, lastEnd) => {
    const text = whole.join(lineEnd) + lastEnd
    const events = ({ record }: Message): boolean => record?.stream === 'offline_events'
    const rejects = ({ record }: Message): boolean => record?.stream === 'offline_events_rejected'
    const over = { checkpoint_rows: 1 }
    const wanted = byRow((await sync(bucketOf({ 'a.csv': [text, 1] }), [], over)).messages.filter(events))
    const strip = (data: unknown): unknown => ({ ...(data as object), _ab_source_file_last_modified: '' })
    for (let length = 0; length < text.length; length++) {
      const first = await sync(bucketOf({ 'a.csv': [text.slice(0, length), 2] }), [], over)
      const places = first.messages.flatMap(({ type }, i) => (type === 'STATE' ? [i] : []))
      for (const place of places) {
        const before = first.messages.slice(0, place)
        const states = first.lines.slice(0, place + 1).filter((__, i) => first.messages[i]?.type === 'STATE')
        const second = await sync(bucketOf({ 'a.csv': [text, 1] }), states, over)
        expect(second.outcome).toEqual(E.right(undefined))
        const told = [...before, ...second.messages].filter(events)
        const where = { length, place }
        expect({ where, rows: [...byRow(told)].map(([row, data]) => [row, strip(data)]).sort() }).toEqual({
          where,
          rows: [...wanted].map(([row, data]) => [row, strip(data)]).sort(),
        })
        // Only of the row that was cut off is there more than one.
        expect(told.length).toBeLessThanOrEqual(wanted.size + 1)
        expect({ where, rejected: second.messages.filter(rejects) }).toEqual({ where, rejected: [] })
      }
    }
  })
})
