import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities } from '../../src/capabilities'
import { discover } from '../../src/commands/discover'
import { type Failure, failureType, sentence } from '../../src/failure'
import { OFFLINE_EVENT } from '../../src/template/offline-event'
import { right } from '../support/either'
import { memory, memoryObjects } from '../support/memory'

type Json = Readonly<Record<string, unknown>>

const CONFIG = {
  bucket: 'acme',
  path_prefix: 'in',
  credentials: { auth_type: 'access_key', aws_access_key_id: 'key', aws_secret_access_key: 'secret' },
}
const PASS = { extra_columns: 'pass_through' }
const HEADER = 'event_name,event_time,email'

/** Files by their place below the folder, and when each was last modified; 1 where nothing is said. */
type Files = Readonly<Record<string, string>>

const ask = async (
  role: 'source' | 'destination',
  config: Json,
  files: Files = {},
  modified: Readonly<Record<string, number>> = {},
  instead: Partial<Capabilities> = {},
): Promise<{ readonly answer: E.Either<Failure, string>; readonly lines: ReadonlyArray<string> }> => {
  const world = memory({
    texts: { config: JSON.stringify(config) },
    objects: memoryObjects(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`in/${name}`, text])),
      (key) => modified[key.slice('in/'.length)] ?? 1,
    ),
    nowMs: 2000,
  })
  const answer = await discover({ ...world.caps, ...instead })(role, 'config')()
  return { answer, lines: world.lines }
}

interface Stream {
  readonly name: string
  readonly json_schema: { readonly properties: Readonly<Record<string, Json>> }
}

const streamsOf = (line: string): ReadonlyArray<Stream> =>
  (JSON.parse(line) as { catalog: { streams: ReadonlyArray<Stream> } }).catalog.streams

const columnsOf = ({ json_schema }: Pick<Stream, 'json_schema'>): ReadonlyArray<string> =>
  Object.keys(json_schema.properties)

/** The columns that stand in the catalog beside those of the template. */
const extrasOf = async (
  extra: Json,
  files: Files,
  modified?: Readonly<Record<string, number>>,
): Promise<ReadonlyArray<string>> => {
  const { answer } = await ask('source', { ...CONFIG, ...extra }, files, modified)
  const plain = (await ask('source', CONFIG)).answer
  const known = streamsOf(right(plain)).flatMap(columnsOf)
  return streamsOf(right(answer))
    .flatMap(columnsOf)
    .filter((name) => !known.includes(name))
}

const refusalOf = async (config: Json, files: Files): Promise<Failure> => {
  const { answer } = await ask('source', config, files)
  if (E.isLeft(answer)) return answer.left
  throw new Error('expected a refusal')
}

describe('the source', () => {
  test('has two streams, both modes, resumable, with cursor and primary key of its own', async () => {
    const streams = streamsOf(right((await ask('source', CONFIG)).answer))
    expect(streams.map(({ name }) => name)).toEqual(['offline_events', 'offline_events_rejected'])
    for (const stream of streams)
      expect(stream).toMatchObject({
        supported_sync_modes: ['full_refresh', 'incremental'],
        is_resumable: true,
        source_defined_cursor: true,
        default_cursor_field: ['_ab_source_file_last_modified'],
        source_defined_primary_key: [['_ab_source_file_url'], ['_ab_source_file_row']],
      })
  })

  test('does not look into the bucket where extra columns are dropped', async () => {
    const openBucket = (): never => {
      throw new Error('the bucket was opened')
    }
    const { answer } = await ask('source', CONFIG, {}, {}, { openBucket })
    expect(streamsOf(right(answer))).toHaveLength(2)
  })

  test('names keys of the config that nobody reads', async () => {
    const { lines } = await ask('source', { ...CONFIG, extra_column: 'pass_through' })
    expect(lines).toEqual([expect.stringContaining('extra_column') as string])
  })
})

describe('the source with pass_through', () => {
  test('declares the headers of the newest file that the template does not know, as text, for the events only', async () => {
    const { answer } = await ask('source', { ...CONFIG, ...PASS }, { 'a.csv': `Store,${HEADER},Till No ,shop_id\n` })
    const [events, rejects] = streamsOf(right(answer))
    const text = { type: ['null', 'string'], description: expect.any(String) as string }
    expect(events?.json_schema.properties).toMatchObject({ Store: text, 'Till No': text })
    expect(rejects && columnsOf(rejects)).not.toEqual(expect.arrayContaining(['Store']))
    expect(events && columnsOf(events)).toEqual([
      ...OFFLINE_EVENT.map(({ name }) => name),
      ...['Store', 'Till No'],
      ...['_ab_source_file_last_modified', '_ab_source_file_url', '_ab_source_file_row'],
    ])
  })

  test('the newest is the last modified, of several the last by key', async () => {
    const files = { 'a.csv': `${HEADER},A\n`, 'b.csv': `${HEADER},B\n`, 'c.csv': `${HEADER},C\n` }
    expect(await extrasOf(PASS, files, { 'a.csv': 3, 'b.csv': 2 })).toEqual(['A'])
    expect(await extrasOf(PASS, files, { 'a.csv': 3, 'b.csv': 3 })).toEqual(['B'])
    expect(await extrasOf(PASS, files)).toEqual(['C'])
  })

  test('files that are not read do not count', async () => {
    const files = { 'a.csv': `${HEADER},A\n`, 'b.txt': 'no table', 'c.csv': `${HEADER},C\n` }
    expect(await extrasOf({ ...PASS, file_pattern: 'a*' }, files)).toEqual(['A'])
    expect(await extrasOf({ ...PASS, start_date: '1970-01-01T00:00:05Z' }, files, { 'a.csv': 6000 })).toEqual(['A'])
  })

  test.each<readonly [string, Files]>([
    ['an empty folder', {}],
    ['a file of no bytes', { 'a.csv': '' }],
    ['a byte order mark alone', { 'a.csv': '\uFEFF' }],
    ['blank lines', { 'a.csv': '\n \r\n' }],
    ['a header of the template alone', { 'a.csv': `${HEADER}\n` }],
    ['a header without a line break', { 'a.csv': HEADER }],
  ])('%s brings none', async (_, files) => {
    expect(await extrasOf(PASS, files)).toEqual([])
  })

  test('blank lines before the header do not matter', async () => {
    expect(await extrasOf(PASS, { 'a.csv': `\n  \n${HEADER},Store\nLead,1,ana@example.es,Centro\n` })).toEqual([
      'Store',
    ])
  })

  test('a mapped header is no extra column, and what no header may be never passes', async () => {
    const header = 'Que,Cuando,Correo,event_name,Store,_ab_x,jane@example.com,14155550100,phone_e164_hashed'
    const column_mapping = [
      { column: 'Que', field: 'event_name' },
      { column: 'Cuando', field: 'event_time' },
      { column: 'Correo', field: 'email' },
    ]
    expect(await extrasOf({ ...PASS, column_mapping }, { 'a.csv': `${header}\n` })).toEqual(['Store'])
  })

  test('a column with a default may be absent', async () => {
    expect(await extrasOf({ ...PASS, default_event_name: 'Lead' }, { 'a.csv': 'event_time,email,Store\n' })).toEqual([
      'Store',
    ])
  })

  test("a newest file whose header is not the template's is named, with what to do", async () => {
    const refusal = await refusalOf({ ...CONFIG, ...PASS }, { 'a.csv': 'a,b\n1,2\n' })
    expect(refusal).toMatchObject({ _tag: 'FileUnusable', file: { key: 'in/a.csv', code: 'FILE_HEADER_INVALID' } })
    expect(failureType(refusal)).toBe('config_error')
    expect(sentence(refusal)).toContain('event_time')
  })

  test('a bucket that can not be opened or listed is what it is', async () => {
    const refused: Failure = { _tag: 'StorageRefused', use: 'files', cause: 'list', bucket: 'acme' }
    const config = { ...CONFIG, ...PASS }
    const closed = await ask('source', config, {}, {}, { openBucket: () => TE.left(refused) })
    expect(closed.answer).toEqual(E.left(refused))
    const objects = { ...memoryObjects({}, 0), page: () => TE.left(refused) }
    const unlisted = await ask('source', config, {}, {}, { openBucket: () => TE.right(objects) })
    expect(unlisted.answer).toEqual(E.left(refused))
  })
})

describe('the destination', () => {
  const PLATFORM = { type: 'tiktok', access_token: 'token', event_set_id: '7312345678901234567' }

  test.each([
    [{}, ['event_time', 'event_name']],
    [{ default_event_name: 'Lead' }, ['event_time']],
  ])('with %j has one operation that appends events, and requires %j', async (extra, required) => {
    const { answer } = await ask('destination', { platform: PLATFORM, ...extra })
    const message = JSON.parse(right(answer)) as {
      type: string
      destination_catalog: { operations: ReadonlyArray<Pick<Stream, 'json_schema'>> }
    }
    expect(message.type).toBe('DESTINATION_CATALOG')
    expect(message.destination_catalog.operations).toMatchObject([
      {
        object_name: 'offline_event',
        sync_mode: 'append',
        matching_keys: [],
        json_schema: { additionalProperties: false, required },
      },
    ])
    expect(message.destination_catalog.operations.map(columnsOf)).toEqual([OFFLINE_EVENT.map(({ name }) => name)])
  })
})
