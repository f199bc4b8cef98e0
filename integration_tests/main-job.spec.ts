import { type Bucket, newBucket } from './support/bucket'
import { BOTH, EVENTS, REJECTS, catalogOf } from './support/catalogs'
import { type Ended, newFolder, pipe } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, recordLines, stateLines, statesOf, statsOf, statusesOf, total, totalsOf } from './support/messages'
import { describeWithMoto } from './support/moto'
import { BAD_ROWS, LATE_ROWS, type Made, makeFile } from './support/rows'

const ROWS = 100_000
const SOURCE_CODES = ['COLUMN_COUNT_MISMATCH', ...Object.keys(BAD_ROWS)]
const DESTINATION_CODES = Object.keys(LATE_ROWS)

/** The main job: a file of 100,000 rows, one in a hundred of them bad in every way there is, ends up at the platform. */
describeWithMoto('read | write of 100,000 rows', (moto) => {
  const folder = newFolder()
  let platform: Platform
  let bucket: Bucket
  let made: Made
  let first: { read: Ended; write: Ended }

  const sync = (state: ReadonlyArray<string>): Promise<{ read: Ended; write: Ended }> => {
    const catalog = folder.file('catalog.json', catalogOf(BOTH))
    const source = folder.file('source.json', bucket.config())
    const destination = folder.file('destination.json', destinationConfig(platform))
    const states = folder.file('state.jsonl', state.join('\n'))
    const read = ['--config', source, '--catalog', catalog, '--state', states]
    return pipe(read, ['--config', destination, '--catalog', catalog]).ended
  }

  beforeAll(async () => {
    platform = await startPlatform()
    bucket = await newBucket(moto(), 'main-job')
    made = makeFile({ rows: ROWS, seed: 'main', codes: [...SOURCE_CODES, ...DESTINATION_CODES], oneIn: 100 })
    await bucket.put('data/orders.csv', made.csv)
    first = await sync([])
  }, 120_000)
  afterAll(async () => {
    bucket.close()
    folder.remove()
    await platform.close()
  })

  const expected = (codes: ReadonlyArray<string>): Readonly<Record<string, number>> =>
    Object.fromEntries(codes.map((code) => [code, made.bad[code] ?? 0]))

  it('ends both sides well', () => {
    for (const { code, signal, stderr, messages } of [first.read, first.write])
      expect({ code, signal, stderr, errors: errorsOf({ lines: [], messages }) }).toEqual({
        code: 0,
        signal: null,
        stderr: '',
        errors: [],
      })
    for (const stream of BOTH) expect(statusesOf(first.read, stream)).toEqual(['STARTED', 'RUNNING', 'COMPLETE'])
  })

  it('stores exactly the good rows, each once', async () => {
    const ids = (await platform.events()).map(({ event_id }) => event_id)
    expect(ids).toHaveLength(made.good.length)
    expect(new Set(ids)).toEqual(new Set(made.good))
    const { events } = await platform.summary()
    expect(events).toMatchObject({ received: made.good.length, duplicates: 0, differing_repeats: 0, refused: 0 })
  })

  it('sends digests and never a plain e-mail or phone', async () => {
    const events = await platform.events()
    const identities = events.flatMap(({ user }) => [...(user.email ?? []), ...(user.phone ?? [])])
    expect(identities.length).toBeGreaterThanOrEqual(made.good.length)
    expect(identities.filter((digest) => !/^[0-9a-f]{64}$/.test(digest))).toEqual([])
    expect(events.filter((event) => JSON.stringify(event).includes('@'))).toEqual([])
  })

  it('counts every bad row under its code, and the totals add up', () => {
    const source = totalsOf(first.read)
    expect(source).toMatchObject({ files: 1, files_failed: 0, rows: ROWS })
    expect(source.rejected).toEqual(expected(SOURCE_CODES))
    expect(source.rows).toBe(source.emitted + total(source.rejected))
    const destination = totalsOf(first.write)
    expect(destination.rejected).toEqual(expected(DESTINATION_CODES))
    expect(destination).toMatchObject({
      accepted: made.good.length,
      ignored: total(source.rejected),
      duplicates: 0,
      unsettled: 0,
      retries: 0,
    })
    // Full batches, but for what may be sent early where the reader falls quiet.
    const fewest = Math.ceil(made.good.length / 1000)
    expect(destination.requests).toBeGreaterThanOrEqual(fewest)
    expect(destination.requests).toBeLessThanOrEqual(fewest + 10)
    const { records, accepted, duplicates, ignored, rejected, unsettled } = destination
    expect(records).toBe(accepted + duplicates + ignored + total(rejected) + unsettled)
    expect(records).toBe(ROWS)
  })

  it('emits one reject for every row that the source rejects', () => {
    const rejects = recordLines(first.read, REJECTS).map(
      (line) => (JSON.parse(`${line}}}`) as { record: { data: { code: string } } }).record.data.code,
    )
    const counts: Record<string, number> = {}
    for (const code of rejects) counts[code] = (counts[code] ?? 0) + 1
    expect(counts).toEqual(expected(SOURCE_CODES))
  })

  it('echoes every state in order, with stats that sum up to the records', () => {
    const sent = statesOf(first.read)
    const echoed = statesOf(first.write)
    expect(echoed.map(({ stream }) => stream)).toEqual(sent.map(({ stream }) => stream))
    const rejects = recordLines(first.read, REJECTS).length
    const emitted = recordLines(first.read, EVENTS).length
    const late = total(expected(DESTINATION_CODES))
    expect(statsOf(first.write, EVENTS)).toEqual({ source: emitted, accepted: emitted - late, rejected: late })
    expect(statsOf(first.write, REJECTS)).toEqual({ source: rejects, accepted: rejects, rejected: 0 })
  })

  it('sends nothing when it is run again from the last echoed states', async () => {
    const before = await platform.summary()
    const again = await sync(stateLines(first.write))
    expect([again.read.code, again.write.code]).toEqual([0, 0])
    expect((await platform.summary()).requests.total).toBe(before.requests.total)
    expect(totalsOf(again.read)).toMatchObject({ rows: 0, emitted: 0 })
    expect(totalsOf(again.write)).toMatchObject({ records: 0, requests: 0 })
    for (const stream of BOTH) expect(statesOf(again.write, stream)).not.toHaveLength(0)
  })
})
