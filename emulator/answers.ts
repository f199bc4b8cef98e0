import { STATUS_CODES } from 'node:http'
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { JsonObject } from './json'

/** A whole answer; `name` is what the summary counts it as. */
export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: string
  readonly name: string
}

/** TikTok's envelope: success is code 0, and HTTP says 200 either way (Docs 1771101303285761, 1737172488964097). */
export function envelope(
  requestId: string,
  code: number,
  message: string,
  data: JsonObject = {},
  status = 200,
): Answer {
  const body = JSON.stringify({ code, message, request_id: requestId, data })
  return { status, contentType: 'application/json; charset=utf-8', body, name: String(code) }
}

/** A gateway's page, such as a path without its trailing slash gets. */
export function htmlPage(status: number): Answer {
  const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`
  const body = `<html>\n<head><title>${title}</title></head>\n<body><center><h1>${title}</h1></center></body>\n</html>\n`
  return { status, contentType: 'text/html', body, name: `http_${status}` }
}

/** Sends an answer with its request id mirrored in X-Tt-Logid, as TikTok does. */
export function send(response: ServerResponse, answer: Answer, requestId: string): void {
  writeHead(response, answer, requestId)
  response.end(answer.body)
}

/** Sends the first half of an answer and drops the connection. */
export function sendCut(response: ServerResponse, answer: Answer, requestId: string): void {
  writeHead(response, answer, requestId)
  response.write(answer.body.slice(0, answer.body.length / 2), () => response.destroy())
}

/** Sends an answer byte by byte, spread over so many milliseconds, for as long as somebody listens. */
export async function sendDripping(
  response: ServerResponse,
  answer: Answer,
  requestId: string,
  ms: number,
): Promise<void> {
  writeHead(response, answer, requestId)
  const bytes = Buffer.from(answer.body)
  const startMs = performance.now()
  for (let sent = 0; sent < bytes.length && !response.destroyed; sent += 1) {
    response.write(bytes.subarray(sent, sent + 1))
    // By the clock of the whole: timers are late, each by a little.
    const dueMs = startMs + (ms * (sent + 1)) / bytes.length
    await wait(Math.max(0, dueMs - performance.now()), undefined, { ref: false })
  }
  response.end()
}

function writeHead(response: ServerResponse, answer: Answer, requestId: string): void {
  response.writeHead(answer.status, {
    'Content-Type': answer.contentType,
    'Content-Length': Buffer.byteLength(answer.body),
    'X-Tt-Logid': requestId,
  })
}

let sequence = 0

/** A request id of TikTok's look: the UTC second, then a number that never repeats in this process. */
export function nextRequestId(nowMs: number): string {
  sequence += 1
  const second = new Date(nowMs).toISOString().replace(/\D/g, '').slice(0, 14)
  return `${second}${sequence.toString(16).toUpperCase().padStart(20, '0')}`
}
