import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'

export interface Server {
  readonly url: string
  readonly port: number
  /** Bodies of all requests. */
  readonly bodies: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** Which request it is, from 1. */
  readonly nth: number
}

export type Reply = (asked: Asked, response: ServerResponse) => void

/** A server that answers as it is told. */
export const serve = async (reply: Reply): Promise<Server> => {
  const bodies: Array<string> = []
  const server = createServer((request, response) => {
    const pieces: Array<Buffer> = []
    // A client that goes away in mid-request is what some cases are about.
    request.on('error', () => undefined)
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString()
      bodies.push(body)
      const { method = '', url = '', headers } = request
      reply({ method, url, headers, body, nth: bodies.length }, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    bodies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A port of this machine at which nobody listens. */
export const closedPort = async (): Promise<number> => {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

/** Answers with a body of any type. */
export const answer =
  (status: number, type: string, body: string, headers: Readonly<Record<string, string>> = {}): Reply =>
  (_, response) => {
    response.writeHead(status, { 'Content-Type': type, ...headers }).end(body)
  }

/** Promises a body, sends a part of it and hangs up. */
export const breakOff =
  (status: number, type: string, part: string): Reply =>
  (_, response) => {
    response.writeHead(status, { 'Content-Type': type, 'Content-Length': String(part.length * 2) })
    response.write(part, () => response.destroy())
  }

/** TikTok's envelope. */
export const envelope = (code: number, message: string, over: Readonly<Record<string, unknown>> = {}): Reply =>
  answer(200, 'application/json', JSON.stringify({ code, message, request_id: REQUEST_ID, data: {}, ...over }))

export const REQUEST_ID = '20260101000000A1B2C3D4E5F60718293A'

/** Passes requests on to another server, with the answers back. */
export const passOnTo =
  (url: string): Reply =>
  (asked, response) => {
    const headers = { 'Content-Type': 'application/json', 'Access-Token': String(asked.headers['access-token']) }
    fetch(url + asked.url, { method: asked.method, headers, ...(asked.body === '' ? {} : { body: asked.body }) }).then(
      async (reply) => {
        const body = await reply.text()
        response.writeHead(reply.status, { 'Content-Type': reply.headers.get('content-type') ?? '' }).end(body)
      },
      () => response.destroy(),
    )
  }

export const XML = 'application/xml'

/** S3's refusal. */
export const s3Error = (status: number, code: string, message: string, more = ''): Reply =>
  answer(
    status,
    XML,
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}<RequestId>0</RequestId></Error>`,
  )

export interface StoredObject {
  readonly key: string
  /** What is said of its length in the listing, and sent as the body. */
  readonly body: string
}

/** S3's listing of objects. */
export const listing = (objects: ReadonlyArray<StoredObject>): Reply =>
  answer(
    200,
    XML,
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult><IsTruncated>false</IsTruncated>${objects
      .map(
        ({ key, body }) =>
          `<Contents><Key>${key}</Key><LastModified>${new Date(Date.now() - 3_600_000).toISOString()}</LastModified><ETag>"0"</ETag><Size>${Buffer.byteLength(body)}</Size></Contents>`,
      )
      .join('')}</ListBucketResult>`,
  )

/** An S3 with one object, whose download is answered by `get`. */
export const oneObject =
  (object: StoredObject, get: Reply): Reply =>
  (asked, response) =>
    (asked.url.includes('list-type=2') ? listing([object]) : get)(asked, response)
