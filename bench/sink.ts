import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventCounter, noCount } from './count'

/*
 * The far end of `write`, in a process of its own: takes every request, counts its events, answers at once.
 * Prints one line {"url":...}; GET /count tells what has arrived. Serves until SIGTERM, or until its starter is gone.
 */

const accepted = JSON.stringify({ code: 0, message: 'OK', request_id: 'x', data: {} })
const total = { requests: 0, events: 0, bytes: 0 }

const answer = (response: ServerResponse, text: string): void => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }).end(text)
}

const take = (request: IncomingMessage, response: ServerResponse): void => {
  const count = noCount()
  request.on('data', eventCounter(count))
  request.on('end', () => {
    total.requests++
    total.events += count.found
    total.bytes += count.bytes
    answer(response, accepted)
  })
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.method === 'GET' && request.url === '/count') answer(response, JSON.stringify(total))
  else take(request, response)
})

const stop = (): void => {
  if (!server.listening) return
  server.close()
  server.closeAllConnections()
  if (process.connected) process.disconnect()
}

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
process.once('disconnect', stop)
