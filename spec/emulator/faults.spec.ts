import { once } from 'node:events'
import { connect } from 'node:net'
import { drive, purchase, request, trackPath } from './support'
import type { Driver } from './support'

let emulator: Driver

beforeAll(async () => {
  emulator = await drive()
})
afterAll(() => emulator.close())
beforeEach(() => emulator.raw('/__admin/reset', { method: 'POST' }))

const good = request([purchase()])
const headers = { 'Access-Token': 'emulator-token', 'Content-Type': 'application/json' }
const send = (signal?: AbortSignal) =>
  emulator.raw(trackPath, { method: 'POST', headers, body: JSON.stringify(good), ...(signal && { signal }) })
const stored = async () => (await emulator.summary()).events['stored']

async function until(isReached: () => Promise<boolean>): Promise<void> {
  while (!(await isReached()));
}

test.each([40100, 50000, 50002, 40105])('code %i is answered under HTTP 200 and stores nothing', async (code) => {
  await emulator.set({ faults: [{ kind: 'code', code }] })
  const response = await send()
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ code, data: {} })
  expect(await stored()).toBe(0)
  expect((await emulator.summary()).faults_injected).toEqual({ [`code_${code}`]: 1 })
  expect(await emulator.track(good)).toMatchObject({ code: 0 })
})

test('20001 stores, unless told not to', async () => {
  await emulator.set({ faults: [{ kind: 'code', code: 20001, data: { failed: 0 } }] })
  expect(await emulator.track(good)).toMatchObject({ code: 20001, data: { failed: 0 } })
  expect(await stored()).toBe(1)
  await emulator.raw('/__admin/reset', { method: 'POST' })
  await emulator.set({ faults: [{ kind: 'code', code: 20001, when: 'before' }] })
  expect(await emulator.track(good)).toMatchObject({ code: 20001 })
  expect(await stored()).toBe(0)
})

test('a code can come with any message, under any status, after storing', async () => {
  await emulator.set({ faults: [{ kind: 'code', code: 50123, message: 'Odd.', status: 503, when: 'after' }] })
  const response = await send()
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ code: 50123, message: 'Odd.' })
  expect(await stored()).toBe(1)
})

test.each([403, 408, 429, 502])('a page of HTML with status %i stores nothing', async (status) => {
  await emulator.set({ faults: [{ kind: 'html', status }] })
  const response = await send()
  expect(response.status).toBe(status)
  expect(await response.text()).toContain('<html>')
  expect(await stored()).toBe(0)
  expect((await emulator.summary()).requests.by_code).toEqual({ [`http_${status}`]: 1 })
})

test.each([
  ['reset', 'before', 0],
  ['reset', 'after', 1],
  ['cut', 'before', 0],
  ['cut', 'after', 1],
])('%s %s storing leaves no whole answer and %i events', async (kind, when, events) => {
  await emulator.set({ faults: [{ kind, when }] })
  await expect(send().then((response) => response.text())).rejects.toThrow()
  expect(await stored()).toBe(events)
  const { faults_injected, requests } = await emulator.summary()
  expect(faults_injected).toEqual({ [`${kind}_${when}`]: 1 })
  expect(requests.by_code).toEqual({ [kind]: 1 })
})

test.each([
  ['before', 0],
  ['after', 1],
])('a request that hangs %s storing is never answered and keeps %i events', async (when, events) => {
  await emulator.set({ faults: [{ kind: 'hang', when }] })
  const patience = new AbortController()
  const hanging = send(patience.signal)
  await until(async () => (await emulator.summary()).requests.by_code['hang'] === 1)
  const next = await Promise.race([hanging, emulator.track(request([purchase({ event_id: 'next' })]))])
  expect(next).toMatchObject({ code: 0 })
  patience.abort()
  await expect(hanging).rejects.toThrow('abort')
  expect(await stored()).toBe(events + 1)
})

test('close() drops what hangs', async () => {
  const other = await drive({ faults: [{ kind: 'hang' }, { kind: 'slow', ms: 600_000 }] })
  const waiting = [1, 2].map(() => other.track(good))
  const outcomes = Promise.allSettled(waiting)
  await until(async () => (await other.summary()).requests.total === 2)
  await other.close()
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('a slow answer is stored at once and answered late', async () => {
  await emulator.set({ faults: [{ kind: 'slow', ms: 150 }] })
  const begin = performance.now()
  const slow = emulator.track(good)
  await until(async () => (await stored()) === 1)
  expect(await slow).toMatchObject({ code: 0 })
  expect(performance.now() - begin).toBeGreaterThanOrEqual(149)
})

test('a dripping answer is stored at once, and comes whole and in pieces', async () => {
  await emulator.set({ faults: [{ kind: 'drip', ms: 600 }] })
  const begin = performance.now()
  const { body } = await send()
  expect(await stored()).toBe(1)
  const pieces: Uint8Array[] = []
  for await (const piece of body as ReadableStream<Uint8Array>) pieces.push(piece)
  expect(JSON.parse(Buffer.concat(pieces).toString())).toMatchObject({ code: 0, message: 'OK' })
  expect(pieces.length).toBeGreaterThan(2)
  expect(performance.now() - begin).toBeGreaterThanOrEqual(500)
  expect((await emulator.summary()).faults_injected).toEqual({ drip: 1 })
})

test('a client that leaves a dripping answer leaves the emulator well', async () => {
  await emulator.set({ faults: [{ kind: 'drip', ms: 300 }] })
  const patience = new AbortController()
  const response = await send(patience.signal)
  patience.abort()
  await expect(response.text()).rejects.toThrow('abort')
  expect(await emulator.track(good)).toMatchObject({ code: 0 })
})

test('a reset during the body comes while it is still being sent, and nothing is stored', async () => {
  await emulator.set({ faults: [{ kind: 'reset', when: 'during' }] })
  const { hostname, port } = new URL(emulator.url)
  const body = JSON.stringify(good)
  const socket = connect(Number(port), hostname)
  // The last byte never goes out: only a server that does not wait for it can answer at all.
  socket.write(
    `POST ${trackPath} HTTP/1.1\r\nHost: e\r\nAccess-Token: emulator-token\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`,
  )
  await expect(once(socket, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await stored()).toBe(0)
  const { faults_injected, requests } = await emulator.summary()
  expect(faults_injected).toEqual({ reset_during: 1 })
  expect(requests).toMatchObject({ total: 1, by_code: { reset: 1 } })
  expect(await emulator.track(good)).toMatchObject({ code: 0 })
})

test('only a reset can strike during the body', async () => {
  await expect(emulator.set({ faults: [{ kind: 'hang', when: 'during' }] })).rejects.toThrow('faults')
})

test('latency holds back every answer', async () => {
  await emulator.set({ latency_ms: 50 })
  const begin = performance.now()
  expect((await emulator.raw('/nowhere')).status).toBe(404)
  expect(performance.now() - begin).toBeGreaterThanOrEqual(49)
})

test('faults strike in their order, as often and as late as planned', async () => {
  await emulator.set({
    faults: [
      { kind: 'code', code: 40100, times: 2, after: 1 },
      { kind: 'code', code: 50000 },
      { kind: 'code', code: 50002, after: 2 },
    ],
  })
  const codes: number[] = []
  for (let count = 0; count < 8; count += 1) codes.push((await emulator.track(good)).code)
  expect(codes).toEqual([0, 40100, 40100, 50000, 0, 0, 50002, 0])
})

test('a fault of the look-up leaves events alone, and the other way round', async () => {
  const lookup = '/open_api/v1.3/offline/get/?advertiser_id=7000000000000000001'
  await emulator.set({
    faults: [
      { kind: 'code', code: 50000, on: 'lookup' },
      { kind: 'code', code: 40100 },
    ],
  })
  expect(await emulator.track(good)).toMatchObject({ code: 40100 })
  expect(await (await emulator.raw(lookup, { headers })).json()).toMatchObject({ code: 50000 })
  expect(await (await emulator.raw(lookup, { headers })).json()).toMatchObject({ code: 0 })
})

test('requests refused at the door use up no fault', async () => {
  await emulator.set({ faults: [{ kind: 'code', code: 50000 }] })
  expect(await emulator.track(good, { 'Access-Token': 'other' })).toMatchObject({ code: 40105 })
  expect((await emulator.raw('/open_api/v1.3/event/track', { method: 'POST' })).status).toBe(404)
  expect(await emulator.track(good)).toMatchObject({ code: 50000 })
})

describe('random faults', () => {
  const run = async (settings: object) => {
    await emulator.set({ fault_kinds: [40100, 50000].map((code) => ({ kind: 'code', code })), ...settings })
    const codes: number[] = []
    for (let count = 0; count < 60; count += 1) codes.push((await emulator.track(good)).code)
    return codes
  }

  test('are the same for the same seed, and others for another', async () => {
    const first = await run({ fault_rate: 0.4, fault_seed: 7 })
    expect(new Set(first)).toEqual(new Set([0, 40100, 50000]))
    expect(await run({ fault_rate: 0.4, fault_seed: 7 })).toEqual(first)
    expect(await run({ fault_rate: 0.4, fault_seed: 8 })).not.toEqual(first)
  })

  test('strike always at rate 1 and never at rate 0', async () => {
    expect(await run({ fault_rate: 1 })).not.toContain(0)
    expect(await run({ fault_rate: 0 })).toEqual(Array.from({ length: 60 }, () => 0))
  })
})
