import type { Failure, FileFault, StorageRefusal } from '../failure'
import { causeOf, isHopeless } from '../unreachable'

/** What an S3 client throws, as far as it is looked at. */
export interface S3Error {
  readonly name?: string
  readonly code?: string
  readonly message?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
  readonly Region?: string
}

export interface S3Request {
  readonly operation: 'list' | 'get'
  readonly bucket: string
  /** Host and port, or AWS's name where no endpoint is set. */
  readonly host: string
}

/**
 * An S3 error as what it means for the run, or for the one object that was asked for. Names are those of AWS's list of S3 error
 * codes (Amazon S3 API reference, "Error responses"); the message is only searched, never shown: it may quote a key.
 */
export const refusalOf = (error: S3Error, { operation, bucket, host }: S3Request): Failure | FileFault => {
  const name = error.name ?? ''
  const status = error.$metadata?.httpStatusCode
  const refused = (cause: StorageRefusal, detail?: string): Failure => ({
    _tag: 'StorageRefused',
    cause,
    bucket,
    ...(detail === undefined ? {} : { detail }),
  })
  const file = FILE_FAULTS[name] ?? (status === 412 ? CHANGED : undefined)
  if (file !== undefined && operation === 'get') return file
  const cause = CAUSES[name]
  if (cause !== undefined) return refused(cause, cause === 'region' ? regionOf(error) : undefined)
  if (name.startsWith('KMS.') || (status === 403 && /\bkms:/i.test(error.message ?? ''))) return refused('decrypt')
  if (status === 301 || status === 307) return refused('region', regionOf(error))
  if (status === 403) return refused(operation)
  if (status !== undefined && (status >= 500 || status === 429)) return { _tag: 'StorageFailing', status }
  // An answer that was no error could not be read: it was cut off.
  if (status !== undefined && status >= 200 && status < 300)
    return { _tag: 'StorageUnreachable', cause: 'broken', host }
  if (status !== undefined) return refused('request', /^\w{1,60}$/.test(name) ? name : `HTTP ${status}`)
  const unsent =
    error.$metadata === undefined && error.code === undefined && name !== 'TimeoutError' && name !== 'AbortError'
  // The SDK would not even send it: a bucket or region whose name is none. What was sent brings its number of attempts.
  if (unsent) return refused('request', 'it could not be sent: look for stray spaces in the settings')
  return { _tag: 'StorageUnreachable', cause: causeOf(error), host }
}

/** Whether asking again may help, and whether it may help only in a moment (`soon`: nobody answers at that address at all). */
export const retryOf = (failure: Failure | FileFault): 'never' | 'soon' | 'patiently' => {
  if (!('_tag' in failure)) return 'never'
  if (failure._tag === 'StorageFailing') return 'patiently'
  if (failure._tag !== 'StorageUnreachable') return 'never'
  return isHopeless(failure.cause) ? 'soon' : 'patiently'
}

export const CHANGED: FileFault = {
  code: 'FILE_CHANGED',
  detail: 'it was replaced or deleted while it was being read: run again to read what stands there now',
}

const FILE_FAULTS: Readonly<Record<string, FileFault>> = {
  PreconditionFailed: CHANGED,
  NoSuchKey: CHANGED,
  InvalidRange: CHANGED,
  InvalidObjectState: {
    code: 'FILE_UNREADABLE',
    detail: 'it lies in an archived storage class: restore it, or leave it out by file_pattern or start_date',
  },
}

const CAUSES: Readonly<Record<string, StorageRefusal>> = {
  InvalidAccessKeyId: 'access-key',
  SignatureDoesNotMatch: 'secret',
  ExpiredToken: 'session-token',
  ExpiredTokenException: 'session-token',
  InvalidToken: 'session-token',
  NoSuchBucket: 'bucket',
  InvalidBucketName: 'bucket',
  PermanentRedirect: 'region',
  TemporaryRedirect: 'region',
  AuthorizationHeaderMalformed: 'region',
  RequestTimeTooSkewed: 'clock',
}

const regionOf = (error: S3Error): string | undefined => {
  const region = error.$response?.headers?.['x-amz-bucket-region'] ?? error.Region
  return region !== undefined && /^[a-z0-9-]{1,30}$/.test(region) ? region : undefined
}
