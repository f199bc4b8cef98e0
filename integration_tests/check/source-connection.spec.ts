import { type Server, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { BARE_ENV, newFolder } from '../support/connector'
import { type S3Stub, page, startS3 } from '../support/s3-stub'
import { type Mark, SUCCEEDED, checkSource, closedPort, failureOf, marksOf, statusOf } from './checking'

/** Sends these bytes to whoever says anything, and hangs up. */
const startPort = async (reply: Buffer | string): Promise<Server> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(reply))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const hostOf = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`

/** A fatal alert of TLS 1.2: what a TLS port says to plain HTTP. */
const TLS_ALERT = Buffer.from('15030300020246', 'hex')

describe('source check where no S3 is reached', () => {
  const folder = newFolder()
  let stub: S3Stub
  beforeAll(async () => (stub = await startS3([])))
  afterAll(() => {
    stub.close()
    folder.remove()
  })

  const messageAt = async (endpoint: string, mark: Mark | undefined): Promise<string> => {
    const message = failureOf(await checkSource(folder, stub.config({ endpoint })))
    expect({ message, marks: marksOf(message) }).toEqual({ message, marks: mark === undefined ? [] : [mark] })
    return message
  }

  it('names host and port of a port that refuses', async () => {
    const port = await closedPort()
    expect(await messageAt(`http://127.0.0.1:${port}`, 'refused')).toContain(`127.0.0.1:${port}`)
  })

  it('names host and port of a host that is unknown', async () => {
    expect(await messageAt('http://no-such-host.invalid:9000', 'unknown')).toContain('no-such-host.invalid:9000')
  })

  it('names the port of the scheme where the endpoint has none', async () => {
    expect(await messageAt('https://no-such-host.invalid', 'unknown')).toContain('no-such-host.invalid:443')
  })

  it('tells a port without TLS from one that is broken', async () => {
    expect(await messageAt(stub.url.replace('http:', 'https:'), undefined)).toMatch(new RegExp(`${stub.host}.*http://`))
    expect(stub.asked).toEqual([])
  })

  it('tells a port that does not speak HTTP, as one of TLS', async () => {
    const server = await startPort(TLS_ALERT)
    expect(await messageAt(`http://${hostOf(server)}`, undefined)).toMatch(new RegExp(`${hostOf(server)}.*https://`))
    server.close()
  })

  describe('by way of a proxy', () => {
    it('that answers with a page of its own: says so', async () => {
      const proxy = await startS3([], { list: page(403), get: page(403) })
      const ended = await checkSource(folder, stub.config({ endpoint: 'http://s3.example.com' }), {
        env: { ...BARE_ENV, HTTP_PROXY: proxy.url },
      })
      proxy.close()
      const message = failureOf(ended)
      expect({ message, marks: marksOf(message) }).toEqual({
        message: expect.stringMatching(/HTTP 403 from s3\.example\.com:80 or the environment's proxy/) as string,
        marks: ['foreign'],
      })
    })

    it('that refuses the connection: names it beside the host', async () => {
      const port = await closedPort()
      const ended = await checkSource(folder, stub.config({ endpoint: 'http://s3.example.com' }), {
        env: { ...BARE_ENV, HTTP_PROXY: `http://user:canary@127.0.0.1:${port}` },
      })
      const message = failureOf(ended)
      expect({ message, marks: marksOf(message) }).toEqual({
        message: expect.stringMatching(/s3\.example\.com:80 or the environment's proxy/) as string,
        marks: ['refused'],
      })
      expect(ended.stdout).not.toContain('canary')
    })

    it('that tunnels nothing: says so', async () => {
      const proxy = await startPort('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n')
      const ended = await checkSource(
        folder,
        { ...stub.config(), endpoint: 'https://s3.example.com' },
        {
          env: { ...BARE_ENV, HTTPS_PROXY: `http://${hostOf(proxy)}` },
        },
      )
      proxy.close()
      expect(failureOf(ended)).toMatch(/407.*proxy/)
    })

    it('is not asked for what NO_PROXY names', async () => {
      const good = await startS3([{ key: 'data/a.csv', content: 'event_name,event_time,email\n' }])
      const ended = await checkSource(folder, good.config(), {
        env: { ...BARE_ENV, HTTP_PROXY: `http://127.0.0.1:${await closedPort()}`, NO_PROXY: '127.0.0.1' },
      })
      good.close()
      expect(statusOf(ended)).toEqual(SUCCEEDED)
    })
  })
})
