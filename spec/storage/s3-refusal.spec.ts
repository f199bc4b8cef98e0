import { failureType, sentence } from '../../src/failure'
import { CHANGED, type S3Error, refusalOf, retryOf } from '../../src/storage/s3-refusal'

const BUCKET = 'acme-offline'
const HOST = 's3.example.com:443'
const REGION = 'us-east-1'
const CANARY = 'jane@example.com'

const refused = (operation: 'list' | 'get', error: S3Error) =>
  refusalOf(error, { operation, use: 'files', bucket: BUCKET, host: HOST, region: REGION })

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
    ['ExpiredToken', 400, 'session-token', /Session token/],
    ['InvalidToken', 400, 'session-token', /Session token/],
    ['NoSuchBucket', 404, 'bucket', /no bucket acme-offline/],
    ['InvalidBucketName', 400, 'bucket', /S3 Bucket Name/],
    ['RequestTimeTooSkewed', 403, 'clock', /clock/],
  ])('%s (%d) is %s, of either operation', (name, status, cause, text) => {
    for (const operation of ['list', 'get'] as const) {
      const failure = refused(operation, answered(name, status))
      expect(failure).toEqual({ _tag: 'StorageRefused', use: 'files', cause, bucket: BUCKET })
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
    expect(failure).toEqual({ _tag: 'StorageRefused', use: 'files', cause: operation, bucket: BUCKET })
    expect('_tag' in failure ? sentence(failure) : '').toMatch(text)
  })

  test('AccessDenied for want of kms:Decrypt is told apart by its message', () => {
    const message = 'User: x is not authorized to perform: kms:Decrypt on resource: y'
    expect(refused('get', answered('AccessDenied', 403, { message }))).toMatchObject({ cause: 'decrypt' })
  })

  test.each(['KMS.DisabledException', 'KMS.NotFoundException', 'KMS.KMSInvalidStateException'])(
    '%s is decrypt, with the code for those who know it',
    (name) => {
      expect(refused('get', answered(name, 400))).toEqual({
        _tag: 'StorageRefused',
        use: 'files',
        cause: 'decrypt',
        bucket: BUCKET,
        detail: name,
      })
    },
  )

  test.each([
    ['PermanentRedirect', 301],
    ['TemporaryRedirect', 307],
    ['AuthorizationHeaderMalformed', 400],
    ['IllegalLocationConstraintException', 400],
    ['Unknown', 301],
  ])('%s (%d) names the right region, wherever S3 tells it', (name, status) => {
    const places: ReadonlyArray<Partial<S3Error>> = [
      { $response: { headers: { 'x-amz-bucket-region': 'eu-central-1' } } },
      { Region: 'eu-central-1' },
      { Endpoint: 'acme-offline.s3.eu-central-1.amazonaws.com' },
      { Endpoint: 'acme-offline.s3-eu-central-1.amazonaws.com' },
      { message: "the region 'us-east-1' is wrong; expecting 'eu-central-1'" },
    ]
    for (const place of places)
      expect(refused('list', answered(name, status, place))).toEqual({
        _tag: 'StorageRefused',
        use: 'files',
        cause: 'region',
        bucket: BUCKET,
        detail: 'eu-central-1',
      })
  })

  test.each([
    ['PermanentRedirect', 301],
    ['AuthorizationHeaderMalformed', 400],
  ])('%s (%d) without a region told is still another region', (name, status) => {
    expect(refused('list', answered(name, status))).toEqual({
      _tag: 'StorageRefused',
      use: 'files',
      cause: 'region',
      bucket: BUCKET,
    })
  })

  test('a header that is malformed for its key is about the key', () => {
    for (const message of ['the Credential is mal-formed; expecting "<YOUR-AKID>/.."', 'a non-empty Access Key (AKID)'])
      expect(refused('list', answered('AuthorizationHeaderMalformed', 400, { message }))).toMatchObject({
        cause: 'access-key',
      })
  })

  test('the region that was asked is not named as another one: the endpoint is at fault, or the bucket is new', () => {
    const here = { Region: REGION }
    expect(refused('list', answered('PermanentRedirect', 301, here))).toMatchObject({
      cause: 'request',
      detail: expect.stringContaining('endpoint') as string,
    })
    for (const more of [here, {}])
      expect(refused('list', answered('TemporaryRedirect', 307, more))).toEqual({ _tag: 'StorageFailing', status: 307 })
  })

  test('a signature that came too late or too early is the clock, not the secret', () => {
    for (const message of ['Signature expired: 1 is now earlier than 2', 'Signature not yet current: 2 is still later'])
      expect(refused('list', answered('SignatureDoesNotMatch', 403, { message }))).toMatchObject({ cause: 'clock' })
  })

  test.each([CANARY, 'akiaiosfodnn7example', 'eu-west-1 akia', ''])(
    'a region that looks like none is not shown: "%s"',
    (Region) => {
      expect(refused('list', answered('PermanentRedirect', 301, { Region }))).toEqual({
        _tag: 'StorageRefused',
        use: 'files',
        cause: 'region',
        bucket: BUCKET,
      })
    },
  )

  test.each(['eu-west-1', 'us-gov-east-1', 'ap-southeast-7', 'fr-par', 'nyc3', 'garage', 'auto'])(
    'a region of AWS or of another store is shown: %s',
    (Region) => {
      expect(refused('list', answered('PermanentRedirect', 301, { Region }))).toMatchObject({ detail: Region })
    },
  )

  test.each(['InvalidRequest', 'MethodNotAllowed', 'ServerSideEncryptionConfigurationNotFoundError'])(
    'any other refusal is named by its code: %s',
    (name) => {
      expect(refused('list', answered(name, 400))).toMatchObject({ cause: 'request', detail: name })
    },
  )

  test.each([CANARY, 'AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'A code'])(
    'what is no code is not shown, but the status: %s',
    (name) => {
      expect(refused('list', answered(name, 418))).toMatchObject({ cause: 'request', detail: 'HTTP 418' })
      // Nor is it as a code of the key service.
      expect(JSON.stringify(refused('get', answered(`KMS.${name}`, 400)))).not.toContain(name)
    },
  )

  test.each(['AccountProblem', 'AllAccessDisabled', 'InvalidPayer', 'NotSignedUp'])(
    '%s (403) is no matter of permissions',
    (name) => {
      expect(refused('list', answered(name, 403))).toMatchObject({ cause: 'request', detail: name })
    },
  )
})

describe('refusalOf: what no S3 says', () => {
  // What the SDK makes of answers without a code: empty ones, pages that are nearly XML, and those that are not.
  test.each([
    ['Unknown', 403],
    ['UnknownError', 401],
    ['NotFound', 404],
    ['Error', 404],
    ['SyntaxError', 400],
    ['Unknown', 301],
    ['Unknown', 302],
    ['Unknown', 307],
    ['Unknown', 501],
  ])('%s (%d) names host and status, and no permission', (name, status) => {
    for (const operation of ['list', 'get'] as const) {
      const failure = refused(operation, answered(name, status))
      expect(failure).toMatchObject({ _tag: 'StorageRefused', use: 'files', cause: 'foreign' })
      expect('_tag' in failure ? sentence(failure) : '').toMatch(new RegExp(`HTTP ${status} from ${HOST}`))
      expect(retryOf(failure)).toBe('never')
    }
  })

  test('407 is a proxy that wants a password', () => {
    expect(refused('list', answered('Unknown', 407))).toMatchObject({
      detail: expect.stringMatching(/proxy/) as string,
    })
  })

  test('nor does a port that speaks no HTTP', () => {
    const failure = refused('list', { name: 'Error', code: 'HPE_INVALID_CONSTANT', $metadata: {} })
    expect(failure).toMatchObject({ cause: 'foreign', detail: expect.stringContaining(HOST) as string })
    expect(retryOf(failure)).toBe('never')
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
    expect(refused('list', answered('NoSuchKey', 404))).toMatchObject({
      _tag: 'StorageRefused',
      use: 'files',
      cause: 'request',
    })
  })

  test('InvalidObjectState means an archived storage class', () => {
    expect(refused('get', answered('InvalidObjectState', 403))).toMatchObject({ code: 'FILE_ARCHIVED' })
  })
})

describe('refusalOf: what may pass', () => {
  test.each([
    ['InternalError', 500],
    ['ServiceUnavailable', 503],
    ['SlowDown', 503],
    ['TooManyRequests', 429],
    ['Unknown', 502],
    ['Error', 503],
    ['Unknown', 408],
    ['RequestTimeout', 400],
    ['OperationAborted', 409],
    ['ThrottlingException', 400],
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
    // As the SDK throws a reset.
    [{ name: 'TimeoutError', code: 'ECONNRESET' }, 'broken', 'patiently'],
    [{ code: 'EPROTO' }, 'tls', 'soon'],
    [{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'tls', 'soon'],
    [{ code: 'EHOSTUNREACH' }, 'no-route', 'soon'],
    [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'certificate', 'soon'],
    [{ code: 'CERT_HAS_EXPIRED' }, 'certificate', 'soon'],
  ] as const)('%j without an answer is %s: %s', (error, cause, again) => {
    const failure = refused('get', error)
    expect(failure).toEqual({ _tag: 'StorageUnreachable', use: 'files', cause, host: HOST })
    expect(retryOf(failure)).toBe(again)
    if ('_tag' in failure) expect(failureType(failure)).toBe('transient_error')
  })
})

describe('refusalOf: what was never a proper request or answer', () => {
  test('an answer of success that can not be read was cut off', () => {
    for (const text of [undefined, '<?xml version="1.0"?><ListBucketResult><Na', '<ListBucketResult'])
      expect(
        refused('list', answered('Error', 200, text === undefined ? {} : { $responseBodyText: text })),
      ).toMatchObject({ _tag: 'StorageUnreachable', use: 'files', cause: 'broken' })
  })

  test.each([
    '<!DOCTYPE html><html><br></html>',
    '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html><p>',
    '{"a":1}',
    'ok',
  ])('one that never was a listing is not S3: %s', (text) => {
    expect(refused('list', answered('Error', 200, { $responseBodyText: text }))).toMatchObject({
      cause: 'foreign',
      detail: expect.stringContaining(`HTTP 200 from ${HOST}`) as string,
    })
  })

  test('a request that the client would not even send is in the settings', () => {
    expect(refused('list', { name: 'Error' })).toMatchObject({ _tag: 'StorageRefused', use: 'files', cause: 'request' })
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
