import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import * as E from 'fp-ts/Either'
import type { Bucket, ObjectRef, Objects } from '../../src/capabilities'
import { openBucket } from '../../src/storage/s3'

/** How the stub answers the n-th GET of the object, from 1. */
type Answer = (request: http.IncomingMessage, response: http.ServerResponse, n: number) => void

const CONTENT = Buffer.from(Array.from({ length: 50_000 }, (_, i) => i % 251))
const ETAG = '"v1"'

const object: ObjectRef = { key: 'a folder/ü+%.csv', etag: ETAG, bytes: CONTENT.length, modifiedMs: 0, archived: false }

const ROUTES = { s3: {}, signIn: {}, stsUrl: 'http://127.0.0.1:1' }

const servers: Array<http.Server> = []
const stops: Array<AbortController> = []

afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const stub = async (
  answer: Answer,
  over: Partial<Bucket> & { readonly withinMs?: number } = {},
): Promise<{ objects: Objects; seen: Array<http.IncomingMessage>; stop: AbortController }> => {
  const seen: Array<http.IncomingMessage> = []
  const server = http.createServer((request, response) => answer(request, response, seen.push(request)))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bucket: Bucket & { readonly withinMs?: number } = {
    use: 'files',
    name: 'acme',
    region: undefined,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { _tag: 'AccessKey', accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: undefined },
    bodyIdleMs: 40,
    requesterPays: false,
    expectedOwner: undefined,
    ...over,
  }
  const stop = new AbortController()
  stops.push(stop)
  return { objects: openBucket(bucket, ROUTES, stop.signal), seen, stop }
}

const fromOf = ({ headers }: http.IncomingMessage): number =>
  Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0)

/** The object from the asked byte on; `length` may cut it short, which leaves the client waiting or hanging up. */
const send = (request: http.IncomingMessage, response: http.ServerResponse, length?: number): void => {
  const from = fromOf(request)
  const rest = CONTENT.subarray(from)
  response.writeHead(from === 0 ? 200 : 206, {
    ETag: ETAG,
    'Content-Length': rest.length,
    ...(from === 0 ? {} : { 'Content-Range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` }),
  })
  if (length === undefined) response.end(rest)
  else response.write(rest.subarray(0, length))
}

const failWith = (response: http.ServerResponse, status: number, code: string): void => {
  response.writeHead(status, { 'Content-Type': 'application/xml' })
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`)
}

const readAll = async (objects: Objects, from = 0): Promise<{ bytes: Buffer; left: unknown }> => {
  const pieces: Array<Buffer> = []
  for await (const piece of objects.read(object, from)) {
    if (E.isLeft(piece)) return { bytes: Buffer.concat(pieces), left: piece.left }
    pieces.push(piece.right)
  }
  return { bytes: Buffer.concat(pieces), left: undefined }
}

describe('read', () => {
  test('asks under If-Match, path-style, and gives the bytes as they are', async () => {
    const { objects, seen } = await stub((request, response) => send(request, response))
    expect(await readAll(objects)).toEqual({ bytes: CONTENT, left: undefined })
    expect(seen.map(({ url, headers }) => [url, headers['if-match'], headers.range])).toEqual([
      ['/acme/a%20folder/%C3%BC%2B%25.csv?x-id=GetObject', ETAG, undefined],
    ])
  })

  test('goes on from an offset', async () => {
    const { objects, seen } = await stub((request, response) => send(request, response))
    expect((await readAll(objects, 49_000)).bytes).toEqual(CONTENT.subarray(49_000))
    expect(seen[0]?.headers.range).toBe('bytes=49000-')
  })

  test('a body that breaks off is taken up where it stopped, as often as it makes progress', async () => {
    const { objects, seen } = await stub((request, response, n) => {
      if (n > 20) send(request, response)
      else {
        send(request, response, 1000)
        setImmediate(() => setImmediate(() => response.destroy()))
      }
    })
    const { bytes, left } = await readAll(objects)
    expect(left).toBeUndefined()
    expect(bytes.equals(CONTENT)).toBe(true)
    expect(seen.length).toBeGreaterThan(2)
    expect(seen.every(({ headers }) => headers['if-match'] === ETAG)).toBe(true)
  })

  test('a body that stalls is taken up again after the idle timeout', async () => {
    const { objects, seen } = await stub((request, response, n) =>
      send(request, response, n === 1 ? 20_000 : undefined),
    )
    expect((await readAll(objects)).bytes.equals(CONTENT)).toBe(true)
    expect(seen.map(fromOf)).toEqual([0, 20_000])
  })

  test('a body that never brings a byte is given up', async () => {
    const { objects, seen } = await stub((request, response) => {
      send(request, response, 0)
      response.flushHeaders()
    })
    const { bytes, left } = await readAll(objects)
    expect(bytes.length).toBe(0)
    expect(left).toMatchObject({ _tag: 'StorageUnreachable', cause: 'no-answer' })
    expect(seen.length).toBe(3)
  })

  test('a body that is cut off each time before its first byte is given up', async () => {
    const { objects, seen } = await stub((request, response) => {
      send(request, response, 0)
      response.flushHeaders()
      setImmediate(() => response.destroy())
    })
    expect(await readAll(objects)).toMatchObject({ left: { _tag: 'StorageUnreachable', cause: 'broken' } })
    expect(seen.length).toBe(3)
  })

  test('a body that trickles ends with the time of all requests, where that is limited', async () => {
    const { objects } = await stub(
      (request, response) => {
        send(request, response, 1)
        const drip = setInterval(() => response.write('x'), 10)
        response.on('close', () => clearInterval(drip))
      },
      { bodyIdleMs: 60_000, withinMs: 300 },
    )
    const { bytes, left } = await readAll(objects)
    expect(bytes.length).toBeGreaterThan(1)
    expect(left).toMatchObject({ _tag: 'StorageUnreachable', cause: 'no-answer' })
  })

  test('a page that a proxy gives in place of the object is not taken for it', async () => {
    const { objects } = await stub((_, response) => response.end('<html>log in</html>'))
    expect(await readAll(objects)).toMatchObject({
      bytes: Buffer.alloc(0),
      left: { _tag: 'StorageRefused', cause: 'foreign' },
    })
  })

  test('a store that gives no ETag is believed by the length', async () => {
    const { objects } = await stub((_, response) => {
      response.writeHead(200, { 'Content-Length': CONTENT.length })
      response.end(CONTENT)
    })
    expect((await readAll(objects)).bytes.equals(CONTENT)).toBe(true)
  })

  test('an object that was replaced is noticed, by the store or by its ETag', async () => {
    const byStore = await stub((_, response) => failWith(response, 412, 'PreconditionFailed'))
    expect(await readAll(byStore.objects)).toMatchObject({ left: { code: 'FILE_CHANGED' } })
    const byEtag = await stub((_, response) => {
      response.writeHead(200, { ETag: '"v2"', 'Content-Length': 3 })
      response.end('new')
    })
    expect(await readAll(byEtag.objects)).toMatchObject({ bytes: Buffer.alloc(0), left: { code: 'FILE_CHANGED' } })
  })

  test('a store that ignores ranges is not mistaken for one that keeps them', async () => {
    const { objects } = await stub((_, response) => {
      response.writeHead(200, { ETag: ETAG, 'Content-Length': CONTENT.length })
      response.end(CONTENT)
    })
    expect(await readAll(objects, 10)).toMatchObject({ bytes: Buffer.alloc(0), left: { code: 'FILE_UNREADABLE' } })
  })

  test('passing trouble is waited out, lasting trouble is told at once', async () => {
    const passing = await stub((request, response, n) =>
      n === 1 ? failWith(response, 503, 'SlowDown') : send(request, response),
    )
    expect((await readAll(passing.objects)).bytes.equals(CONTENT)).toBe(true)
    const lasting = await stub((_, response) => failWith(response, 403, 'AccessDenied'))
    expect(await readAll(lasting.objects)).toMatchObject({ left: { _tag: 'StorageRefused', cause: 'get' } })
    expect(lasting.seen.length).toBe(1)
  })

  test('a stop ends a waiting body at once', async () => {
    const { objects, stop } = await stub((request, response) => {
      send(request, response, 100)
      setImmediate(() => stop.abort())
    })
    expect((await readAll(objects)).left).toEqual({ _tag: 'Stopped' })
  })
})

describe('page', () => {
  const listing = (contents: string, next?: string): string =>
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`}${contents}</ListBucketResult>`

  test('an empty listing is empty', async () => {
    const { objects } = await stub((_, response) => response.end(listing('')))
    expect(await objects.page('p/', undefined)()).toEqual(E.right({ objects: [], next: undefined }))
  })

  test('keys, ETags, sizes and times are taken as they are; the next page is asked by its token', async () => {
    const one =
      '<Contents><Key>p/a &amp; b.csv</Key><LastModified>2026-03-01T11:30:00.123Z</LastModified><ETag>&quot;e&quot;</ETag><Size>7</Size></Contents>'
    const { objects, seen } = await stub((_, response) => response.end(listing(one, 'more')))
    expect(await objects.page('p/', 'token')()).toEqual(
      E.right({
        objects: [
          {
            key: 'p/a & b.csv',
            etag: '"e"',
            bytes: 7,
            modifiedMs: Date.parse('2026-03-01T11:30:00.123Z'),
            archived: false,
          },
        ],
        next: 'more',
      }),
    )
    expect(new URL(seen[0]?.url ?? '', 'http://x').searchParams.get('continuation-token')).toBe('token')
    expect(new URL(seen[0]?.url ?? '', 'http://x').searchParams.get('prefix')).toBe('p/')
  })

  const archivedOf = (one: string): string =>
    listing(`<Contents><Key>p/a.csv</Key><StorageClass>GLACIER</StorageClass>${one}</Contents>`)
  const RESTORED =
    '<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>2026-12-31T00:00:00Z</RestoreExpiryDate></RestoreStatus>'
  const attributes = (seen: ReadonlyArray<http.IncomingMessage>): ReadonlyArray<unknown> =>
    seen.map(({ headers }) => headers['x-amz-optional-object-attributes'])

  test.each([
    ['STANDARD', '', false],
    ['GLACIER_IR', '', false],
    ['INTELLIGENT_TIERING', '', false],
    ['GLACIER', '', true],
    ['DEEP_ARCHIVE', '', true],
    ['GLACIER', '<RestoreStatus><IsRestoreInProgress>true</IsRestoreInProgress></RestoreStatus>', true],
    ['GLACIER', RESTORED, false],
    // Some stores restore for good.
    ['GLACIER', '<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress></RestoreStatus>', false],
  ])('an object of the class %s, %s, is archived: %s', async (storageClass, status, archived) => {
    const one = `<Contents><Key>p/a.csv</Key><StorageClass>${storageClass}</StorageClass>${status}</Contents>`
    const { objects } = await stub((_, response) => response.end(listing(one)))
    expect(await objects.page('p/', undefined)()).toMatchObject(E.right({ objects: [{ archived }] }))
  })

  test('what was restored is asked for from the first archived object on, and not before', async () => {
    const plain = '<Contents><Key>p/a.csv</Key><StorageClass>STANDARD</StorageClass></Contents>'
    const { objects, seen } = await stub(({ headers }, response, n) =>
      response.end(
        n === 1 ? listing(plain) : archivedOf('x-amz-optional-object-attributes' in headers ? RESTORED : ''),
      ),
    )
    for (const archived of [false, false, false])
      expect(await objects.page('p/', undefined)()).toMatchObject(E.right({ objects: [{ archived }] }))
    expect(attributes(seen)).toEqual([undefined, undefined, 'RestoreStatus', 'RestoreStatus'])
  })

  test('a store that refuses to tell what was restored is asked once, and lists all the same', async () => {
    const { objects, seen } = await stub(({ headers }, response) => {
      if ('x-amz-optional-object-attributes' in headers) failWith(response, 501, 'NotImplemented')
      else response.end(archivedOf(''))
    })
    for (let i = 0; i < 2; i++)
      expect(await objects.page('p/', undefined)()).toMatchObject(E.right({ objects: [{ archived: true }] }))
    expect(attributes(seen)).toEqual([undefined, 'RestoreStatus', undefined])
  })

  const ODD = 'p/\u0001 a+b%20&\u00fc\n//\u65e5.csv'
  const listed = (key: string, more: string): string =>
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>${more}<Contents><Key>${key}</Key></Contents></ListBucketResult>`

  test.each([
    ['an encoding as of forms', encodeURIComponent(ODD).replace(/%20/g, '+'), ODD],
    ['an encoding as of paths', encodeURI(ODD).replace(/\+/g, '%2B').replace(/&/g, '%26'), ODD],
    ['what is no encoding', 'p/100%.csv', 'p/100%.csv'],
  ])('keys that are listed in %s are found by their own spelling', async (_, key, found) => {
    const { objects, seen } = await stub((__, response) =>
      response.end(listed(key, '<EncodingType>url</EncodingType>')),
    )
    expect(await objects.page('p/', undefined)()).toMatchObject(E.right({ objects: [{ key: found }] }))
    expect(new URL(seen[0]?.url ?? '', 'http://x').searchParams.get('encoding-type')).toBe('url')
  })

  test('keys of a store that encodes nothing, and says so by saying nothing, are taken as they are', async () => {
    const { objects } = await stub((_, response) => response.end(listed('p/a+b%20c.csv', '')))
    expect(await objects.page('p/', undefined)()).toMatchObject(E.right({ objects: [{ key: 'p/a+b%20c.csv' }] }))
  })

  test('what requests say of their bucket is what is set', async () => {
    const { objects, seen } = await stub((_, response) => response.end(listing('')), {
      requesterPays: true,
      expectedOwner: '123456789012',
    })
    await objects.page('p/', undefined)()
    await readAll(objects)
    for (const { headers } of seen)
      expect(headers).toMatchObject({
        'x-amz-request-payer': 'requester',
        'x-amz-expected-bucket-owner': '123456789012',
      })
    expect(seen.length).toBeGreaterThan(1)
  })

  test('what stands under a key is found, though others begin with it', async () => {
    const one = (key: string): string => `<Contents><Key>${key}</Key><ETag>"${key}"</ETag></Contents>`
    const { objects, seen } = await stub((_, response, n) =>
      response.end(listing(n === 1 ? one('p/a') + one('p/a.csv') : one('p/a.csv'))),
    )
    expect(await objects.find('p/a')()).toMatchObject(E.right({ etag: '"p/a"' }))
    expect(await objects.find('p/a')()).toEqual(E.right(undefined))
    expect(new URL(seen[0]?.url ?? '', 'http://x').searchParams.get('prefix')).toBe('p/a')
  })

  test('a refusal is told by its cause', async () => {
    const { objects } = await stub((_, response) => failWith(response, 404, 'NoSuchBucket'))
    expect(await objects.page('p/', undefined)()).toMatchObject(E.left({ _tag: 'StorageRefused', cause: 'bucket' }))
  })

  test.each([
    ['no listing at all', '<feed></feed>'],
    ['nothing', ''],
    ['a page', '<html><body></body></html>'],
  ])('%s is told, and no empty folder', async (_, body) => {
    const { objects } = await stub((__, response) => response.end(body))
    expect(await objects.page('p/', undefined)()).toMatchObject(E.left({ _tag: 'StorageRefused', cause: 'foreign' }))
  })

  test('a listing that goes on and tells no other page is told, and no files are missed', async () => {
    const nowhere = await stub((_, response) =>
      response.end('<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>'),
    )
    expect(await nowhere.objects.page('p/', undefined)()).toMatchObject(E.left({ cause: 'request' }))
    const circle = await stub((_, response) => response.end(listing('', 'here')))
    expect(await circle.objects.page('p/', undefined)()).toEqual(E.right({ objects: [], next: 'here' }))
    expect(await circle.objects.page('p/', 'here')()).toMatchObject(E.left({ cause: 'request' }))
  })

  test('no answer ends with the time of all requests, whatever memory is collected', async () => {
    const { objects } = await stub(() => undefined, { withinMs: 2_300 })
    const asked = objects.page('p/', undefined)()
    // Garbage, so that the collector runs while the request waits.
    for (let i = 0; i < 200; i++) new Array<number>(100_000).fill(i)
    expect(await asked).toMatchObject(E.left({ _tag: 'StorageUnreachable', cause: 'no-answer' }))
  })

  test("S3's own trouble outweighs the silence after it", async () => {
    const { objects } = await stub((_, response, n) => (n === 1 ? failWith(response, 503, 'SlowDown') : undefined), {
      withinMs: 2_600,
    })
    expect(await objects.page('p/', undefined)()).toEqual(E.left({ _tag: 'StorageFailing', status: 503 }))
  })

  test("the bucket's own region is followed once, and kept to; a configured one is not left", async () => {
    const regionOf = ({ headers }: http.IncomingMessage): string | undefined =>
      /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1]
    const elsewhere: Answer = (request, response) => {
      if (regionOf(request) === 'eu-west-1') response.end(listing(''))
      else {
        response.setHeader('x-amz-bucket-region', 'eu-west-1')
        failWith(response, 301, 'PermanentRedirect')
      }
    }
    const free = await stub(elsewhere)
    for (let i = 0; i < 2; i++) expect(await free.objects.page('p/', undefined)()).toMatchObject(E.right({}))
    expect(free.seen.map(regionOf)).toEqual(['us-east-1', 'eu-west-1', 'eu-west-1'])
    const fixed = await stub(elsewhere, { region: 'us-west-2' })
    expect(await fixed.objects.page('p/', undefined)()).toMatchObject(E.left({ cause: 'region', detail: 'eu-west-1' }))
    expect(fixed.seen.map(regionOf)).toEqual(['us-west-2'])
  })
})
