import { type Bucket, newBucket } from '../support/bucket'
import { newFolder } from '../support/connector'
import { type Moto, describeWithMoto, makeUser } from '../support/moto'
import { makeFile } from '../support/rows'
import { type Mark, SUCCEEDED, type Status, checkSource, marksOf, statusOf } from './checking'

/** A real S3 API with its authentication switched on. */
describeWithMoto('source check with keys of all kinds', (moto) => {
  const folder = newFolder()
  let bucket: Bucket
  let keys: Readonly<Record<User, Key>>

  beforeAll(async () => {
    bucket = await newBucket(moto(), 'check')
    await bucket.put('database/old.csv', 'no,template\n')
    await bucket.put('data/old.csv', 'no,template\n')
    await bucket.put('data/orders.csv', makeFile({ rows: 2, seed: 'check' }).csv)
    await bucket.put('headless/orders.csv', 'event_name,when,Email_hashed\nLead,1,a@example.com\n')
    await bucket.put('siblings-only-2/orders.csv', 'no,template\n')
    keys = await makeUsers(moto())
    await moto().requireAuth(true)
  }, 60_000)
  afterAll(() => {
    bucket.close()
    folder.remove()
  })

  const checked = async (user: User, over: Over = {}, key: Partial<Key> = {}): Promise<Status> => {
    const credentials = { auth_type: 'access_key', ...keys[user], ...key }
    return statusOf(await checkSource(folder, bucket.config({ credentials, ...over })))
  }

  it('succeeds with a key that may list and get', async () => {
    expect(await checked('reader')).toEqual(SUCCEEDED)
  })

  const UNKNOWN_KEY = { aws_access_key_id: 'AKIAUNKNOWNUNKNOWN00' }
  const OTHER_SECRET = { aws_secret_access_key: 'not-the-secret-of-that-key' }
  const cases: ReadonlyArray<readonly [name: string, mark: Mark, user: User, over: Over, key: Partial<Key>]> = [
    ['a key that nobody knows', 'key', 'reader', {}, UNKNOWN_KEY],
    ['a secret of another key', 'secret', 'reader', {}, OTHER_SECRET],
    ['a bucket that is not there', 'bucket', 'reader', { bucket: 'no-such-bucket' }, {}],
    ['a key that may not list', 'list', 'getter', {}, {}],
    ['a key that may not get', 'get', 'lister', {}, {}],
    ['a header without a required column', 'column', 'reader', { path_prefix: 'headless' }, {}],
  ]

  it.each(cases)('FAILED over %s, and over nothing else', async (_, mark, user, over, key) => {
    const { status, message } = await checked(user, over, key)
    expect({ status, message, marks: marksOf(message) }).toEqual({ status: 'FAILED', message, marks: [mark] })
  })

  it('names the bucket that is not there, and the file and column of a header', async () => {
    expect((await checked('reader', { bucket: 'no-such-bucket' })).message).toMatch(/S3 Bucket Name.*no-such-bucket/)
    expect((await checked('reader', { path_prefix: 'headless' })).message).toMatch(/headless\/orders\.csv.*event_time/)
  })

  it.each(['nothing-here', 'siblings-only', 'dat'])('remarks that no file matches in %s', async (path_prefix) => {
    expect(await checked('reader', { path_prefix })).toEqual({
      status: 'SUCCEEDED',
      message: expect.stringContaining('no matching file') as string,
    })
  })
})

type Over = Readonly<Record<string, unknown>>
type User = 'reader' | 'lister' | 'getter'
interface Key {
  readonly aws_access_key_id: string
  readonly aws_secret_access_key: string
}

/** Users who may list and get, only list, and only get; authentication must still be off. */
const makeUsers = async (moto: Moto): Promise<Readonly<Record<User, Key>>> => {
  const user = async (name: User, ...actions: ReadonlyArray<string>): Promise<Key> => {
    const { id, secret } = await makeUser(moto, name, actions)
    return { aws_access_key_id: id, aws_secret_access_key: secret }
  }
  return {
    reader: await user('reader', 's3:ListBucket', 's3:GetObject'),
    lister: await user('lister', 's3:ListBucket'),
    getter: await user('getter', 's3:GetObject'),
  }
}
