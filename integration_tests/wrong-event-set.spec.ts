import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newFolder } from './support/connector'
import { type Platform, TOKEN, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, stateLines, totalsOf } from './support/messages'
import { recordStream } from './support/rows'
import { idsOf, write } from './support/writing'

const RECORDS = 5_000

/** What is wrong for every event must end the run at once, and not be tried again for each of them. */
describe('a destination whose requests are wrong as such', () => {
  const folder = newFolder()
  let platform: Platform

  beforeAll(async () => (platform = await startPlatform()))
  beforeEach(() => platform.reset())
  afterAll(async () => {
    folder.remove()
    await platform.close()
  })

  const input = recordStream(idsOf('wrong', RECORDS), 500)

  const cases: ReadonlyArray<readonly [name: string, platform: Readonly<Record<string, unknown>>, names: RegExp]> = [
    ['an unknown event set', { event_set_id: '7399999999999999999' }, /platform\.event_set_id/],
    ['a pixel code for an event set', { event_set_id: 'C4A1B2C3D4E5F6G7H8I9' }, /platform\.event_set_id/],
    ['a wrong token', { access_token: 'not-the-token' }, /platform\.access_token/],
  ]
  it.each(cases)('ends with a config_error over %s, after at most 3 requests', async (_, wrong, names) => {
    const { code, stderr, ...said } = await write(folder, destinationConfig(platform, {}, wrong), input)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(errorsOf(said)).toEqual([expect.stringMatching(/^config_error: /)])
    expect(errorsOf(said)[0]).toMatch(names)
    expect(stateLines(said)).toEqual([])
    const { requests, events } = await platform.summary()
    expect(requests.total).toBeGreaterThanOrEqual(1)
    expect(requests.total).toBeLessThanOrEqual(3)
    expect(events.stored).toBe(0)
    expect(totalsOf(said)).toMatchObject({ accepted: 0, rejected: {} })
    expect(JSON.stringify(said)).not.toContain('not-the-token')
  })

  it('ends with a config_error that names api_url where the API is not there (404 in HTML)', async () => {
    const elsewhere = { api_url: `${platform.url}/nowhere` }
    const said = await write(folder, destinationConfig(platform, {}, elsewhere), input)
    expect(said.code).toBe(1)
    expect(errorsOf(said)).toEqual([expect.stringMatching(/^config_error: .*api_url.*404/)])
    expect(stateLines(said)).toEqual([])
    expect((await platform.summary()).requests).toEqual({ total: 1, by_code: { http_404: 1 }, by_path: { other: 1 } })
  })

  it('ends with a config_error at the 16th event refused alone while none was accepted', async () => {
    await platform.reset({ refuse: { one_in: 1 }, refuse_message: 'Something is not as it should be.' })
    const said = await write(folder, destinationConfig(platform), input)
    expect(said.code).toBe(1)
    expect(errorsOf(said)).toEqual([expect.stringMatching(/^config_error: .*16/)])
    expect(stateLines(said)).toEqual([])
    // From 1,000 events down to single ones, and no further than the 16th of those.
    const { requests } = await platform.summary()
    expect(requests.total).toBeLessThanOrEqual(1 + 10 + 2 * 16)
    expect(totalsOf(said).accepted).toBe(0)
  })

  it('does not take that for wrong when an event was accepted before', async () => {
    const refused = idsOf('wrong', 60).slice(20)
    await platform.reset({ refuse_event_ids: refused, refuse_message: 'Something is not as it should be.' })
    const config = destinationConfig(platform, { max_events_per_request: 20 })
    const said = await write(folder, config, recordStream(idsOf('wrong', 80), 20))
    expect({ code: said.code, errors: errorsOf(said) }).toEqual({ code: 0, errors: [] })
    expect(totalsOf(said)).toMatchObject({ accepted: 40, rejected: { REFUSED_BY_PLATFORM: 40 } })
    expect(stateLines(said)).toHaveLength(4)
  })

  it('sends the token in its header only, and events in the documented body', async () => {
    const seen: Array<{ readonly url: string; readonly token: unknown; readonly body: string }> = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (piece: Buffer) => (body += piece.toString()))
      request.on('end', () => {
        seen.push({ url: request.url ?? '', token: request.headers['access-token'], body })
        response.end('{"code":0,"message":"OK","request_id":"1","data":{}}')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const said = await write(folder, destinationConfig({ url }), recordStream(['one'], 1))
    server.close()
    server.closeAllConnections()
    expect(said.code).toBe(0)
    expect(seen).toEqual([{ url: '/open_api/v1.3/event/track/', token: TOKEN, body: expect.any(String) as string }])
    const { data, ...head } = JSON.parse(seen[0]?.body ?? '') as { readonly data: ReadonlyArray<unknown> }
    expect(head).toEqual({ event_source: 'offline', event_source_id: '7312345678901234567' })
    expect(data).toEqual([
      {
        event: 'Purchase',
        event_time: expect.any(Number) as number,
        event_id: 'one',
        user: { email: [expect.stringMatching(/^[0-9a-f]{64}$/)] },
        properties: { value: 1.5, currency: 'USD', order_id: 'one' },
      },
    ])
  })
})
