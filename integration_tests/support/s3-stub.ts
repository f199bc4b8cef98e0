import { createHash } from 'node:crypto'
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KEY_ID, SECRET } from './bucket'

/** An S3 that answers as a test wants it to: with files of any age, refusals of any kind, silence, or what no S3 would say. */
export interface S3Stub {
  readonly url: string
  /** Host and port. */
  readonly host: string
  /** What was asked, oldest first. */
  readonly asked: ReadonlyArray<Asked>
  /** A source's config for it; `over` replaces or adds keys. */
  readonly config: (over?: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
  /** A destination's object_storage_config for it. */
  readonly storage: (over?: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
  readonly close: () => void
}

export interface Asked {
  readonly operation: Operation
  /** The number of the request among those of its operation, from 1. */
  readonly n: number
  readonly atMs: number
  /** The key that it was signed with, and the region that it was signed for. */
  readonly signer: string
  readonly region: string
  readonly headers: IncomingHttpHeaders
  readonly key: string
  readonly prefix: string
  readonly continuation: string | undefined
  /** Of the file, the first byte that was asked for. */
  readonly from: number
  /** What was put. */
  readonly body: string
}

export type Operation = 'list' | 'get' | 'put' | 'remove'

export type Answer = (asked: Asked, response: ServerResponse) => void

export interface StubFile {
  readonly key: string
  readonly content: string
  /** Absent: just now. */
  readonly modified?: Date
  /** Absent: STANDARD. */
  readonly storageClass?: string
  /** Of an archived file, until when it can be read; it is told only if asked for. */
  readonly restoredUntil?: Date
}

/** Answers as S3 does for these files, but for the operations whose answer is given. */
export const startS3 = async (
  files: ReadonlyArray<StubFile>,
  answers: Readonly<Partial<Record<Operation, Answer>>> = {},
): Promise<S3Stub> => {
  const asked: Array<Asked> = []
  const all = { list: listing(files), get: content(files), put: taken, remove: removed, ...answers }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      const one = askedBy(request, body, asked)
      asked.push(one)
      all[one.operation](one, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const url = `http://${host}`
  return {
    url,
    host,
    asked,
    config: (over = {}) => ({
      bucket: BUCKET,
      path_prefix: 'data',
      credentials: { auth_type: 'access_key', aws_access_key_id: KEY_ID, aws_secret_access_key: SECRET },
      endpoint: url,
      ...over,
    }),
    storage: (over = {}) => ({
      storage_type: 'S3',
      access_key_id: KEY_ID,
      secret_access_key: SECRET,
      s3_bucket_name: BUCKET,
      s3_bucket_region: '',
      s3_endpoint: url,
      bucket_path: 'rejected',
      ...over,
    }),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

export const BUCKET = 'acme-offline'

const askedBy = (
  { method, url = '/', headers }: IncomingMessage,
  body: string,
  before: ReadonlyArray<Asked>,
): Asked => {
  const { pathname, searchParams } = new URL(url, 'http://stub')
  const operation =
    method === 'PUT' ? 'put' : method === 'DELETE' ? 'remove' : searchParams.has('list-type') ? 'list' : 'get'
  const [, signer = '', region = ''] = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(headers.authorization ?? '') ?? []
  return {
    operation,
    n: before.filter((one) => one.operation === operation).length + 1,
    atMs: Date.now(),
    signer,
    region,
    headers,
    // The bucket is in the path, or in the name of the host.
    key: decodeURIComponent(pathname.slice(1)).replace(`${BUCKET}/`, ''),
    prefix: searchParams.get('prefix') ?? '',
    continuation: searchParams.get('continuation-token') ?? undefined,
    from: Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0),
    body,
  }
}

/** Any answer at all. */
export const answer =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, { 'Content-Type': 'application/xml', ...headers }).end(body)

/** An error in S3's words. */
export const refusal = (
  status: number,
  code: string,
  {
    message = 'No.',
    more = '',
    headers = {},
  }: Partial<Record<'message' | 'more', string>> & { headers?: Headers } = {},
): Answer =>
  answer(
    status,
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}<RequestId>R</RequestId><HostId>H</HostId></Error>`,
    headers,
  )

type Headers = Readonly<Record<string, string>>

/** A web page, as of a server that is no S3 or of a proxy. */
export const page = (status: number, headers: Headers = {}): Answer =>
  answer(
    status,
    '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>Page</title></head><body><hr>Page</body></html>',
    {
      ...headers,
      'Content-Type': 'text/html',
    },
  )

/** Takes the request and says nothing. */
export const silence: Answer = () => undefined

/** Breaks the connection off. */
export const reset: Answer = (_, response) => void response.socket?.resetAndDestroy()

/** The first request of the operation gets the first answer, and so on; the last answer is kept to. */
export const inTurn =
  (...answers: ReadonlyArray<Answer>): Answer =>
  (asked, response) =>
    answers[Math.min(asked.n, answers.length) - 1]?.(asked, response)

/** The files under the prefix that was asked for, on one page. */
export const listing =
  (files: ReadonlyArray<StubFile>): Answer =>
  (asked, response) => {
    const found = files.filter(({ key }) => key.startsWith(asked.prefix))
    const asksRestored = asked.headers['x-amz-optional-object-attributes'] === 'RestoreStatus'
    pageOf(found, undefined, asksRestored)(asked, response)
  }

/** A page of a listing; `next` leads to the one after it. */
export const pageOf = (files: ReadonlyArray<StubFile>, next?: string, asksRestored = false): Answer => {
  const contents = files.map(
    (file) =>
      `<Contents><Key>${escaped(file.key)}</Key><LastModified>${(file.modified ?? new Date()).toISOString()}</LastModified><ETag>${escaped(etagOf(file))}</ETag><Size>${Buffer.byteLength(file.content)}</Size><StorageClass>${file.storageClass ?? 'STANDARD'}</StorageClass>${asksRestored ? restoreOf(file) : ''}</Contents>`,
  )
  const token = next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`
  return answer(
    200,
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${BUCKET}</Name><KeyCount>${files.length}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>${next !== undefined}</IsTruncated>${token}${contents.join('')}</ListBucketResult>`,
  )
}

const restoreOf = ({ restoredUntil }: StubFile): string =>
  restoredUntil === undefined
    ? ''
    : `<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>${restoredUntil.toISOString()}</RestoreExpiryDate></RestoreStatus>`

/** The content of the file that was asked for. */
export const content =
  (files: ReadonlyArray<StubFile>): Answer =>
  (asked, response) => {
    const file = files.find(({ key }) => key === asked.key)
    if (file === undefined) refusal(404, 'NoSuchKey')(asked, response)
    else if (file.storageClass === 'GLACIER' && file.restoredUntil === undefined)
      refusal(403, 'InvalidObjectState')(asked, response)
    else begin(file, asked, response).end(Buffer.from(file.content).subarray(asked.from))
  }

/** Says that an object was written, and forgets it. */
export const taken: Answer = (_, response) => void response.writeHead(200, { ETag: '"e"' }).end()

const removed: Answer = (_, response) => void response.writeHead(204).end()

/** The head of a file's answer and its bytes up to `upTo`: then nothing more comes. */
export const stall =
  (file: StubFile, upTo: number): Answer =>
  (asked, response) => {
    begin(file, asked, response).flushHeaders()
    response.write(Buffer.from(file.content).subarray(asked.from, upTo))
  }

const begin = (file: StubFile, { from }: Asked, response: ServerResponse): ServerResponse => {
  const bytes = Buffer.byteLength(file.content)
  return response.writeHead(from === 0 ? 200 : 206, {
    'Content-Type': 'text/csv',
    'Content-Length': bytes - from,
    ETag: etagOf(file),
    ...(from === 0 ? {} : { 'Content-Range': `bytes ${from}-${bytes - 1}/${bytes}` }),
  })
}

const etagOf = (file: StubFile): string => `"${createHash('md5').update(file.content).digest('hex')}"`

const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`)
