import { type Bucket, newBucket } from './support/bucket'
import { BOTH, EVENTS, REJECTS } from './support/catalogs'
import { type Ended, newFolder } from './support/connector'
import { errorsOf, logsOf, recordLines, stateLines, statesOf, statusesOf, totalsOf } from './support/messages'
import { describeWithMoto, type Moto } from './support/moto'
import { read, startRead } from './support/reading'
import { HEADER, makeFile } from './support/rows'

/** Rows by file: the keys and the row numbers of a run's records of a stream. */
const positionsOf = (run: Ended, stream: string = EVENTS): Readonly<Record<string, ReadonlyArray<number>>> => {
  const positions: Record<string, Array<number>> = {}
  for (const { record } of run.messages)
    if (record?.stream === stream)
      (positions[String(record.data['_ab_source_file_url'])] ??= []).push(Number(record.data['_ab_source_file_row']))
  return positions
}

const upTo = (n: number, from = 1): ReadonlyArray<number> => Array.from({ length: n - from + 1 }, (_, i) => from + i)

const csvOf = (seed: string, rows: number): string => makeFile({ rows, seed }).csv

describeWithMoto('read of files that change or can not be read', (moto) => {
  const folder = newFolder()
  const buckets: Array<Bucket> = []
  const bucketOf = async (name: string, running: Moto): Promise<Bucket> => {
    const bucket = await newBucket(running, name)
    buckets.push(bucket)
    return bucket
  }
  afterAll(() => {
    for (const bucket of buckets) bucket.close()
    folder.remove()
  })

  it('reads an object that was replaced while its mark was pending again from its start', async () => {
    const bucket = await bucketOf('replaced-between', moto())
    const config = bucket.config({ checkpoint_rows: 100 })
    await bucket.put('data/a.csv', csvOf('a', 350))
    await bucket.put('data/b.csv', csvOf('b', 120))
    const first = await read(folder, { config, streams: [EVENTS] })
    // Row 200 of a: the file is begun and not yet done.
    const pending = stateLines(first).slice(0, 2)
    expect(positionsOf(await read(folder, { config, streams: [EVENTS], state: pending }))).toEqual({
      'data/a.csv': upTo(350, 201),
      'data/b.csv': upTo(120),
    })
    await bucket.put('data/a.csv', csvOf('a-again', 50))
    const second = await read(folder, { config, streams: [EVENTS], state: pending })
    expect({ code: second.code, errors: errorsOf(second) }).toEqual({ code: 0, errors: [] })
    expect(positionsOf(second)).toEqual({ 'data/a.csv': upTo(50), 'data/b.csv': upTo(120) })
    expect(recordLines(second, EVENTS).filter((line) => line.includes('a-again-order-'))).toHaveLength(50)
  })

  it('notices an object that is replaced during the read, and reads what stands there now', async () => {
    const bucket = await bucketOf('replaced-during', moto())
    const config = bucket.config()
    await bucket.put('data/1-big.csv', csvOf('big', 20_000))
    await bucket.put('data/2-moving.csv', csvOf('moving', 10))
    await bucket.put('data/3-last.csv', csvOf('last', 10))
    // Nobody reads the output at first: the reader, which has listed the files, stands still inside the big one.
    const { child, ended } = startRead(folder, { config, unread: true })
    await new Promise((resolve) => child.stdout.once('readable', resolve))
    await bucket.put('data/2-moving.csv', csvOf('moved', 7))
    child.stdout.resume()
    const run = await ended
    expect(run.code).toBe(0)
    expect(positionsOf(run)).toEqual({
      'data/1-big.csv': upTo(20_000),
      'data/2-moving.csv': upTo(7),
      'data/3-last.csv': upTo(10),
    })
    expect(recordLines(run, EVENTS).filter((line) => line.includes('moved-order-'))).toHaveLength(7)
    expect(run.messages.flatMap(({ log }) => log?.message ?? [])).toContain(
      'data/2-moving.csv was replaced while it was being read.',
    )
    const next = await read(folder, { config, state: stateLines(run) })
    expect(positionsOf(next)).toEqual({})
  })

  it('keeps an object pending that is deleted during the read, reads the others, and lets it go later', async () => {
    const bucket = await bucketOf('deleted-during', moto())
    const config = bucket.config()
    await bucket.put('data/1-big.csv', csvOf('big', 20_000))
    await bucket.put('data/2-going.csv', csvOf('going', 10))
    await bucket.put('data/3-last.csv', csvOf('last', 10))
    const { child, ended } = startRead(folder, { config, unread: true })
    await new Promise((resolve) => child.stdout.once('readable', resolve))
    await bucket.remove('data/2-going.csv')
    child.stdout.resume()
    const run = await ended
    expect(run.code).toBe(1)
    expect(errorsOf(run)).toEqual([expect.stringMatching(/^transient_error: .*data\/2-going\.csv: FILE_CHANGED/)])
    expect(positionsOf(run)).toEqual({ 'data/1-big.csv': upTo(20_000), 'data/3-last.csv': upTo(10) })
    expect(totalsOf(run)).toMatchObject({ files: 3, files_failed: 1, files_by_code: { FILE_CHANGED: 1 }, rows: 20_010 })
    for (const stream of BOTH) expect(statusesOf(run, stream).at(-1)).toBe('INCOMPLETE')
    const next = await read(folder, { config, state: stateLines(run) })
    expect(next.code).toBe(0)
    expect(positionsOf(next)).toEqual({})
  })

  it('keeps a file with an invalid header pending, reads the others, and reads it once it is mended', async () => {
    const bucket = await bucketOf('bad-header', moto())
    const config = bucket.config()
    await bucket.put('data/a.csv', csvOf('a', 20))
    await bucket.put('data/b.csv', csvOf('b', 20).replace(',event_time,', ',when,'))
    await bucket.put('data/c.csv', csvOf('c', 20))
    const run = await read(folder, { config })
    expect(run.code).toBe(1)
    expect(errorsOf(run)).toEqual([
      expect.stringMatching(/^config_error: .*data\/b\.csv: FILE_HEADER_INVALID.*event_time/),
    ])
    expect(positionsOf(run)).toEqual({ 'data/a.csv': upTo(20), 'data/c.csv': upTo(20) })
    expect(totalsOf(run)).toMatchObject({ files_failed: 1, files_by_code: { FILE_HEADER_INVALID: 1 }, rows: 40 })
    const still = await read(folder, { config, state: stateLines(run) })
    expect(still.code).toBe(1)
    expect(errorsOf(still)[0]).toContain('data/b.csv')
    expect(positionsOf(still)).toEqual({})
    await bucket.put('data/b.csv', csvOf('b', 20))
    const mended = await read(folder, { config, state: stateLines(still) })
    expect(mended.code).toBe(0)
    expect(positionsOf(mended)).toEqual({ 'data/b.csv': upTo(20) })
  })

  it('names two headers for one column', async () => {
    const bucket = await bucketOf('twice', moto())
    await bucket.put('data/a.csv', `event_name,event_time,email,Email_hashed\nLead,1,a@example.com,b@example.com\n`)
    const run = await read(folder, { config: bucket.config() })
    expect(errorsOf(run)).toEqual([expect.stringMatching(/FILE_HEADER_INVALID.*email and Email_hashed/)])
    expect(run.code).toBe(1)
  })

  it('takes a header alone, no bytes, a byte order mark alone and blank lines for files without rows', async () => {
    const bucket = await bucketOf('rowless', moto())
    const rowless = { header: HEADER, 'header-line': `${HEADER}\r\n`, empty: '', bom: '\uFEFF', blank: '\n \r\n\n' }
    for (const [name, content] of Object.entries(rowless)) await bucket.put(`data/${name}.csv`, content)
    await bucket.put('data/with-bom.csv', `\uFEFF${csvOf('bom', 3)}`)
    const run = await read(folder, { config: bucket.config() })
    expect({ code: run.code, errors: errorsOf(run), warnings: logsOf(run, 'WARN') }).toEqual({
      code: 0,
      errors: [],
      warnings: [],
    })
    expect(positionsOf(run)).toEqual({ 'data/with-bom.csv': upTo(3) })
    expect(totalsOf(run)).toMatchObject({ files: 6, files_failed: 0, files_by_code: {}, rows: 3 })
    const again = await read(folder, { config: bucket.config(), state: stateLines(run) })
    expect(positionsOf(again)).toEqual({})
  })

  it('tells of a file all of whose rows are rejected, and names their positions', async () => {
    const bucket = await bucketOf('all-bad', moto())
    const made = makeFile({ rows: 30, seed: 'bad', codes: ['EMAIL_MALFORMED'], oneIn: 1 })
    await bucket.put('data/a.csv', made.csv)
    const run = await read(folder, { config: bucket.config() })
    expect(run.code).toBe(0)
    expect(positionsOf(run, REJECTS)).toEqual({ 'data/a.csv': upTo(30) })
    const warnings = logsOf(run, 'WARN')
    expect(warnings).toContainEqual(expect.stringMatching(/^All 30 rows of data\/a\.csv were rejected/))
    const told = warnings.find((message) => message.includes('EMAIL_MALFORMED')) ?? ''
    expect(told.match(/data\/a\.csv row \d+ column Email_hashed/g)).toHaveLength(20)
    expect(statesOf(run, REJECTS).map(({ sourceStats }) => sourceStats?.recordCount)).toEqual([30])
  })
})
