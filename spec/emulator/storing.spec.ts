import { drive, emailDigest, eventSet, phoneDigest, purchase, request } from './support'
import type { Driver } from './support'

let emulator: Driver

beforeAll(async () => {
  emulator = await drive({ event_sets: [eventSet, '7312345678901234568'] })
})
afterAll(() => emulator.close())
beforeEach(() => emulator.raw('/__admin/reset', { method: 'POST' }))

const full = purchase({
  user: { email: [emailDigest, phoneDigest], phone: phoneDigest },
  properties: {
    order_id: '1001',
    shop_id: 'LDN-03',
    currency: 'GBP',
    value: 0,
    content_type: 'product',
    content_ids: ['SKU-1'],
    num_items: 2,
    search_string: 'kettle',
    description: 'Kettle "big" \\ {1}',
    contents: [
      {
        content_id: 'SKU-1',
        content_name: 'Kettle',
        content_category: 'Kitchen',
        brand: 'A',
        price: 23.25,
        quantity: 2,
      },
    ],
  },
})

test('an event with every documented field is kept as it came', async () => {
  const answer = await emulator.track(request([full]))
  const lines = await emulator.storedLines()
  expect(lines).toEqual([
    { event_source_id: eventSet, received_at: lines[0]?.received_at, request_id: answer.request_id, event: full },
  ])
  expect(lines[0]?.received_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})

describe('repeats', () => {
  test('an equal repeat is dropped and counted, within a request and across requests', async () => {
    await emulator.track(request([full, full]))
    await emulator.track(request([full]))
    expect((await emulator.summary()).events).toEqual({
      received: 3,
      stored: 1,
      duplicates: 2,
      differing_repeats: 0,
      test_events: 0,
      refused: 0,
    })
  })

  test('a repeat with another content is dropped and told apart, and the first is kept', async () => {
    await emulator.track(request([purchase()]))
    await emulator.track(request([purchase({ event_time: 1758190001 })]))
    expect((await emulator.summary()).events).toMatchObject({ stored: 1, duplicates: 1, differing_repeats: 1 })
    expect((await emulator.storedLines()).map(({ event }) => event['event_time'])).toEqual([1758190000])
  })

  test('the comparison is one of bytes: 46.50 is another text than 46.5', async () => {
    const body = JSON.stringify(request([purchase({ properties: { value: 46.5 } })]))
    await emulator.track(body)
    await emulator.track(body.replace('46.5', '46.50'))
    expect((await emulator.summary()).events).toMatchObject({ duplicates: 1, differing_repeats: 1 })
  })

  test('what surrounds the events is no part of them', async () => {
    await emulator.track(
      `{"data": [ ${JSON.stringify(full)} ] , "event_source":"offline","event_source_id":"${eventSet}"}`,
    )
    await emulator.track(request([purchase({ event_id: 'before' }), full]))
    expect((await emulator.summary()).events).toMatchObject({ stored: 2, duplicates: 1, differing_repeats: 0 })
  })

  test('another name, id or event set is another event', async () => {
    await emulator.track(request([purchase(), purchase({ event: 'Lead' }), purchase({ event_id: 'order-2' })]))
    await emulator.track(request([purchase()], { event_source_id: '7312345678901234568' }))
    const { events, stored_by_event, stored_by_event_set } = await emulator.summary()
    expect(events).toMatchObject({ stored: 4, duplicates: 0 })
    expect(stored_by_event).toEqual({ Purchase: 3, Lead: 1 })
    expect(stored_by_event_set).toEqual({ [eventSet]: 3, '7312345678901234568': 1 })
  })

  test('events without event_id are never repeats', async () => {
    await emulator.track(request([purchase({ event_id: undefined }), purchase({ event_id: undefined })]))
    expect((await emulator.summary()).events).toMatchObject({ stored: 2, duplicates: 0 })
  })

  test('digests are enough to tell repeats, and then there is nothing to show', async () => {
    await emulator.set({ keep: 'digests' })
    await emulator.track(request([full]))
    await emulator.track(request([full, purchase({ event_time: 1 })]))
    expect((await emulator.summary()).events).toMatchObject({ stored: 1, duplicates: 2, differing_repeats: 1 })
    const response = await emulator.raw('/__admin/events')
    expect(response.status).toBe(409)
    expect(await response.json()).toEqual({ error: 'keep is "digests": there are no events to show' })
  })
})

test('a pretty-printed event is still one line', async () => {
  await emulator.track(JSON.stringify(request([full]), null, 2))
  expect((await emulator.storedLines()).map(({ event }) => event)).toEqual([full])
})

test('a key spelt with escapes does not lose the events', async () => {
  await emulator.track(JSON.stringify(request([full])).replace('"data"', '"d\\u0061ta"'))
  expect((await emulator.storedLines()).map(({ event }) => event)).toEqual([full])
})

test('of two data keys the last one counts', async () => {
  const body = JSON.stringify(request([full]))
  await emulator.track(body.replace('{', '{"data":[{"event":"Lead"}],'))
  expect((await emulator.storedLines()).map(({ event }) => event)).toEqual([full])
})

test('test events are flagged and counted apart', async () => {
  await emulator.track(request([full, full], { test_event_code: 'TEST12345' }))
  await emulator.track(request([full]))
  const { events, stored_by_event } = await emulator.summary()
  expect(events).toMatchObject({ received: 3, stored: 1, duplicates: 0, test_events: 2 })
  expect(stored_by_event).toEqual({ Purchase: 1 })
  expect((await emulator.storedLines()).map(({ test }) => test)).toEqual([true, true, undefined])
})

describe('refusal of single events', () => {
  const numbered = (length: number) => Array.from({ length }, (_, index) => purchase({ event_id: `order-${index}` }))
  const refusedIds = async (settings: unknown) => {
    await emulator.set({ refuse: settings })
    const ids: number[] = []
    for (let index = 0; index < 40; index += 1) {
      if ((await emulator.track(request([purchase({ event_id: `order-${index}` })]))).code !== 0) ids.push(index)
    }
    return ids
  }

  test('the hash of an id decides, alike in every run', async () => {
    // SHA-256('xorder-N'), first four bytes, modulo 8 = 0: computed apart from the emulator.
    expect(await refusedIds({ one_in: 8, seed: 'x' })).toEqual(expectedRefusals)
    expect(await refusedIds({ one_in: 8, seed: 'x' })).toEqual(expectedRefusals)
    expect(await refusedIds({ one_in: 8, seed: 'y' })).not.toEqual(expectedRefusals)
  })

  test('one refused event refuses all, without a word on which', async () => {
    await emulator.set({ refuse: { one_in: 8, seed: 'x' } })
    expect(await emulator.track(request(numbered(40)))).toMatchObject({ code: 40002, message: 'Parameter error.' })
    expect((await emulator.summary()).events).toMatchObject({ stored: 0, refused: 40 })
    expect(await emulator.storedLines()).toEqual([])
  })

  test('listed ids are refused with the words that were set', async () => {
    await emulator.set({
      refuse_event_ids: ['order-3', 'order-5'],
      refuse_message: 'data.{index}.event_id: no good',
      refuse_code: 40000,
    })
    expect(await emulator.track(request(numbered(8)))).toMatchObject({
      code: 40000,
      message: 'data.3.event_id: no good',
    })
    expect(await emulator.track(request(numbered(3)))).toMatchObject({ code: 0 })
  })
})

describe('refusal of a part of a request', () => {
  const five = request(Array.from({ length: 5 }, (_, index) => purchase({ event_id: `order-${index}` })))
  const storedIds = async () => (await emulator.storedLines()).map(({ event }) => event['event_id'])
  const refused = { refuse_event_ids: ['order-1', 'order-3'], refuse_message: 'No good at {index}.' }

  test('the good events are stored, and nothing says which were not', async () => {
    await emulator.set({ ...refused, refuse_mode: 'partial' })
    expect(await emulator.track(five)).toMatchObject({ code: 20001, message: 'Partially successful.', data: {} })
    expect(await storedIds()).toEqual(['order-0', 'order-2', 'order-4'])
    const { events, refused_requests } = await emulator.summary()
    expect({ ...events, refused_requests }).toMatchObject({ received: 5, stored: 3, refused: 2, refused_requests: 1 })
  })

  test('the same with a list of those that were not', async () => {
    await emulator.set({ ...refused, refuse_mode: 'partial_listed' })
    const failed = [1, 3].map((index) => ({ index, message: `No good at ${index}.` }))
    expect(await emulator.track(five)).toMatchObject({ code: 20001, data: { failed_events: failed } })
    expect(await storedIds()).toEqual(['order-0', 'order-2', 'order-4'])
  })

  test('the same with a list of the first alone', async () => {
    await emulator.set({ ...refused, refuse_mode: 'partial_listed_short' })
    const failed = [{ index: 1, message: 'No good at 1.' }]
    expect(await emulator.track(five)).toMatchObject({ code: 20001, data: { failed_events: failed } })
    expect(await storedIds()).toEqual(['order-0', 'order-2', 'order-4'])
    expect((await emulator.summary()).events).toMatchObject({ received: 5, stored: 3, refused: 2 })
  })

  test('a request without a refused event is accepted as any other', async () => {
    await emulator.set({ ...refused, refuse_mode: 'partial' })
    expect(await emulator.track(request([full, purchase({ event_id: 'order-4' })]))).toMatchObject({ code: 20001 })
    expect(await emulator.track(request([purchase({ event_id: 'order-4' })]))).toMatchObject({ code: 0, message: 'OK' })
  })
})

test('more requests in a second than max_requests_per_second are told that they are too many', async () => {
  await emulator.set({ max_requests_per_second: 1 })
  expect(await emulator.track(request([purchase()]))).toMatchObject({ code: 0 })
  // Only where the second is over in between is the next one good as well.
  while ((await emulator.track(request([purchase()]))).code !== 40100);
  expect((await emulator.summary()).faults_injected).toEqual({})
  await emulator.set({ max_requests_per_second: null })
  expect(await emulator.track(request([purchase()]))).toMatchObject({ code: 0 })
})

const expectedRefusals = [2, 7, 16, 19, 23, 37]
