import { EVENTS, REJECTS } from './support/catalogs'
import { type Ended, newFolder } from './support/connector'
import { EVENT_SET, type Platform, TOKEN, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, logsOf, recordLines, stateLines, totalsOf } from './support/messages'
import { read } from './support/reading'
import { HEADER, makeFile } from './support/rows'
import { type S3Stub, type StubFile, startS3 } from './support/s3-stub'
import { write } from './support/writing'

type Json = Readonly<Record<string, unknown>>

const HOUR = 3_600_000
const ago = (hours: number): Date => new Date(Math.floor((Date.now() - hours * HOUR) / 1000) * 1000)
const fileOf = (name: string, modified: Date, rows = 3): StubFile => ({
  key: `data/${name}.csv`,
  content: makeFile({ rows, seed: name }).csv,
  modified,
})

/** What docs/operations.md tells people to do, done. */
describe('operations', () => {
  const folder = newFolder()
  const stubs: Array<S3Stub> = []
  let platform: Platform

  beforeAll(async () => void (platform = await startPlatform()))
  beforeEach(() => platform.reset())
  afterAll(async () => {
    for (const stub of stubs) stub.close()
    folder.remove()
    await platform.close()
  })

  const bucketOf = async (files: ReadonlyArray<StubFile>): Promise<S3Stub> => {
    const stub = await startS3(files)
    stubs.push(stub)
    return stub
  }

  /** `read | write` from a state on. */
  const sync = async (config: Json, state?: ReadonlyArray<string>, destination: Json = destinationConfig(platform)) => {
    const reading = await read(folder, { config, streams: [EVENTS], ...(state === undefined ? {} : { state }) })
    const writing = await write(folder, destination, `${reading.lines.join('\n')}\n`)
    return { reading, writing, state: stateLines(writing) }
  }

  const keysOf = (reading: Ended): ReadonlyArray<string> => [
    ...new Set(
      reading.messages.flatMap(({ record }) =>
        record === undefined ? [] : [String(record.data['_ab_source_file_url'])],
      ),
    ),
  ]

  it('an earlier start_date alone brings no old files; lookback_hours does, for one run', async () => {
    const stub = await bucketOf([fileOf('old', ago(20 * 24)), fileOf('new', ago(1))])
    const first = await sync(stub.config({ start_date: ago(5 * 24).toISOString() }))
    expect(keysOf(first.reading)).toEqual(['data/new.csv'])
    expect(totalsOf(first.reading)).toMatchObject({ files: 1, files_ignored: 1 })
    const second = await sync(stub.config(), first.state)
    expect(keysOf(second.reading)).toEqual([])
    expect(logsOf(second.reading, 'WARN')).toEqual([
      expect.stringMatching(/^1 file FILE_TOO_LATE, first data\/old\.csv/),
    ])
    const third = await sync(stub.config({ lookback_hours: 30 * 24 }), second.state)
    expect(keysOf(third.reading)).toEqual(['data/old.csv'])
    const fourth = await sync(stub.config(), third.state)
    expect({ keys: keysOf(fourth.reading), warnings: logsOf(fourth.reading, 'WARN') }).toEqual({
      keys: [],
      warnings: [],
    })
  })

  it('a file of its own with the corrected rows sends those and no others', async () => {
    const made = makeFile({ rows: 10, seed: 'orders', codes: ['VALUE_MALFORMED'], oneIn: 5 })
    const files: Array<StubFile> = [{ key: 'data/orders.csv', content: made.csv, modified: ago(2) }]
    const stub = await bucketOf(files)
    const first = await sync(stub.config())
    expect(totalsOf(first.reading)).toMatchObject({ rows: 10, rejected: { VALUE_MALFORMED: 2 } })
    expect(totalsOf(first.writing)).toMatchObject({ accepted: 8 })
    const [, ...rows] = made.csv.trimEnd().split('\n')
    const corrected = rows.filter((_, i) => (i + 1) % 5 === 0).map((row) => row.replace('"1,234.50"', '1234.50'))
    files.push({
      key: 'data/orders-corrected.csv',
      content: `${[HEADER, ...corrected].join('\n')}\n`,
      modified: ago(1),
    })
    const second = await sync(stub.config(), first.state)
    expect(totalsOf(second.reading)).toMatchObject({ rows: 2, emitted: 2 })
    expect(totalsOf(second.writing)).toMatchObject({ accepted: 2 })
    expect((await platform.summary()).events).toMatchObject({ received: 10, stored: 10, duplicates: 0 })
  })

  it('corrected in its place a file is read and sent again from its beginning', async () => {
    const made = makeFile({ rows: 10, seed: 'orders', codes: ['VALUE_MALFORMED'], oneIn: 5 })
    const files: Array<StubFile> = [{ key: 'data/orders.csv', content: made.csv, modified: ago(60) }]
    const stub = await bucketOf(files)
    const first = await sync(stub.config())
    files[0] = { key: 'data/orders.csv', content: made.csv.replaceAll('"1,234.50"', '1234.50'), modified: ago(1) }
    const second = await sync(stub.config(), first.state)
    expect(totalsOf(second.reading)).toMatchObject({ rows: 10, emitted: 10 })
    expect(logsOf(second.reading, 'WARN')[0]).toMatch(
      /was overwritten.*After 48 hours the platform counts its events again/,
    )
    expect((await platform.summary()).events).toMatchObject({ received: 18, stored: 10, duplicates: 8 })
  })

  it('a reset sends everything again, and a start_date keeps that to what is young', async () => {
    const stub = await bucketOf([fileOf('old', ago(20 * 24)), fileOf('new', ago(1))])
    const first = await sync(stub.config())
    expect(totalsOf(first.writing)).toMatchObject({ accepted: 6 })
    const again = await sync(stub.config())
    expect(keysOf(again.reading)).toEqual(['data/old.csv', 'data/new.csv'])
    const young = await sync(stub.config({ start_date: ago(24).toISOString() }))
    expect(keysOf(young.reading)).toEqual(['data/new.csv'])
    expect((await platform.summary()).events).toMatchObject({ received: 15, stored: 6, duplicates: 9 })
  })

  it('of a file that has grown a reset sends the old rows too, whatever the start_date', async () => {
    const [header = '', ...rows] = makeFile({ rows: 12, seed: 'grown' }).csv.trimEnd().split('\n')
    const upTo = (n: number): string => `${[header, ...rows.slice(0, n)].join('\n')}\n`
    const young = await bucketOf([{ key: 'data/grown.csv', content: upTo(10), modified: ago(72) }])
    const first = await sync(young.config())
    const grown = await bucketOf([{ key: 'data/grown.csv', content: upTo(12), modified: ago(1) }])
    expect(totalsOf((await sync(grown.config(), first.state)).writing)).toMatchObject({ records: 2 })
    const again = await sync(grown.config({ start_date: ago(24).toISOString() }))
    expect(totalsOf(again.writing)).toMatchObject({ records: 12 })
  })

  it('a cleared stream is a state of null, which comes back', async () => {
    const cleared = `{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"${EVENTS}"},"stream_state":null},"id":1}}`
    const writing = await write(folder, destinationConfig(platform), `${cleared}\n`)
    expect({ code: writing.code, states: stateLines(writing) }).toMatchObject({
      code: 0,
      states: [expect.stringContaining('"stream_state":null') as string],
    })
    const stub = await bucketOf([fileOf('a', ago(1))])
    expect(keysOf((await sync(stub.config(), [cleared])).reading)).toEqual(['data/a.csv'])
  })

  it('another event set is sent what is new, and nothing of before', async () => {
    const files = [fileOf('a', ago(3))]
    const stub = await bucketOf(files)
    const first = await sync(stub.config())
    files.push(fileOf('b', ago(1)))
    const other = '7312345678909999999'
    await platform.set({ event_sets: [EVENT_SET, other] })
    const second = await sync(stub.config(), first.state, destinationConfig(platform, {}, { event_set_id: other }))
    expect(keysOf(second.reading)).toEqual(['data/b.csv'])
    expect(totalsOf(second.writing)).toMatchObject({ accepted: 3, duplicates: 0 })
  })

  it('a token that was revoked ends the run; with the new one the next goes on', async () => {
    const stub = await bucketOf([fileOf('a', ago(1))])
    const first = await sync(stub.config(), undefined, destinationConfig(platform, {}, { access_token: 'revoked' }))
    expect(first.writing.code).toBe(1)
    expect(errorsOf(first.writing)).toEqual([
      expect.stringMatching(/^config_error: platform\.access_token: TikTok does not accept the token/),
    ])
    expect(first.state).toEqual([])
    const second = await sync(stub.config(), first.state, destinationConfig(platform, {}, { access_token: TOKEN }))
    expect(totalsOf(second.writing)).toMatchObject({ accepted: 3 })
  })

  it('of two connections over a folder each reads all of it, and with partition each its part', async () => {
    const stub = await bucketOf(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => fileOf(name, ago(1))))
    const whole = [await sync(stub.config()), await sync(stub.config())]
    expect(whole.map(({ reading }) => keysOf(reading).length)).toEqual([6, 6])
    expect((await platform.summary()).events).toMatchObject({ stored: 18, duplicates: 18 })
    const parts = [0, 1].map((index) => sync(stub.config({ partition: { index, count: 2 } })))
    const keys = (await Promise.all(parts)).flatMap(({ reading }) => keysOf(reading))
    expect(keys.sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `data/${name}.csv`))
  })

  it('another partition.count needs a reset; a start_date of yesterday bounds what is sent again', async () => {
    const stub = await bucketOf([...['a', 'b', 'c'].map((n) => fileOf(n, ago(200))), fileOf('d', ago(12))])
    const first = await sync(stub.config({ partition: { index: 0, count: 1 } }))
    expect(keysOf(first.reading)).toHaveLength(4)
    const config = (index: number) => stub.config({ partition: { index, count: 2 }, start_date: ago(24).toISOString() })
    const refused = await read(folder, { config: config(0), streams: [EVENTS], state: first.state })
    expect({ code: refused.code, errors: errorsOf(refused) }).toEqual({
      code: 1,
      errors: [
        expect.stringMatching(/^config_error: The state can't be used: offline_events: it belongs to partition 0 of 1/),
      ],
    })
    const parts = [await sync(config(0)), await sync(config(1))]
    expect(parts.flatMap(({ reading }) => keysOf(reading))).toEqual(['data/d.csv'])
  })

  it('rejects can be had as a stream of their own, by a connection with a state of its own', async () => {
    const made = makeFile({ rows: 10, seed: 'orders', codes: ['VALUE_MALFORMED'], oneIn: 5 })
    const stub = await bucketOf([{ key: 'data/orders.csv', content: made.csv, modified: ago(2) }])
    const events = await sync(stub.config())
    const rejects = await read(folder, { config: stub.config(), streams: [REJECTS] })
    expect(recordLines(rejects, REJECTS)).toHaveLength(2)
    expect(recordLines(rejects, EVENTS)).toEqual([])
    const next = await read(folder, { config: stub.config(), streams: [REJECTS], state: stateLines(rejects) })
    expect(recordLines(next, REJECTS)).toEqual([])
    expect(totalsOf(events.writing)).toMatchObject({ accepted: 8 })
  })
})
