import { type RequestListener, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newFolder } from '../support/connector'
import { ADVERTISER, type Platform, destinationConfig, startPlatform } from '../support/emulator'
import { type Status, checkDestination, closedPort, failed, statusOf } from './checking'

type Over = Readonly<Record<string, unknown>>

describe('destination check', () => {
  const folder = newFolder()
  let platform: Platform

  beforeAll(async () => (platform = await startPlatform()))
  beforeEach(() => platform.reset())
  afterAll(async () => {
    folder.remove()
    await platform.close()
  })
  // Whatever a check does, it writes no event.
  afterEach(async () => expect((await platform.summary()).events.stored).toBe(0))

  const checked = async (over: Over = {}): Promise<Status> =>
    statusOf(await checkDestination(folder, destinationConfig(platform, {}, over)))
  const asked = async (): Promise<Readonly<Record<string, number>>> => (await platform.summary()).requests.by_path

  it('proves the token without writing an event', async () => {
    expect(await checked()).toMatchObject({ status: 'SUCCEEDED' })
    expect(await asked()).toEqual({ 'event/track': 1 })
  })

  it('looks the event set up where an advertiser is given', async () => {
    expect(await checked({ advertiser_id: ADVERTISER })).toMatchObject({ status: 'SUCCEEDED' })
    expect(await asked()).toEqual({ 'offline/get': 1 })
  })

  /** Each wrong field, with the others right, with and without a look-up; no message names a field that is right. */
  const FIELDS = ['access_token', 'event_set_id', 'advertiser_id', 'test_event_code', 'api_url'] as const
  type Field = (typeof FIELDS)[number]
  const wrong: ReadonlyArray<readonly [name: string, field: Field, over: Over]> = [
    ['a token that TikTok does not take', 'access_token', { access_token: 'canary-token' }],
    ['an unknown event set', 'event_set_id', { event_set_id: '7399999999999999999' }],
    ['a pixel code in place of an event set', 'event_set_id', { event_set_id: 'C4A1B2C3D4E5F6G7H8I9' }],
    ['a path where the API is not', 'api_url', {}],
  ]
  describe.each([
    ['without an advertiser', {}],
    ['with an advertiser', { advertiser_id: ADVERTISER }],
  ])('%s', (_, advertiser) => {
    it.each(wrong)('FAILED over %s: names the field, once', async (__, field, over) => {
      const api_url = field === 'api_url' ? `${platform.url}/nowhere` : platform.url
      const { status, message } = await checked({ ...advertiser, ...over, api_url })
      expect(status).toBe('FAILED')
      expect(FIELDS.filter((name) => message.includes(`platform.${name}`))).toEqual([field])
      expect((await platform.summary()).requests.total).toBe(1)
    })
  })

  it('names the advertiser that TikTok does not know', async () => {
    const { status, message } = await checked({ advertiser_id: '7999999999999999999' })
    expect(status).toBe('FAILED')
    expect(FIELDS.filter((name) => message.includes(`platform.${name}`))).toEqual(['advertiser_id'])
    expect(message).toContain('40300')
  })

  it.each([40001, 40118, 40007])(
    'falls back to an empty request where the look-up is refused with %d, which says nothing of the config',
    async (code) => {
      await platform.reset({ faults: [{ kind: 'code', code, on: 'lookup' }] })
      const { status, message } = await checked({ advertiser_id: ADVERTISER })
      expect({ status, message }).toEqual({
        status: 'SUCCEEDED',
        message: expect.stringContaining('event set') as string,
      })
      expect(await asked()).toEqual({ 'offline/get': 1, 'event/track': 1 })
    },
  )

  it('finds a wrong event set by the fall-back too', async () => {
    await platform.reset({ lookup_permitted: false })
    expect(await checked({ advertiser_id: ADVERTISER, event_set_id: '7399999999999999999' })).toEqual(
      failed(/platform\.event_set_id/),
    )
    expect(await asked()).toEqual({ 'offline/get': 1, 'event/track': 1 })
  })

  it('says that a token may not report events', async () => {
    await platform.reset({ faults: [{ kind: 'code', code: 40001 }] })
    expect(await checked()).toEqual(failed(/platform\.access_token.*may not report/))
  })

  it('waits out a passing rate limit', async () => {
    await platform.reset({ faults: [{ kind: 'code', code: 40100 }] })
    expect(await checked()).toMatchObject({ status: 'SUCCEEDED' })
    expect(await asked()).toEqual({ 'event/track': 2 })
  })

  it('names host and port of a port that refuses', async () => {
    const host = `127.0.0.1:${await closedPort()}`
    expect(await checked({ api_url: `http://${host}` })).toEqual(failed(new RegExp(`refused.*${host}`)))
  })

  it.each([
    ['http://no-such-host.invalid:9000', 'no-such-host.invalid:9000'],
    ['https://no-such-host.invalid', 'no-such-host.invalid:443'],
  ])('names host and port of a host that is unknown: %s', async (api_url, host) => {
    expect(await checked({ api_url })).toEqual(failed(new RegExp(`${host} is unknown`)))
  })

  describe('with another server in place of the API', () => {
    const servers: Array<Server> = []
    afterEach(() => {
      for (const server of servers.splice(0)) {
        server.close()
        server.closeAllConnections()
      }
    })
    const startServer = async (answer: RequestListener): Promise<string> => {
      const server = createServer(answer)
      servers.push(server)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return `127.0.0.1:${(server.address() as AddressInfo).port}`
    }

    it.each([
      [301, { Location: '/' }],
      [302, { Location: 'https://127.0.0.1:1/' }],
      [403, {}],
      [404, {}],
    ])('FAILED over HTTP %d: names api_url, host and port, and follows nowhere', async (code, headers) => {
      let requests = 0
      const host = await startServer((_, response) => {
        requests++
        response.writeHead(code, headers).end('<html></html>')
      })
      expect(await checked({ api_url: `http://${host}` })).toEqual(
        failed(new RegExp(`platform\\.api_url: HTTP ${code} from ${host}`)),
      )
      expect(requests).toBe(1)
    })

    it('FAILED over JSON of its own under a failed status', async () => {
      const host = await startServer((_, response) => response.writeHead(404).end('{"code":404,"message":"no route"}'))
      expect(await checked({ api_url: `http://${host}` })).toEqual(failed(new RegExp(`platform\\.api_url.*${host}`)))
    })
  })
})
