import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import * as E from 'fp-ts/Either'
import { newHttp } from '../../src/runtime/http'

const servers: Array<http.Server> = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const serve = async (answer: http.RequestListener): Promise<string> => {
  const server = http.createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/path/?q=1`
}

const request = (url: string, timeoutMs = 5000) => ({
  method: 'POST' as const,
  url,
  headers: { 'Access-Token': 'token' },
  body: '{"a":"ü"}',
  timeoutMs,
})

const never = new AbortController().signal

describe('send', () => {
  test('sends headers and body as they are, and gives any answer with its status', async () => {
    const seen: Array<unknown> = []
    const url = await serve((incoming, response) => {
      const pieces: Array<Buffer> = []
      incoming.on('data', (piece: Buffer) => pieces.push(piece))
      incoming.on('end', () => {
        seen.push([incoming.method, incoming.url, incoming.headers['access-token'], Buffer.concat(pieces).toString()])
        response.writeHead(418).end('short')
      })
    })
    expect(await newHttp(never).send(request(url))).toEqual(E.right({ status: 418, body: 'short' }))
    expect(seen).toEqual([['POST', '/path/?q=1', 'token', '{"a":"ü"}']])
  })

  test('no answer ends after the timeout, whether the head or the body is missing, and whatever memory is collected', async () => {
    const silent = await serve(() => undefined)
    const headOnly = await serve((_, response) => {
      response.writeHead(200, { 'Content-Length': 10 })
      response.write('half')
    })
    for (const url of [silent, headOnly]) {
      const sent = newHttp(never).send(request(url, 150))
      // Garbage, so that the collector runs while the request waits.
      for (let i = 0; i < 200; i++) new Array<number>(100_000).fill(i)
      expect(await sent).toMatchObject(E.left({ cause: 'no-answer', host: new URL(url).host }))
    }
  })

  test('a quit cuts off all that is on its way, and many requests at a time draw no warning', async () => {
    const warnings: Array<Error> = []
    const warned = (warning: Error): void => void warnings.push(warning)
    process.on('warning', warned)
    const quit = new AbortController()
    let arrived = 0
    const url = await serve(() => {
      if (++arrived === 40) quit.abort()
    })
    const { send } = newHttp(quit.signal)
    const outcomes = await Promise.all(Array.from({ length: 40 }, () => send(request(url))))
    process.off('warning', warned)
    expect(outcomes.every(E.isLeft)).toBe(true)
    expect(warnings).toEqual([])
  })

  test('a closed port, a reset and an unknown host are told apart', async () => {
    const reset = await serve((incoming) => incoming.socket.resetAndDestroy())
    const outcome = async (url: string): Promise<unknown> => newHttp(never).send(request(url))
    expect(await outcome('http://127.0.0.1:1/')).toMatchObject(E.left({ cause: 'refused', host: '127.0.0.1:1' }))
    expect(await outcome(reset)).toMatchObject(E.left({ cause: 'broken' }))
    expect(await outcome('http://nobody.invalid/')).toMatchObject(
      E.left({ cause: 'unknown-host', host: 'nobody.invalid:80' }),
    )
  })

  test('a proxy of the environment is used', async () => {
    const urls: Array<string | undefined> = []
    const server = http.createServer()
    servers.push(server)
    server.on('connect', (incoming, socket) => {
      urls.push(incoming.url)
      socket.end('HTTP/1.1 502 no\r\n\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const tunnel = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    process.env['HTTPS_PROXY'] = tunnel
    try {
      await newHttp(never).send(request('https://api.example.com/'))
    } finally {
      delete process.env['HTTPS_PROXY']
    }
    expect(urls).toEqual(['api.example.com:443'])
  })
})
