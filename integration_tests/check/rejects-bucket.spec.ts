import { type Bucket, newBucket } from '../support/bucket'
import { BARE_ENV, type Options, newFolder } from '../support/connector'
import { type Platform, destinationConfig, startPlatform } from '../support/emulator'
import { type Moto, describeWithMoto, makeRole, makeUser } from '../support/moto'
import { type Answer, type S3Stub, answer, page, refusal, startS3 } from '../support/s3-stub'
import { type Mark, type Status, checkDestination, closedPort, failed, failureOf, marksOf, statusOf } from './checking'

type Over = Readonly<Record<string, unknown>>

/** Each key of object_storage_config that a message may name. */
const KEYS = ['access_key_id', 'secret_access_key', 'role_arn', 's3_bucket_name', 's3_bucket_region', 's3_endpoint']
const named = (message: string): ReadonlyArray<string> => KEYS.filter((key) => message.includes(key))

/** A real S3 API, with IAM and STS and its authentication switched on. */
describeWithMoto('destination check with a bucket for rejects', (moto) => {
  const folder = newFolder()
  let platform: Platform
  let bucket: Bucket
  let keys: Readonly<Record<User, Key>>

  beforeAll(async () => {
    platform = await startPlatform()
    bucket = await newBucket(moto(), 'rejects')
    keys = await makeUsers(moto())
    await moto().requireAuth(true)
  }, 60_000)
  afterEach(() => moto().requireAuth(true))
  afterAll(async () => {
    bucket.close()
    folder.remove()
    await platform.close()
  })

  const checked = async (user: User | undefined, over: Over = {}, options?: Options): Promise<Status> => {
    const key = user === undefined ? { access_key_id: '', secret_access_key: '' } : keys[user]
    const config = destinationConfig(platform, { object_storage_config: bucket.storage({ ...key, ...over }) })
    return statusOf(await checkDestination(folder, config, options))
  }

  /** What lies in the bucket; looked at with the door open. */
  const left = async (): Promise<ReadonlyArray<string>> => {
    await moto().requireAuth(false)
    return [...(await bucket.texts('')).keys()]
  }

  it('succeeds with a key that may put and delete, and leaves nothing behind', async () => {
    const { status, message } = await checked('writer')
    expect({ status, remark: message.includes('.check') }).toEqual({ status: 'SUCCEEDED', remark: false })
    expect(await left()).toEqual([])
  })

  it('asks for no bucket where none is configured', async () => {
    const config = destinationConfig(platform, { object_storage_config: { storage_type: 'None' } })
    expect(statusOf(await checkDestination(folder, config))).toMatchObject({ status: 'SUCCEEDED' })
  })

  it('succeeds with a key that may not delete, and names what it left behind', async () => {
    expect(await checked('putter', { bucket_path: '/left/behind/' })).toEqual({
      status: 'SUCCEEDED',
      message: expect.stringMatching(/bucket rejects.* left\/behind\/\.check .*s3:DeleteObject/) as string,
    })
    expect(await left()).toEqual(['left/behind/.check'])
    await bucket.remove('left/behind/.check')
  })

  const wrong: ReadonlyArray<readonly [name: string, key: string, user: User, over: Over]> = [
    ['a bucket that is not there', 's3_bucket_name', 'writer', { s3_bucket_name: 'no-such-bucket' }],
    ['a key that nobody knows', 'access_key_id', 'writer', { access_key_id: 'AKIAUNKNOWNUNKNOWN00' }],
    ['a secret of another key', 'secret_access_key', 'writer', { secret_access_key: 'not-the-secret-of-that-key' }],
    ['a key that may not put', 's3_bucket_name', 'reader', {}],
  ]
  it.each(wrong)('FAILED over %s: names the key of the config, and no other', async (_, key, user, over) => {
    const { status, message } = await checked(user, over)
    expect({ status, message, named: named(message) }).toEqual({
      status: 'FAILED',
      message: expect.stringContaining(`object_storage_config.${key}: `) as string,
      named: [key],
    })
    expect(await left()).toEqual([])
  })

  it('names the permission that is missing', async () => {
    expect((await checked('reader')).message).toContain('s3:PutObject')
  })

  it('tells first what is wrong with the platform', async () => {
    const storage = bucket.storage({ ...keys.writer, s3_bucket_name: 'no-such-bucket' })
    const config = destinationConfig(platform, { object_storage_config: storage }, { access_token: 'canary-token' })
    expect(statusOf(await checkDestination(folder, config))).toEqual(failed(/^platform\.access_token/))
  })

  describe('and a role', () => {
    const ROLE = 'arn:aws:iam::123456789012:role/rejects'
    const atMoto = (): NodeJS.ProcessEnv => ({ ...BARE_ENV, AWS_ENDPOINT_URL_STS: moto().url })

    it('assumes it with the key, and succeeds by what the role may', async () => {
      expect(await checked('assumer', { role_arn: ROLE }, { env: atMoto() })).toMatchObject({ status: 'SUCCEEDED' })
      expect(await left()).toEqual([])
    })

    it("assumes it with the environment's key", async () => {
      const { access_key_id: AWS_ACCESS_KEY_ID, secret_access_key: AWS_SECRET_ACCESS_KEY } = keys.assumer
      const env = { ...atMoto(), AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }
      expect(await checked(undefined, { role_arn: ROLE }, { env })).toMatchObject({ status: 'SUCCEEDED' })
    })

    it('FAILED where the key may not assume it: names role_arn', async () => {
      expect(await checked('writer', { role_arn: ROLE }, { env: atMoto() })).toEqual(
        failed(/^object_storage_config\.role_arn: STS .*\(AccessDenied\)/),
      )
    })

    it('FAILED where STS does not know the key: names access_key_id', async () => {
      const over = { role_arn: ROLE, access_key_id: 'AKIAUNKNOWNUNKNOWN00' }
      expect(await checked('assumer', over, { env: atMoto() })).toEqual(
        failed(/^object_storage_config\.access_key_id: /),
      )
    })

    it('FAILED where there is nobody to assume it: says what to give', async () => {
      const env = { ...atMoto(), AWS_EC2_METADATA_DISABLED: 'true' }
      expect(await checked(undefined, { role_arn: ROLE }, { env })).toEqual(
        failed(/^object_storage_config\.access_key_id: none is given/),
      )
    })

    it('names host and port of an STS that refuses', async () => {
      const host = `127.0.0.1:${await closedPort()}`
      const env = { ...BARE_ENV, AWS_ENDPOINT_URL_STS: `http://${host}` }
      expect(await checked('assumer', { role_arn: ROLE }, { env })).toEqual(failed(new RegExp(`refused.*${host}`)))
    })
  })

  describe('and no key', () => {
    /** Without the service of a machine, which is looked for last. */
    const NOWHERE = { ...BARE_ENV, AWS_EC2_METADATA_DISABLED: 'true' }

    const IDENTITY = { AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token', AWS_ROLE_ARN: 'arn:aws:iam::1:role/rejects' }

    it("signs in with the environment's key, whatever else the environment holds, and warns nobody", async () => {
      const { access_key_id: AWS_ACCESS_KEY_ID, secret_access_key: AWS_SECRET_ACCESS_KEY } = keys.writer
      const credentials = `[x]\naws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n`
      const AWS_SHARED_CREDENTIALS_FILE = folder.file('credentials', credentials)
      const env = { ...NOWHERE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }
      expect(await checked(undefined, {}, { env })).toMatchObject({ status: 'SUCCEEDED' })
      const profile = { ...env, AWS_PROFILE: 'x', AWS_SHARED_CREDENTIALS_FILE }
      expect(await checked(undefined, {}, { env: profile })).toMatchObject({ status: 'SUCCEEDED' })
    })

    it.each([
      ['none', NOWHERE],
      ['the file of a web identity that is not there', { ...NOWHERE, ...IDENTITY }],
      ['a service of roles that refuses', { ...BARE_ENV, AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/x' }],
      ['a profile that is not there', { ...NOWHERE, AWS_PROFILE: 'nobody' }],
    ])('FAILED where the environment has %s: says what to give', async (_, env) => {
      expect(await checked(undefined, {}, { env })).toEqual(
        failed(/^object_storage_config\.access_key_id: none is given/),
      )
    })
  })
})

describe('destination check with a bucket for rejects that is none', () => {
  const folder = newFolder()
  const stubs: Array<S3Stub> = []
  let platform: Platform
  beforeAll(async () => (platform = await startPlatform()))
  afterAll(async () => {
    for (const stub of stubs) stub.close()
    folder.remove()
    await platform.close()
  })

  const refusedBy = async (put: Answer, over: Over = {}): Promise<{ message: string; stub: S3Stub }> => {
    const stub = await startS3([], { put })
    stubs.push(stub)
    const config = destinationConfig(platform, { object_storage_config: stub.storage(over) })
    return { message: failureOf(await checkDestination(folder, config)), stub }
  }

  it('names host and port of a port that refuses', async () => {
    const host = `127.0.0.1:${await closedPort()}`
    const { message } = await refusedBy(answer(200, ''), { s3_endpoint: `http://${host}` })
    expect(message).toMatch(new RegExp(`refused the connection at ${host}.*s3_endpoint`))
  })

  const MOVED = { headers: { 'x-amz-bucket-region': 'eu-west-1' } }
  const KMS = { message: 'User: x is not authorized to perform: kms:GenerateDataKey' }
  const cases: ReadonlyArray<readonly [name: string, key: string, mark: Mark | undefined, answer: Answer, over: Over]> =
    [
      ['another web server', 's3_endpoint', 'foreign', page(404), {}],
      ['a web server that says 200 to anything', 's3_endpoint', 'foreign', page(200), {}],
      [
        'another region',
        's3_bucket_region',
        undefined,
        refusal(301, 'PermanentRedirect', MOVED),
        { s3_bucket_region: 'us-east-1' },
      ],
      ['a key that may not encrypt', 's3_bucket_name', undefined, refusal(403, 'AccessDenied', KMS), {}],
    ]
  it.each(cases)('FAILED over %s: names the key of the config', async (_, key, mark, put, over) => {
    const { message, stub } = await refusedBy(put, over)
    expect({ message, marks: marksOf(message) }).toEqual({
      message: expect.stringContaining(`object_storage_config.${key}: `) as string,
      marks: mark === undefined ? [] : [mark],
    })
    expect(stub.asked.map(({ operation, key: asked }) => [operation, asked])).toEqual([['put', 'rejected/.check']])
  })
})

type User = 'writer' | 'putter' | 'reader' | 'assumer'
interface Key {
  readonly access_key_id: string
  readonly secret_access_key: string
}

/** Users who may put and delete, only put, only read, and only assume the role, which may put and delete. */
const makeUsers = async (moto: Moto): Promise<Readonly<Record<User, Key>>> => {
  const user = async (name: User, ...actions: ReadonlyArray<string>): Promise<Key> => {
    const { id, secret } = await makeUser(moto, name, actions)
    return { access_key_id: id, secret_access_key: secret }
  }
  await makeRole(moto, 'rejects', ['s3:PutObject', 's3:DeleteObject'])
  return {
    writer: await user('writer', 's3:PutObject', 's3:DeleteObject'),
    putter: await user('putter', 's3:PutObject'),
    reader: await user('reader', 's3:ListBucket', 's3:GetObject'),
    assumer: await user('assumer', 'sts:AssumeRole'),
  }
}
