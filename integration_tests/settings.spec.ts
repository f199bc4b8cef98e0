import { type Bucket, newBucket } from './support/bucket'
import { BOTH, EVENTS, REJECTS } from './support/catalogs'
import { type Ended, newFolder, run } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, logsOf, stateLines, statesOf, statusesOf, totalsOf } from './support/messages'
import { describeWithMoto } from './support/moto'
import { read } from './support/reading'
import { digestOf } from './support/rows'
import { write } from './support/writing'

type Json = Readonly<Record<string, unknown>>

const dataOf = ({ messages }: Ended, stream: string): ReadonlyArray<Json> =>
  messages.flatMap(({ record }) => (record?.stream === stream ? [record.data] : []))

const recent = (): string => new Date(Date.now() - 3_600_000).toISOString().slice(0, 19)

describeWithMoto('what a user may say of his files', (moto) => {
  const folder = newFolder()
  let bucket: Bucket
  let platform: Platform

  beforeAll(async () => {
    bucket = await newBucket(moto(), 'settings')
    platform = await startPlatform()
  }, 60_000)
  afterAll(async () => {
    bucket.close()
    folder.remove()
    await platform.close()
  })

  /** The config of a folder with one file in it. */
  const withFile = async (name: string, lines: ReadonlyArray<string>, over: Json): Promise<Json> => {
    await bucket.put(`${name}/orders.csv`, `${lines.join('\n')}\n`)
    return bucket.config({ path_prefix: name, ...over })
  }

  it("a till's own export: other headers, decimal comma, local times, one currency, phones of the country", async () => {
    const local = recent().replace('T', ' ')
    const config = await withFile(
      'till',
      ['Order No,Sold at,Total,E-Mail,Tel', `0042,${local},"1234,50",Ana@Example.es,612 345 678`],
      {
        csv: { decimal: ',' },
        column_mapping: [
          { column: 'Order No', field: 'transaction_id' },
          { column: 'sold at', field: 'event_time' },
          { column: 'Total', field: 'value' },
          { column: 'E-Mail', field: 'email' },
          { column: 'Tel', field: 'Phone_hashed' },
        ],
        default_event_name: 'Purchase',
        default_currency: 'eur',
        default_country: 'ES',
        default_time_zone: 'Etc/GMT-2',
      },
    )
    const said = await read(folder, { config, streams: [EVENTS] })
    expect({ code: said.code, stderr: said.stderr, errors: errorsOf(said) }).toEqual({
      code: 0,
      stderr: '',
      errors: [],
    })
    expect(dataOf(said, EVENTS)).toMatchObject([
      {
        event_name: 'Purchase',
        event_time: Date.parse(`${local.replace(' ', 'T')}+02:00`) / 1000,
        currency: 'EUR',
        value: 1234.5,
        transaction_id: '0042',
        Email_hashed: digestOf('ana@example.es'),
        Phone_hashed: digestOf('34612345678'),
        phone_e164_hashed: digestOf('+34612345678'),
      },
    ])
    expect(logsOf(said, 'WARN')).toEqual([])
  })

  it('identities as they are found at the source are hashed by the destination, to the same events', async () => {
    const lines = [
      'event_name,event_time,email,phone,event_id,external_id',
      `Lead,${recent()}Z, Ana@Example.es ,+1 (415) 555-0100,e-1, C-1 `,
      `Lead,${recent()}Z,${digestOf('x').toUpperCase()},,e-2,`,
      `Lead,${recent()}Z,nobody,,e-3,`,
    ]
    const sent: Array<unknown> = []
    for (const pii of ['hash', 'as_is']) {
      const config = await withFile('pii', lines, { pii })
      const said = await read(folder, { config, streams: [EVENTS] })
      expect(totalsOf(said).rejected).toEqual({ EMAIL_MALFORMED: 1 })
      if (pii === 'as_is')
        expect(dataOf(said, EVENTS)).toMatchObject([
          { Email_hashed: 'Ana@Example.es', Phone_hashed: '+1 (415) 555-0100', external_id: 'C-1' },
          { Email_hashed: digestOf('x').toUpperCase() },
        ])
      await platform.reset()
      expect((await write(folder, destinationConfig(platform), said.stdout)).code).toBe(0)
      sent.push(await platform.events())
    }
    expect(sent[0]).toHaveLength(2)
    expect(sent[1]).toEqual(sent[0])
  })

  describe('columns that the template does not know', () => {
    const header = 'event_name,event_time,email,Store Name,Note,jane@example.com,12345'
    const row = `Lead,${recent()}Z,ana@example.es,North,call jane@example.com,x,y`

    it('are dropped and named, but for those that may be somebody', async () => {
      const said = await read(folder, { config: await withFile('drop', [header, row], {}), streams: [EVENTS] })
      expect(Object.keys(dataOf(said, EVENTS)[0] ?? {})).not.toContain('Store Name')
      expect(logsOf(said, 'WARN')).toEqual([
        'Columns that the template does not know are not emitted: Store Name, Note, column 6, column 7.',
      ])
    })

    it('with pass_through are declared by discover from the newest file, and emitted as text', async () => {
      await bucket.put('pass/older.csv', `event_name,event_time,email,Older\nLead,${recent()}Z,ana@example.es,o\n`)
      const config = await withFile('pass', [header, row], { extra_columns: 'pass_through' })
      const discovered = await run('source-s3-offline-events', ['discover', '--config', folder.file('c.json', config)])
      const { catalog } = JSON.parse(discovered.lines[0] ?? '') as {
        catalog: { streams: ReadonlyArray<{ name: string; json_schema: { properties: Json } }> }
      }
      const [events] = catalog.streams
      expect(events?.json_schema.properties).toMatchObject({
        'Store Name': { type: ['null', 'string'] },
        Note: { type: ['null', 'string'] },
      })
      expect(Object.keys(events?.json_schema.properties ?? {})).not.toContain('Older')
      const said = await read(folder, { config, streams: [EVENTS], catalogOver: { stream: events } })
      const [older, newest] = dataOf(said, EVENTS)
      expect(older).not.toHaveProperty('Older')
      expect(newest).toMatchObject({ 'Store Name': 'North' })
      // It holds an address: dropped as in every text.
      expect(newest).not.toHaveProperty('Note')
      expect(totalsOf(said).warnings).toMatchObject({ PLAIN_IDENTITY_DROPPED: 1 })
      expect(logsOf(said, 'WARN')).toEqual([expect.stringMatching(/not emitted: Older, column 6, column 7\.$/)])
      expect(said.stdout).not.toContain('jane@example.com')
    })
  })

  it('two columns for one field fail the file, unless column_mapping says which counts', async () => {
    const lines = ['event_name,event_time,email,Email_hashed', `Lead,${recent()}Z,ana@example.es,jane@example.com`]
    const failed = await read(folder, { config: await withFile('twice', lines, {}), streams: [EVENTS] })
    expect(failed.code).toBe(1)
    expect(errorsOf(failed)).toEqual([
      expect.stringMatching(/^config_error: .*FILE_HEADER_INVALID.*\bemail and Email_hashed\b.*column_mapping/),
    ])
    const column_mapping = [{ column: 'email', field: 'Email_hashed' }]
    const said = await read(folder, { config: await withFile('twice', lines, { column_mapping }), streams: [EVENTS] })
    expect(dataOf(said, EVENTS)).toMatchObject([{ Email_hashed: digestOf('ana@example.es') }])
    expect(logsOf(said, 'WARN')).toEqual([expect.stringContaining('not emitted: Email_hashed.')])
  })

  describe('limits of bad rows', () => {
    const HEADER = 'event_name,event_time,email,event_id'
    const rows = (from: number, to: number, isBad: (row: number) => boolean): ReadonlyArray<string> =>
      Array.from({ length: to - from + 1 }, (_, i) => {
        const row = from + i
        return `Lead,${isBad(row) ? 'never' : `${recent()}Z`},ana@example.es,e-${row}`
      })

    it('on_invalid_row "fail": ends at the first bad row, which no state covers', async () => {
      const over = { on_invalid_row: 'fail', checkpoint_rows: 20 }
      const config = await withFile('fail', [HEADER, ...rows(1, 100, (row) => row === 50)], over)
      const said = await read(folder, { config })
      expect(said.code).toBe(1)
      expect(errorsOf(said)).toEqual([
        expect.stringMatching(/^config_error: .*fail\/orders\.csv.*row 50 column event_time, EVENT_TIME_MALFORMED/),
      ])
      expect(dataOf(said, EVENTS)).toHaveLength(49)
      expect(dataOf(said, REJECTS)).toEqual([])
      for (const stream of BOTH) expect(statusesOf(said, stream)).toEqual(['STARTED', 'RUNNING', 'INCOMPLETE'])
      expect(statesOf(said, EVENTS).reduce((sum, { sourceStats }) => sum + (sourceStats?.recordCount ?? 0), 0)).toBe(49)
      expect(totalsOf(said)).toMatchObject({ rows: 50, emitted: 49, rejected: { EVENT_TIME_MALFORMED: 1 } })
      // From its last state the same row fails again; with rows rejected instead, the rest is read.
      const again = await read(folder, { config, state: stateLines(said) })
      expect(errorsOf(again)).toEqual(errorsOf(said))
      expect(dataOf(again, EVENTS)).toEqual([])
      const rest = await read(folder, { config: { ...config, on_invalid_row: 'reject' }, state: stateLines(said) })
      expect(rest.code).toBe(0)
      expect(dataOf(rest, EVENTS).map((data) => data['_ab_source_file_row'])).toEqual(
        Array.from({ length: 50 }, (_, i) => i + 51),
      )
      expect(dataOf(rest, REJECTS)).toHaveLength(1)
    })

    it('max_rejected_percent: a file above it is not done, in this run and the next; at it, it is', async () => {
      const lines = [HEADER, ...rows(1, 100, (row) => row % 10 === 0)]
      const config = await withFile('limit', lines, { max_rejected_percent: 9, checkpoint_rows: 30 })
      const said = await read(folder, { config })
      expect(said.code).toBe(1)
      expect(errorsOf(said)).toEqual([expect.stringMatching(/^config_error: Of limit\/orders\.csv, 10 of 100 rows/)])
      // The counts of the file so far are in the state: nothing is read again, and it is judged all the same.
      const again = await read(folder, { config, state: stateLines(said) })
      expect(errorsOf(again)).toEqual(errorsOf(said))
      expect(dataOf(again, EVENTS)).toEqual([])
      const raised = await read(folder, { config: { ...config, max_rejected_percent: 10 }, state: stateLines(said) })
      expect({ code: raised.code, errors: errorsOf(raised) }).toEqual({ code: 0, errors: [] })
      const done = await read(folder, { config, state: stateLines(raised) })
      expect({ code: done.code, files: totalsOf(done).files }).toEqual({ code: 0, files: 0 })
    })

    const lineOf = (id: number, bad: boolean): string =>
      JSON.stringify({
        type: 'RECORD',
        record: {
          stream: EVENTS,
          data: {
            event_name: 'Lead',
            event_time: recent() + 'Z',
            email: bad ? 'x' : 'a@example.com',
            event_id: `w-${id}`,
          },
          emitted_at: 1,
        },
      })
    const stateLine = (n: number): string =>
      `{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"${EVENTS}"},"stream_state":{"n":${n}}}}}`
    const echoed = (said: Ended): ReadonlyArray<string> =>
      stateLines(said).map((line) => /"n":(\d+)/.exec(line)?.[1] ?? '')
    const input = (parts: ReadonlyArray<readonly [good: number, bad: number]>): string => {
      let id = 0
      return parts
        .map(([good, bad], n) => {
          const records = Array.from({ length: good + bad }, (_, i) => lineOf(id++, i >= good))
          return `${[...records, stateLine(n + 1)].join('\n')}\n`
        })
        .join('')
    }

    it.each<readonly [string, ReadonlyArray<readonly [number, number]>, number, ReadonlyArray<string>]>([
      ['a short run above it acknowledges nothing', [[8, 2]], 1, []],
      ['a short run at it is as any other', [[9, 1]], 0, ['1']],
      [
        'is judged at each state from 1,000 records on',
        [
          [2000, 0],
          [500, 500],
          [100, 0],
        ],
        1,
        ['1'],
      ],
      [
        'states of the first 1,000 records are not judged, but for the end',
        [
          [10, 10],
          [5000, 0],
        ],
        0,
        ['1', '2'],
      ],
      [
        'counts all of the run so far',
        [
          [950, 50],
          [850, 150],
          [900, 100],
        ],
        0,
        ['1', '2', '3'],
      ],
    ])('max_rejected_percent 10 at the destination: %s', async (_, parts, code, states) => {
      await platform.reset()
      const said = await write(folder, destinationConfig(platform, { max_rejected_percent: 10 }), input(parts))
      expect(said.code).toBe(code)
      expect(echoed(said)).toEqual(states)
      expect(errorsOf(said)).toEqual(
        code === 0
          ? []
          : [expect.stringMatching(/^config_error: Of this run, \d+ of \d+ records.*max_rejected_percent/)],
      )
    })
  })

  it('ESTIMATE comes before the records, by the sizes of what is to be read, and at the end by what was', async () => {
    const lines = [
      'event_name,event_time,email',
      ...Array.from({ length: 50 }, () => `Lead,${recent()}Z,ana@example.es`),
    ]
    const config = await withFile('estimate', lines, { checkpoint_rows: 20 })
    const said = await read(folder, { config })
    const estimates = said.messages.flatMap(({ trace }) => (trace?.type === 'ESTIMATE' ? [trace] : []))
    const bytes = lines.join('\n').length + 1
    expect(estimates).toMatchObject([
      { estimate: { name: EVENTS, type: 'STREAM', byte_estimate: bytes } },
      { estimate: { name: REJECTS, type: 'STREAM', row_estimate: 0, byte_estimate: 0 } },
      { estimate: { name: EVENTS, type: 'STREAM', row_estimate: 50, byte_estimate: bytes } },
      { estimate: { name: REJECTS, type: 'STREAM', row_estimate: 0, byte_estimate: 0 } },
    ])
    expect(said.lines.findIndex((line) => line.includes('ESTIMATE'))).toBeLessThan(
      said.lines.findIndex((line) => line.startsWith('{"type":"RECORD"')),
    )
  })
})
