import { drive, eventSet } from './support'
import type { Driver, Envelope } from './support'

let emulator: Driver

beforeAll(async () => {
  emulator = await drive({ event_sets: [eventSet, '7312345678901234568'] })
})
afterAll(() => emulator.close())
beforeEach(() => emulator.raw('/__admin/reset', { method: 'POST' }))

const advertiser = '7000000000000000001'
const lookUp = async (query: Record<string, string>, token = 'emulator-token') => {
  const path = `/open_api/v1.3/offline/get/?${new URLSearchParams(query).toString()}`
  const response = await emulator.raw(path, { headers: token === '' ? {} : { 'Access-Token': token } })
  expect(response.status).toBe(200)
  return (await response.json()) as Envelope
}
const ids = (answer: Envelope) =>
  (answer.data['event_set_list'] as { event_set_id: string }[]).map(({ event_set_id: id }) => id)

test('an event set is found by its id, with the fields of the SDK', async () => {
  const answer = await lookUp({ advertiser_id: advertiser, event_set_ids: JSON.stringify([eventSet]) })
  expect(answer).toMatchObject({ code: 0, message: 'OK' })
  expect(answer.data).toEqual({
    event_set_list: [
      {
        advertiser_id: advertiser,
        event_set_id: eventSet,
        name: 'Event set 1',
        description: '',
        auto_tracking: false,
        create_time: '2026-01-01 00:00:00',
        update_time: '2026-01-01 00:00:00',
      },
    ],
  })
})

test('an unknown event set is an empty list', async () => {
  expect(ids(await lookUp({ advertiser_id: advertiser, event_set_ids: '["7000000000000000009"]' }))).toEqual([])
})

test('without ids all are listed, and a name narrows them', async () => {
  expect(ids(await lookUp({ advertiser_id: advertiser }))).toEqual([eventSet, '7312345678901234568'])
  expect(ids(await lookUp({ advertiser_id: advertiser, name: 'Event set 2' }))).toEqual(['7312345678901234568'])
})

test.each([
  ['no advertiser', {}, 40002, 'advertiser_id'],
  ['an unknown advertiser', { advertiser_id: '7000000000000000009' }, 40300, 'advertiser'],
  ['an id that is no list', { advertiser_id: advertiser, event_set_ids: eventSet }, 40002, 'event_set_ids'],
  ['a numeric id', { advertiser_id: advertiser, event_set_ids: `[${eventSet}]` }, 40002, 'event_set_ids'],
])('%s is refused', async (_, query, code, word) => {
  const answer = await lookUp(query)
  expect(answer.code).toBe(code)
  expect(answer.message).toContain(word)
})

test('the token is judged first, then its scope', async () => {
  await emulator.set({ lookup_permitted: false })
  expect((await lookUp({}, '')).code).toBe(40104)
  expect((await lookUp({}, 'other')).code).toBe(40105)
  expect((await lookUp({})).code).toBe(40001)
  expect((await emulator.summary()).requests.by_path).toEqual({ 'offline/get': 3 })
})
