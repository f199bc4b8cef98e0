import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'
import { parseArgs } from 'node:util'
import { bytesOf, etagOf, folder, indexOf, keyOf, modifiedMsOf, objectBytes } from './pattern'
import type { Pattern } from './pattern'

/*
 * An S3 on a free loopback port, in a process of its own, whose objects are computed as they are asked for: --objects N --rows N.
 * It knows ListObjectsV2, GetObject and HeadObject, with Range and If-Match; signatures are not checked. Prints one line
 * {"url":...}; GET /count tells what was asked so far. Serves until SIGTERM, or until its starter is gone.
 */

const pageKeys = 1000
const pieceBytes = 1 << 17

const asked = { lists: 0, gets: 0 }

const answerText = (response: ServerResponse, status: number, type: string, text: string): void => {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }).end(text)
}

const refuse = (response: ServerResponse, status: number, code: string): void =>
  answerText(response, status, 'application/xml', `<Error><Code>${code}</Code><Message>${code}</Message></Error>`)

/** Numbers of the objects whose keys begin with a prefix, from one on, and one more than a page holds where there are so many. */
const listed = ({ objects }: Pattern, prefix: string, from: number): number[] => {
  const found: number[] = []
  const all = folder.startsWith(prefix)
  for (let index = from; index < objects && found.length <= pageKeys; index++)
    if (all || keyOf(index).startsWith(prefix)) found.push(index)
  return found
}

const contentsOf = (pattern: Pattern, index: number): string => {
  const key = keyOf(index)
  const modified = new Date(modifiedMsOf(pattern, index)).toISOString()
  const etag = etagOf(pattern, key).replaceAll('"', '&quot;')
  return `<Contents><Key>${key}</Key><LastModified>${modified}</LastModified><ETag>${etag}</ETag><Size>${objectBytes(pattern)}</Size><StorageClass>STANDARD</StorageClass></Contents>`
}

/** One page of keys. The continuation token is the number of the next object. */
const list = (pattern: Pattern, query: URLSearchParams, response: ServerResponse): void => {
  asked.lists++
  const found = listed(pattern, query.get('prefix') ?? '', Number(query.get('continuation-token') ?? 0))
  const [page, next] = [found.slice(0, pageKeys), found[pageKeys]]
  const more = next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`
  const contents = page.map((index) => contentsOf(pattern, index)).join('')
  answerText(
    response,
    200,
    'application/xml',
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult><KeyCount>${page.length}</KeyCount><MaxKeys>${pageKeys}</MaxKeys><IsTruncated>${next !== undefined}</IsTruncated>${more}${contents}</ListBucketResult>`,
  )
}

type Stretch = Readonly<{ from: number; to: number }>

/** The stretch that a Range header asks for: the whole object without one, undefined where it begins after the end. */
const stretchOf = (range: string | undefined, bytes: number): Stretch | undefined => {
  const [, from = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
  const to = last === '' ? bytes : Math.min(Number(last) + 1, bytes)
  return Number(from) < to ? { from: Number(from), to } : undefined
}

function* piecesOf(pattern: Pattern, index: number, { from, to }: Stretch): Generator<Buffer> {
  for (let at = from; at < to; at += pieceBytes) yield bytesOf(pattern, index, at, Math.min(at + pieceBytes, to))
}

const get = (pattern: Pattern, key: string, { headers, method }: IncomingMessage, response: ServerResponse): void => {
  asked.gets++
  const index = indexOf(pattern, key)
  if (index === undefined) {
    refuse(response, 404, 'NoSuchKey')
    return
  }
  const etag = etagOf(pattern, key)
  const wanted = headers['if-match']
  if (wanted !== undefined && wanted !== etag) {
    refuse(response, 412, 'PreconditionFailed')
    return
  }
  const bytes = objectBytes(pattern)
  const stretch = stretchOf(headers.range, bytes)
  if (stretch === undefined) {
    refuse(response, 416, 'InvalidRange')
    return
  }
  const { from, to } = stretch
  response.writeHead(headers.range === undefined ? 200 : 206, {
    ETag: etag,
    'Content-Type': 'text/csv',
    'Content-Length': to - from,
    'Last-Modified': new Date(modifiedMsOf(pattern, index)).toUTCString(),
    'Accept-Ranges': 'bytes',
    ...(headers.range === undefined ? {} : { 'Content-Range': `bytes ${from}-${to - 1}/${bytes}` }),
  })
  if (method === 'HEAD') response.end()
  // A reader that hangs up has what it wants.
  else pipeline(piecesOf(pattern, index, stretch), response, () => undefined)
}

const answer = (pattern: Pattern, request: IncomingMessage, response: ServerResponse): void => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://s3')
  const key = decodeURIComponent(pathname.split('/').slice(2).join('/'))
  if (pathname === '/count') answerText(response, 200, 'application/json', JSON.stringify(asked))
  else if (request.method !== 'GET' && request.method !== 'HEAD') refuse(response, 405, 'MethodNotAllowed')
  else if (key === '') list(pattern, searchParams, response)
  else get(pattern, key, request, response)
}

const text = { type: 'string', default: '' } as const
const { values } = parseArgs({ options: { objects: text, rows: text } })
const pattern = { objects: Number(values.objects), rows: Number(values.rows) }

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => answer(pattern, request, response))

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
