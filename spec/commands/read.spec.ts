import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { type Failure, failureType, sentence } from '../../src/failure'
import { read } from '../../src/commands/read'
import { lawLater } from '../support/laws'
import { memory, memoryObjects } from '../support/memory'

const HEADER = 'event_name,event_time,email\n'

const CONFIG = {
  bucket: 'acme',
  path_prefix: 'in',
  credentials: { auth_type: 'access_key', aws_access_key_id: 'key', aws_secret_access_key: 'secret' },
}

type Json = Readonly<Record<string, unknown>>

const NAMES = ['offline_events', 'offline_events_rejected']

const catalogOf = (mode: string, streams: ReadonlyArray<string>, schema: Json): string =>
  JSON.stringify({
    streams: streams.map((name) => ({
      stream: { name, json_schema: name === 'offline_events' ? schema : {} },
      sync_mode: mode,
    })),
  })

interface Outcome {
  readonly failure: Failure | undefined
  readonly logs: ReadonlyArray<string>
  readonly totals: Json
  readonly records: ReadonlyArray<Json>
  /** Of both streams, in the order in which they came. */
  readonly states: ReadonlyArray<State>
  /** All of them as text, for another run to resume from. */
  readonly stateText: string
  /** What came, in a word each: STARTED, ESTIMATE, RECORD, ... */
  readonly kinds: ReadonlyArray<string>
  readonly estimates: ReadonlyArray<Json>
}

interface State {
  readonly stream: string
  readonly recordCount: number
  /** Files that are begun and not done: key, rows read and rows rejected. */
  readonly files: ReadonlyArray<readonly [key: string, row: number, rejected: number]>
  /** The last file that is done. */
  readonly through: unknown
  /** The message itself. */
  readonly line: string
}

interface Circumstances {
  readonly mode?: string
  readonly extra?: Json
  readonly state?: string
  readonly streams?: ReadonlyArray<string>
  readonly schema?: Json
  /** How far the clock goes each time it is read; it stands still otherwise. */
  readonly tickMs?: number
}

const run = async (
  files: Readonly<Record<string, string | Buffer>>,
  { mode = 'incremental', extra = {}, state, streams = NAMES, schema = {}, tickMs = 0 }: Circumstances = {},
): Promise<Outcome> => {
  const world = memory({
    texts: {
      config: JSON.stringify({ ...CONFIG, ...extra }),
      catalog: catalogOf(mode, streams, schema),
      ...(state === undefined ? {} : { state }),
    },
    objects: memoryObjects(Object.fromEntries(Object.entries(files).map(([name, text]) => [`in/${name}`, text])), 1000),
    nowMs: 2000,
  })
  const paths = { config: 'config', catalog: 'catalog', state: state === undefined ? undefined : 'state' }
  let elapsedMs = 0
  const outcome = await read({ ...world.caps, elapsedMs: () => (elapsedMs += tickMs) })(paths)()
  const messages = world.lines.map((line) => JSON.parse(line) as Message)
  const logs = messages.flatMap(({ log }) => (log === undefined ? [] : [`${log.level} ${log.message}`]))
  const totals = logs.find((line) => line.startsWith('INFO totals '))?.slice('INFO totals '.length) ?? '{}'
  const states = messages.flatMap((message, i) => stateOf(message, world.lines[i] ?? ''))
  return {
    failure: E.isLeft(outcome) ? outcome.left : undefined,
    logs,
    totals: JSON.parse(totals) as Json,
    records: messages.flatMap(({ record }) => (record === undefined ? [] : [record.data])),
    states,
    stateText: states.map(({ line }) => line).join('\n'),
    kinds: messages.map(({ type, trace }) => trace?.stream_status?.status ?? trace?.type ?? type),
    estimates: messages.flatMap(({ trace }) => (trace?.estimate === undefined ? [] : [trace.estimate])),
  }
}

interface Message {
  readonly type: string
  readonly log?: { readonly level: string; readonly message: string }
  readonly record?: { readonly data: Json }
  readonly trace?: {
    readonly type: string
    readonly stream_status?: { readonly status: string }
    readonly estimate?: Json
  }
  readonly state?: {
    readonly stream: {
      readonly stream_descriptor: { readonly name: string }
      readonly stream_state: {
        readonly _ab_source_file_url?: string
        readonly files: ReadonlyArray<{ readonly key: string; readonly row: number; readonly rejected: number }>
      }
    }
    readonly sourceStats: { readonly recordCount: number }
  }
}

const stateOf = ({ state }: Message, line: string): ReadonlyArray<State> =>
  state === undefined
    ? []
    : [
        {
          stream: state.stream.stream_descriptor.name,
          recordCount: state.sourceStats.recordCount,
          files: state.stream.stream_state.files.map(({ key, row, rejected }) => [key, row, rejected] as const),
          through: state.stream.stream_state._ab_source_file_url,
          line,
        },
      ]

const rowsOf = ({ records }: Outcome): ReadonlyArray<unknown> => records.map(({ _ab_source_file_row: row }) => row)

/** The states with which a run ends, one a stream. */
const lastStates = ({ states }: Outcome): ReadonlyArray<State> => states.slice(-NAMES.length)

const GOOD = 'Lead,1772362800,ana@example.es\n'
const BAD = 'Lead,never,ana@example.es\n'

/** A file of good rows (g) and bad ones (b). */
const fileOf = (rows: string): string => HEADER + rows.replace(/./g, (row) => (row === 'b' ? BAD : GOOD))

/** Under auto such small files would be Windows-1252. */
const UTF8 = { extra: { csv: { encoding: 'utf-8' } } }

describe('rows that are no UTF-8', () => {
  test('are rejected one by one, after a wrong number of cells and before every other fault', async () => {
    const file = Buffer.concat([
      Buffer.from(`${HEADER}Lead,1772362800,ana@example.es\nLead,never,`),
      Buffer.from([0xe9]),
      Buffer.from('\nLead,'),
      Buffer.from([0xe9]),
      Buffer.from('\nLead,1772362800,jane@example.com\n'),
    ])
    const { failure, records, totals } = await run({ 'a.csv': file }, UTF8)
    expect(failure).toBeUndefined()
    expect(records.map(({ _ab_source_file_row: row, code }) => [row, code])).toEqual([
      [1, undefined],
      [2, 'BAD_ENCODING'],
      [3, 'COLUMN_COUNT_MISMATCH'],
      [4, undefined],
    ])
    expect(totals).toMatchObject({ rows: 4, emitted: 2, rejected: { BAD_ENCODING: 1, COLUMN_COUNT_MISMATCH: 1 } })
  })
})

describe('what people are told', () => {
  test('a file all of whose rows were rejected gets its own warning', async () => {
    const { logs } = await run({
      'a.csv': `${HEADER}Lead,never,ana@example.es\n`,
      'b.csv': `${HEADER}Lead,1,ana@example.es\n`,
    })
    expect(logs.filter((line) => line.startsWith('WARN All'))).toEqual(['WARN All 1 rows of in/a.csv were rejected.'])
  })

  test('full_refresh is warned of, incremental is not', async () => {
    const warned = async (mode: string): Promise<boolean> =>
      (await run({}, { mode })).logs.some((line) => /^WARN .*full_refresh/.test(line))
    expect([await warned('full_refresh'), await warned('incremental')]).toEqual([true, false])
  })

  test.each([
    'wJalrXUtnFEMIaK7MDENGbbPxRfiCYEXAMPLEKEY',
    'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'AKIAIOSFODNNEXAMPLE',
    'jane@example.com',
    'two words',
  ])('a key of the config that may be a secret is not shown: %s', async (key) => {
    const { logs } = await run({}, { extra: { [key]: 1 } })
    expect(logs[0]).toBe('WARN The config has keys that nobody reads: (not shown).')
  })

  test('keys of the config that nobody reads are named in one warning', async () => {
    const { logs } = await run({}, { extra: { colour: 'red', csv: { delimiter: 'auto', quote: 'x' } } })
    expect(logs[0]).toBe('WARN The config has keys that nobody reads: colour, csv.quote.')
  })

  test('no more than twenty positions of a code are named', async () => {
    const { logs } = await run({ 'a.csv': HEADER + 'Lead,never,ana@example.es\n'.repeat(30) })
    const [told] = logs.filter((line) => line.includes('EVENT_TIME_MALFORMED ('))
    expect(told).toContain('30 rows rejected')
    expect(told?.match(/ row \d+/g)?.length).toBe(20)
  })
})

describe('files', () => {
  test('without rows are no fault, whatever their header', async () => {
    const { failure, logs, totals } = await run({
      'empty.csv': '',
      'bom.csv': '\uFEFF',
      'blank.csv': '\n\r\n  \n',
      'header.csv': HEADER,
      'half.csv': 'email,event_time\n',
    })
    expect(failure).toBeUndefined()
    expect(totals).toMatchObject({ files: 5, files_failed: 0, rows: 0 })
    expect(logs.filter((line) => line.includes('half.csv'))).toEqual([
      'WARN in/half.csv has no rows. Before it gets any: its header has no column event_name: the first line must name the columns as in the template (column_mapping takes other names).',
    ])
  })

  test.each([
    ['a row whose header is missing', 'Lead,1767225600,ana@example.com\n', /the first line must name the columns/],
    ['a file read by another encoding', Buffer.from(fileOf('g'), 'utf16le').toString('latin1'), /set csv\.encoding/],
  ])('of one line that names no column fail: %s', async (_, text, detail) => {
    const { failure, totals } = await run({ 'a.csv': text })
    expect(failure).toMatchObject({
      files: [{ code: 'FILE_HEADER_INVALID', detail: expect.stringMatching(detail) as unknown }],
    })
    expect(totals).toMatchObject({ files_failed: 1, rows: 0 })
  })

  test('with rows and no usable header fail, and the others are read', async () => {
    const { failure, totals, records } = await run({
      'a.csv': 'a,b\n1,2\n',
      'b.csv': `${HEADER}Lead,1,ana@example.es\n`,
    })
    expect(failure).toMatchObject({ _tag: 'FilesFailed', files: [{ key: 'in/a.csv', code: 'FILE_HEADER_INVALID' }] })
    expect(totals).toMatchObject({ files: 2, files_failed: 1, files_by_code: { FILE_HEADER_INVALID: 1 } })
    expect(records.length).toBe(1)
  })
})

describe('contents', () => {
  test('that nest to exhaust the stack are dropped with a warning', async () => {
    const deep = `[{""a"":${'['.repeat(20_000)}${']'.repeat(20_000)}}]`
    const { failure, totals, records } = await run({
      'a.csv': `event_name,event_time,email,contents\nLead,1,ana@example.es,"${deep}"\n`,
    })
    expect(failure).toBeUndefined()
    expect(totals).toMatchObject({ rows: 1, emitted: 1, warnings: { CONTENTS_MALFORMED: 1 } })
    expect(records[0]).not.toHaveProperty('contents')
  })
})

describe('on_invalid_row fail', () => {
  const FAIL = { extra: { on_invalid_row: 'fail' } }

  test('ends the run at the first bad row: what came before it is emitted, the row is no record of any stream', async () => {
    const outcome = await run({ 'a.csv': fileOf('ggbg'), 'b.csv': fileOf('g') }, FAIL)
    expect(outcome.failure).toEqual({
      _tag: 'RowInvalid',
      key: 'in/a.csv',
      row: 3,
      code: 'EVENT_TIME_MALFORMED',
      column: 'event_time',
      meaning: expect.any(String) as string,
    })
    expect(outcome.failure && failureType(outcome.failure)).toBe('config_error')
    expect(rowsOf(outcome)).toEqual([1, 2])
    expect(outcome.records.every((record) => !('code' in record))).toBe(true)
    expect(outcome.totals).toMatchObject({
      files: 1,
      files_failed: 0,
      rows: 3,
      emitted: 2,
      rejected: { EVENT_TIME_MALFORMED: 1 },
    })
    expect(outcome.kinds.slice(-2)).toEqual(['INCOMPLETE', 'INCOMPLETE'])
  })

  test('the message says which row of which file, what is wrong and what to do, and quotes no cell', async () => {
    const { failure } = await run({ 'a.csv': `${HEADER}Lead,canary-8f2c,jane@example.com\n` }, FAIL)
    const told = failure === undefined ? '' : sentence(failure)
    for (const part of ['in/a.csv', 'row 1', 'column event_time', 'EVENT_TIME_MALFORMED', 'on_invalid_row', 'reject'])
      expect(told).toContain(part)
    expect(told).not.toMatch(/canary|jane/)
  })

  test('the last states end before the row, and count what was emitted', async () => {
    const outcome = await run({ 'a.csv': fileOf('gg'), 'b.csv': fileOf('gggbg') }, FAIL)
    expect(lastStates(outcome)).toMatchObject([
      { stream: 'offline_events', recordCount: 5, files: [['in/b.csv', 3, 0]], through: 'in/a.csv' },
      { stream: 'offline_events_rejected', recordCount: 0, files: [['in/b.csv', 3, 0]], through: 'in/a.csv' },
    ])
    expect(outcome.states).toHaveLength(2)
  })

  test('a bad first row leaves the file as if it had not been begun', async () => {
    const outcome = await run({ 'a.csv': fileOf('bg') }, FAIL)
    expect(lastStates(outcome)).toMatchObject([
      { recordCount: 0, files: [], through: undefined },
      { recordCount: 0, files: [], through: undefined },
    ])
    expect(outcome.records).toEqual([])
  })

  test('a run from the last state meets the same row again and emits nothing', async () => {
    const files = { 'a.csv': fileOf('gg'), 'b.csv': fileOf('gggbg'), 'c.csv': fileOf('g') }
    const first = await run(files, FAIL)
    const again = await run(files, { ...FAIL, state: first.stateText })
    expect(again.failure).toEqual(first.failure)
    expect(again.records).toEqual([])
    expect(again.totals).toMatchObject({ rows: 1, emitted: 0, rejected: { EVENT_TIME_MALFORMED: 1 } })
    expect(lastStates(again).map(({ files: marks, through }) => [marks, through])).toEqual(
      lastStates(first).map(({ files: marks, through }) => [marks, through]),
    )
  })

  test('a run from the last state with reject goes on with the row', async () => {
    const files = { 'a.csv': fileOf('gggbg'), 'b.csv': fileOf('g') }
    const first = await run(files, FAIL)
    const then = await run(files, { state: first.stateText })
    expect(then.failure).toBeUndefined()
    expect(then.records.map(({ _ab_source_file_row: row, code }) => [row, code])).toEqual([
      [4, 'EVENT_TIME_MALFORMED'],
      [5, undefined],
      [1, undefined],
    ])
  })

  test.each([
    ['too many cells', `${HEADER}${GOOD}Lead,1,ana@example.es,x\n`, 'COLUMN_COUNT_MISMATCH', undefined],
    ['no identifier', `${HEADER}${GOOD}Lead,1,\n`, 'IDENTIFIER_MISSING', undefined],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from(`${HEADER}${GOOD}Lead,1,`), Buffer.from([0xe9, 0x0a])]),
      'BAD_ENCODING',
      undefined,
    ],
  ])('%s too', async (_, file, code, column) => {
    const outcome = await run({ 'a.csv': file }, { extra: { ...FAIL.extra, ...UTF8.extra } })
    expect(outcome.failure).toMatchObject({ _tag: 'RowInvalid', row: 2, code, column })
    expect(rowsOf(outcome)).toEqual([1])
    expect(outcome.failure && sentence(outcome.failure)).not.toContain('undefined')
  })

  test('what is only warned of does not end the run', async () => {
    const file = `${HEADER.trim()},phone\nLead,1772362800000,ana@example.es,call me\n`
    const { failure, totals } = await run({ 'a.csv': file }, FAIL)
    expect(failure).toBeUndefined()
    expect(totals).toMatchObject({ emitted: 1, warnings: { EVENT_TIME_CONVERTED: 1, PHONE_MALFORMED: 1 } })
  })

  test.each(NAMES)('with %s alone too', async (name) => {
    const outcome = await run({ 'a.csv': fileOf('gbg') }, { ...FAIL, streams: [name] })
    expect(outcome.failure).toMatchObject({ _tag: 'RowInvalid', row: 2 })
    expect(rowsOf(outcome)).toEqual(name === 'offline_events' ? [1] : [])
    expect(outcome.states.map(({ files }) => files)).toEqual([[['in/a.csv', 1, 0]]])
  })

  test('whatever the row and the checkpoints, no state covers it, and from each state the rest is exactly what is left', async () => {
    const shape = fc.record({
      good: fc.integer({ min: 0, max: 25 }),
      after: fc.integer({ min: 0, max: 6 }),
      checkpoint_rows: fc.integer({ min: 1, max: 9 }),
    })
    await lawLater(
      [shape],
      async ({ good, after, checkpoint_rows }) => {
        const files = { 'a.csv': fileOf(`${'g'.repeat(good)}b${'g'.repeat(after)}`) }
        const first = await run(files, { extra: { on_invalid_row: 'fail', checkpoint_rows } })
        expect(first.records).toHaveLength(good)
        const counts = first.states.map(({ stream, recordCount }) => (stream === NAMES[0] ? recordCount : 0))
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(good)
        for (const { stream, files: marks, line } of first.states) {
          const [mark] = marks
          expect(mark === undefined || (mark[1] <= good && mark[2] === 0)).toBe(true)
          const then = await run(files, { state: line, streams: [stream] })
          const from = mark?.[1] ?? 0
          const left = Array.from({ length: good + 1 + after - from }, (_, i) => from + i + 1)
          const bad = good + 1
          expect(rowsOf(then)).toEqual(left.filter((row) => (stream === NAMES[0]) !== (row === bad)))
        }
      },
      60,
    )
  })
})

describe('max_rejected_percent', () => {
  const limit = (max_rejected_percent: number, more: Json = {}) => ({ extra: { max_rejected_percent, ...more } })

  test.each([
    ['at the limit', 'ggggbggggg', 10],
    ['under it', 'gggggggggg', 10],
    ['nothing rejected, nothing allowed', 'gggg', 0],
    ['a file of no rows, nothing allowed', '', 0],
    ['all rejected, all allowed', 'bbb', 100],
    ['rejects first, that later rows make up for', `bbb${'g'.repeat(27)}`, 10],
  ])('%s: a file of %j at %d percent is read to its end', async (_, rows, percent) => {
    const outcome = await run({ 'a.csv': fileOf(rows) }, limit(percent))
    expect(outcome.failure).toBeUndefined()
    expect(outcome.totals).toMatchObject({ rows: rows.length })
    expect(lastStates(outcome)).toMatchObject([{ files: [], through: 'in/a.csv' }, { files: [] }])
  })

  test.each([
    ['one over it', 'gggbgggbgg', 10, 2],
    ['a single one, nothing allowed', `${'g'.repeat(50)}b`, 0, 1],
    ['all, nearly all allowed', 'bbb', 99, 3],
  ])('%s: a file of %j at %d percent fails the run', async (_, rows, percent, rejected) => {
    const outcome = await run({ 'a.csv': fileOf(rows), 'b.csv': fileOf('g') }, limit(percent))
    expect(outcome.failure).toEqual({
      _tag: 'TooManyRejected',
      scope: 'in/a.csv',
      of: 'rows',
      rejected,
      total: rows.length,
      percent,
    })
    expect(outcome.failure && failureType(outcome.failure)).toBe('config_error')
    expect(outcome.totals).toMatchObject({ files: 1, rows: rows.length, emitted: rows.length - rejected })
    expect(outcome.kinds.slice(-2)).toEqual(['INCOMPLETE', 'INCOMPLETE'])
    const told = outcome.failure === undefined ? '' : sentence(outcome.failure)
    for (const part of ['in/a.csv', String(rejected), 'max_rejected_percent', String(percent)])
      expect(told).toContain(part)
  })

  test('the state does not go past the end of the file, and the files before it are done', async () => {
    const files = { 'a.csv': fileOf('gg'), 'b.csv': fileOf('gbg'), 'c.csv': fileOf('g') }
    const outcome = await run(files, limit(10))
    expect(lastStates(outcome)).toMatchObject([
      { recordCount: 4, files: [['in/b.csv', 3, 1]], through: 'in/a.csv' },
      { recordCount: 1, files: [['in/b.csv', 3, 1]], through: 'in/a.csv' },
    ])
  })

  test('each file is judged alone', async () => {
    const many = fileOf('g'.repeat(98))
    expect((await run({ 'a.csv': fileOf('gb'), 'b.csv': many }, limit(10))).failure).toMatchObject({
      scope: 'in/a.csv',
      rejected: 1,
      total: 2,
    })
    expect((await run({ 'a.csv': many, 'b.csv': fileOf('gb') }, limit(10))).failure).toMatchObject({
      scope: 'in/b.csv',
      rejected: 1,
      total: 2,
    })
  })

  test('a run from the last state is judged by the same counts and emits nothing; a higher limit lets it pass', async () => {
    const files = { 'a.csv': fileOf('gbgb'), 'b.csv': fileOf('gg') }
    const first = await run(files, limit(49))
    const again = await run(files, { ...limit(49), state: first.stateText })
    expect(again.failure).toEqual(first.failure)
    expect([again.records, again.totals['rows']]).toEqual([[], 0])
    const raised = await run(files, { ...limit(50), state: again.stateText })
    expect(raised.failure).toBeUndefined()
    expect(raised.records.map(({ _ab_source_file_url: key }) => key)).toEqual(['in/b.csv', 'in/b.csv'])
    expect(lastStates(raised)).toMatchObject([{ files: [], through: 'in/b.csv' }, { files: [] }])
  })

  test.each([
    [30, undefined],
    [29, { _tag: 'TooManyRejected', scope: 'in/a.csv', rejected: 3, total: 10 }],
  ])('what earlier runs counted is in the state: at %d percent', async (percent, failure) => {
    const files = { 'a.csv': fileOf('bbbggggggg') }
    const first = await run(files, limit(percent, { checkpoint_rows: 4 }))
    const inside = first.states.filter(({ files: marks }) => marks[0]?.[1] === 4)
    expect(inside.map(({ files: marks }) => marks)).toEqual([[['in/a.csv', 4, 3]], [['in/a.csv', 4, 3]]])
    const rest = await run(files, { ...limit(percent), state: inside.map(({ line }) => line).join('\n') })
    expect(rest.records).toHaveLength(6)
    if (failure === undefined) expect(rest.failure).toBeUndefined()
    else expect(rest.failure).toMatchObject(failure)
  })

  test('streams that are not equally far are judged by one count of the file', async () => {
    const files = { 'a.csv': fileOf('bbbggggggg') }
    const first = await run(files, limit(100, { checkpoint_rows: 4 }))
    const [events] = first.states
    const rest = await run(files, { ...limit(29), state: events?.line ?? '' })
    expect(rest.failure).toMatchObject({ rejected: 3, total: 10 })
    expect(rest.records.filter((record) => 'code' in record)).toHaveLength(3)
    expect(rest.records.filter((record) => !('code' in record))).toHaveLength(6)
  })

  test('an object that was written again is counted from its beginning', async () => {
    const first = await run({ 'a.csv': fileOf('bbbg') }, limit(20))
    const mended = await run({ 'a.csv': fileOf('gggg') }, { ...limit(20), state: first.stateText })
    expect(mended.failure).toBeUndefined()
    expect(rowsOf(mended)).toEqual([1, 2, 3, 4])
  })
})

describe('extra_columns', () => {
  const FILE = 'event_name,event_time,email,Till,Shift\n' + 'Lead,1,ana@example.es,7,early\nLead,1,ana@example.es, ,\n'
  const PASS = { extra_columns: 'pass_through' }
  const unknownIn = ({ logs }: Outcome) => logs.filter((line) => line.includes('the template does not know'))

  test('are dropped by default, and named once', async () => {
    const outcome = await run({ 'a.csv': FILE, 'b.csv': FILE })
    expect(outcome.records.some((record) => 'Till' in record)).toBe(false)
    expect(unknownIn(outcome)).toEqual(['WARN Columns that the template does not know are not emitted: Till, Shift.'])
  })

  test('are emitted as text by pass_through where the catalog declares no columns; empty cells are absent', async () => {
    const outcome = await run({ 'a.csv': FILE }, { extra: PASS })
    expect(outcome.records.map(({ Till, Shift }) => [Till, Shift])).toEqual([
      ['7', 'early'],
      [undefined, undefined],
    ])
    expect(unknownIn(outcome)).toEqual([])
    expect(Object.keys(outcome.records[0] ?? {})).toEqual([
      ...['event_name', 'event_time', 'Email_hashed', 'Till', 'Shift'],
      ...['_ab_source_file_last_modified', '_ab_source_file_url', '_ab_source_file_row'],
    ])
  })

  test('are emitted where the catalog declares them; the others are dropped and named', async () => {
    const schema = { properties: { event_name: {}, Till: { type: ['null', 'string'] }, Gone: {} } }
    const outcome = await run({ 'a.csv': FILE }, { extra: PASS, schema })
    expect(outcome.records.map(({ Till, Shift }) => [Till, Shift])).toEqual([
      ['7', undefined],
      [undefined, undefined],
    ])
    expect(unknownIn(outcome)).toEqual(['WARN Columns that the template does not know are not emitted: Shift.'])
  })

  test('that the catalog declares are dropped all the same where they are not asked for', async () => {
    const schema = { properties: { Till: { type: ['null', 'string'] } } }
    const outcome = await run({ 'a.csv': FILE }, { schema })
    expect(outcome.records.some((record) => 'Till' in record)).toBe(false)
    expect(unknownIn(outcome)).toHaveLength(1)
  })

  test('with an e-mail address in them are dropped and counted', async () => {
    const file = 'event_name,event_time,email,Till\nLead,1,ana@example.es,jane@example.com\n'
    const outcome = await run({ 'a.csv': file }, { extra: PASS })
    expect(outcome.totals).toMatchObject({ emitted: 1, warnings: { PLAIN_IDENTITY_DROPPED: 1 } })
    expect(outcome.records[0]).not.toHaveProperty('Till')
  })

  test('of rejected rows are not emitted', async () => {
    const file = 'event_name,event_time,email,Till\nLead,never,ana@example.es,7\n'
    const [record] = (await run({ 'a.csv': file }, { extra: PASS })).records
    expect(record).toHaveProperty('code', 'EVENT_TIME_MALFORMED')
    expect(record).not.toHaveProperty('Till')
  })

  test('are those of each file', async () => {
    const other = 'Store,event_name,event_time,email\nCentro,Lead,1,ana@example.es\n'
    const { records } = await run({ 'a.csv': FILE, 'b.csv': other }, { extra: PASS })
    expect(records.map(({ Till, Store }) => [Till, Store])).toEqual([
      ['7', undefined],
      [undefined, undefined],
      [undefined, 'Centro'],
    ])
  })

  test('go on from a state inside the file', async () => {
    const rows = Array.from({ length: 6 }, (_, i) => `Lead,1,ana@example.es,till ${i + 1},\n`).join('')
    const files = { 'a.csv': `event_name,event_time,email,Till,Shift\n${rows}` }
    const first = await run(files, { extra: { ...PASS, checkpoint_rows: 4 } })
    const [inside] = first.states
    const rest = await run(files, { extra: PASS, streams: ['offline_events'], state: inside?.line ?? '' })
    expect(rest.records.map(({ Till }) => Till)).toEqual(['till 5', 'till 6'])
  })

  test('that are dropped are named too where a run goes on inside the file', async () => {
    const rows = 'Lead,1,ana@example.es,7,early\n'.repeat(6)
    const files = { 'a.csv': `event_name,event_time,email,Till,Shift\n${rows}` }
    const first = await run(files, { extra: { checkpoint_rows: 4 } })
    const [inside] = first.states
    const rest = await run(files, { streams: ['offline_events'], state: inside?.line ?? '' })
    expect(rest.records).toHaveLength(2)
    expect(unknownIn(rest)).toHaveLength(1)
  })
})

describe('the settings of rows', () => {
  test('arrive where rows are judged', async () => {
    const file = 'Was;x,Cuando,Correo,Importe,order_id\n,2025-09-18 12:06:40,ana@example.es,"12,50",A-1\n'
    const { failure, records } = await run(
      { 'a.csv': file },
      {
        extra: {
          column_mapping: [
            { column: 'cuando', field: 'event_time' },
            { column: 'Correo', field: 'email' },
            { column: 'Importe', field: 'value' },
          ],
          default_event_name: 'Purchase',
          default_currency: 'eur',
          default_time_zone: 'Europe/Madrid',
          csv: { decimal: ',' },
          pii: 'as_is',
        },
      },
    )
    expect(failure).toBeUndefined()
    expect(records).toEqual([
      {
        event_name: 'Purchase',
        event_time: 1758190000,
        currency: 'EUR',
        value: 12.5,
        transaction_id: 'A-1',
        Email_hashed: 'ana@example.es',
        _ab_source_file_last_modified: '1970-01-01T00:00:01.000Z',
        _ab_source_file_url: 'in/a.csv',
        _ab_source_file_row: 1,
      },
    ])
  })

  test('a header with two columns for one field fails its file, and says how to choose', async () => {
    const files = { 'a.csv': `event_name,event_time,email,Email_hashed\nLead,1,ana@example.es,\n` }
    const { failure } = await run(files)
    expect(failure).toMatchObject({ _tag: 'FilesFailed', files: [{ code: 'FILE_HEADER_INVALID' }] })
    const told = failure === undefined ? '' : sentence(failure)
    for (const part of ['Email_hashed', 'email', 'column_mapping']) expect(told).toContain(part)
    const chosen = await run(files, { extra: { column_mapping: [{ column: 'email', field: 'Email_hashed' }] } })
    expect(chosen.records).toHaveLength(1)
  })

  test('a header without a mapped column says which one was to stand for it', async () => {
    const extra = { column_mapping: [{ column: 'Cuando', field: 'event_time' }] }
    const { failure } = await run({ 'a.csv': `event_name,email\nLead,ana@example.es\n` }, { extra })
    expect(failure && sentence(failure)).toContain('event_time (Cuando by column_mapping)')
  })
})

describe('estimates', () => {
  const estimate = (name: string, bytes: number) => ({
    name,
    type: 'STREAM',
    row_estimate: Math.ceil(bytes / 150),
    byte_estimate: bytes,
  })

  test('tell the bytes of all files, one a stream, after STARTED and before all else', async () => {
    const files = { 'a.csv': fileOf('g'.repeat(20)), 'b.csv': fileOf('gb'), 'c.csv': '' }
    const bytes = Object.values(files).join('').length
    const { estimates, kinds } = await run(files)
    expect(estimates.slice(0, 2)).toEqual([estimate('offline_events', bytes), estimate('offline_events_rejected', 0)])
    expect(kinds.slice(0, 7)).toEqual([
      ...['STARTED', 'STARTED', 'ESTIMATE', 'ESTIMATE', 'RUNNING', 'RUNNING', 'RECORD'],
    ])
  })

  test('of a run that goes on inside a file tell what is left of it', async () => {
    const files = { 'a.csv': fileOf('g'), 'b.csv': fileOf('g'.repeat(20)), 'c.csv': fileOf('g') }
    const first = await run(files, { extra: { checkpoint_rows: 8 }, streams: ['offline_events'] })
    const [inside] = first.states
    expect(inside?.files).toEqual([['in/b.csv', 7, 0]])
    const rest = await run(files, { streams: ['offline_events'], state: inside?.line ?? '' })
    const left = GOOD.length * 13 + files['c.csv'].length
    expect(rest.estimates[0]).toEqual(estimate('offline_events', left))
    expect(rest.records).toHaveLength(14)
  })

  test('of a run that has nothing to do are nothing', async () => {
    const files = { 'a.csv': fileOf('gb') }
    const first = await run(files)
    const again = await run(files, { state: first.stateText })
    const nothing = [estimate('offline_events', 0), estimate('offline_events_rejected', 0)]
    expect(again.estimates).toEqual([...nothing, ...nothing])
    expect((await run({})).estimates).toEqual(again.estimates)
  })

  test('come only of streams that are selected', async () => {
    const { estimates } = await run({ 'a.csv': fileOf('g') }, { streams: ['offline_events_rejected'] })
    expect(new Set(estimates.map(({ name }) => name))).toEqual(new Set(['offline_events_rejected']))
  })

  test('come again at the end, by the rows that there were', async () => {
    const { estimates } = await run({ 'a.csv': fileOf('g'.repeat(200)), 'b.csv': fileOf('ggb') })
    expect(estimates.slice(-2).map(({ row_estimate: rows }) => rows)).toEqual([202, 1])
  })

  test('come again every 30 seconds, beside a word to people', async () => {
    const { estimates, logs } = await run({ 'a.csv': fileOf('g'.repeat(40)) }, { tickMs: 2_000 })
    expect(estimates.length).toBeGreaterThan(4)
    const told = logs.filter((line) => line.startsWith('INFO Read '))
    expect(told.length).toBeGreaterThan(0)
    for (const line of told)
      expect(line).toMatch(/^INFO Read \d+ % of the bytes, 1 of 1 files, \d+ rows; now \d+ rows\/s\.$/)
  })
})

describe('states between the rows', () => {
  const rows = (n: number): string => `${HEADER}${'Lead,1,ana@example.es\n'.repeat(n)}`
  /** Rows of the file that each state covers, the end of the run aside. */
  const marks = ({ states }: Outcome): ReadonlyArray<number> =>
    states.flatMap(({ files }) => files.map(([, row]) => row))

  test('come after so many rows, counted over all files, and never because a file ended', async () => {
    const outcome = await run(
      { 'a.csv': rows(5), 'b.csv': rows(5), 'c.csv': rows(1) },
      { extra: { checkpoint_rows: 4 }, streams: ['offline_events'] },
    )
    expect(marks(outcome)).toEqual([4, 3])
    // The last is the end of the run's.
    expect(outcome.states.map(({ recordCount }) => recordCount)).toEqual([4, 4, 3])
  })

  test.each([
    ['30 s', 16_000, true],
    ['less', 100, false],
  ])('come after %s, whichever is first', async (_, tickMs, some) => {
    const outcome = await run({ 'a.csv': rows(40) }, { streams: ['offline_events'], tickMs })
    expect(marks(outcome).length > 0).toBe(some)
    expect(outcome.states.reduce((sum, { recordCount }) => sum + recordCount, 0)).toBe(40)
  })

  test('emitted counts valid rows, also when only the rejects are selected', async () => {
    const file = { 'a.csv': `${rows(3)}Lead,never,ana@example.es\n` }
    const { totals, records } = await run(file, { streams: ['offline_events_rejected'] })
    expect(records).toHaveLength(1)
    expect(totals).toMatchObject({ rows: 4, emitted: 3, rejected: { EVENT_TIME_MALFORMED: 1 } })
  })
})
