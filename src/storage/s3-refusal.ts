import type { Failure, FileFault } from '../failure'
import type { SignInService, StorageRefusal, StorageSigner, StorageUse } from '../storage-failure'
import { type Unreachable, causeOf, isHopeless } from '../unreachable'

/** What an S3 client throws, as far as it is looked at. */
export interface S3Error {
  /** S3's own code, where S3 answered with one. */
  readonly name?: string
  /** Node's code, where there was no answer. */
  readonly code?: string
  readonly message?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
  /** The body, where it is no XML. */
  readonly $responseBodyText?: string
  readonly Region?: string
  readonly Endpoint?: string
}

export interface S3Request {
  readonly operation: 'list' | 'get' | 'put' | 'remove'
  readonly use: StorageUse
  readonly bucket: string
  /** Host and port, or AWS's name where no endpoint is set. */
  readonly host: string
  /** The one it was signed for. */
  readonly region: string
  /** What else than a permission may be missing. */
  readonly aside?: string
  readonly signer?: StorageSigner
  /** Who is asked, where it is not S3 itself. */
  readonly asked?: SignInService
}

/**
 * An S3 error as what it means for the run, or for the one object that was asked for. Names are those of AWS's list of S3 error
 * codes (Amazon S3 API reference, "Error responses"); the message is only searched, never shown: it may quote a key.
 */
export const refusalOf = (error: S3Error, request: S3Request): Failure | FileFault => {
  const status = error.$metadata?.httpStatusCode
  return status === undefined ? unanswered(error, request) : answered(error, status, request)
}

/**
 * Why a request could not be signed. `ofRole`: a role was to be assumed, and STS answers for that; else credentials were looked for in the
 * environment. STS's names are those of AWS's reference ("AssumeRole", "Common Errors").
 */
export const credentialRefusalOf = (error: S3Error, ofRole: boolean, request: S3Request): Failure => {
  const { name = '', message = '', $metadata } = error
  // Nothing was sent: there was nothing to sign in with.
  if ($metadata === undefined) return refused('credentials', request, word(name))
  const status = $metadata.httpStatusCode
  if (status === undefined) return unanswered(error, request)
  if (isPassing(name, status)) return passing(status, request)
  if (status < 300 || NO_CODES.has(name)) return foreign(status, request)
  if (LATE_SIGNATURE.test(message)) return refused('clock', request)
  const cause = CAUSES[name]
  return cause === undefined ? refused(ofRole ? 'assume' : 'credentials', request, word(name)) : refused(cause, request)
}

/** Whether asking again may help, and whether it may help only in a moment (`soon`: nobody answers at that address at all). */
export const retryOf = (failure: Failure | FileFault): 'never' | 'soon' | 'patiently' => {
  if (!('_tag' in failure)) return 'never'
  if (failure._tag === 'StorageFailing') return 'patiently'
  if (failure._tag !== 'StorageUnreachable') return 'never'
  return isHopeless(failure.cause) ? 'soon' : 'patiently'
}

/** An answer that S3 would not give: of another web server, or of a proxy on the way. */
export const foreign = (status: number, request: S3Request): Failure =>
  refused(
    'foreign',
    request,
    status === 407
      ? 'HTTP 407: a proxy on the way wants a user name and a password, in HTTPS_PROXY or HTTP_PROXY'
      : `HTTP ${status} from ${request.host}, and not in S3's words: another web server answers there, or a proxy on the way${status === 400 ? ', or the port wants https' : ''}`,
  )

/** A refusal with its cause. */
export const refused = (
  cause: StorageRefusal,
  { use, bucket, signer, asked }: S3Request,
  detail?: string,
): Failure => ({
  _tag: 'StorageRefused',
  use,
  cause,
  bucket,
  ...(detail === undefined ? {} : { detail }),
  ...(signer === undefined ? {} : { signer }),
  ...(asked === undefined ? {} : { asked }),
})

export const unreachable = (cause: Unreachable, { use, host, asked }: S3Request): Failure => ({
  _tag: 'StorageUnreachable',
  use,
  cause,
  host,
  ...(asked === undefined ? {} : { asked }),
})

/** Passing trouble of the other side. */
export const passing = (status: number | undefined, { asked }: Pick<S3Request, 'asked'>): Failure => ({
  _tag: 'StorageFailing',
  status,
  ...(asked === undefined ? {} : { asked }),
})

export const CHANGED: FileFault = {
  code: 'FILE_CHANGED',
  detail: 'it was replaced or deleted while it was being read: run again to read what stands there now',
}

const unanswered = (error: S3Error, request: S3Request): Failure => {
  const { code, name } = error
  if (code?.startsWith('HPE_') === true)
    return refused('foreign', request, `no HTTP from ${request.host}: an endpoint with TLS begins with https://`)
  // The client calls a reset connection a timeout; its code knows better.
  if (code !== undefined) return unreachable(causeOf({ code }), request)
  if (name !== undefined && TIMEOUTS.has(name)) return unreachable('no-answer', request)
  if (error.$metadata !== undefined) return unreachable('broken', request)
  // The SDK would not even send it: a bucket or region whose name is none. What was sent brings its number of attempts.
  return refused('request', request, 'it could not be sent: look for stray spaces in the settings')
}

const TIMEOUTS: ReadonlySet<string> = new Set(['TimeoutError', 'AbortError'])

const answered = (error: S3Error, status: number, request: S3Request): Failure | FileFault => {
  const { operation } = request
  const { name = '', message = '' } = error
  const file = FILE_FAULTS[name] ?? (status === 412 ? CHANGED : undefined)
  if (file !== undefined && operation === 'get') return file
  if (status < 300) return isCutOff(error) ? unreachable('broken', request) : foreign(status, request)
  if (REGION_CODES.has(name) || (status === 301 && regionOf(error) !== undefined))
    return elsewhere(error, status, request)
  if (isPassing(name, status)) return { _tag: 'StorageFailing', status }
  if (NO_CODES.has(name)) return foreign(status, request)
  if (name === 'SignatureDoesNotMatch' && LATE_SIGNATURE.test(message)) return refused('clock', request)
  const cause = CAUSES[name]
  if (cause !== undefined) return refused(cause, request)
  const crypt = operation === 'put' ? 'encrypt' : 'decrypt'
  if (name.startsWith('KMS.')) return refused(crypt, request, word(name))
  if (status === 403 && /\bkms:/i.test(message)) return refused(crypt, request)
  if (status === 403 && !ACCOUNT_CODES.has(name)) return refused(operation, request, request.aside)
  return refused('request', request, word(name) ?? `HTTP ${status}`)
}

const isPassing = (name: string, status: number): boolean =>
  PASSING_CODES.has(name) || PASSING_STATUS.has(status) || (status >= 500 && status !== 501)

/** The bucket is not where it was asked for. */
const elsewhere = (error: S3Error, status: number, request: S3Request): Failure => {
  const region = regionOf(error)
  // A malformed header need not be about the region: a key with a slash or a space makes one as well.
  if (region === undefined && /credential|access key/i.test(error.message ?? '')) return refused('access-key', request)
  // What a bucket answers in its first minutes, until its name is known everywhere.
  if (status === 307 && (region === undefined || region === request.region)) return { _tag: 'StorageFailing', status }
  if (region === request.region)
    return refused('request', request, `the bucket is in ${region}, and the endpoint is not`)
  return refused('region', request, region)
}

const regionOf = ({ $response, Region, Endpoint, message }: S3Error): string | undefined => {
  const told =
    $response?.headers?.['x-amz-bucket-region'] ??
    Region ??
    /\bs3[.-]([a-z]{2}-[a-z-]+-\d)\.amazonaws\.com/.exec(Endpoint ?? '')?.[1] ??
    /expecting '([^']+)'/.exec(message ?? '')?.[1]
  return told !== undefined && REGION.test(told) ? told : undefined
}

/** Short words and hyphens, as AWS's and other stores' regions: what is longer may be a key that somebody repeats. */
const REGION = /^[a-z0-9]{1,12}(-[a-z0-9]{1,12}){0,4}$/

/** Whether a listing ends before its end; what is no listing at all never was S3's. */
const isCutOff = ({ $responseBodyText }: S3Error): boolean =>
  $responseBodyText === undefined ||
  (/^\s*<(\?xml|ListBucketResult)\b/.test($responseBodyText) && !/<(!doctype|html)\b/i.test($responseBodyText))

/** A code may be shown where it looks like S3's, letters and one point at most: what has digits may be a key that somebody repeats. */
const word = (code: string): string | undefined => (CODE.test(code) ? code : undefined)

const CODE = /^(?=.*[a-z])[A-Z][A-Za-z]{1,50}(\.[A-Za-z]{1,50})?$/

const FILE_FAULTS: Readonly<Record<string, FileFault>> = {
  PreconditionFailed: CHANGED,
  NoSuchKey: CHANGED,
  InvalidRange: CHANGED,
  InvalidObjectState: {
    code: 'FILE_ARCHIVED',
    detail: 'it lies in an archived storage class: restore it, or leave it out by file_pattern or start_date',
  },
}

const CAUSES: Readonly<Record<string, StorageRefusal>> = {
  InvalidAccessKeyId: 'access-key',
  InvalidClientTokenId: 'access-key',
  SignatureDoesNotMatch: 'secret',
  ExpiredToken: 'session-token',
  ExpiredTokenException: 'session-token',
  InvalidToken: 'session-token',
  NoSuchBucket: 'bucket',
  InvalidBucketName: 'bucket',
  RequestTimeTooSkewed: 'clock',
}

const REGION_CODES: ReadonlySet<string> = new Set([
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
])

/** Codes of passing trouble that come under 4xx, and HTTP's own. */
const PASSING_CODES: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'OperationAborted',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'RequestThrottled',
])
const PASSING_STATUS: ReadonlySet<number> = new Set([408, 425, 429])

/** Refusals under 403 that no permission mends. */
const ACCOUNT_CODES: ReadonlySet<string> = new Set([
  'AccountProblem',
  'AllAccessDisabled',
  'InvalidPayer',
  'InvalidSecurity',
  'NotSignedUp',
])

/** What the SDK calls an answer in which it found no code. */
const NO_CODES: ReadonlySet<string> = new Set(['', 'Error', 'NotFound', 'SyntaxError', 'Unknown', 'UnknownError'])

/** How some stores, and AWS's other services, tell of a clock: "Signature expired: 20260101T000000Z is now earlier than ...". */
const LATE_SIGNATURE = /signature (expired|not yet current)/i
