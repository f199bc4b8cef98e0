import { drive, eventSet, purchase, request, trackPath } from './support'
import type { Driver } from './support'

let emulator: Driver

beforeEach(async () => {
  emulator = await drive({ access_tokens: ['first-token'] })
})
afterEach(() => emulator.close())

const token = { 'Access-Token': 'first-token' }
const post = async (path: string, body?: string) => {
  const response = await emulator.raw(path, { method: 'POST', ...(body !== undefined && { body }) })
  return [response.status, await response.json()]
}

test('the summary tells requests, events, faults and bytes', async () => {
  const body = JSON.stringify(request([purchase(), purchase()]))
  await emulator.track(body, token)
  await emulator.track(request([]), token)
  await emulator.raw('/open_api/v1.3/event/track', { method: 'POST', body })
  await emulator.raw(trackPath)
  expect(await emulator.summary()).toEqual({
    requests: {
      total: 4,
      by_code: { '0': 1, '40002': 1, http_404: 1, http_405: 1 },
      by_path: { 'event/track': 3, other: 1 },
    },
    events: { received: 2, stored: 1, duplicates: 1, differing_repeats: 0, test_events: 0, refused: 0 },
    stored_by_event: { Purchase: 1 },
    stored_by_event_set: { [eventSet]: 1 },
    refused_requests: 1,
    faults_injected: {},
    bytes: body.length + JSON.stringify(request([])).length,
  })
})

test('a reset forgets everything and goes back to the settings of the start', async () => {
  await emulator.set({ access_tokens: ['second-token'] })
  await emulator.track(request([purchase()]), { 'Access-Token': 'second-token' })
  expect(await post('/__admin/reset')).toEqual([200, { ok: true }])
  expect(await emulator.summary()).toMatchObject({ requests: { total: 0 }, events: { received: 0 }, bytes: 0 })
  expect(await emulator.storedLines()).toEqual([])
  expect(await emulator.track(request([purchase()]), token)).toMatchObject({ code: 0 })
})

test('a reset can keep the settings; used-up faults are loaded again', async () => {
  await emulator.set({ access_tokens: ['second-token'], faults: [{ kind: 'code', code: 50000 }] })
  const send = () => emulator.track(request([purchase()]), { 'Access-Token': 'second-token' })
  expect([(await send()).code, (await send()).code]).toEqual([50000, 0])
  expect(await post('/__admin/reset', '{"keep_settings":true}')).toEqual([200, { ok: true }])
  expect((await emulator.summary()).requests.total).toBe(0)
  expect([(await send()).code, (await send()).code]).toEqual([50000, 0])
})

test('settings that have nothing to do with faults leave the plan where it is', async () => {
  await emulator.set({ faults: [{ kind: 'code', code: 50000 }] })
  expect(await emulator.track(request([purchase()]), token)).toMatchObject({ code: 50000 })
  await emulator.set({ latency_ms: 0 })
  expect(await emulator.track(request([purchase()]), token)).toMatchObject({ code: 0 })
})

test.each([
  ['{"colour":"red"}', 'unknown setting: colour'],
  ['{"toString":1}', 'unknown setting: toString'],
  ['{"access_tokens":"x"}', 'setting with a value that does not fit: access_tokens'],
  ['{"latency_ms":-1}', 'setting with a value that does not fit: latency_ms'],
  ['{"fault_rate":2}', 'setting with a value that does not fit: fault_rate'],
  ['{"refuse":{"one_in":0}}', 'setting with a value that does not fit: refuse'],
  ['{"faults":[{"kind":"flood"}]}', 'setting with a value that does not fit: faults'],
  ['{"faults":[{"kind":"reset","ms":5}]}', 'setting with a value that does not fit: faults'],
  ['{"faults":[{"kind":"code"}]}', 'setting with a value that does not fit: faults'],
  ['{"faults":[{"kind":"hang","times":0}]}', 'setting with a value that does not fit: faults'],
  ['[]', 'settings: a JSON object is expected'],
  ['{', 'settings: a JSON object is expected'],
])('set %s is refused by name, and nothing of it is taken', async (body, error) => {
  const patch = body.startsWith('{"') ? body.replace('{', '{"access_tokens":["second-token"],') : body
  expect(await post('/__admin/set', patch)).toEqual([400, { error }])
  expect(await emulator.track(request([purchase()]), token)).toMatchObject({ code: 0 })
})

test('keep cannot change under stored events', async () => {
  await emulator.track(request([purchase()]), token)
  expect(await post('/__admin/set', '{"keep":"digests"}')).toEqual([
    400,
    { error: 'keep: reset first, events are stored already' },
  ])
  expect(await emulator.storedLines()).toHaveLength(1)
})

test('events are one a line, and as many as asked for', async () => {
  const events = Array.from({ length: 2500 }, (_, index) => purchase({ event_id: `order-${index}` }))
  for (let start = 0; start < events.length; start += 1000) {
    await emulator.track(request(events.slice(start, start + 1000)), token)
  }
  expect((await emulator.storedLines()).map(({ event }) => event)).toEqual(events)
  expect(await emulator.storedLines('?limit=1001')).toHaveLength(1001)
  expect(await emulator.storedLines('?limit=0')).toEqual([])
  expect((await emulator.raw('/__admin/events?limit=-1')).status).toBe(400)
})

test('an unknown admin call is refused, and a reset with unknown words', async () => {
  expect(await post('/__admin/rest')).toEqual([404, { error: 'unknown admin call' }])
  expect((await post('/__admin/reset', '{"keep":true}'))[0]).toBe(400)
})
