import { failureType, sentence } from '../../src/failure'
import { CHANGED, type S3Error, refusalOf, retryOf } from '../../src/source/s3-refusal'

const BUCKET = 'acme-offline'
const HOST = 's3.example.com:443'
const CANARY = 'jane@example.com'

const refused = (operation: 'list' | 'get', error: S3Error) =>
  refusalOf(error, { operation, bucket: BUCKET, host: HOST })

const answered = (name: string, httpStatusCode: number, more: Partial<S3Error> = {}): S3Error => ({
  name,
  message: `key data/${CANARY}.csv`,
  $metadata: { httpStatusCode },
  ...more,
})

describe('refusalOf: what the user can mend', () => {
  test.each([
    ['InvalidAccessKeyId', 403, 'access-key', /S3 Bucket Access Key/],
    ['SignatureDoesNotMatch', 403, 'secret', /S3 Bucket Secret/],
    ['ExpiredToken', 400, 'session-token', /session token/],
    ['InvalidToken', 400, 'session-token', /session token/],
    ['NoSuchBucket', 404, 'bucket', /no bucket acme-offline/],
    ['InvalidBucketName', 400, 'bucket', /S3 Bucket Name/],
    ['RequestTimeTooSkewed', 403, 'clock', /clock/],
    ['KMS.DisabledException', 400, 'decrypt', /kms:Decrypt/],
  ])('%s (%d) is %s, of either operation', (name, status, cause, text) => {
    for (const operation of ['list', 'get'] as const) {
      const failure = refused(operation, answered(name, status))
      expect(failure).toEqual({ _tag: 'StorageRefused', cause, bucket: BUCKET })
      if ('_tag' in failure)
        expect([failureType(failure), sentence(failure)]).toEqual(['config_error', expect.stringMatching(text)])
      expect(retryOf(failure)).toBe('never')
    }
  })

  test.each([
    ['list', /s3:ListBucket/],
    ['get', /s3:GetObject/],
  ] as const)('AccessDenied of a %s names the permission that is missing', (operation, text) => {
    const failure = refused(operation, answered('AccessDenied', 403))
    expect(failure).toEqual({ _tag: 'StorageRefused', cause: operation, bucket: BUCKET })
    expect('_tag' in failure ? sentence(failure) : '').toMatch(text)
  })

  test('AccessDenied for want of kms:Decrypt is told apart by its message', () => {
    const message = 'User: x is not authorized to perform: kms:Decrypt on resource: y'
    expect(refused('get', answered('AccessDenied', 403, { message }))).toMatchObject({ cause: 'decrypt' })
  })

  test.each([
    ['PermanentRedirect', 301],
    ['TemporaryRedirect', 307],
    ['AuthorizationHeaderMalformed', 400],
    ['Unknown', 301],
  ])('%s (%d) names the right region, if S3 tells it', (name, status) => {
    const headers = { 'x-amz-bucket-region': 'eu-central-1' }
    expect(refused('list', answered(name, status, { $response: { headers } }))).toMatchObject({
      cause: 'region',
      detail: 'eu-central-1',
    })
    expect(refused('list', answered(name, status, { Region: 'eu-west-1' }))).toMatchObject({ detail: 'eu-west-1' })
    expect(refused('list', answered(name, status))).toEqual({
      _tag: 'StorageRefused',
      cause: 'region',
      bucket: BUCKET,
    })
  })

  test('a region that looks like none is not shown', () => {
    expect(JSON.stringify(refused('list', answered('PermanentRedirect', 301, { Region: CANARY })))).not.toContain(
      CANARY,
    )
  })

  test('any other refusal is named by its code, or its status where the code is no word', () => {
    expect(refused('list', answered('InvalidRequest', 400))).toMatchObject({
      cause: 'request',
      detail: 'InvalidRequest',
    })
    expect(refused('list', answered(CANARY, 418))).toMatchObject({ cause: 'request', detail: 'HTTP 418' })
  })
})

describe('refusalOf: one object', () => {
  test.each([
    ['PreconditionFailed', 412],
    ['Unknown', 412],
    ['NoSuchKey', 404],
    ['InvalidRange', 416],
  ])('%s (%d) of a get means that it was changed', (name, status) => {
    expect(refused('get', answered(name, status))).toEqual(CHANGED)
    expect(retryOf(CHANGED)).toBe('never')
  })

  test('of a listing it means nothing of the kind', () => {
    expect(refused('list', answered('NoSuchKey', 404))).toMatchObject({ _tag: 'StorageRefused', cause: 'request' })
  })

  // FILE_ARCHIVED, a WARN that fails no run, is what the contract has for it.
  test('InvalidObjectState means an archived storage class', () => {
    expect(refused('get', answered('InvalidObjectState', 403))).toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})

describe('refusalOf: what may pass', () => {
  test.each([
    ['InternalError', 500],
    ['ServiceUnavailable', 503],
    ['SlowDown', 503],
    ['TooManyRequests', 429],
  ])('%s (%d) is S3 failing: to be asked again patiently, and transient', (name, httpStatusCode) => {
    const failure = refused('list', answered(name, httpStatusCode))
    expect(failure).toEqual({ _tag: 'StorageFailing', status: httpStatusCode })
    expect(retryOf(failure)).toBe('patiently')
    if ('_tag' in failure) expect(failureType(failure)).toBe('transient_error')
  })

  test.each([
    [{ code: 'ECONNREFUSED' }, 'refused', 'soon'],
    [{ code: 'ENOTFOUND' }, 'unknown-host', 'soon'],
    [{ code: 'EAI_AGAIN' }, 'unknown-host', 'soon'],
    [{ code: 'ETIMEDOUT' }, 'no-answer', 'patiently'],
    [{ name: 'TimeoutError' }, 'no-answer', 'patiently'],
    [{ name: 'AbortError' }, 'no-answer', 'patiently'],
    [{ code: 'ECONNRESET' }, 'broken', 'patiently'],
    [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'certificate', 'soon'],
    [{ code: 'CERT_HAS_EXPIRED' }, 'certificate', 'soon'],
  ] as const)('%j without an answer is %s: %s', (error, cause, again) => {
    const failure = refused('get', error)
    expect(failure).toEqual({ _tag: 'StorageUnreachable', cause, host: HOST })
    expect(retryOf(failure)).toBe(again)
    if ('_tag' in failure) expect(failureType(failure)).toBe('transient_error')
  })
})

describe('refusalOf: what was never a proper request or answer', () => {
  test('an answer of success that can not be read was cut off', () => {
    expect(refused('list', answered('SyntaxError', 200))).toMatchObject({ _tag: 'StorageUnreachable', cause: 'broken' })
  })

  test('a request that the client would not even send is in the settings', () => {
    expect(refused('list', { name: 'Error' })).toMatchObject({ _tag: 'StorageRefused', cause: 'request' })
    // A proxy that hangs up: sent, and no answer.
    expect(refused('list', { name: 'Error', $metadata: {} })).toMatchObject({ _tag: 'StorageUnreachable' })
    expect(retryOf(refused('list', { name: 'Error' }))).toBe('never')
  })
})

describe('refusalOf: messages', () => {
  test.each(['AccessDenied', 'NoSuchBucket', 'InvalidObjectState', 'NoSuchKey', 'SlowDown', 'Whatever'])(
    'the message of %s is searched and never shown: it may quote a key',
    (name) => {
      for (const operation of ['list', 'get'] as const) {
        const failure = refused(operation, answered(name, 403))
        const shown = '_tag' in failure ? sentence(failure) : ''
        expect(JSON.stringify(failure) + shown).not.toContain(CANARY)
      }
    },
  )
})
