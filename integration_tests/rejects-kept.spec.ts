import { type Bucket, newBucket } from './support/bucket'
import { EVENTS } from './support/catalogs'
import { type Ended, newFolder, start } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, stateLines, statsOf, totalsOf } from './support/messages'
import { describeWithMoto } from './support/moto'
import { digestOf, stateAfter } from './support/rows'
import { type Answer, type Asked, answer, refusal, startS3 } from './support/s3-stub'

const NOW = Math.floor(Date.now() / 1000)

/** A record of a stream, good but for what `over` makes of it. */
const record = (id: string, over: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    type: 'RECORD',
    record: {
      stream: EVENTS,
      namespace: 'shop one',
      data: {
        event_name: 'Lead',
        event_time: NOW - 3600,
        event_id: id,
        transaction_id: id,
        Email_hashed: digestOf(id),
        _ab_source_file_url: 'data/june.csv',
        _ab_source_file_row: Number(id.replace(/\D/g, '')),
        ...over,
      },
      emitted_at: 1,
    },
  })

const state = (after: number): string =>
  stateAfter(after).replace('"name":"offline_events"', '"name":"offline_events","namespace":"shop one"')

const CATALOG = {
  streams: [
    {
      stream: { name: EVENTS, namespace: 'shop one', json_schema: {} },
      sync_mode: 'incremental',
      destination_sync_mode: 'append',
      sync_id: 4711,
      generation_id: 1,
      minimum_generation_id: 0,
    },
  ],
}

/** Ids `order-1` to `order-n`: every tenth is malformed, and of the rest every seventh is refused by the platform. */
const N = 400
const ids = Array.from({ length: N }, (_, i) => `order-${i + 1}`)
const malformed = ids.filter((_, i) => (i + 1) % 10 === 0)
const refused = ids.filter((_, i) => (i + 1) % 10 !== 0 && (i + 1) % 7 === 0)
const INPUT = ids
  .map((id, i) => {
    const line = record(id, malformed.includes(id) ? { event_time: 'never' } : {})
    return (i + 1) % 50 === 0 ? `${line}\n${state(i + 1)}` : line
  })
  .join('\n')

interface Row {
  readonly code: string
  readonly message: string
  readonly file: string
  readonly row: number
  readonly transaction_id: string
}

describe('a destination whose rejects are kept', () => {
  const folder = newFolder()
  let platform: Platform

  beforeAll(async () => (platform = await startPlatform()))
  beforeEach(() => platform.reset({ refuse_event_ids: refused, refuse_message: 'data.{index}: not a valid event.' }))
  afterAll(async () => {
    folder.remove()
    await platform.close()
  })

  const begin = (storage: Readonly<Record<string, unknown>>, input: string) => {
    const over = { object_storage_config: storage, max_events_per_request: 50, max_requests_in_flight: 4 }
    const config = folder.file('config.json', destinationConfig(platform, over))
    const catalog = folder.file('catalog.json', CATALOG)
    return start('destination-offline-events', ['write', '--config', config, '--catalog', catalog], { input })
  }

  const write = (storage: Readonly<Record<string, unknown>>, input = INPUT): Promise<Ended> =>
    begin(storage, input).ended

  describeWithMoto('in a bucket', (moto) => {
    let bucket: Bucket
    beforeAll(async () => (bucket = await newBucket(moto(), 'kept')))
    afterAll(() => bucket.close())

    it('has each of them in JSON lines in the folder of its sync, and every state echoed', async () => {
      const said = await write(bucket.storage({ bucket_path: 'jsonl', format: { format_type: 'JSONL' } }))
      expect({ code: said.code, stderr: said.stderr, errors: errorsOf(said) }).toEqual({
        code: 0,
        stderr: '',
        errors: [],
      })
      const kept = await bucket.texts('jsonl/')
      for (const key of kept.keys())
        expect(key).toMatch(/^jsonl\/4711\/shop one\/offline_events\/\d{4}_\d\d_\d\d_\d{13}_\d+_[0-9a-z]{6}\.jsonl$/)
      const rows = [...kept.values()].flatMap((text) =>
        text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Row),
      )
      const idsWith = (code: string) => rows.filter((row) => row.code === code).map((row) => row.transaction_id)
      expect(idsWith('EVENT_TIME_MALFORMED').sort()).toEqual([...malformed].sort())
      expect(idsWith('REFUSED_BY_PLATFORM').sort()).toEqual([...refused].sort())
      expect(rows).toHaveLength(malformed.length + refused.length)
      for (const row of rows) {
        expect(row.file).toBe('data/june.csv')
        expect(row.transaction_id).toBe(`order-${row.row}`)
      }
      const [one] = rows.filter(({ code }) => code === 'REFUSED_BY_PLATFORM')
      expect(one?.message).toMatch(/^40002 data\.\d+: not a valid event\.$/)
      expect(stateLines(said)).toHaveLength(N / 50)
      expect(statsOf(said, EVENTS)).toMatchObject({ rejected: rows.length, accepted: N - rows.length })
      expect(totalsOf(said)).toMatchObject({ unsettled: 0 })
      expect(JSON.stringify([...kept.values()])).not.toMatch(/[0-9a-f]{64}|@/)
    })

    it('has them as CSV with a header, where that is asked for or nothing is', async () => {
      const said = await write(bucket.storage({ bucket_path: '/csv/' }))
      expect(said.code).toBe(0)
      const kept = [...(await bucket.texts('csv/4711/shop one/offline_events/')).values()]
      const lines = kept.flatMap((text) => text.trimEnd().split('\n'))
      const head = 'code,message,stream,namespace,record,file,row,column,transaction_id,event_name,request_id'
      expect(lines.filter((line) => line === head)).toHaveLength(kept.length)
      expect(lines.filter((line) => line.startsWith('EVENT_TIME_MALFORMED,'))).toHaveLength(malformed.length)
      expect(lines.filter((line) => line.startsWith('REFUSED_BY_PLATFORM,'))).toHaveLength(refused.length)
    })

    it('that is not there: the run fails by its name, and no state that waits for it is echoed', async () => {
      const said = await write(bucket.storage({ s3_bucket_name: 'nowhere', format: { format_type: 'JSONL' } }))
      expect(said.code).toBe(1)
      expect(errorsOf(said)).toEqual([
        expect.stringMatching(/^config_error: object_storage_config\.s3_bucket_name: there is no bucket nowhere/),
      ])
      expect(stateLines(said)).toEqual([])
    })
  })

  it('echoes a state only after the rejects before it are in the bucket', async () => {
    const order: Array<string> = []
    const kept: Array<string> = []
    // A put is answered late, and its body is known before.
    const put: Answer = (asked, response) => {
      order.push(`put ${asked.n}`)
      kept.push(asked.body)
      setTimeout(() => {
        order.push(`kept ${asked.n}`)
        response.writeHead(200, { ETag: '"x"' }).end()
      }, 50)
    }
    const s3 = await startS3([], { put })
    const { child, ended } = begin(s3.storage({ format: { format_type: 'JSONL' } }), INPUT)
    let echoed = 0
    child.stdout.on('data', (piece: Buffer) => {
      for (const line of piece.toString().split('\n')) {
        if (!line.startsWith('{"type":"STATE"')) continue
        order.push('state')
        echoed++
        // What this state covers is among the bodies that were answered.
        const answered = kept.slice(0, order.filter((one) => one.startsWith('kept')).length).join('')
        const covered = [...malformed, ...refused].filter((id) => Number(id.slice(6)) <= echoed * 50)
        expect(covered.filter((id) => !answered.includes(`"${id}"`))).toEqual([])
      }
    })
    const said = await ended
    s3.close()
    expect({ code: said.code, echoed }).toEqual({ code: 0, echoed: N / 50 })
    expect(order[0]).toBe('put 1')
    expect(order.indexOf('state')).toBeGreaterThan(order.indexOf('kept 1'))
  })

  it.each<readonly [string, Answer, RegExp]>([
    ['refuses', refusal(403, 'AccessDenied'), /^config_error: object_storage_config\.s3_bucket_name: .*s3:PutObject/],
    [
      'is a web server',
      answer(200, '<html></html>', { 'Content-Type': 'text/html' }),
      /^config_error: object_storage_config\.s3_endpoint: /,
    ],
  ])('where the bucket %s, the run fails and nothing is acknowledged', async (_, put, told) => {
    const s3 = await startS3([], { put })
    const said = await write(s3.storage())
    s3.close()
    expect({ code: said.code, stderr: said.stderr }).toEqual({ code: 1, stderr: '' })
    expect(errorsOf(said)).toEqual([expect.stringMatching(told)])
    expect(stateLines(said)).toEqual([])
    const { records, accepted, unsettled } = totalsOf(said)
    expect(records).toBe(
      accepted +
        unsettled +
        (totalsOf(said).rejected['EVENT_TIME_MALFORMED'] ?? 0) +
        (totalsOf(said).rejected['REFUSED_BY_PLATFORM'] ?? 0),
    )
  })

  it('where the bucket fails for a moment, everything is kept once', async () => {
    const bodies: Array<string> = []
    const put = (asked: Asked, response: Parameters<Answer>[1]): void => {
      if (asked.n <= 2) refusal(503, 'SlowDown')(asked, response)
      else {
        bodies.push(asked.body)
        response.writeHead(200, { ETag: '"x"' }).end()
      }
    }
    const s3 = await startS3([], { put })
    const said = await write(s3.storage({ format: { format_type: 'JSONL' } }))
    s3.close()
    expect(said.code).toBe(0)
    expect(bodies.join('').trimEnd().split('\n')).toHaveLength(malformed.length + refused.length)
    expect(stateLines(said)).toHaveLength(N / 50)
  })
})
