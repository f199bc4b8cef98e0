import { type Bucket, newBucket } from './support/bucket'
import { BOTH, EVENTS } from './support/catalogs'
import { type Ended, newFolder } from './support/connector'
import { errorsOf, recordLines, stateLines, statesOf, statusesOf, totalsOf } from './support/messages'
import { type Moto, describeWithMoto } from './support/moto'
import { atATime, read } from './support/reading'
import { makeFile } from './support/rows'

const keysOf = (run: Ended): ReadonlyArray<string> => [
  ...new Set(
    run.messages.flatMap(({ record }) => (record === undefined ? [] : [String(record.data['_ab_source_file_url'])])),
  ),
]

const oneRow = (seed: string): string => makeFile({ rows: 1, seed }).csv

describeWithMoto('read of a folder', (moto) => {
  const folder = newFolder()
  const buckets: Array<Bucket> = []
  const bucketWith = async (running: Moto, name: string, keys: ReadonlyArray<string>): Promise<Bucket> => {
    const bucket = await newBucket(running, name)
    buckets.push(bucket)
    await atATime(8, keys, (key) => bucket.put(key, key.endsWith('.csv') ? oneRow(key) : 'no rows'))
    return bucket
  }
  afterAll(() => {
    for (const bucket of buckets) bucket.close()
    folder.remove()
  })

  it('without files emits a state of each stream and completes', async () => {
    const bucket = await bucketWith(moto(), 'no-files', [])
    const run = await read(folder, { config: bucket.config() })
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' })
    for (const stream of BOTH) {
      expect(statesOf(run, stream)).toMatchObject([{ sourceStats: { recordCount: 0 } }])
      expect(statusesOf(run, stream)).toEqual(['STARTED', 'RUNNING', 'COMPLETE'])
    }
    const again = await read(folder, { config: bucket.config(), state: stateLines(run) })
    expect(again.code).toBe(0)
    await bucket.put('data/first.csv', oneRow('first'))
    expect(keysOf(await read(folder, { config: bucket.config(), state: stateLines(again) }))).toEqual([
      'data/first.csv',
    ])
  })

  it('of 2,300 keys reads all pages of the listing', async () => {
    const keys = Array.from({ length: 2_300 }, (_, i) => {
      const name = String(i).padStart(4, '0')
      return i % 23 === 22 ? `data/${name}.csv` : `data/${name}.txt`
    })
    const bucket = await bucketWith(moto(), 'many-keys', keys)
    const run = await read(folder, { config: bucket.config() })
    expect(run.code).toBe(0)
    expect([...keysOf(run)].sort()).toEqual(keys.filter((key) => key.endsWith('.csv')))
    expect(totalsOf(run)).toMatchObject({ files: 100, files_ignored: 2_200, rows: 100 })
  }, 120_000)

  it('reads keys of every spelling, and reports them as they are', async () => {
    const keys = [
      'data//double//slash.csv',
      'data/a b+c&d=e%20f.csv',
      'data/größe/日本.csv',
      'data/quote"and\\back.csv',
      'data/UPPER.csv',
    ]
    const bucket = await bucketWith(moto(), 'odd-keys', keys)
    const run = await read(folder, { config: bucket.config() })
    expect({ code: run.code, errors: errorsOf(run) }).toEqual({ code: 0, errors: [] })
    expect([...keysOf(run)].sort()).toEqual([...keys].sort())
    const again = await read(folder, { config: bucket.config(), state: stateLines(run) })
    expect(keysOf(again)).toEqual([])
  })

  it.each([
    ['data', ['data/in.csv', 'data/sub/in.csv']],
    ['/data/', ['data/in.csv', 'data/sub/in.csv']],
    ['data/sub', ['data/sub/in.csv']],
    ['', ['data/in.csv', 'data/sub/in.csv', 'data.csv', 'database/out.csv']],
    ['/', ['data/in.csv', 'data/sub/in.csv', 'data.csv', 'database/out.csv']],
  ])('with path_prefix %j reads that folder and no sibling', async (path_prefix, keys) => {
    const name = `siblings-${Buffer.from(path_prefix).toString('hex')}`
    const bucket = await bucketWith(moto(), name, [
      'data/in.csv',
      'data/sub/in.csv',
      'data.csv',
      'database/out.csv',
      'data/',
    ])
    const run = await read(folder, { config: bucket.config({ path_prefix }) })
    expect(run.code).toBe(0)
    expect([...keysOf(run)].sort()).toEqual([...keys].sort())
  })

  it('reads by file_pattern without case, and counts what it leaves out', async () => {
    const bucket = await bucketWith(moto(), 'patterns', ['data/a.csv', 'data/deep/B.csv', 'data/readme.md', 'c.csv'])
    const run = await read(folder, { config: bucket.config({ file_pattern: 'DEEP/*.CSV' }) })
    expect(keysOf(run)).toEqual(['data/deep/B.csv'])
    expect(totalsOf(run)).toMatchObject({ files: 1, files_ignored: 2 })
  })

  describe('with a state of another place', () => {
    const alter = (line: string, change: Readonly<Record<string, unknown>>): string => {
      const { state } = JSON.parse(line) as { state: { stream: { stream_state: Readonly<Record<string, unknown>> } } }
      const stream_state = { ...state.stream.stream_state, ...change }
      return JSON.stringify({ type: 'STATE', state: { ...state, stream: { ...state.stream, stream_state } } })
    }

    it.each([
      ['another bucket', { bucket: 'elsewhere' }, /elsewhere/],
      ['another folder', { path_prefix: 'other/' }, /other/],
      ['a newer version', { version: 99 }, /newer version/],
      ['no version', { version: undefined }, /state/],
      ['files of another shape', { files: 'none' }, /state/],
    ])('%s: config_error that says how to reset', async (name, change, says) => {
      const bucket = await bucketWith(moto(), `state-${name.replaceAll(' ', '-')}`, ['data/a.csv'])
      const run = await read(folder, { config: bucket.config() })
      const altered = stateLines(run).map((line) => alter(line, change))
      const refused = await read(folder, { config: bucket.config(), state: altered })
      expect({ code: refused.code, stderr: refused.stderr }).toEqual({ code: 1, stderr: '' })
      expect(errorsOf(refused)).toEqual([expect.stringMatching(/^config_error: .*reset/)])
      expect(errorsOf(refused)[0]).toMatch(says)
      expect(recordLines(refused, EVENTS)).toEqual([])
      expect(statesOf(refused)).toEqual([])
    })

    it.each([
      ['no JSON', '{"type":"STATE",'],
      ['a number', '17'],
      ['a state without stream', '[{"type":"STREAM"}]'],
      [
        'a stream_state that is a text',
        '[{"type":"STREAM","stream":{"stream_descriptor":{"name":"offline_events"},"stream_state":"x"}}]',
      ],
    ])('%s: config_error that says how to reset', async (_, text) => {
      const refused = await read(folder, { config: buckets[0]?.config() ?? {}, state: [text] })
      expect(refused.code).toBe(1)
      expect(errorsOf(refused)).toEqual([expect.stringMatching(/^config_error: .*state.*reset/)])
      expect(statesOf(refused)).toEqual([])
    })

    it.each([
      ['[]'],
      ['{}'],
      [''],
      ['[{"type":"STREAM","stream":{"stream_descriptor":{"name":"offline_events"},"stream_state":{}}}]'],
    ])('%s is no state: everything is read', async (text) => {
      const bucket = buckets[0]
      const run = await read(folder, { config: bucket?.config() ?? {}, state: [text] })
      expect(run.code).toBe(0)
      expect(keysOf(run)).toEqual(['data/first.csv'])
    })
  })
})
