import { type Bucket, newBucket } from '../support/bucket'
import { EVENTS } from '../support/catalogs'
import { BARE_ENV, type Ended, newFolder } from '../support/connector'
import { recordLines } from '../support/messages'
import { type Moto, describeWithMoto, makeRole, makeUser } from '../support/moto'
import { startRead } from '../support/reading'
import { makeFile } from '../support/rows'
import { type Answer, type S3Stub, listing, page, refusal, startS3 } from '../support/s3-stub'
import { CONTAINER, type Lending, type SignInStub, lentKey, startSignIn } from '../support/sign-in-stub'
import { SUCCEEDED, type Status, checkSource, closedPort, failed, statusOf } from './checking'

type Json = Readonly<Record<string, unknown>>

const FILES = ['a', 'b'].map((name) => ({ key: `data/${name}.csv`, content: makeFile({ rows: 2, seed: name }).csv }))

/** Without the service of a machine, which is looked for last. */
const NOWHERE: NodeJS.ProcessEnv = { ...BARE_ENV, AWS_EC2_METADATA_DISABLED: 'true' }
const KEY: NodeJS.ProcessEnv = {
  ...NOWHERE,
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'canary-secret',
}
const ROLE = 'arn:aws:iam::123456789012:role/reader'

/** A real S3 API, with IAM and STS and its authentication switched on. */
describeWithMoto('source check with a role or the credentials of the environment', (moto) => {
  const folder = newFolder()
  let bucket: Bucket
  let users: Readonly<Record<User, NodeJS.ProcessEnv>>

  beforeAll(async () => {
    bucket = await newBucket(moto(), 'lent')
    for (const { key, content } of FILES) await bucket.put(key, content)
    users = await makeUsers(moto())
    await moto().requireAuth(true)
  }, 60_000)
  afterAll(() => {
    bucket.close()
    folder.remove()
  })

  const roleOf = (over: Json = {}): Json => ({
    auth_type: 'assume_role',
    role_arn: ROLE,
    external_id: 'canary-external',
    sts_endpoint: moto().url,
    ...over,
  })
  const checked = async (credentials: Json, env: NodeJS.ProcessEnv): Promise<Status> => {
    const ended = await checkSource(folder, bucket.config({ credentials }), { env })
    expect(ended.stdout).not.toContain(env['AWS_SECRET_ACCESS_KEY'] ?? 'no secret')
    return statusOf(ended)
  }

  it("assumes the role with the environment's key, and succeeds by what the role may", async () => {
    expect(await checked(roleOf(), users.assumer)).toEqual(SUCCEEDED)
  })

  it("reads with the role's credentials", async () => {
    const reading = { config: bucket.config({ credentials: roleOf() }), env: users.assumer }
    const ended = await startRead(folder, reading).ended
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' })
    expect(recordLines(ended, EVENTS)).toHaveLength(4)
  })

  it('FAILED where the key may not assume the role: names Role ARN and what STS said', async () => {
    expect(await checked(roleOf(), users.reader)).toEqual(failed(/^Role ARN: STS .*\(AccessDenied\).*external id/))
  })

  it('FAILED where the role may not list: names the permission', async () => {
    const role_arn = 'arn:aws:iam::123456789012:role/stranger'
    expect(await checked(roleOf({ role_arn }), users.assumer)).toEqual(failed(/s3:ListBucket/))
  })

  it("FAILED where nobody knows the environment's key: names it, and no field of another kind of sign-in", async () => {
    const env = { ...users.assumer, AWS_ACCESS_KEY_ID: 'AKIAUNKNOWNUNKNOWN00' }
    for (const credentials of [roleOf(), { auth_type: 'default_chain' }])
      expect(await checked(credentials, env)).toEqual(failed(/^Credentials \(the environment's access key\): /))
  })

  it('FAILED where the secret is of another key: names it', async () => {
    const env = { ...users.reader, AWS_SECRET_ACCESS_KEY: 'canary-of-another-key' }
    for (const credentials of [roleOf(), { auth_type: 'default_chain' }])
      expect(await checked(credentials, env)).toEqual(failed(/^Credentials \(the environment's secret\): /))
  })

  it("signs in with the environment's key", async () => {
    expect(await checked({ auth_type: 'default_chain' }, users.reader)).toEqual(SUCCEEDED)
  })

  it('FAILED where there is nobody: says what to give', async () => {
    for (const credentials of [roleOf(), { auth_type: 'default_chain' }])
      expect(await checked(credentials, NOWHERE)).toEqual(
        failed(/^Credentials: the environment brings none .*AWS_ACCESS_KEY_ID/),
      )
  })
})

describe('source with credentials that are lent', () => {
  const folder = newFolder()
  const closing: Array<{ readonly close: () => void }> = []
  afterAll(() => {
    for (const one of closing) one.close()
    folder.remove()
  })

  const s3Of = async (answers: Readonly<Partial<Record<'list' | 'get', Answer>>> = {}): Promise<S3Stub> => {
    const stub = await startS3(FILES, answers)
    closing.push(stub)
    return stub
  }
  const signInOf = async (lending?: Lending): Promise<SignInStub> => {
    const stub = await startSignIn(lending)
    closing.push(stub)
    return stub
  }
  const checked = async (s3: S3Stub, credentials: Json, env: NodeJS.ProcessEnv): Promise<Status> => {
    const ended = await checkSource(folder, s3.config({ credentials }), { env })
    expect(ended.stdout).not.toMatch(/canary|LENT/)
    return statusOf(ended)
  }
  const roleAt = (sts_endpoint: string, over: Json = {}): Json => ({
    auth_type: 'assume_role',
    role_arn: ROLE,
    sts_endpoint,
    ...over,
  })
  const CHAIN = { auth_type: 'default_chain' }

  const FIRST = { signer: lentKey(1), token: 'canary-lent-token' }
  const signersOf = ({ asked }: S3Stub): ReadonlyArray<unknown> =>
    asked.map(({ signer, headers }) => ({ signer, token: headers['x-amz-security-token'] }))

  it('brings the external id, and by it is lent the role', async () => {
    const [s3, sts] = [await s3Of(), await signInOf({ externalId: 'canary-external' })]
    expect(await checked(s3, roleAt(sts.url, { external_id: 'canary-external' }), KEY)).toEqual(SUCCEEDED)
    expect(sts.asked).toEqual([expect.objectContaining({ Action: 'AssumeRole', RoleArn: ROLE })])
    expect(signersOf(s3)).toEqual([FIRST, FIRST])
    expect(await checked(s3, roleAt(sts.url), KEY)).toEqual(failed(/^Role ARN: STS .*\(AccessDenied\)/))
  })

  it.each<readonly [name: string, envOf: (stub: SignInStub) => NodeJS.ProcessEnv, asked: ReadonlyArray<Json>]>([
    [
      'a web identity',
      ({ url }) => ({
        ...NOWHERE,
        AWS_ENDPOINT_URL_STS: url,
        AWS_ROLE_ARN: ROLE,
        AWS_WEB_IDENTITY_TOKEN_FILE: folder.file('token', 'canary-web-token'),
      }),
      [{ Action: 'AssumeRoleWithWebIdentity', RoleArn: ROLE }],
    ],
    [
      'a container',
      ({ url }) => ({ ...NOWHERE, AWS_CONTAINER_CREDENTIALS_FULL_URI: url + CONTAINER }),
      [{ path: CONTAINER }],
    ],
    [
      'a machine',
      ({ url }) => ({ ...BARE_ENV, AWS_EC2_METADATA_SERVICE_ENDPOINT: url }),
      [
        { path: '/latest/api/token' },
        { path: '/latest/meta-data/iam/security-credentials/' },
        { path: '/latest/meta-data/iam/security-credentials/reader' },
      ],
    ],
  ])('signs in with the credentials of %s', async (_, envOf, asked) => {
    const [s3, signIn] = [await s3Of(), await signInOf({ webToken: 'canary-web-token' })]
    expect(await checked(s3, CHAIN, envOf(signIn))).toEqual(SUCCEEDED)
    expect(signIn.asked).toMatchObject(asked)
    expect(signersOf(s3)).toEqual([FIRST, FIRST])
  })

  it('reads on with new ones where those it has are about to expire', async () => {
    const [s3, sts] = [await s3Of(), await signInOf({ forMs: 60_000 })]
    const ended: Ended = await startRead(folder, {
      config: s3.config({ credentials: roleAt(sts.url) }),
      env: KEY,
    }).ended
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' })
    expect(recordLines(ended, EVENTS)).toHaveLength(4)
    const signers = s3.asked.map(({ signer }) => signer)
    expect(new Set(signers).size).toBe(signers.length)
  })

  it("follows the bucket's own region with the same role", async () => {
    const moved = refusal(301, 'PermanentRedirect', { headers: { 'x-amz-bucket-region': 'eu-west-1' } })
    const s3 = await s3Of({
      list: (asked, response) => (asked.region === 'eu-west-1' ? listing(FILES) : moved)(asked, response),
    })
    const sts = await signInOf()
    expect(await checked(s3, roleAt(sts.url), KEY)).toEqual(SUCCEEDED)
    expect(s3.asked.map(({ operation, region }) => `${operation} ${region}`)).toEqual([
      'list us-east-1',
      'list eu-west-1',
      'get eu-west-1',
    ])
  })

  describe('FAILED', () => {
    it('where STS refuses the connection: names its host and port, and what to check', async () => {
      const host = `127.0.0.1:${await closedPort()}`
      const s3 = await s3Of()
      expect(await checked(s3, roleAt(`http://${host}`), KEY)).toEqual(
        failed(new RegExp(`^STS refused the connection at ${host}\\. Check sts_endpoint`)),
      )
      expect(s3.asked).toEqual([])
    })

    it('where something else answers in place of STS: names its host and port', async () => {
      const web = await startS3([], { get: page(404) })
      closing.push(web)
      expect(await checked(await s3Of(), roleAt(web.url), KEY)).toEqual(
        failed(new RegExp(`^sts_endpoint.*: what answers is not STS \\(HTTP 404 from ${web.host}`)),
      )
    })

    it.each([
      ['ExpiredTokenException', /^Credentials \(the environment's session token\): it has expired/],
      ['InvalidClientTokenId', /^Credentials \(the environment's access key\): /],
      ['AccessDenied', /^Role ARN: STS .*\(AccessDenied\)/],
      ['RegionDisabledException', /^Role ARN: STS .*\(RegionDisabledException\)/],
    ])('where STS says %s: names what is to be mended', async (refuses, names) => {
      const [s3, sts] = [await s3Of(), await signInOf({ refuses })]
      const env = { ...KEY, AWS_SESSION_TOKEN: 'canary-token' }
      expect(await checked(s3, roleAt(sts.url), env)).toEqual(failed(names))
      expect(s3.asked).toEqual([])
    })

    it('where a web identity is refused: says whose credentials', async () => {
      const [s3, sts] = [await s3Of(), await signInOf({ webToken: 'another' })]
      const env = {
        ...NOWHERE,
        AWS_ENDPOINT_URL_STS: sts.url,
        AWS_ROLE_ARN: ROLE,
        AWS_WEB_IDENTITY_TOKEN_FILE: folder.file('token', 'canary-web-token'),
      }
      expect(await checked(s3, CHAIN, env)).toEqual(failed(/^Credentials: .*\(InvalidIdentityTokenException\)/))
    })

    it("where S3 says that the environment's token expired, or a role's: says whose", async () => {
      const s3 = await s3Of({ list: refusal(400, 'ExpiredToken') })
      const env = { ...KEY, AWS_SESSION_TOKEN: 'canary-token' }
      expect(await checked(s3, CHAIN, env)).toEqual(failed(/^Credentials \(the environment's session token\): /))
      const sts = await signInOf()
      expect(await checked(s3, roleAt(sts.url), env)).toEqual(failed(/^Role ARN \(the session token that STS lent/))
    })
  })
})

type User = 'assumer' | 'reader'

/** The environments of users who may only assume a role, and only read; the role may read, and a stranger nothing here. */
const makeUsers = async (moto: Moto): Promise<Readonly<Record<User, NodeJS.ProcessEnv>>> => {
  const user = async (name: User, ...actions: ReadonlyArray<string>): Promise<NodeJS.ProcessEnv> => {
    const { id, secret } = await makeUser(moto, name, actions)
    return { ...NOWHERE, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret }
  }
  await makeRole(moto, 'reader', ['s3:ListBucket', 's3:GetObject'])
  await makeRole(moto, 'stranger', ['s3:PutObject'])
  return {
    assumer: await user('assumer', 'sts:AssumeRole'),
    reader: await user('reader', 's3:ListBucket', 's3:GetObject'),
  }
}
