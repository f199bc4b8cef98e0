import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { type Bucket, newBucket } from './support/bucket'
import { type Bin, type Ended, newFolder, run } from './support/connector'
import { ADVERTISER, type Platform, destinationConfig, startPlatform } from './support/emulator'
import { type Moto, describeWithMoto } from './support/moto'
import { makeFile } from './support/rows'

const folder = newFolder()
afterAll(() => folder.remove())

const check = (bin: Bin, config: unknown): Promise<Ended> =>
  run(bin, ['check', '--config', folder.file('config.json', config)])

/** The one CONNECTION_STATUS that a check answers, whatever it found. */
const statusOf = ({ code, stderr, messages }: Ended): { status: string; message: string } => {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const statuses = messages.flatMap(({ connectionStatus }) =>
    connectionStatus === undefined ? [] : [connectionStatus],
  )
  expect(statuses).toHaveLength(1)
  expect(messages.filter(({ type }) => type !== 'CONNECTION_STATUS' && type !== 'LOG')).toEqual([])
  return { status: statuses[0]?.status ?? '', message: statuses[0]?.message ?? '' }
}

const failed = (names: RegExp): unknown => ({ status: 'FAILED', message: expect.stringMatching(names) as string })

/** A port of the loopback on which nobody listens. */
const closedPort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describeWithMoto('source check', (moto) => {
  let bucket: Bucket
  let keys: Readonly<Record<User, Key>>

  beforeAll(async () => {
    bucket = await newBucket(moto(), 'check')
    await bucket.put('data/old.csv', 'no,template\n')
    await bucket.put('headless/orders.csv', 'event_name,when,Email_hashed\nLead,1,a@example.com\n')
    await bucket.put('no-name/orders.csv', 'event_time,Email_hashed\n1,a@example.com\n')
    await bucket.put('other/readme.txt', 'nothing to read')
    await bucket.put('data/orders.csv', makeFile({ rows: 2, seed: 'check' }).csv)
    keys = await makeUsers(moto())
    await moto().requireAuth(true)
  }, 60_000)
  afterAll(() => bucket.close())

  const checkSource = async (user: User, over: Readonly<Record<string, unknown>> = {}, key: Partial<Key> = {}) => {
    const credentials = { auth_type: 'access_key', ...keys[user], ...key }
    return statusOf(await check('source-s3-offline-events', bucket.config({ credentials, ...over })))
  }

  it('succeeds with a key that may list and get', async () => {
    expect(await checkSource('reader')).toEqual({ status: 'SUCCEEDED', message: '' })
  })

  it('names the access key where AWS knows no such key', async () => {
    const found = await checkSource('reader', {}, { aws_access_key_id: 'AKIAUNKNOWNUNKNOWN00' })
    expect(found).toEqual(failed(/S3 Bucket Access Key/))
    expect(found.message).not.toMatch(/Secret|AKIAUNKNOWN/)
  })

  it('names the secret where it is not that of the key', async () => {
    const found = await checkSource('reader', {}, { aws_secret_access_key: 'not-the-secret' })
    expect(found).toEqual(failed(/S3 Bucket Secret/))
    expect(found.message).not.toContain('not-the-secret')
  })

  it('names a bucket that is not there', async () => {
    expect(await checkSource('reader', { bucket: 'no-such-bucket' })).toEqual(failed(/S3 Bucket Name.*no-such-bucket/))
  })

  it('names the permission that is missing to list', async () => {
    const found = await checkSource('getter')
    expect(found).toEqual(failed(/s3:ListBucket/))
    expect(found.message).not.toContain('s3:GetObject')
  })

  it('names the permission that is missing to get', async () => {
    const found = await checkSource('lister')
    expect(found).toEqual(failed(/s3:GetObject/))
    expect(found.message).not.toContain('s3:ListBucket')
  })

  it.each([
    ['headless', /headless\/orders\.csv.*event_time/],
    ['no-name', /no-name\/orders\.csv.*event_name/],
  ])('names the required column that the newest header lacks: %s', async (path_prefix, names) => {
    expect(await checkSource('reader', { path_prefix })).toEqual(failed(names))
  })

  it('takes a default event name for the missing column', async () => {
    const found = await checkSource('reader', { path_prefix: 'no-name', default_event_name: 'Lead' })
    expect(found.status).toBe('SUCCEEDED')
  })

  it.each(['nothing-here', 'other'])(
    'succeeds with a remark where there is no matching file: %s',
    async (path_prefix) => {
      const found = await checkSource('reader', { path_prefix })
      expect(found).toEqual({ status: 'SUCCEEDED', message: expect.stringContaining('no matching file') as string })
    },
  )

  it('tells a refused port by host and port', async () => {
    const port = await closedPort()
    expect(await checkSource('reader', { endpoint: `http://127.0.0.1:${port}` })).toEqual(
      failed(new RegExp(`127\\.0\\.0\\.1:${port}`)),
    )
  })

  it('tells an unknown host by its name', async () => {
    expect(await checkSource('reader', { endpoint: 'http://no-such-host.invalid:9000' })).toEqual(
      failed(/no-such-host\.invalid/),
    )
  })
})

type User = 'reader' | 'lister' | 'getter'
interface Key {
  readonly aws_access_key_id: string
  readonly aws_secret_access_key: string
}

/** Users who may list and get, only list, and only get; authentication must still be off. */
const makeUsers = async (moto: Moto): Promise<Readonly<Record<User, Key>>> => {
  const user = async (name: User, actions: ReadonlyArray<string>): Promise<Key> => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] }
    await moto.iam('CreateUser', { UserName: name })
    await moto.iam('PutUserPolicy', { UserName: name, PolicyName: 'p', PolicyDocument: JSON.stringify(policy) })
    const xml = await moto.iam('CreateAccessKey', { UserName: name })
    const of = (tag: string): string => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(xml)?.[1] ?? ''
    return { aws_access_key_id: of('AccessKeyId'), aws_secret_access_key: of('SecretAccessKey') }
  }
  return {
    reader: await user('reader', ['s3:ListBucket', 's3:GetObject']),
    lister: await user('lister', ['s3:ListBucket']),
    getter: await user('getter', ['s3:GetObject']),
  }
}

describe('source check of a bad config', () => {
  const good = {
    bucket: 'b',
    path_prefix: 'data',
    credentials: { auth_type: 'access_key', aws_access_key_id: 'k', aws_secret_access_key: 'canary-secret' },
    endpoint: 'http://127.0.0.1:1',
  }
  const { credentials } = good
  it.each([
    ['bucket', 'absent', { ...good, bucket: undefined }],
    ['bucket', 'a number', { ...good, bucket: 17 }],
    ['path_prefix', 'null', { ...good, path_prefix: null }],
    ['credentials', 'absent', { ...good, credentials: undefined }],
    ['credentials.auth_type', 'unknown', { ...good, credentials: { ...credentials, auth_type: 'guess' } }],
    [
      'credentials.aws_access_key_id',
      'absent',
      { ...good, credentials: { ...credentials, aws_access_key_id: undefined } },
    ],
    [
      'credentials.aws_secret_access_key',
      'a number',
      { ...good, credentials: { ...credentials, aws_secret_access_key: 17 } },
    ],
    ['endpoint', 'no URL', { ...good, endpoint: 'no url' }],
    ['checkpoint_rows', 'zero', { ...good, checkpoint_rows: 0 }],
    ['start_date', 'no date', { ...good, start_date: 'yesterday' }],
  ])('FAILED names the path: %s is %s', async (path, _, config) => {
    const found = statusOf(await check('source-s3-offline-events', config))
    expect(found).toEqual(failed(new RegExp(`(^|[ .])${path.replace('.', '\\.')}: expected`)))
    expect(found.message).not.toContain('canary-secret')
  })
})

describe('destination check', () => {
  let platform: Platform

  beforeAll(async () => (platform = await startPlatform()))
  beforeEach(() => platform.reset())
  afterAll(() => platform.close())

  const checkDestination = async (over: Readonly<Record<string, unknown>> = {}) =>
    statusOf(await check('destination-offline-events', destinationConfig(platform, {}, over)))

  afterEach(async () => expect((await platform.summary()).events.stored).toBe(0))

  it('proves the token without writing an event', async () => {
    expect(await checkDestination()).toMatchObject({ status: 'SUCCEEDED' })
    expect((await platform.summary()).requests).toMatchObject({ total: 1, by_path: { 'event/track': 1 } })
  })

  it('looks the event set up where an advertiser is given', async () => {
    expect(await checkDestination({ advertiser_id: ADVERTISER })).toMatchObject({ status: 'SUCCEEDED' })
    expect((await platform.summary()).requests).toMatchObject({ total: 1, by_path: { 'offline/get': 1 } })
  })

  it.each([{}, { advertiser_id: ADVERTISER }])('names the token that TikTok does not take: %j', async (over) => {
    const found = await checkDestination({ access_token: 'canary-token', ...over })
    expect(found).toEqual(failed(/platform\.access_token/))
    expect(found.message).not.toContain('canary-token')
  })

  it.each([{}, { advertiser_id: ADVERTISER }])('names the event set that TikTok does not know: %j', async (over) => {
    const found = await checkDestination({ event_set_id: '7399999999999999999', ...over })
    expect(found).toEqual(failed(/event.set/i))
    expect(found.message).toContain('platform.event_set_id')
  })

  it('falls back to an empty request where the token may not list event sets', async () => {
    await platform.reset({ lookup_permitted: false })
    expect(await checkDestination({ advertiser_id: ADVERTISER })).toMatchObject({ status: 'SUCCEEDED' })
    expect((await platform.summary()).requests.by_path).toEqual({ 'offline/get': 1, 'event/track': 1 })
  })

  it('waits out a passing rate limit', async () => {
    await platform.reset({ faults: [{ kind: 'code', code: 40100 }] })
    expect(await checkDestination()).toMatchObject({ status: 'SUCCEEDED' })
    expect((await platform.summary()).requests.total).toBe(2)
  })

  it('tells a refused port by host and port', async () => {
    const port = await closedPort()
    expect(await checkDestination({ api_url: `http://127.0.0.1:${port}` })).toEqual(
      failed(new RegExp(`127\\.0\\.0\\.1:${port}`)),
    )
  })

  it('names api_url where the API is not there', async () => {
    expect(await checkDestination({ api_url: `${platform.url}/nowhere` })).toEqual(failed(/api_url/))
  })

  it.each([
    ['platform.access_token', 'absent', { access_token: undefined }],
    ['platform.event_set_id', 'absent', { event_set_id: undefined }],
    ['platform.event_set_id', 'a number', { event_set_id: 7312 }],
    ['platform.type', 'unknown', { type: 'meta' }],
    ['platform.max_event_age_days', 'a text', { max_event_age_days: '28' }],
  ])('FAILED names the path of a bad config: %s is %s', async (path, _, over) => {
    expect(await checkDestination(over)).toEqual(failed(new RegExp(`${path.replace('.', '\\.')}: expected`)))
    expect((await platform.summary()).requests.total).toBe(0)
  })
})
