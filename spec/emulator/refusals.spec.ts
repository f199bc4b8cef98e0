import { drive, emailDigest, eventSet, phoneDigest, purchase, request, trackPath } from './support'
import type { Driver } from './support'

let emulator: Driver

beforeAll(async () => {
  emulator = await drive()
})
afterAll(() => emulator.close())
beforeEach(() => emulator.raw('/__admin/reset', { method: 'POST' }))

const withProperties = (properties: unknown) => purchase({ properties })
const withUser = (user: unknown) => purchase({ user })

describe('an event that is not as documented refuses its whole request and is named', () => {
  test.each<[string, string, unknown]>([
    ['a numeric event_id', 'data.1.event_id: Not a valid string', purchase({ event_id: 1001 })],
    ['an empty event_id', 'data.1.event_id: Shorter than minimum length 1.', purchase({ event_id: '' })],
    ['a null event_id', 'data.1.event_id: Field may not be null.', purchase({ event_id: null })],
    ['no event', 'data.1.event: Missing data', purchase({ event: undefined })],
    ['a name of another case', 'data.1.event: Not a standard event', purchase({ event: 'purchase' })],
    ['an old name', 'data.1.event: Not a standard event', purchase({ event: 'CompletePayment' })],
    ['a name of Object.prototype', 'data.1.event: Not a standard event', purchase({ event: 'constructor' })],
    ['no event_time', 'data.1.event_time: Missing data', purchase({ event_time: undefined })],
    ['event_time as text', 'data.1.event_time: Not a valid integer', purchase({ event_time: '1758190000' })],
    ['a fraction of a second', 'data.1.event_time: Not a valid integer', purchase({ event_time: 1758190000.5 })],
    ['milliseconds', 'data.1.event_time: Not a time in Unix seconds', purchase({ event_time: 1758190000123 })],
    ['no user', 'data.1.user: Missing data', purchase({ user: undefined })],
    ['an empty user', 'data.1.user: Missing email or phone', withUser({})],
    ['a plain e-mail', 'data.1.user.email: Not a valid SHA-256', withUser({ email: 'someone@example.com' })],
    ['a plain phone in a list', 'data.1.user.phone.1: Not a valid', withUser({ phone: [phoneDigest, '+10000000000'] })],
    ['an upper-case digest', 'data.1.user.email.0: Not a valid', withUser({ email: [emailDigest.toUpperCase()] })],
    ['a cut digest', 'data.1.user.email.0: Not a valid', withUser({ email: [emailDigest.slice(1)] })],
    ['no digest in the list', 'data.1.user.email: Shorter than', withUser({ email: [] })],
    ['a user field of other sources', 'data.1.user.external_id: Unknown', withUser({ external_id: emailDigest })],
    ['an event field of other sources', 'data.1.limited_data_use: Unknown', purchase({ limited_data_use: false })],
    ['properties as a list', 'data.1.properties: Not a valid object', withProperties([])],
    ['value as text', 'data.1.properties.value: Not a valid number', withProperties({ value: '46.5' })],
    ['a negative value', 'data.1.properties.value: Not a valid number', withProperties({ value: -1 })],
    ['a lower-case currency', 'data.1.properties.currency: Not a valid', withProperties({ currency: 'eur' })],
    ['a numeric order_id', 'data.1.properties.order_id: Not a valid string', withProperties({ order_id: 1001 })],
    ['a broken num_items', 'data.1.properties.num_items: Not a valid integer', withProperties({ num_items: 1.5 })],
    ['content_ids as text', 'data.1.properties.content_ids: Not a valid list', withProperties({ content_ids: 'a|b' })],
    ['a numeric content id', 'data.1.properties.content_ids.1: Not', withProperties({ content_ids: ['a', 2] })],
    [
      'a numeric content_id of an item',
      'data.1.properties.contents.0.content_id: Not a valid string',
      withProperties({ contents: [{ content_id: 7 }] }),
    ],
    [
      'an unknown key of an item',
      'data.1.properties.contents.0.content_type: Unknown field',
      withProperties({ contents: [{ content_type: 'product' }] }),
    ],
    ['an unknown property', 'data.1.properties.customer_type: Unknown', withProperties({ customer_type: 'new' })],
    ['an event that is text', 'data.1: Not a valid object', 'Purchase'],
    ['an event that is null', 'data.1: Field may not be null', null],
  ])('%s', async (_, message, event) => {
    const answer = await emulator.track(request([purchase({ event_id: 'good' }), event]))
    expect(answer).toMatchObject({ code: 40002, data: {} })
    expect(answer.message).toContain(message)
    const { events, refused_requests } = await emulator.summary()
    expect({ ...events, refused_requests }).toMatchObject({ received: 2, refused: 2, stored: 0, refused_requests: 1 })
    expect(await emulator.storedLines()).toEqual([])
  })

  test('Infinity written as a number is no value', async () => {
    const body = JSON.stringify(request([withProperties({ value: 1 })])).replace('"value":1', '"value":1e999')
    expect((await emulator.track(body)).message).toBe('data.0.properties.value: Not a valid number')
  })
})

describe('a request that is not as documented is refused and its field is named', () => {
  const many = (length: number) => Array.from({ length }, (_, index) => purchase({ event_id: `order-${index}` }))

  test.each<[string, string, unknown]>([
    ['no event', 'data: Shorter than minimum length 1.', request([])],
    ['1001 events', 'data: Longer than maximum length 1000.', request(many(1001))],
    ['no data', 'data: Missing data', request(undefined)],
    ['data as an object', 'data: Not a valid list', request({})],
    ['no event_source', 'event_source: Missing data', request(many(1), { event_source: undefined })],
    ['another event_source', 'event_source: Not a source', request(many(1), { event_source: 'web' })],
    ['no event_source_id', 'event_source_id: Missing data', request(many(1), { event_source_id: undefined })],
    [
      'a numeric event_source_id',
      'Invalid value for event_source_id: not a valid string.',
      JSON.stringify(request(many(1))).replace(`"${eventSet}"`, eventSet),
    ],
    [
      'a pixel code',
      'Invalid value for event_source_id: not a valid string.',
      request(many(1), { event_source_id: 'C0DEC0DEC0DEC0DEC0DE' }),
    ],
    [
      'an unknown event set',
      'Invalid value for event_source_id: the event set does not exist.',
      request(many(1), { event_source_id: '7000000000000000009' }),
    ],
    ['a numeric test code', 'test_event_code: Not a valid string', request(many(1), { test_event_code: 1 })],
    ['an unknown key', 'partner_name: Unknown field.', request(many(1), { partner_name: 'x' })],
    ['a body that is no JSON', 'Request body: Not a valid JSON object', '{"event_source":"offline",'],
    ['a body that is a list', 'Request body: Not a valid JSON object', []],
    ['an empty body', 'Request body: Not a valid JSON object', ''],
  ])('%s', async (_, message, body) => {
    const answer = await emulator.track(body)
    expect(answer.code).toBe(40002)
    expect(answer.message).toContain(message)
    const { events, requests } = await emulator.summary()
    expect(events['stored']).toBe(0)
    expect(requests.by_code).toEqual({ '40002': 1 })
  })

  test('1000 events are not too many', async () => {
    expect(await emulator.track(request(many(1000)))).toMatchObject({ code: 0, message: 'OK', data: {} })
    expect((await emulator.summary()).events['stored']).toBe(1000)
  })

  test('bytes that are no UTF-8 are no JSON', async () => {
    const body = Buffer.from(JSON.stringify(request([purchase({ event_id: 'é' })])), 'latin1')
    const headers = { 'Access-Token': 'emulator-token', 'Content-Type': 'application/json' }
    const response = await emulator.raw(trackPath, { method: 'POST', headers, body })
    expect(await response.json()).toMatchObject({ code: 40002, message: 'Request body: Not a valid JSON object' })
  })

  test('a body of another content type', async () => {
    const answer = await emulator.track(request(many(1)), { 'Content-Type': 'text/plain' })
    expect(answer).toMatchObject({ code: 40002, message: 'Content-Type: Not application/json' })
  })

  test('no message repeats what it complains about', async () => {
    const answer = await emulator.track(request([withUser({ email: 'someone@example.com' })]))
    expect(answer.message).not.toContain('someone')
  })
})

describe('the door', () => {
  test.each([
    ['/open_api/v1.3/event/track', 'POST', 404],
    ['/open_api/v1.2/event/track/', 'POST', 404],
    ['/', 'GET', 404],
    [trackPath, 'GET', 405],
    [trackPath, 'PUT', 405],
    ['/open_api/v1.3/offline/get/', 'POST', 405],
  ])('%s by %s is a page of HTML with status %i', async (path, method, status) => {
    const response = await emulator.raw(path, { method, headers: { 'Access-Token': 'emulator-token' } })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('text/html')
    expect(await response.text()).toContain(`<h1>${status} `)
  })

  test.each([
    ['no token', 40104, ''],
    ['a wrong token', 40105, 'other-token'],
    ['a token with Bearer before it', 40105, 'Bearer emulator-token'],
  ])('%s is HTTP 200 with %i, before the body is looked at', async (_, code, token) => {
    const response = await emulator.raw(trackPath, {
      method: 'POST',
      headers: token === '' ? {} : { 'Access-Token': token },
      body: 'nonsense',
    })
    expect(response.status).toBe(200)
    const answer = (await response.json()) as { code: number; request_id: string }
    expect(answer.code).toBe(code)
    expect(response.headers.get('x-tt-logid')).toBe(answer.request_id)
    expect((await emulator.summary()).refused_requests).toBe(0)
  })

  test('a body above max_body_bytes is HTTP 413', async () => {
    await emulator.set({ max_body_bytes: 100 })
    const headers = { 'Access-Token': 'emulator-token', 'Content-Type': 'application/json' }
    const body = JSON.stringify(request([purchase()]))
    expect((await emulator.raw(trackPath, { method: 'POST', headers, body })).status).toBe(413)
    await emulator.set({ max_body_bytes: Buffer.byteLength(body) })
    expect(await emulator.track(body)).toMatchObject({ code: 0 })
  })
})

describe('what no public source settles can be set', () => {
  test('unknown fields are ignored, and kept', async () => {
    await emulator.set({ unknown_fields: 'ignore' })
    const event = purchase({ user: { email: emailDigest, external_id: emailDigest } })
    expect(await emulator.track(request([event], { partner_name: 'x' }))).toMatchObject({ code: 0 })
    expect((await emulator.storedLines())[0]?.event).toEqual(event)
  })

  test('the age and the lead of events are judged only when limits are set', async () => {
    const now = Math.floor(Date.now() / 1000)
    const old = request([purchase({ event_time: now - 29 * 86_400 })])
    const ahead = request([purchase({ event_time: now + 3600, event_id: 'order-2' })])
    expect([(await emulator.track(old)).code, (await emulator.track(ahead)).code]).toEqual([0, 0])
    await emulator.set({ max_event_age_days: 28, max_future_seconds: 300 })
    expect((await emulator.track(old)).message).toBe('data.0.event_time: Too old')
    expect((await emulator.track(ahead)).message).toBe('data.0.event_time: In the future')
  })

  test('old event names are good when they are listed', async () => {
    await emulator.set({ event_names: ['CompletePayment'] })
    expect(await emulator.track(request([purchase({ event: 'CompletePayment' })]))).toMatchObject({ code: 0 })
  })
})
