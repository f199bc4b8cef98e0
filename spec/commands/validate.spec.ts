import * as fs from 'node:fs'
import * as path from 'node:path'
import fc from 'fast-check'
import * as TE from 'fp-ts/TaskEither'
import { read } from '../../src/commands/read'
import { type ValidateCommand, validate } from '../../src/commands/validate'
import { write } from '../../src/commands/write'
import type { Failure } from '../../src/failure'
import { HEADER, row, settings } from '../support/arbitrary'
import { lawLater } from '../support/laws'
import { type Memory, type MemoryWorld, memory, memoryObjects } from '../support/memory'

const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const MODIFIED = Date.parse('2026-03-01T11:30:00.000Z')

const COMMAND: ValidateCommand = {
  file: undefined,
  config: 'source',
  destination: undefined,
  platform: 'tiktok',
  settings: {},
  json: false,
  maxRejectedPercent: undefined,
}

const SOURCE = { bucket: 'acme', path_prefix: 'in', credentials: { auth_type: 'default_chain' } }

interface Judged extends Memory {
  readonly ending: string
}

const judge = async (command: Partial<ValidateCommand>, world: Partial<MemoryWorld>): Promise<Judged> => {
  const found = memory({ texts: { source: JSON.stringify(SOURCE) }, nowMs: NOW, ...world })
  return { ...found, ending: await validate(found.caps)({ ...COMMAND, ...command }) }
}

interface Account {
  readonly outcome: string
  readonly rows: number
  readonly would_send: number
  readonly duplicates: number
  readonly rejected: Readonly<Record<string, number>>
  readonly warnings: Readonly<Record<string, number>>
  readonly files: number
  readonly remarks: ReadonlyArray<string>
  readonly identifiers: Readonly<Record<string, number>>
  readonly events: ReadonlyArray<Readonly<Record<string, unknown>>>
}

const accountOf = (lines: ReadonlyArray<string>): Account => JSON.parse(lines.join('\n')) as Account

/** What becomes of one file in the folder. */
const account = async (
  csv: string,
  source: object = {},
  command: Partial<ValidateCommand> = {},
): Promise<Account & { readonly ending: string }> => {
  const { ending, lines } = await judge(
    { json: true, ...command },
    {
      texts: { source: JSON.stringify({ ...SOURCE, ...source }) },
      objects: memoryObjects({ 'in/a.csv': csv }, MODIFIED),
    },
  )
  return { ending, ...accountOf(lines) }
}

describe('a folder of good and bad files, reviewed as text', () => {
  const golden = (...parts: ReadonlyArray<string>): string => path.join(__dirname, '..', 'golden', 'validate', ...parts)
  const textOf = (...parts: ReadonlyArray<string>): string => fs.readFileSync(golden(...parts), 'utf8')
  const files = Object.fromEntries(
    fs.readdirSync(golden('files')).map((name) => [`shop/exports/${name}`, textOf('files', name)]),
  )
  const world = {
    texts: { source: textOf('source.json'), destination: textOf('destination.json'), '/run/token': 'token\n' },
    variables: { COUNTRY: 'GB', PERCENT: '50', DAYS: '14' },
    objects: memoryObjects(files, MODIFIED),
  }

  // To look at a wanted change: run with GOLDEN=write and read the diff.
  test.each([
    ['expected.txt', {}],
    ['expected.json', { json: true }],
    ['expected-colours.txt', {}],
  ])('%s', async (name, command) => {
    const found = memory({ ...world, nowMs: NOW })
    const caps = { ...found.caps, hasColours: name.includes('colours') }
    expect(await validate(caps)({ ...COMMAND, destination: 'destination', ...command })).toBe('failure')
    const [first = ''] = found.lines
    const text =
      name === 'expected.json'
        ? `${JSON.stringify(JSON.parse(first), undefined, 2)}\n`
        : found.lines.map((line) => `${line}\n`).join('')
    if (process.env['GOLDEN'] === 'write') fs.writeFileSync(golden(name), text)
    expect(text).toBe(textOf(name))
    expect(found.lastWords).toEqual([])
  })

  test('no line but an address is longer than a terminal is wide', () => {
    const lines = textOf('expected.txt').split('\n')
    expect(lines.filter((line) => line.length > 100 && !/^\s*https:\S+$/.test(line))).toEqual([])
  })
})

describe('what is judged', () => {
  const EVENTS = `${HEADER.slice(0, 7).join(',')}\n`
  const good = (id: string): string => `Purchase,1772362800,EUR,1,${id},a@example.com,\n`

  test.each([
    ['all rows good', good('1'), undefined, 'success', 'clean'],
    ['no row at all', '', undefined, 'success', 'clean'],
    ['a bad row', `${good('1')}x\n`, undefined, 'rejected', 'rejected'],
    ['as many bad rows as may be', `${good('1')}x\n`, 50, 'success', 'rejected'],
    ['more bad rows than may be', `${good('1')}x\n`, 49.99, 'failure', 'failed'],
    ['one bad row of none that may be', `${good('1')}x\n`, 0, 'failure', 'failed'],
  ])('%s', async (_, rows, maxRejectedPercent, ending, outcome) => {
    expect(await account(EVENTS + rows, {}, { maxRejectedPercent })).toMatchObject({ ending, outcome })
  })

  test('sums are exact', async () => {
    const rows = Array.from({ length: 10 }, (_, i) => `Purchase,1772362800,EUR,0.1,${i},a@example.com,\n`).join('')
    const { events } = await account(EVENTS + rows)
    expect(events).toEqual([{ event_name: 'Purchase', currency: 'EUR', events: 10, value: '1' }])
  })

  test('a file on the command line is judged by the settings of rows alone, and asks for none of the secrets', async () => {
    const text = `event_time;email;value;order_id\n1772362800;a@example.com;1,50;7\n`
    const { ending, lines } = await judge(
      {
        file: 'a.csv',
        json: true,
        settings: { default_event_name: 'Purchase', csv: { decimal: ',' } },
      },
      {
        texts: {
          source: JSON.stringify({
            bucket: '${NONE}',
            credentials: { auth_type: 'access_key', aws_secret_access_key: '${file:/none}' },
            default_currency: 'EUR',
            csv: { delimiter: ';' },
          }),
        },
        objects: memoryObjects({ 'a.csv': text }, MODIFIED),
      },
    )
    expect(ending).toBe('success')
    expect(accountOf(lines).events).toEqual([{ event_name: 'Purchase', currency: 'EUR', events: 1, value: '1.5' }])
  })

  test.each([
    [
      'on_invalid_row',
      { on_invalid_row: 'fail' },
      'A sync would end at in/a.csv row 2: on_invalid_row of the config is "fail".',
    ],
    [
      'max_rejected_percent',
      { max_rejected_percent: 10 },
      "A sync would end at in/a.csv: more of its rows are rejected than max_rejected_percent (10) of the source's config allows.",
    ],
  ])('a sync that %s would end is told of', async (_, source, remark) => {
    expect((await account(`${EVENTS}${good('1')}x\nx\n`, source)).remarks).toEqual([remark])
  })

  test("what the platform's rules reject is none of the source's limit, but of the destination's", async () => {
    const { remarks } = await account(`${EVENTS}Teleported,1772362800,,,,a@example.com,\n`, {
      on_invalid_row: 'fail',
      max_rejected_percent: 0,
    })
    expect(remarks).toEqual(['All 1 rows of in/a.csv are rejected.'])
    const { lines } = await judge(
      { json: true, destination: 'destination' },
      {
        texts: {
          source: JSON.stringify(SOURCE),
          destination: JSON.stringify({
            platform: { type: 'tiktok', access_token: 'x', event_set_id: '7312345678901234567' },
            max_rejected_percent: 0,
          }),
        },
        objects: memoryObjects(
          { 'in/a.csv': `${EVENTS}${good('1')}Teleported,1772362800,,,,a@example.com,\n` },
          MODIFIED,
        ),
      },
    )
    expect(accountOf(lines).remarks).toEqual([
      "A sync would fail: more records are rejected than max_rejected_percent (0) of the destination's config allows.",
    ])
  })

  test('of a folder of nothing but faults the first are named and all are counted', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 1_200 }, (_, i) => [`in/${i}.csv`, i < 600 ? 'when\n1\n' : '']),
    )
    const world = { objects: memoryObjects(files, MODIFIED) }
    const { lines } = await judge({}, world)
    const said = lines.join('\n')
    expect(said).toMatch(/files that failed +600\n/)
    expect(said).toContain('and 560 more files')
    expect(said).toContain('and 560 more notes')
    expect(accountOf((await judge({ json: true }, world)).lines)).toMatchObject({ files: 1200, files_failed: 600 })
  })
})

describe('why nothing was judged', () => {
  const refused: Failure = { _tag: 'StorageRefused', use: 'files', cause: 'secret', bucket: 'acme\u001b[2J\u202e' }

  test.each([false, true])('is told beside the output, with where to read on (json: %s)', async (json) => {
    const found = memory({ texts: { source: JSON.stringify(SOURCE) }, nowMs: NOW })
    const caps = { ...found.caps, openBucket: () => TE.left(refused) }
    expect(await validate(caps)({ ...COMMAND, json })).toBe('failure')
    expect(found.lastWords).toHaveLength(1)
    expect(found.lastWords[0]).toMatch(/S3 Bucket Secret[^]*\nSee https:\S+#secret-of-the-access-key$/)
    expect(found.lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      json
        ? [
            {
              outcome: 'failed',
              failure: {
                message: expect.stringMatching(/S3 Bucket Secret/) as string,
                see: expect.stringMatching(/#secret-of/) as string,
              },
            },
          ]
        : [],
    )
    expect([...found.lines, ...found.lastWords].join('\n')).not.toMatch(/[\p{Cf}]|(?!\n)\p{Cc}/u)
  })

  test('names of files and headers do nothing to a terminal', async () => {
    const name = 'in/\u001b[31m\r\u009b2J\u202e\n.csv'
    const csv = 'event_name,event_time,email,\u001b[31mred\nLead,1,a@example.com,\n'
    for (const json of [false, true]) {
      const { lines } = await judge({ json }, { objects: memoryObjects({ [name]: csv }, MODIFIED) })
      expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }
  })
})

describe('laws', () => {
  interface Totals {
    readonly accepted: number
    readonly duplicates: number
    readonly rows: number
    readonly rejected: Readonly<Record<string, number>>
    readonly warnings: Readonly<Record<string, number>>
  }
  const totalsOf = (lines: ReadonlyArray<string>): Totals => {
    const said = lines
      .filter((line) => line.includes('totals {'))
      .map((line) => JSON.parse(line) as { log: { message: string } })
    return JSON.parse(said.at(-1)?.log.message.replace(/^totals /, '') ?? '') as Totals
  }
  const CATALOG = JSON.stringify({
    streams: [{ stream: { name: 'offline_events' }, sync_mode: 'incremental', destination_sync_mode: 'append' }],
  })
  const DESTINATION = JSON.stringify({
    platform: { type: 'tiktok', access_token: 't', event_set_id: '7312345678901234567' },
  })
  const added = (...all: ReadonlyArray<Readonly<Record<string, number>>>): Readonly<Record<string, number>> => {
    const sums: Record<string, number> = {}
    for (const counts of all) for (const [code, n] of Object.entries(counts)) sums[code] = (sums[code] ?? 0) + n
    return sums
  }
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`

  /** Times of any row are of any year: those that are to be sent are of late. */
  const lately = fc
    .tuple(row, fc.boolean(), fc.integer({ min: -400, max: 30 * 86_400 }))
    .map(([cells, isLate, age]) => (isLate && cells.length > 1 ? cells.with(1, String(NOW / 1000 - age)) : cells))

  test('what is rejected, sent and sent once is what a sync rejects, sends and sends once', () =>
    lawLater(
      [fc.array(lately, { minLength: 1, maxLength: 12 }), settings, fc.boolean()],
      async (rows, { eventName, currency, timeZone, decimal, asIs, passThrough }, twice) => {
        const csv = [HEADER, ...rows, ...(twice ? rows : [])].map((cells) => `${cells.map(cell).join(',')}\n`).join('')
        const source = {
          ...SOURCE,
          default_event_name: eventName,
          default_currency: currency,
          default_time_zone: timeZone,
          csv: { decimal, delimiter: ',', encoding: 'utf-8' },
          pii: asIs ? 'as_is' : 'hash',
          extra_columns: passThrough ? 'pass_through' : 'drop',
        }
        const objects = memoryObjects({ 'in/a.csv': csv }, MODIFIED)
        const texts = { source: JSON.stringify(source), destination: DESTINATION, catalog: CATALOG }
        const reading = memory({ texts, objects, nowMs: NOW })
        await read(reading.caps)({ config: 'source', catalog: 'catalog', state: undefined })()
        const writing = memory({ texts, stdin: reading.lines, nowMs: NOW })
        await write(writing.caps)({ config: 'destination', catalog: 'catalog' })()
        const [ofRead, ofWrite] = [totalsOf(reading.lines), totalsOf(writing.lines)]
        const { lines } = await judge({ json: true, destination: 'destination' }, { texts, objects })
        const found = accountOf(lines)
        expect(found).toMatchObject({
          rows: ofRead.rows,
          would_send: ofWrite.accepted,
          duplicates: ofWrite.duplicates,
          rejected: added(ofRead.rejected, ofWrite.rejected),
        })
        if (ofWrite.duplicates === 0 && Object.keys(ofWrite.rejected).length === 0)
          expect(Object.keys(found.warnings).sort()).toEqual(
            Object.keys(added(ofRead.warnings, ofWrite.warnings)).sort(),
          )
      },
      60,
    ))
})
