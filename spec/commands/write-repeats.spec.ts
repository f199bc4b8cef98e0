import { type Json, NOW_SECONDS, catalogOf, record, run, state } from '../support/write-run'

const sent = (bodies: ReadonlyArray<{ readonly data: ReadonlyArray<Json> }>): ReadonlyArray<unknown> =>
  bodies.flatMap(({ data }) => data.map(({ event_id }) => event_id))

describe('an event that comes again in a run', () => {
  test('with the same content is counted as a duplicate and not sent; its state waits for the first', async () => {
    const lines = [record(1), record(2), state('a', 'events'), record(1), record(1), state('b', 'events')]
    const { bodies, totals, states, failure } = await run(lines)
    expect(failure).toBeUndefined()
    expect(sent(bodies)).toEqual(['e-1', 'e-2'])
    expect(totals).toMatchObject({ records: 4, accepted: 2, duplicates: 2, rejected: {}, warnings: {}, unsettled: 0 })
    expect(states).toEqual([
      ['a', 2],
      ['b', 2],
    ])
  })

  test('in other words of the same meaning is the same: what is sent counts', async () => {
    const again = record(1, { event_name: ' LEAD ', event_time: NOW_SECONDS * 1000, note: 'another row' })
    const { bodies, totals } = await run([record(1), again])
    expect(sent(bodies)).toEqual(['e-1'])
    // Of what is not sent nothing is warned.
    expect(totals).toMatchObject({ duplicates: 1, warnings: {} })
  })

  test('without any id of its own is told by its content', async () => {
    const none = { event_id: null }
    const { bodies, totals } = await run([record(1, none), record(2, none), record(3, { ...none, num_items: 3 })])
    expect(sent(bodies)).toHaveLength(2)
    expect(totals).toMatchObject({ accepted: 2, duplicates: 1, warnings: {} })
  })

  test('with other content is sent, with a warning that names both places', async () => {
    const at = (file: string, row: number, over: Json): string =>
      record(1, { _ab_source_file_url: file, _ab_source_file_row: row, ...over })
    const lines = [at('a.csv', 3, {}), at('b.csv', 9, { num_items: 2 }), at('b.csv', 10, { num_items: 3 })]
    const { bodies, totals, infos } = await run(lines)
    expect(sent(bodies)).toEqual(['e-1', 'e-1', 'e-1'])
    expect(totals).toMatchObject({ accepted: 3, duplicates: 0, warnings: { EVENT_ID_CONFLICT: 2 } })
    const told = infos.find((message) => message.includes('EVENT_ID_CONFLICT')) ?? ''
    expect(told).toContain('events b.csv row 9 (differs from events a.csv row 3)')
    expect(told).toContain('events b.csv row 10 (differs from events b.csv row 9)')
  })

  test('where the positions are not known, the records are named by their numbers', async () => {
    const { infos } = await run([record(1), record(2), record(1, { num_items: 2 })])
    expect(infos.join('\n')).toContain('events record 3 (differs from events record 1)')
  })

  test('under another name is another event', async () => {
    const { totals } = await run([record(1), record(1, { event_name: 'Contact' })])
    expect(totals).toMatchObject({ accepted: 2, duplicates: 0, warnings: {} })
  })

  test('in another stream is the same event to the platform', async () => {
    const catalog = catalogOf({ name: 'a' }, { name: 'b' })
    const { totals, states } = await run([record(1, {}, 'a'), record(1, {}, 'b'), state('b', 'b')], { catalog })
    expect(totals).toMatchObject({ accepted: 1, duplicates: 1 })
    expect(states).toEqual([['b', 1]])
  })

  test('after a rejected record is no duplicate of it', async () => {
    const { totals, bodies } = await run([record(1, { Email_hashed: 'none' }), record(1)])
    expect(sent(bodies)).toEqual(['e-1'])
    expect(totals).toMatchObject({ accepted: 1, duplicates: 0, rejected: { EMAIL_MALFORMED: 1 } })
  })
})

describe('a rate limit that is waited out', () => {
  const limitedOnce = (): ((body: string) => string) => {
    let asked = 0
    return () => (++asked === 1 ? '{"code":40100,"message":"Too many requests."}' : '{"code":0}')
  }

  test('is told as a status of every stream whose records are sent, with the moment at which it goes on', async () => {
    const catalog = catalogOf({}, { name: 'crm_offline_events_rejected' })
    const { statuses, totals } = await run([record(1)], { answer: limitedOnce(), catalog })
    expect(totals).toMatchObject({ accepted: 1, requests: 2, retries: 1 })
    expect(statuses).toEqual([
      {
        stream_descriptor: { name: 'events' },
        status: 'RUNNING',
        reasons: [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: NOW_SECONDS * 1000 + 500 } }],
      },
    ])
  })

  test('is told once for requests that meet it within seconds', async () => {
    let asked = 0
    const answer = (): string => (++asked % 2 === 1 ? '{"code":40100}' : '{"code":0}')
    const { statuses, totals } = await run([record(1), record(2), record(3)], {
      answer,
      config: { max_events_per_request: 1 },
    })
    expect(totals).toMatchObject({ accepted: 3, retries: 3 })
    expect(statuses).toHaveLength(1)
  })
})
