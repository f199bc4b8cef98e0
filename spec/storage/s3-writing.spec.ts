import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import * as E from 'fp-ts/Either'
import type { AssumedRole, Bucket, Objects } from '../../src/capabilities'
import { openBucket } from '../../src/storage/s3'

interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** How the stub answers the n-th request, from 1. */
type Answer = (seen: Seen, response: http.ServerResponse, n: number) => void

const servers: Array<http.Server> = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const listen = async (answer: Answer): Promise<{ readonly url: string; readonly seen: ReadonlyArray<Seen> }> => {
  const seen: Array<Seen> = []
  const server = http.createServer((request, response) => {
    const pieces: Array<Buffer> = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const { method, url, headers } = request
      const one = { method, url, headers, body: Buffer.concat(pieces).toString() }
      answer(one, response, seen.push(one))
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

const KEY = { _tag: 'AccessKey', accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: undefined } as const

const bucketOn = (url: string, over: Partial<Bucket> = {}, stop = new AbortController()): Objects =>
  openBucket(
    {
      use: 'rejects',
      name: 'acme',
      region: undefined,
      endpoint: url,
      credentials: KEY,
      bodyIdleMs: 40,
      requesterPays: false,
      expectedOwner: undefined,
      ...over,
    },
    { s3: {}, signIn: {}, stsUrl: 'http://127.0.0.1:1' },
    stop.signal,
  )

const taken: Answer = (_, response) => void response.writeHead(200, { ETag: '"e"' }).end()
const failWith =
  (status: number, code: string): Answer =>
  (_, response) =>
    void response.writeHead(status, { 'Content-Type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`)

describe('put', () => {
  test.each([
    ['a b/ü/x.csv', 'code,message\ngrüße,1\n', 'text/csv; charset=utf-8'],
    ['x.jsonl', '{}\n', 'application/x-ndjson'],
    ['.check', '', 'application/octet-stream'],
  ])('writes %s whole, with its length and type', async (key, body, type) => {
    const { url, seen } = await listen(taken)
    expect(await bucketOn(url).put(key, body)()).toEqual(E.right(undefined))
    expect(seen.map((one) => [one.method, one.url, one.body])).toEqual([
      ['PUT', `/acme/${encodeURI(key)}?x-id=PutObject`, body],
    ])
    expect(seen[0]?.headers).toMatchObject({ 'content-length': String(Buffer.byteLength(body)), 'content-type': type })
  })

  test('passing trouble is waited out with the same bytes', async () => {
    const { url, seen } = await listen((one, response, n) =>
      (n === 1 ? failWith(503, 'SlowDown') : taken)(one, response, n),
    )
    expect(await bucketOn(url).put('x.jsonl', 'body')()).toEqual(E.right(undefined))
    expect(seen.map(({ body }) => body)).toEqual(['body', 'body'])
  })

  test("the bucket's own region is followed", async () => {
    const { url, seen } = await listen((one, response, n) => {
      if (one.headers.authorization?.includes('/eu-west-1/') === true) taken(one, response, n)
      else {
        response.setHeader('x-amz-bucket-region', 'eu-west-1')
        failWith(301, 'PermanentRedirect')(one, response, n)
      }
    })
    const objects = bucketOn(url)
    expect([await objects.put('x', '1')(), await objects.put('y', '2')()]).toEqual([
      E.right(undefined),
      E.right(undefined),
    ])
    expect(seen.length).toBe(3)
  })

  test.each([
    [403, 'AccessDenied', { cause: 'put' }],
    [404, 'NoSuchBucket', { cause: 'bucket' }],
    [403, 'InvalidAccessKeyId', { cause: 'access-key' }],
    [400, 'KMS.DisabledException', { cause: 'encrypt', detail: 'KMS.DisabledException' }],
    [412, 'PreconditionFailed', { cause: 'request', detail: 'PreconditionFailed' }],
  ])('%d %s is told by its cause, as one of the rejects', async (status, code, cause) => {
    const { url, seen } = await listen(failWith(status, code))
    expect(await bucketOn(url).put('x', '')()).toEqual(
      E.left({ _tag: 'StorageRefused', use: 'rejects', bucket: 'acme', ...cause }),
    )
    expect(seen.length).toBe(1)
  })

  test('a page that says 200 to anything is not taken for a bucket', async () => {
    const { url } = await listen((_, response) => void response.end('<html>log in</html>'))
    expect(await bucketOn(url).put('x', '')()).toMatchObject(E.left({ cause: 'foreign' }))
  })
})

describe('remove', () => {
  test('deletes one object', async () => {
    const { url, seen } = await listen((_, response) => void response.writeHead(204).end())
    expect(await bucketOn(url).remove('a/.check')()).toEqual(E.right(undefined))
    expect(seen.map((one) => [one.method, one.url])).toEqual([['DELETE', '/acme/a/.check?x-id=DeleteObject']])
  })

  test('a refusal is told by its cause', async () => {
    const { url } = await listen(failWith(403, 'AccessDenied'))
    expect(await bucketOn(url).remove('x')()).toMatchObject(E.left({ _tag: 'StorageRefused', cause: 'remove' }))
  })
})

describe('an assumed role', () => {
  /** A key that ends at a time. */
  const lending =
    (key: string, until: string): Answer =>
    (_, response) =>
      void response
        .writeHead(200, { 'Content-Type': 'text/xml' })
        .end(
          `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>lent-token</SessionToken><Expiration>${until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
        )
  const lent = lending('LENT', '2999-01-01T00:00:00Z')
  const refuse =
    (status: number, code: string): Answer =>
    (_, response) =>
      void response
        .writeHead(status, { 'Content-Type': 'text/xml' })
        .end(`<ErrorResponse><Error><Code>${code}</Code><Message>AKIAQUOTED</Message></Error></ErrorResponse>`)

  const roleOf = (stsEndpoint: string): AssumedRole => ({
    _tag: 'AssumedRole',
    roleArn: 'arn:aws:iam::123456789012:role/r',
    externalId: 'theirs',
    base: KEY,
    stsEndpoint,
  })

  const assuming = async (sts: Answer, s3: Answer = taken, over: Partial<Bucket> = {}) => {
    const roles = await listen(sts)
    const store = await listen(s3)
    const credentials = roleOf(roles.url)
    const objects = bucketOn(store.url, { credentials, ...over })
    return { put: () => objects.put('x', '')(), roles: roles.seen, store: store.seen }
  }

  test('is asked for once, with the key and the external id, and signs the requests', async () => {
    const { put, roles, store } = await assuming(lent)
    expect([await put(), await put()]).toEqual([E.right(undefined), E.right(undefined)])
    expect(roles.map(({ headers }) => headers.authorization)).toEqual([
      expect.stringContaining('Credential=key/') as string,
    ])
    expect(Object.fromEntries(new URLSearchParams(roles[0]?.body))).toMatchObject({
      ...{ Action: 'AssumeRole', RoleArn: 'arn:aws:iam::123456789012:role/r', ExternalId: 'theirs' },
    })
    for (const { headers } of store) {
      expect(headers.authorization).toContain('Credential=LENT/')
      expect(headers['x-amz-security-token']).toBe('lent-token')
    }
    expect(store.length).toBe(2)
  })

  test.each([
    [403, 'AccessDenied', { cause: 'assume', detail: 'AccessDenied' }],
    [400, 'ValidationError', { cause: 'assume', detail: 'ValidationError' }],
    [403, 'InvalidClientTokenId', { cause: 'access-key' }],
    [403, 'SignatureDoesNotMatch', { cause: 'secret' }],
  ])('%d %s of STS is told by its cause, and S3 not asked', async (status, code, cause) => {
    const { put, roles, store } = await assuming(refuse(status, code))
    expect(await put()).toEqual(
      E.left({ _tag: 'StorageRefused', use: 'rejects', bucket: 'acme', asked: 'STS', ...cause }),
    )
    expect([roles.length, store.length]).toEqual([1, 0])
  })

  test('is asked for again where what it lent is about to expire', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString()
    const { put, roles, store } = await assuming((one, response, n) => lending(`LENT${n}`, soon)(one, response, n))
    expect([await put(), await put()]).toEqual([E.right(undefined), E.right(undefined)])
    const keys = store.map(({ headers }) => /Credential=(LENT\d+)\//.exec(headers.authorization ?? '')?.[1])
    expect(keys).toEqual([expect.any(String), expect.any(String)])
    expect(new Set(keys).size).toBe(2)
    expect(roles.length).toBeGreaterThan(1)
  })

  test("the bucket's own region is followed, and STS asked where it was", async () => {
    const regionOf = ({ headers }: { headers: http.IncomingHttpHeaders }): string | undefined =>
      /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1]
    const { put, roles, store } = await assuming(lent, (one, response, n) => {
      if (regionOf(one) === 'eu-west-1') taken(one, response, n)
      else {
        response.setHeader('x-amz-bucket-region', 'eu-west-1')
        failWith(301, 'PermanentRedirect')(one, response, n)
      }
    })
    expect([await put(), await put()]).toEqual([E.right(undefined), E.right(undefined)])
    expect(store.map(regionOf)).toEqual(['us-east-1', 'eu-west-1', 'eu-west-1'])
    expect(new Set(roles.map(regionOf))).toEqual(new Set(['us-east-1']))
  })

  test('passing trouble of STS is waited out', async () => {
    const { put, roles } = await assuming((one, response, n) =>
      (n === 1 ? refuse(503, 'ServiceUnavailable') : lent)(one, response, n),
    )
    expect(await put()).toEqual(E.right(undefined))
    expect(roles.length).toBe(2)
  })

  test('a web page in place of STS is told, with its host', async () => {
    const { put } = await assuming((_, response) => void response.writeHead(404).end('<html></html>'))
    expect(await put()).toMatchObject(
      E.left({ cause: 'foreign', detail: expect.stringContaining('127.0.0.1') as string }),
    )
  })

  test('an STS that says nothing ends with the time of all requests', async () => {
    const { put } = await assuming(() => undefined, taken, { withinMs: 2_300 })
    expect(await put()).toMatchObject(E.left({ _tag: 'StorageUnreachable', use: 'rejects', cause: 'no-answer' }))
  })

  test('a stop ends it at once', async () => {
    const stop = new AbortController()
    const { url } = await listen(() => stop.abort())
    const objects = bucketOn(url, { credentials: roleOf(url) }, stop)
    expect(await objects.put('x', '')()).toEqual(E.left({ _tag: 'Stopped' }))
  })
})

test("the environment's credentials are waited for where they can not be had again for a while", async () => {
  const store = await listen(taken)
  // So often, by two ways, the SDK itself asks.
  const attempts = 6
  let refusals = 0
  const service = await listen((_, response, n) => {
    if (store.seen.length === 1 && refusals < attempts) {
      refusals++
      response.writeHead(404).end('not now')
    } else
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(
        JSON.stringify({
          AccessKeyId: `KEY${n}`,
          SecretAccessKey: 's',
          Token: 't',
          Expiration: '2026-01-01T00:00:00Z',
        }),
      )
  })
  process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = service.url
  const objects = bucketOn(store.url, { credentials: { _tag: 'Environment' } })
  const done = [await objects.put('x', '')(), await objects.put('y', '')()]
  delete process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI']
  expect(done).toEqual([E.right(undefined), E.right(undefined)])
  expect(refusals).toBe(attempts)
}, 15_000)
