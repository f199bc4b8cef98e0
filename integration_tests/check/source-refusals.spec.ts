import { BARE_ENV, newFolder } from '../support/connector'
import { portOf, startProxy } from '../support/proxy'
import { type Answer, BUCKET, type S3Stub, answer, listing, page, refusal, startS3 } from '../support/s3-stub'
import { startTls } from '../support/tls'
import { type Mark, SUCCEEDED, checkSource, failureOf, marksOf, statusOf } from './checking'

const FILES = [{ key: 'data/orders.csv', content: 'event_name,event_time,email\nLead,1790000000,a@example.com\n' }]
/** What S3's messages may quote, and no message of ours may. */
const QUOTED = 'AKIAQUOTEDQUOTED0000'

describe('source check refused by an S3', () => {
  const folder = newFolder()
  const stubs: Array<S3Stub> = []
  afterAll(() => {
    for (const stub of stubs) stub.close()
    folder.remove()
  })

  const stubOf = async (answers: Readonly<Partial<Record<'list' | 'get', Answer>>>): Promise<S3Stub> => {
    const stub = await startS3(FILES, answers)
    stubs.push(stub)
    return stub
  }

  it('that answers as it should: succeeds', async () => {
    const stub = await stubOf({})
    expect(statusOf(await checkSource(folder, stub.config()))).toEqual(SUCCEEDED)
    expect(stub.asked.map(({ operation, prefix, key }) => [operation, prefix, key])).toEqual([
      ['list', 'data/', ''],
      ['get', '', 'data/orders.csv'],
    ])
  })

  const said = (text: string): { message: string } => ({ message: `${text} (${QUOTED})` })
  const REGION = { more: '<Region>eu-west-1</Region>' }
  const MOVED = { headers: { 'x-amz-bucket-region': 'eu-west-1' } }
  const ENDPOINT = { more: `<Endpoint>${BUCKET}.s3.eu-west-1.amazonaws.com</Endpoint>` }
  const LATE = 'Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z'
  const NOT_AUTHORIZED =
    'User: arn:aws:iam::123456789012:user/x is not authorized to perform: kms:Decrypt on this resource'
  const MALFORMED = 'The authorization header is malformed; the Credential is mal-formed; expecting a key'

  const LISTING: ReadonlyArray<readonly [name: string, mark: Mark, answer: Answer]> = [
    ['a key that AWS does not know', 'key', refusal(403, 'InvalidAccessKeyId', said('no such key'))],
    ['a key that makes the header malformed', 'key', refusal(400, 'AuthorizationHeaderMalformed', said(MALFORMED))],
    ['a secret of another key', 'secret', refusal(403, 'SignatureDoesNotMatch', said('no match'))],
    ['an expired session token', 'token', refusal(400, 'ExpiredToken', said('expired'))],
    ['a session token of another key', 'token', refusal(400, 'InvalidToken', said('malformed'))],
    ['a bucket that is not there', 'bucket', refusal(404, 'NoSuchBucket', said('none'))],
    ['no permission to list', 'list', refusal(403, 'AccessDenied', said('Access Denied'))],
    ['a clock that is wrong', 'clock', refusal(403, 'RequestTimeTooSkewed', said('too large'))],
    ['a clock that is wrong, in other words', 'clock', refusal(403, 'SignatureDoesNotMatch', said(LATE))],
  ]

  it.each(LISTING)('of a listing for %s: says so and nothing else', async (_, mark, list) => {
    const stub = await stubOf({ list })
    const message = failureOf(await checkSource(folder, stub.config()))
    expect({ message, marks: marksOf(message) }).toEqual({ message, marks: [mark] })
    expect(message).not.toContain(QUOTED)
    // What the user must mend is not asked again.
    expect(stub.asked.map(({ operation }) => operation)).toEqual(['list'])
  })

  const REGIONS: ReadonlyArray<readonly [told: string, answer: Answer]> = [
    ['301, in a header', refusal(301, 'PermanentRedirect', { ...said('moved'), ...MOVED })],
    ['301, in a header alone', answer(301, '', MOVED.headers)],
    ['301, in an endpoint', refusal(301, 'PermanentRedirect', { ...said('moved'), ...ENDPOINT })],
    ['400, in the body', refusal(400, 'AuthorizationHeaderMalformed', { ...said('expecting another'), ...REGION })],
    ['400, in the message', refusal(400, 'AuthorizationHeaderMalformed', said("wrong; expecting 'eu-west-1'"))],
    ['400, of a location', refusal(400, 'IllegalLocationConstraintException', { ...said('incompatible'), ...MOVED })],
  ]

  it.each(REGIONS)('for a configured region that is the wrong one: names the right one (%s)', async (_, list) => {
    const stub = await stubOf({ list })
    const message = failureOf(await checkSource(folder, stub.config({ region: 'us-east-1' })))
    expect({ message, marks: marksOf(message) }).toEqual({
      message: expect.stringContaining('is in eu-west-1. Set that') as string,
      marks: ['region'],
    })
    expect(message).not.toContain(QUOTED)
    expect(stub.asked.map(({ operation }) => operation)).toEqual(['list'])
  })

  const GETTING: ReadonlyArray<readonly [name: string, mark: Mark, answer: Answer]> = [
    ['no permission to get', 'get', refusal(403, 'AccessDenied', said('Access Denied'))],
    ['no permission to decrypt', 'decrypt', refusal(403, 'AccessDenied', said(NOT_AUTHORIZED))],
    ['a key that is disabled', 'decrypt', refusal(400, 'KMS.DisabledException', said('disabled'))],
    ['a clock that is wrong', 'clock', refusal(403, 'RequestTimeTooSkewed', said('too large'))],
    ['a session token that expired since', 'token', refusal(400, 'ExpiredToken', said('expired'))],
  ]

  it.each(GETTING)('of a file for %s: says so and nothing else', async (_, mark, get) => {
    const stub = await stubOf({ get })
    const message = failureOf(await checkSource(folder, stub.config()))
    expect(marksOf(message)).toEqual([mark])
    expect(message).not.toContain(QUOTED)
    expect(stub.asked.map(({ operation }) => operation)).toEqual(['list', 'get'])
  })

  it('for an account that is not in order: names the code, and no permission', async () => {
    const stub = await stubOf({ list: refusal(403, 'AccountProblem', said('a problem')) })
    const message = failureOf(await checkSource(folder, stub.config()))
    expect({ message, marks: marksOf(message) }).toEqual({
      message: expect.stringContaining('AccountProblem') as string,
      marks: [],
    })
  })

  const FOREIGN: ReadonlyArray<readonly [name: string, status: number, answer: Answer]> = [
    ['a page', 200, page(200)],
    ['a page', 403, page(403)],
    ['a page', 404, page(404)],
    ['nothing', 200, answer(200, '')],
    ['nothing', 403, answer(403, '')],
    ['nothing', 404, answer(404, '')],
    ['JSON', 200, answer(200, '{"status":"ok"}')],
    ['plain text', 400, answer(400, 'Client sent an HTTP request to an HTTPS server.')],
    ['other XML', 200, answer(200, '<feed><entry/></feed>')],
    ['a way elsewhere', 301, page(301, { Location: 'https://127.0.0.1:1/' })],
    ['a way back to itself', 302, page(302, { Location: '/' })],
    ['a way back to itself', 307, page(307, { Location: '/' })],
  ]

  it.each(FOREIGN)('that is none, of %s (%d) for a listing: names host and port', async (_, status, list) => {
    const stub = await stubOf({ list })
    const message = failureOf(await checkSource(folder, stub.config()))
    expect({ message, marks: marksOf(message) }).toEqual({
      message: expect.stringMatching(`HTTP ${status} .*${stub.host}`) as string,
      marks: ['foreign'],
    })
    expect(stub.asked).toHaveLength(1)
  })

  it.each(FOREIGN.filter(([name, status]) => status !== 404 && name !== 'nothing'))(
    'that answers for a file with %s (%d) does not pass for the file',
    async (_, status, get) => {
      const stub = await stubOf({ get })
      const message = failureOf(await checkSource(folder, stub.config()))
      expect({ message, marks: marksOf(message) }).toEqual({
        message: expect.stringMatching(`HTTP ${status} .*${stub.host}`) as string,
        marks: ['foreign'],
      })
    },
  )

  it('says that it is a proxy that wants a password (407), not S3', async () => {
    const stub = await stubOf({ list: page(407) })
    expect(failureOf(await checkSource(folder, stub.config()))).toMatch(/407.*proxy/)
  })

  describe('in another region, with none configured', () => {
    /** S3 of one region: what is signed for another is sent there. */
    const onlyIn =
      (region: string, elsewhere: Answer, here: Answer): Answer =>
      (asked, response) =>
        (asked.region === region ? here : elsewhere)(asked, response)

    it.each([
      ['301', refusal(301, 'PermanentRedirect', MOVED)],
      ['400', refusal(400, 'AuthorizationHeaderMalformed', REGION)],
    ])('follows it (%s), once for all requests', async (_, elsewhere) => {
      const stub = await stubOf({ list: onlyIn('eu-west-1', elsewhere, listing(FILES)) })
      expect(statusOf(await checkSource(folder, stub.config()))).toEqual(SUCCEEDED)
      expect(stub.asked.map(({ operation, region }) => `${operation} ${region}`)).toEqual([
        'list us-east-1',
        'list eu-west-1',
        'get eu-west-1',
      ])
    })

    it("follows it to the region's own host where no endpoint is set, as at AWS", async () => {
      const regions = [await stubOf({ list: refusal(301, 'PermanentRedirect', MOVED) }), await stubOf({})] as const
      const hosts = ['us-east-1', 'eu-west-1'].map((region) => `${BUCKET}.s3.${region}.amazonaws.com`)
      const fronts = await Promise.all(hosts.map((host, i) => startTls(host, portOf(regions[i]?.url ?? ''))))
      const proxy = await startProxy(Object.fromEntries(hosts.map((host, i) => [host, fronts[i]?.port ?? 0])))
      const authorities = folder.file('authorities.pem', fronts.map(({ certificate }) => certificate).join('\n'))
      const ended = await checkSource(folder, regions[0].config({ endpoint: undefined }), {
        env: { ...BARE_ENV, HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: authorities },
      })
      await Promise.all([proxy.close(), ...fronts.map(({ close }) => close())])
      expect(statusOf(ended)).toEqual(SUCCEEDED)
      expect(regions.map(({ asked }) => asked.map(({ operation, region }) => `${operation} ${region}`))).toEqual([
        ['list us-east-1'],
        ['list eu-west-1', 'get eu-west-1'],
      ])
    })

    it('names the endpoint where it is the one of another region', async () => {
      const here = refusal(301, 'PermanentRedirect', { headers: { 'x-amz-bucket-region': 'us-east-1' } })
      const stub = await stubOf({ list: here })
      expect(failureOf(await checkSource(folder, stub.config()))).toMatch(/is in us-east-1, and the endpoint is not/)
      expect(stub.asked).toHaveLength(1)
    })

    it('does not go round in circles', async () => {
      const back = refusal(301, 'PermanentRedirect', { headers: { 'x-amz-bucket-region': 'us-east-1' } })
      const stub = await stubOf({ list: onlyIn('us-east-1', back, refusal(301, 'PermanentRedirect', MOVED)) })
      const message = failureOf(await checkSource(folder, stub.config()))
      expect({ message, marks: marksOf(message) }).toEqual({
        message: expect.stringContaining('us-east-1') as string,
        marks: ['region'],
      })
      expect(stub.asked).toHaveLength(2)
    })
  })
})
