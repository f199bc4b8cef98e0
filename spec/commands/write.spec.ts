import { type Failure, failureType, sentence } from '../../src/failure'
import { EMAIL_DIGEST } from '../support/row'
import { type Circumstances, type Json, catalogOf, input, record, run, state } from '../support/write-run'

const limit = (max_rejected_percent: number, more: Json = {}): Circumstances => ({
  config: { max_rejected_percent, ...more },
})

const tooMany = (rejected: number, total: number, percent: number): Failure => ({
  _tag: 'TooManyRejected',
  scope: 'this run',
  of: 'records',
  rejected,
  total,
  percent,
})

describe('max_rejected_percent of a run of under 1,000 records', () => {
  test.each([
    ['at the limit', 'g9 b s', 10, [['events 2', 9, 1]]],
    ['nothing rejected, nothing allowed', 'g3 s', 0, [['events 1', 3]]],
    ['no records, nothing allowed', 's', 0, [['events 0', 0]]],
    [
      'all rejected, all allowed',
      'b3 s b s',
      100,
      [
        ['events 1', 0, 3],
        ['events 3', 0, 1],
      ],
    ],
    ['no state at all', 'g9 b', 10, []],
  ])('%s: %j at %d percent ends well, and every state is echoed', async (_, script, percent, states) => {
    const outcome = await run(input(script), limit(percent))
    expect(outcome.failure).toBeUndefined()
    expect(outcome.states).toEqual(states)
    expect(outcome.totals).toMatchObject({ unsettled: 0 })
  })

  test.each([
    ['one over it', 'g8 b2 s', 10, tooMany(2, 10, 10)],
    ['a single one, nothing allowed', 'g99 b s', 0, tooMany(1, 100, 0)],
    ['all, nearly all allowed', 'b2 s', 99, tooMany(2, 2, 99)],
    ['in the middle', 'b2 g8 s', 10, tooMany(2, 10, 10)],
    ['with states on the way, each over it', 'b2 s g8 s', 10, tooMany(2, 10, 10)],
  ])('%s: %j at %d percent fails, and the state is not echoed', async (_, script, percent, failure) => {
    const outcome = await run(input(script), limit(percent))
    expect(outcome.failure).toEqual(failure)
    expect(failureType(failure)).toBe('config_error')
    expect(outcome.states).toEqual([])
  })

  test('after the last state: what that state covers was good, and is echoed', async () => {
    const outcome = await run(input('g8 s b2'), limit(10))
    expect(outcome.failure).toEqual(tooMany(2, 10, 10))
    expect(outcome.states).toEqual([['events 1', 8]])
  })

  test('two streams whose states come one after the other, as our source ends: neither is echoed', async () => {
    const catalog = catalogOf({ name: 'a' }, { name: 'b' })
    const outcome = await run([...input('b20', 'a'), state('a', 'a'), state('b', 'b')], { ...limit(50), catalog })
    expect(outcome.failure).toEqual(tooMany(20, 20, 50))
    expect(outcome.states).toEqual([])
  })

  test('records that nothing is done with do not thin the rejects out', async () => {
    const catalog = catalogOf({}, { name: 'offline_events_rejected' })
    const lines = [
      ...input('b6 g4'),
      ...input('g10', 'offline_events_rejected'),
      ...input('g10', 'stranger'),
      state('s', 'events'),
    ]
    const outcome = await run(lines, { ...limit(59), catalog })
    expect(outcome.failure).toEqual(tooMany(6, 10, 59))
    expect(outcome.states).toEqual([])
    expect((await run(lines, { ...limit(60), catalog })).states).toEqual([['s', 4, 6]])
  })

  test('what was good has been delivered and is counted all the same', async () => {
    const outcome = await run(input('g8 b2 s'), limit(10))
    expect(outcome.bodies.flatMap(({ data }) => data)).toHaveLength(8)
    expect(outcome.totals).toMatchObject({
      records: 10,
      accepted: 8,
      rejected: { EVENT_TIME_MALFORMED: 2 },
      unsettled: 0,
    })
  })

  test('the message says how many, of how many, and what the limit is', async () => {
    const { failure } = await run(input('g8 b2 s'), limit(10))
    const told = failure === undefined ? '' : sentence(failure)
    for (const part of ['2 of 10 records', 'max_rejected_percent', '(10)']) expect(told).toContain(part)
  })

  test('each state counts its own records, whether it waited or not', async () => {
    const { states, failure } = await run(input('g3 s g b s s g4 s'), limit(50))
    expect(failure).toBeUndefined()
    expect(states).toEqual([
      ['events 1', 3],
      ['events 4', 1, 1],
      ['events 5', 0],
      ['events 7', 4],
    ])
  })

  test('of several states it is the last that waits for the end', async () => {
    const { states, failure } = await run(input('g5 s g5 s b10 s'), limit(10))
    expect(failure).toEqual(tooMany(10, 20, 10))
    expect(states).toEqual([
      ['events 1', 5],
      ['events 3', 5],
    ])
  })

  test('states of two streams, and of all: it is the run that is judged', async () => {
    const catalog = catalogOf({ name: 'a' }, { name: 'b' })
    const lines = [...input('g9 s', 'a'), ...input('b s', 'b'), ...input('g2 S', 'a')]
    const fine = await run(lines, { ...limit(9), catalog })
    expect(fine.failure).toBeUndefined()
    expect(fine.states).toEqual([
      ['a 1', 9],
      ['b 1', 0, 1],
      ['all 1', 2],
    ])
    const over = await run(lines, { ...limit(8), catalog })
    expect(over.failure).toEqual(tooMany(1, 12, 8))
    expect(over.states).toEqual([['a 1', 9]])
  })

  test('an event that the platform refused is a rejected one', async () => {
    const answer = (body: string): string =>
      body.includes('"e-0"') ? '{"code":40002,"message":"Parameter error."}' : '{"code":0,"message":"OK"}'
    const lines = [...input('g8'), record(99), state('last', 'events')]
    expect((await run(lines, { ...limit(12), answer })).states).toEqual([['last', 8, 1]])
    const over = await run(lines, { ...limit(11), answer })
    expect(over.failure).toEqual(tooMany(1, 9, 11))
    expect(over.states).toEqual([])
  })

  test('a limit of 100, the default, keeps no state back', async () => {
    const { states, failure, echoedBeforeEnd } = await run(input('b3 s b2 s'))
    expect(failure).toBeUndefined()
    expect(states).toEqual([
      ['events 1', 0, 3],
      ['events 3', 0, 2],
    ])
    expect(echoedBeforeEnd).toBe(2)
    expect((await run(input('b3 s b2 s'), limit(99))).echoedBeforeEnd).toBe(0)
  })

  test('rejects before a state, that later records make up for', async () => {
    const outcome = await run(input('b5 s g900'), limit(10))
    expect(outcome.failure).toBeUndefined()
    expect(outcome.states).toEqual([['events 1', 0, 5]])
  })
})

describe('max_rejected_percent of a run that fails otherwise', () => {
  const CUT = '{"type":"RECORD","record":'

  test('a state whose records are settled is echoed, and the other failure is told', async () => {
    const outcome = await run([...input('g9 b s g'), CUT], limit(10))
    expect(outcome.failure).toMatchObject({ _tag: 'StdinMalformed', line: 13 })
    expect(outcome.states).toEqual([['events 2', 9, 1]])
    expect(outcome.totals).toMatchObject({ records: 11, accepted: 10, unsettled: 0 })
  })

  test('a state over the limit is not', async () => {
    const outcome = await run([...input('g8 b2 s'), CUT], limit(10))
    expect(outcome.failure).toMatchObject({ _tag: 'StdinMalformed' })
    expect(outcome.states).toEqual([])
  })

  test('a source that broke off: what arrived within the limit is acknowledged', async () => {
    const started = JSON.stringify({
      type: 'TRACE',
      trace: {
        type: 'STREAM_STATUS',
        emitted_at: 1,
        stream_status: { stream_descriptor: { name: 'events' }, status: 'STARTED' },
      },
    })
    const outcome = await run([started, ...input('g3 s g')], limit(0))
    expect(outcome.failure).toMatchObject({ _tag: 'SourceIncomplete', streams: ['events'] })
    expect(outcome.states).toEqual([['events 1', 3]])
    const over = await run([started, ...input('g3 b s')], limit(0))
    expect(over.failure).toEqual(tooMany(1, 4, 0))
    expect(over.states).toEqual([])
  })

  test('a platform that refuses the request: nothing is acknowledged, and why is told first', async () => {
    const answer = (): string => '{"code":40105,"message":"Access token is incorrect or has been revoked."}'
    const outcome = await run(input('b2 g s'), { ...limit(10), answer })
    expect(outcome.failure).toMatchObject({ _tag: 'PlatformRefused' })
    expect(outcome.states).toEqual([])
    expect(outcome.totals).toMatchObject({ records: 3, accepted: 0, unsettled: 1 })
  })
})

describe('max_rejected_percent from 1,000 records on', () => {
  const perRequest = { max_events_per_request: 100 }

  test.each([
    ['at the limit', 'g900 b100 s', [['events 2', 900, 100]]],
    [
      'several states',
      'b50 g450 s g500 s g s',
      [
        ['events 2', 450, 50],
        ['events 4', 500],
        ['events 6', 1],
      ],
    ],
    ['of all streams', 'g900 b100 S', [['all 2', 900, 100]]],
  ])('%s: %j at 10 percent ends well', async (_, script, states) => {
    const outcome = await run(input(script), limit(10, perRequest))
    expect(outcome.failure).toBeUndefined()
    expect(outcome.states).toEqual(states)
  })

  test.each([
    ['one over it', 'g899 b101 s', tooMany(101, 1000, 10), []],
    ['of all streams', 'g899 b101 S', tooMany(101, 1000, 10), []],
    ['after a state that was fine', 'g950 b50 s b100 s', tooMany(150, 1100, 10), [['events 2', 950, 50]]],
    ['after a state that came too early to be judged', 'b10 s g800 b190 s', tooMany(200, 1000, 10), []],
  ])('%s: %j at 10 percent fails at that state, which is not echoed', async (_, script, failure, states) => {
    const outcome = await run(input(script), limit(10, perRequest))
    expect(outcome.failure).toEqual(failure)
    expect(outcome.states).toEqual(states)
  })

  test('what comes later can not make up for it: reading stops, and nothing further is acknowledged or sent', async () => {
    const outcome = await run(input('g500 b500 s g100 s g5000 s'), limit(10, perRequest))
    expect(outcome.failure).toEqual(tooMany(500, 1000, 10))
    expect(outcome.states).toEqual([])
    expect(outcome.linesRead).toBeLessThan(1500)
    expect(outcome.bodies.flatMap(({ data }) => data).length).toBeLessThan(1100)
  })

  test('nor can records that are only ignored', async () => {
    const catalog = catalogOf({}, { name: 'offline_events_rejected' })
    const ignored = Array.from({ length: 5000 }, (_, n) => record(n, {}, 'offline_events_rejected'))
    const lines = [...input('g899 b101 s'), ...ignored, state('late', 'offline_events_rejected')]
    const outcome = await run(lines, { ...limit(10), catalog, chunk: lines.length })
    expect(outcome.failure).toEqual(tooMany(101, 1000, 10))
    expect(outcome.states).toEqual([])
    expect(outcome.totals).toMatchObject({ records: 6000, accepted: 899, ignored: 5000, unsettled: 0 })
  })

  test('a state at 999 records is not judged, nor the rejects before it held against a run that is good in the end', async () => {
    const outcome = await run(input('b499 g500 s g9000 s'), limit(10, perRequest))
    expect(outcome.failure).toBeUndefined()
    expect(outcome.states).toEqual([
      ['events 2', 500, 499],
      ['events 4', 9000],
    ])
  })

  test('the end is judged too: rejects after the last state', async () => {
    const outcome = await run(input('g1000 s b200'), limit(10, perRequest))
    expect(outcome.failure).toEqual(tooMany(200, 1200, 10))
    expect(outcome.states).toEqual([['events 1', 1000]])
  })
})

describe('the catalog', () => {
  const taken = async (...streams: ReadonlyArray<Json>) => run(input('g s'), { catalog: catalogOf(...streams) })

  test.each(['append', 'append_dedup', 'overwrite', 'overwrite_dedup'])('%s is accepted', async (mode) => {
    const { failure, states } = await taken({ destination_sync_mode: mode })
    expect(failure).toBeUndefined()
    expect(states).toEqual([['events 1', 1]])
  })

  test.each([
    ['update', { destination_sync_mode: 'update' }, 'streams.0.destination_sync_mode: expected append'],
    ['soft_delete', { destination_sync_mode: 'soft_delete' }, 'streams.0.destination_sync_mode: expected append'],
    [
      'generations that are to be dropped in part',
      { generation_id: 7, minimum_generation_id: 5 },
      'streams.0.minimum_generation_id: expected 0 or the generation_id',
    ],
    [
      'a generation without its number',
      { minimum_generation_id: 5 },
      'streams.0.minimum_generation_id: expected 0 or the generation_id',
    ],
    [
      'an object that the destination does not know',
      { destination_object_name: 'audience' },
      'streams.0.destination_object_name: expected offline_event',
    ],
    [
      'the name of the stream for its object',
      { destination_object_name: 'offline_events' },
      'streams.0.destination_object_name: expected offline_event',
    ],
  ])('%s is refused by its place, before anything is read or sent', async (_, over, problem) => {
    const { failure, bodies, linesRead, states } = await taken(over)
    expect(failure).toMatchObject({ _tag: 'InputInvalid', input: 'catalog' })
    expect(failure && sentence(failure)).toContain(problem)
    expect(failure && failureType(failure)).toBe('config_error')
    expect([bodies, linesRead, states]).toEqual([[], 0, []])
  })

  test('everything that is wrong is named at once', async () => {
    const { failure } = await taken(
      { destination_sync_mode: 'update' },
      { name: 'other', destination_object_name: 'audience', generation_id: 1, minimum_generation_id: 2 },
    )
    const told = failure === undefined ? '' : sentence(failure)
    for (const place of [
      'streams.0.destination_sync_mode',
      'streams.1.minimum_generation_id',
      'streams.1.destination_object_name',
    ])
      expect(told).toContain(place)
  })

  test.each([['offline_event'], [''], [null], [undefined]])('destination_object_name %j is accepted', async (name) => {
    const { failure, warnings } = await taken({ destination_object_name: name })
    expect([failure, warnings]).toEqual([undefined, []])
  })

  test.each([
    ['overwrite', { destination_sync_mode: 'overwrite' }],
    ['overwrite_dedup', { destination_sync_mode: 'overwrite_dedup' }],
    ['older generations that are to be dropped', { generation_id: 7, minimum_generation_id: 7 }],
    ['both', { destination_sync_mode: 'overwrite', generation_id: 7, minimum_generation_id: 7 }],
  ])('%s: one warning that nothing is removed', async (_, over) => {
    const { failure, warnings } = await taken(over, { name: 'other', ...over }, { name: 'third' })
    expect(failure).toBeUndefined()
    expect(warnings).toEqual([expect.stringMatching(/events, other is to replace .* nothing is removed/) as string])
  })

  test.each([
    ['no generations', {}],
    ['a first generation', { generation_id: 0, minimum_generation_id: 0 }],
    ['a later one', { generation_id: 7, minimum_generation_id: 0 }],
    ['explicit nulls', { generation_id: null, minimum_generation_id: null }],
  ])('%s: no warning', async (_, over) => {
    const { failure, warnings } = await taken(over)
    expect([failure, warnings]).toEqual([undefined, []])
  })
})

describe('the settings of rows', () => {
  test('arrive where records are judged', async () => {
    const data = {
      type: 'Purchase',
      created: '2025-09-18 12:06:40',
      customer: 'Ana@Example.ES',
      amount: 12.5,
      order_id: 42,
      email: 'someone.else@example.com',
    }
    const line = JSON.stringify({ type: 'RECORD', record: { stream: 'events', data, emitted_at: 1 } })
    const { failure, bodies } = await run([line], {
      config: {
        default_currency: 'eur',
        default_time_zone: 'Europe/Madrid',
        field_mapping: [
          { from: 'type', to: 'event_name' },
          { from: 'Created', to: 'timestamp' },
          { from: 'customer', to: 'Email_hashed' },
          { from: 'amount', to: 'value' },
        ],
      },
    })
    expect(failure).toBeUndefined()
    expect(bodies.flatMap((body) => body.data)).toEqual([
      {
        event: 'Purchase',
        event_time: 1758190000,
        event_id: '42',
        user: { email: [EMAIL_DIGEST] },
        properties: { value: 12.5, currency: 'EUR', order_id: '42' },
      },
    ])
  })
})

describe('an event that is too large', () => {
  const sized = (characters: number): string => record(1, { description: 'x'.repeat(characters) })
  const bytesOf = (body: unknown): number => Buffer.byteLength(JSON.stringify(body))

  test('for a request of its own is rejected; the largest that fits is sent', async () => {
    const { bodies } = await run([sized(100)])
    const most = { config: { max_request_bytes: bytesOf(bodies[0]) } }
    const fits = await run([sized(100), record(2)], most)
    expect(fits.totals).toMatchObject({ accepted: 2, requests: 2, rejected: {} })
    for (const body of fits.bodies) expect(bytesOf(body)).toBeLessThanOrEqual(most.config.max_request_bytes)
    const excess = await run([sized(101), record(2), state('s', 'events')], most)
    expect(excess.failure).toBeUndefined()
    expect(excess.totals).toMatchObject({ accepted: 1, rejected: { EVENT_TOO_LARGE: 1 } })
    expect(excess.states).toEqual([['s', 1, 1]])
  })
})
