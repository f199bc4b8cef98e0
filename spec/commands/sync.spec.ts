import * as fs from 'node:fs'
import * as path from 'node:path'
import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { read } from '../../src/commands/read'
import { type SyncCommand, sync } from '../../src/commands/sync'
import { write } from '../../src/commands/write'
import { HEADER, row, settings } from '../support/arbitrary'
import { lawLater } from '../support/laws'
import { type Memory, type MemoryWorld, memory, memoryObjects } from '../support/memory'

const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const MODIFIED = Date.parse('2026-03-01T11:30:00.000Z')

const COMMAND: SyncCommand = {
  file: undefined,
  source: 'source',
  destination: 'destination',
  state: 'state',
  isDryRun: false,
  rejects: 'rejects.csv',
  report: undefined,
  settings: {},
  json: true,
  maxRejectedPercent: undefined,
}

const SOURCE = { bucket: 'acme', path_prefix: 'in', credentials: { auth_type: 'default_chain' } }
const DESTINATION = {
  platform: { type: 'tiktok', access_token: 'token', event_set_id: '7312345678901234567' },
  max_events_per_request: 2,
}

interface Synced extends Memory {
  readonly ending: string
}

const synced = async (world: Partial<MemoryWorld>, command: Partial<SyncCommand> = {}): Promise<Synced> => {
  const texts = { source: JSON.stringify(SOURCE), destination: JSON.stringify(DESTINATION), ...world.texts }
  const found = memory({ nowMs: NOW, ...world, texts })
  return { ...found, ending: await sync(found.caps)({ ...COMMAND, ...command }) }
}

interface Totals {
  readonly outcome: string
  readonly rows: number
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: Readonly<Record<string, number>>
  readonly warnings: Readonly<Record<string, number>>
  readonly failure?: { readonly message: string }
}

const totalsOf = (lines: ReadonlyArray<string>): Totals => {
  const last = lines.at(-1) ?? ''
  expect(last.slice(0, 6)).toBe('sync {')
  return JSON.parse(last.slice(5)) as Totals
}

describe('a folder of good and bad files, reviewed as text', () => {
  const golden = (...parts: ReadonlyArray<string>): string => path.join(__dirname, '..', 'golden', ...parts)
  const textOf = (...parts: ReadonlyArray<string>): string => fs.readFileSync(golden(...parts), 'utf8')
  const inputs = (name: string): string => textOf('validate', name)
  const files = Object.fromEntries(
    fs
      .readdirSync(golden('validate', 'files'))
      .map((name) => [`shop/exports/${name}`, textOf('validate', 'files', name)]),
  )
  const world = {
    texts: { source: inputs('source.json'), destination: inputs('destination.json'), '/run/token': 'token\n' },
    variables: { COUNTRY: 'GB', PERCENT: '50', DAYS: '14' },
    objects: memoryObjects(files, MODIFIED),
    nowMs: NOW,
  }

  // To look at a wanted change: run with GOLDEN=write and read the diff.
  const held = (name: string, text: string): void => {
    if (process.env['GOLDEN'] === 'write') fs.writeFileSync(golden('sync', name), text)
    expect(text).toBe(textOf('sync', name))
  }
  const lined = (lines: ReadonlyArray<string>): string => lines.map((line) => `${line}\n`).join('')

  test('what is said, sent, rejected and saved', async () => {
    const found = await synced(world)
    expect(found.ending).toBe('failure')
    held('expected.txt', lined(found.lines))
    held('rejects.csv', found.files.get('rejects.csv') ?? '')
    held('state.jsonl', found.files.get('state') ?? '')
    held('requests.jsonl', lined(found.requests.map(({ body }) => body ?? '')))
    expect([...found.files.keys()].sort()).toEqual(['rejects.csv', 'state'])
    expect(found.lastWords).toEqual([])
  })

  test('of a dry run', async () => {
    const found = await synced(world, { isDryRun: true, json: false, rejects: undefined })
    held('dry-run.txt', lined(found.lines))
    expect([found.requests.length, found.files.size]).toEqual([0, 0])
  })

  test('no line but an address or the totals is longer than a terminal is wide', () => {
    const lines = `${textOf('sync', 'expected.txt')}${textOf('sync', 'dry-run.txt')}`.split('\n')
    expect(lines.filter((line) => line.length > 100 && !/^\s*https:\S+$|^sync /.test(line))).toEqual([])
  })
})

describe('how a sync ends', () => {
  const EVENTS = `${HEADER.slice(0, 7).join(',')}\n`
  const good = (id: string): string => `Purchase,1772362800,EUR,1,${id},a@example.com,\n`
  const objects = (csv: string) => memoryObjects({ 'in/a.csv': csv }, MODIFIED)

  test.each([
    ['all rows good', good('1'), undefined, 'success', 'clean'],
    ['no row at all', '', undefined, 'success', 'clean'],
    ['a bad row', `${good('1')}x\n`, undefined, 'rejected', 'rejected'],
    ['as many bad rows as may be', `${good('1')}x\n`, 50, 'success', 'rejected'],
    ['more bad rows than may be', `${good('1')}x\n`, 49.99, 'failure', 'failed'],
  ])('%s', async (_, rows, maxRejectedPercent, ending, outcome) => {
    const found = await synced({ objects: objects(EVENTS + rows) }, { maxRejectedPercent })
    expect({ ending: found.ending, outcome: totalsOf(found.lines).outcome }).toEqual({ ending, outcome })
  })

  test('a platform that refuses the token: nothing is saved', async () => {
    const answer = (): string => '{"code":40105,"message":"no","request_id":"1","data":{}}'
    const found = await synced({ objects: objects(EVENTS + good('1')), answer })
    expect([found.ending, totalsOf(found.lines).failure?.message]).toEqual([
      'failure',
      expect.stringContaining('platform.access_token'),
    ])
    expect([...found.files.keys()].sort()).toEqual(['rejects.csv', 'state'])
    expect(found.files.get('state')).toBe('')
  })

  test('a bad config is told by its flag, before anything is touched', async () => {
    const found = await synced({ texts: { source: '{}' } })
    expect([found.ending, found.files.size]).toEqual(['failure', 0])
    expect(found.lastWords.join('')).toMatch(/^The source's config can't be used: .*\nSee .*#the-config$/s)
    const unread = await synced({}, { destination: 'nowhere' })
    expect(unread.lastWords.join('')).toContain('the file given with --destination')
  })

  test.each([
    [{ rejects: 'events.csv', file: 'events.csv' }, '--rejects and FILE'],
    [{ report: 'state' }, '--report and --state'],
    [{ rejects: 'destination' }, '--rejects and --destination'],
    [{ report: 'state.lock' }, '--report and the lock of --state'],
  ])('what is written has a path of its own: %j', async (command, told) => {
    const found = await synced({}, command)
    expect([found.ending, found.files.size, found.lastWords.join('')]).toEqual([
      'failure',
      0,
      expect.stringContaining(told),
    ])
  })

  test('a state that can’t be replaced is found out before anything is sent', async () => {
    const { caps, requests, lastWords } = memory({
      texts: { source: JSON.stringify(SOURCE), destination: JSON.stringify(DESTINATION) },
      objects: objects(EVENTS + good('1')),
      nowMs: NOW,
    })
    const disk = { ...caps.disk, replace: () => Promise.resolve(E.left('EBUSY')) }
    expect(await sync({ ...caps, disk })({ ...COMMAND, rejects: undefined })).toBe('failure')
    expect([requests.length, lastWords.join('')]).toEqual([0, expect.stringContaining('mount its folder')])
  })

  test('a hostile name moves no cursor', async () => {
    const name = 'in/evil\u001b[31m\u202e.csv'
    const found = await synced({ objects: memoryObjects({ [name]: 'a,b\n1,2\n' }, MODIFIED) })
    expect(found.ending).toBe('failure')
    expect([...found.lines, ...found.lastWords].join('\n')).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u)
    expect(totalsOf(found.lines).outcome).toBe('failed')
  })

  test('files that failed are no run that was cut off', async () => {
    const texts = { source: JSON.stringify(SOURCE), destination: JSON.stringify(DESTINATION) }
    const bucket = memoryObjects({ 'in/a.csv': 'a,b\n1,2\n', 'in/b.csv': EVENTS + good('1') }, MODIFIED)
    const found = memory({ texts, objects: bucket, nowMs: NOW })
    expect(await sync(found.caps)(COMMAND)).toBe('failure')
    expect(await sync(found.caps)(COMMAND)).toBe('failure')
    expect(found.lines.join('\n')).not.toContain('Resumed')
  })

  test('the state of the first run is where the second goes on', async () => {
    const csv = EVENTS + good('1') + good('2')
    const first = await synced({ objects: objects(csv) })
    const state = first.files.get('state') ?? ''
    const second = memory({
      texts: { source: JSON.stringify(SOURCE), destination: JSON.stringify(DESTINATION) },
      objects: objects(csv + good('3')),
      nowMs: NOW,
    })
    second.files.set('state', state)
    await sync(second.caps)(COMMAND)
    expect(second.requests.map(({ body }) => body?.match(/"order_id":"\d"/g))).toEqual([['"order_id":"3"']])
  })

  test('a destination’s bucket takes the rejects of both sides', async () => {
    const bucket = memoryObjects({ 'in/a.csv': `${EVENTS}x\nLead,1700000000,,,,a@example.com,\n` }, MODIFIED)
    const storage = {
      storage_type: 'S3',
      s3_bucket_name: 'rejects',
      bucket_path: 'r',
      s3_bucket_region: 'eu-west-1',
      format: { format_type: 'JSONL' },
    }
    const destination = JSON.stringify({ ...DESTINATION, object_storage_config: storage })
    const found = await synced({ objects: bucket, texts: { destination } })
    const kept = [...bucket.contents].filter(([key]) => key.startsWith('r/')).map(([, text]) => String(text))
    expect(kept.join('').match(/"code":"\w+"/g)).toEqual(['"code":"COLUMN_COUNT_MISMATCH"', '"code":"EVENT_TOO_OLD"'])
    expect(found.files.get('rejects.csv')?.trimEnd().split('\n')).toHaveLength(3)
  })
})

describe('laws', () => {
  const CATALOG = JSON.stringify({
    streams: [
      {
        stream: { name: 'offline_events', json_schema: {}, supported_sync_modes: ['incremental'] },
        sync_mode: 'incremental',
        destination_sync_mode: 'append',
      },
    ],
  })
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`

  test('sync sends what read | write sends, request for request', () =>
    lawLater(
      [fc.array(row, { minLength: 1, maxLength: 12 }), settings, fc.boolean()],
      async (rows, { eventName, currency, timeZone, decimal, passThrough }, twice) => {
        const csv = [HEADER, ...rows, ...(twice ? rows : [])].map((cells) => `${cells.map(cell).join(',')}\n`).join('')
        const source = {
          ...SOURCE,
          default_event_name: eventName,
          default_currency: currency,
          default_time_zone: timeZone,
          csv: { decimal, delimiter: ',', encoding: 'utf-8' },
          extra_columns: passThrough ? 'pass_through' : 'drop',
        }
        const objects = memoryObjects({ 'in/a.csv': csv }, MODIFIED)
        const texts = { source: JSON.stringify(source), destination: JSON.stringify(DESTINATION), catalog: CATALOG }
        const reading = memory({ texts, objects, nowMs: NOW })
        await read(reading.caps)({ config: 'source', catalog: 'catalog', state: undefined })()
        const writing = memory({ texts, stdin: reading.lines, nowMs: NOW })
        await write(writing.caps)({ config: 'destination', catalog: 'catalog' })()
        const found = await synced({ texts, objects })
        expect(found.requests.map(({ body }) => body)).toEqual(writing.requests.map(({ body }) => body))
        const { rows: n, accepted, duplicates, rejected } = totalsOf(found.lines)
        const bad = Object.values(rejected).reduce((sum, count) => sum + count, 0)
        expect(n).toBe(accepted + duplicates + bad)
      },
      60,
    ))
})
