import { type IncomingMessage, type Server, createServer, request } from 'node:http'
import { type AddressInfo, type Socket, connect } from 'node:net'

/** A forward proxy on a free loopback port: every host that it is asked for is one of `hosts`. */
export interface Proxy {
  readonly url: string
  /** What was asked of it: `CONNECT host:port`, or method and absolute URL without query. */
  readonly asked: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

/** `hosts`: host name -> port of the loopback where that host's server really is. Others are answered by 502. */
export const startProxy = async (hosts: Readonly<Record<string, number>>): Promise<Proxy> => {
  const asked: Array<string> = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((incoming, reply) => {
    const url = new URL(incoming.url ?? '')
    asked.push(`${incoming.method ?? ''} ${url.origin}${url.pathname}`)
    const port = hosts[url.hostname]
    if (port === undefined) {
      reply.writeHead(502).end()
      return
    }
    const { method, headers } = incoming
    const onward = request({ host: '127.0.0.1', port, path: url.pathname + url.search, method, headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(reply)
    })
    onward.on('error', () => reply.destroy())
    incoming.pipe(onward)
  })
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${incoming.url ?? ''}`)
    const port = hosts[(incoming.url ?? '').replace(/:\d+$/, '')]
    if (port === undefined) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
      return
    }
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      onward.pipe(socket)
      socket.pipe(onward)
    })
    for (const one of [socket, onward]) one.on('error', () => socket.destroy())
    socket.on('close', () => onward.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

export const portOf = (url: string): number => Number(new URL(url).port)
