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
