import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'

/** The whole body of a request; undefined when it is longer than `maxBytes`, after reading it to its end. */
export async function readBody(request: IncomingMessage, maxBytes: number | null): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (maxBytes === null || bytes <= maxBytes) chunks.push(chunk)
  }
  if (maxBytes !== null && bytes > maxBytes) return undefined
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

/** The first piece of a request's body, the rest being left where it is; an empty one when there is no body. */
export async function firstPiece(request: IncomingMessage): Promise<Buffer> {
  if (request.readableLength === 0) await once(request, 'readable')
  return (request.read() as Buffer | null) ?? Buffer.alloc(0)
}
