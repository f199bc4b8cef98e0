import * as E from 'fp-ts/Either'
import { read } from '../../src/commands/read'
import { memory, memoryObjects } from '../support/memory'

const HEADER = 'event_name,event_time,email\n'

const CONFIG = {
  bucket: 'acme',
  path_prefix: 'in',
  credentials: { auth_type: 'access_key', aws_access_key_id: 'key', aws_secret_access_key: 'secret' },
}

const catalog = (mode: string): string =>
  JSON.stringify({
    streams: ['offline_events', 'offline_events_rejected'].map((name) => ({ stream: { name }, sync_mode: mode })),
  })

interface Outcome {
  readonly failure: unknown
  readonly logs: ReadonlyArray<string>
  readonly totals: Readonly<Record<string, unknown>>
  readonly records: ReadonlyArray<Readonly<Record<string, unknown>>>
}

const run = async (
  files: Readonly<Record<string, string | Buffer>>,
  { mode = 'incremental', extra = {} }: { mode?: string; extra?: Readonly<Record<string, unknown>> } = {},
): Promise<Outcome> => {
  const world = memory({
    texts: { config: JSON.stringify({ ...CONFIG, ...extra }), catalog: catalog(mode) },
    objects: memoryObjects(Object.fromEntries(Object.entries(files).map(([name, text]) => [`in/${name}`, text])), 1000),
    nowMs: 2000,
  })
  const outcome = await read(world.caps)({ config: 'config', catalog: 'catalog', state: undefined })()
  const messages = world.lines.map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>)
  const logs = messages.flatMap(({ log }) =>
    log === undefined ? [] : [`${String(log['level'])} ${String(log['message'])}`],
  )
  const totals = logs.find((line) => line.startsWith('INFO totals '))?.slice('INFO totals '.length) ?? '{}'
  return {
    failure: E.isLeft(outcome) ? outcome.left : undefined,
    logs,
    totals: JSON.parse(totals) as Record<string, unknown>,
    records: messages.flatMap(({ record }) =>
      record === undefined ? [] : [record['data'] as Record<string, unknown>],
    ),
  }
}

describe('rows that are no UTF-8', () => {
  test('are rejected one by one, after a wrong number of cells and before every other fault', async () => {
    const file = Buffer.concat([
      Buffer.from(`${HEADER}Lead,1772362800,ana@example.es\nLead,never,`),
      Buffer.from([0xe9]),
      Buffer.from('\nLead,'),
      Buffer.from([0xe9]),
      Buffer.from('\nLead,1772362800,jane@example.com\n'),
    ])
    const { failure, records, totals } = await run({ 'a.csv': file })
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
    const { failure, totals } = await run({
      'empty.csv': '',
      'bom.csv': '\uFEFF',
      'blank.csv': '\n\r\n  \n',
      'header.csv': HEADER,
      'words.csv': 'no sales today\n',
    })
    expect(failure).toBeUndefined()
    expect(totals).toMatchObject({ files: 5, files_failed: 0, rows: 0 })
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
