import * as TE from 'fp-ts/TaskEither'
import type { Objects } from '../../src/capabilities'
import { type Failure, failureType } from '../../src/failure'
import { memoryObjects } from '../support/memory'
import { type Json, NOW_SECONDS, catalogOf, input, record, run, state } from '../support/write-run'

const STORAGE = {
  storage_type: 'S3',
  access_key_id: 'id',
  secret_access_key: 'secret',
  s3_bucket_name: 'acme',
  s3_bucket_region: '',
  bucket_path: '/rejected/',
  format: { format_type: 'JSONL' },
}

const config = { object_storage_config: STORAGE }

const rowsOf = (text: string | Buffer | undefined): ReadonlyArray<Json> =>
  String(text ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json)

/** A platform that refuses a request for one event of it, by its message. */
const refusing =
  (id: string, message: string) =>
  (body: string): string =>
    body.includes(`"${id}"`)
      ? JSON.stringify({ code: 40002, message, request_id: '20260918000000ABCDEF123' })
      : '{"code":0}'

describe('a rejected record', () => {
  test('is kept with its code, its place, its order and its event, and no identity', async () => {
    const bucket = memoryObjects({}, 0)
    const bad = record(1, {
      event_name: 'purchase',
      transaction_id: 'A-17',
      currency: 'EUR',
      value: '12,50',
      _ab_source_file_url: 'data/a.csv',
      _ab_source_file_row: 9,
    })
    const { failure } = await run([record(0), bad, state('s', 'events')], { config, objects: bucket })
    expect(failure).toBeUndefined()
    expect([...bucket.contents.keys()]).toEqual([`rejected/events/2025_09_18_${NOW_SECONDS * 1000}_1_i00000.jsonl`])
    expect([...bucket.contents.values()].flatMap(rowsOf)).toEqual([
      {
        code: 'VALUE_MALFORMED',
        message: expect.stringMatching(/plain decimal number/) as string,
        stream: 'events',
        record: 2,
        file: 'data/a.csv',
        row: 9,
        column: 'value',
        transaction_id: 'A-17',
        event_name: 'Purchase',
      },
    ])
  })

  test('that the platform refused brings its scrubbed message and the id of the request', async () => {
    const bucket = memoryObjects({}, 0)
    const answer = refusing('B-2', 'data.0: B-2 of jane@example.com with 0049 151 2345678 is bad')
    const lines = [record(1), record(2, { event_id: null, transaction_id: 'B-2' }), state('s', 'events')]
    const { states } = await run(lines, { config, objects: bucket, answer })
    expect(states).toEqual([['s', 1, 1]])
    expect([...bucket.contents.values()].flatMap(rowsOf)).toEqual([
      {
        code: 'REFUSED_BY_PLATFORM',
        message: '40002 data.0: B-2 of (e-mail) with (digits) is bad',
        stream: 'events',
        record: 2,
        transaction_id: 'B-2',
        event_name: 'Lead',
        request_id: '20260918000000ABCDEF123',
      },
    ])
  })

  test.each([
    ['an address for an order', { transaction_id: 'jane@example.com' }, 'TRANSACTION_ID_MALFORMED'],
    ['a number that a spreadsheet damaged', { transaction_id: '1.2E+11' }, 'TRANSACTION_ID_MALFORMED'],
    ['an address for a name', { event_name: 'jane@example.com' }, 'EVENT_NAME_MALFORMED'],
    ['a name that the platform does not know', { event_name: 'Jane Doe' }, 'EVENT_NAME_UNKNOWN'],
    ['an identity that is none', { Email_hashed: 'jane.doe', event_name: 'Bought by Jane' }, 'EMAIL_MALFORMED'],
  ])('tells nothing of %s', async (_, over, code) => {
    const bucket = memoryObjects({}, 0)
    await run([record(1, over), state('s', 'events')], { config, objects: bucket })
    const [row] = [...bucket.contents.values()].flatMap(rowsOf)
    expect(row).toMatchObject({ code, stream: 'events', record: 1 })
    expect(JSON.stringify(row)).not.toMatch(/jane|1\.2E|[0-9a-f]{64}/i)
  })

  test('lies in the folder of its sync, namespace and stream', async () => {
    const bucket = memoryObjects({}, 0)
    const catalog = catalogOf({ sync_id: 42, stream: { name: 'events', namespace: 'shop' } }, { name: 'other' })
    const inNamespace = record(1, { event_time: 'never' }).replace(
      '"stream":"events"',
      '"namespace":"shop","stream":"events"',
    )
    await run([inNamespace, record(2, { event_time: 'never' }, 'other')], { config, objects: bucket, catalog })
    const folders = [...bucket.contents.keys()].map((key) => key.slice(0, key.lastIndexOf('/')))
    expect(folders.sort()).toEqual(['rejected/42/shop/events', 'rejected/other'])
  })
})

describe('states and the rejects before them', () => {
  /** A bucket whose puts wait to be let through, one by one. */
  const slowBucket = () => {
    const puts: Array<{ readonly rows: number; readonly done: () => void }> = []
    const objects: Objects = {
      ...memoryObjects({}, 0),
      put: (_, body) => () =>
        new Promise((resolve) => {
          puts.push({ rows: rowsOf(body).length, done: () => resolve({ _tag: 'Right', right: undefined }) })
        }),
    }
    return { puts, objects }
  }

  test('leave when these are kept, in their order; those without any leave at once', async () => {
    const { puts, objects } = slowBucket()
    let settled = 0
    // A put is let through when everything else has come to rest.
    const release = setInterval(() => {
      for (const { done, rows } of puts.splice(0)) {
        settled += rows
        done()
      }
    }, 5)
    const { states, echoedBeforeEnd } = await run(input('g s g b s g s b2 s'), { config, objects, chunk: 1 })
    clearInterval(release)
    expect(states).toEqual([
      ['events 1', 1],
      ['events 4', 1, 1],
      ['events 6', 1],
      ['events 8', 0, 2],
    ])
    expect(settled).toBe(3)
    expect(echoedBeforeEnd).toBeLessThan(4)
  })

  test('a bucket that fails ends the run, and nothing after that is acknowledged', async () => {
    const why: Failure = { _tag: 'StorageRefused', use: 'rejects', cause: 'put', bucket: 'acme' }
    const objects: Objects = { ...memoryObjects({}, 0), put: () => TE.left(why) }
    const { failure, states, totals } = await run(input('g s g s b s g s'), {
      config: { ...config, max_events_per_request: 1 },
      objects,
      chunk: 1,
    })
    expect(failure).toEqual(why)
    expect(failureType(why)).toBe('config_error')
    expect(states).toEqual([['events 1', 1]])
    expect(totals).toMatchObject({ rejected: { EVENT_TIME_MALFORMED: 1 } })
  })

  test('rejects that no state covers are kept all the same, and a bucket that fails at the end is told', async () => {
    const bucket = memoryObjects({}, 0)
    expect((await run(input('g s b3'), { config, objects: bucket })).failure).toBeUndefined()
    expect([...bucket.contents.values()].flatMap(rowsOf)).toHaveLength(3)
    const why: Failure = { _tag: 'StorageFailing', status: 503 }
    const objects: Objects = { ...memoryObjects({}, 0), put: () => TE.left(why) }
    expect((await run(input('g s b3'), { config, objects })).failure).toEqual(why)
  })

  test('where the platform refuses the run, what was rejected before is kept', async () => {
    const bucket = memoryObjects({}, 0)
    const answer = (): string => '{"code":40105,"message":"no"}'
    const { failure } = await run(input('b2 g s'), { config, objects: bucket, answer })
    expect(failure?._tag).toBe('PlatformRefused')
    expect([...bucket.contents.values()].flatMap(rowsOf)).toHaveLength(2)
  })

  test('without a bucket none is opened', async () => {
    const { failure, states } = await run(input('b g s'))
    expect([failure, states]).toEqual([undefined, [['events 2', 1, 1]]])
  })
})
