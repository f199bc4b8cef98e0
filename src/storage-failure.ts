import { type Unreachable, unreachableSentence } from './unreachable'

/** What can end a run over a bucket. `use` says whose bucket it is: by it the settings are named as the user knows them. */
export type StorageFailure =
  | {
      readonly _tag: 'StorageRefused'
      readonly use: StorageUse
      readonly cause: StorageRefusal
      readonly bucket: string
      readonly detail?: string
      readonly signer?: StorageSigner
      readonly asked?: SignInService
    }
  | {
      readonly _tag: 'StorageUnreachable'
      readonly use: StorageUse
      readonly cause: Unreachable
      readonly host: string
      readonly asked?: SignInService
    }
  | { readonly _tag: 'StorageFailing'; readonly status: number | undefined; readonly asked?: SignInService }

/** The source's bucket of files, or the destination's for what was rejected. */
export type StorageUse = 'files' | 'rejects'

/** Whose credentials signed, where they are not the config's own: the environment's, or those that STS lends for a role. */
export type StorageSigner = 'environment' | 'role'

/** Who was asked, where it was not S3: STS, or what gives credentials on this machine. */
export type SignInService = 'STS' | 'environment'

/** Why S3 said no, or what there was to sign in with. */
export type StorageRefusal =
  | 'credentials'
  | 'assume'
  | 'access-key'
  | 'secret'
  | 'session-token'
  | 'bucket'
  | 'region'
  | 'list'
  | 'get'
  | 'put'
  | 'remove'
  | 'decrypt'
  | 'encrypt'
  | 'clock'
  | 'foreign'
  | 'request'

/** What happened, where, and what to do next. */
export const storageSentence = (failure: StorageFailure): string => {
  switch (failure._tag) {
    case 'StorageRefused':
      return failure.cause === 'foreign' && failure.asked === 'STS'
        ? `${WORDS[failure.use].sts}: what answers is not STS (${failure.detail ?? 'unknown'}). Check its URL, and the proxy if there is one.`
        : refusal(wordsOf(failure), failure.cause, failure.bucket, failure.detail)
    case 'StorageUnreachable':
      return failure.asked === 'STS'
        ? unreachableSentence('STS', failure, `${WORDS[failure.use].sts} and the network`)
        : unreachableSentence('S3', failure, `${WORDS[failure.use].address} and the network`)
    case 'StorageFailing':
      return `${askedOf(failure)} kept failing${failure.status === undefined ? '' : ` with HTTP ${failure.status}`}. Try again later.`
  }
}

/** Who was asked, by name. */
export const askedOf = ({ asked }: { readonly asked?: SignInService }): string =>
  asked === undefined ? 'S3' : SERVICES[asked]

const SERVICES: Readonly<Record<SignInService, string>> = {
  STS: 'STS',
  environment: "What gives the environment's credentials",
}

/** How the user knows what he set: by the titles of the source's form, by the keys of the destination's config. */
interface Words {
  /** Who has no credentials. */
  readonly credentials: string
  readonly role: string
  readonly accessKey: string
  readonly accessKeyAside: string
  readonly secret: string
  readonly sessionToken: string
  readonly bucket: string
  readonly region: string
  readonly noRegion: string
  readonly endpoint: string
  /** What leads to STS. */
  readonly sts: string
  /** What leads to the wrong host, and what to the wrong bucket. */
  readonly address: string
  readonly place: string
  /** What else a bucket may want. */
  readonly permissionAside: string
}

const WORDS: Readonly<Record<StorageUse, Words>> = {
  files: {
    credentials: 'Credentials: the environment',
    role: 'Role ARN',
    accessKey: 'S3 Bucket Access Key',
    accessKeyAside: 'a key that begins with ASIA needs its session token',
    secret: 'S3 Bucket Secret',
    sessionToken: 'Session token',
    bucket: 'S3 Bucket Name',
    region: 'Region',
    noRegion: 'leave it out',
    endpoint: 'Endpoint',
    sts: 'sts_endpoint, AWS_ENDPOINT_URL_STS of the environment, region',
    address: 'endpoint, region',
    place: 'bucket, region and endpoint',
    permissionAside: ' A bucket for which the requester pays wants requester_pays.',
  },
  rejects: {
    credentials: 'object_storage_config.access_key_id: none is given, and the environment',
    role: 'object_storage_config.role_arn',
    accessKey: 'object_storage_config.access_key_id',
    accessKeyAside: 'without it here, it is the key of the environment',
    secret: 'object_storage_config.secret_access_key',
    sessionToken: "object_storage_config: the session token of the environment's credentials, or of the role",
    bucket: 'object_storage_config.s3_bucket_name',
    region: 'object_storage_config.s3_bucket_region',
    noRegion: 'leave it empty',
    endpoint: 'object_storage_config.s3_endpoint',
    sts: 'AWS_ENDPOINT_URL_STS of the environment, s3_bucket_region of object_storage_config',
    address: 's3_endpoint and s3_bucket_region of object_storage_config',
    place: 's3_bucket_name, s3_bucket_region and s3_endpoint of object_storage_config',
    permissionAside: '',
  },
}

/** Of a source without an access key of its own, other words for what signs. */
const SIGNER_WORDS: Readonly<Record<StorageSigner, Partial<Words>>> = {
  environment: {
    accessKey: "Credentials (the environment's access key)",
    accessKeyAside: 'a key that begins with ASIA needs AWS_SESSION_TOKEN',
    secret: "Credentials (the environment's secret)",
    sessionToken: "Credentials (the environment's session token)",
  },
  role: {
    accessKey: 'Role ARN (the key that STS lent for it)',
    accessKeyAside: 'STS and S3 must be of one store',
    secret: 'Role ARN (the secret that STS lent for it)',
    sessionToken: 'Role ARN (the session token that STS lent for it)',
  },
}

const wordsOf = ({ use, signer }: { readonly use: StorageUse; readonly signer?: StorageSigner }): Words =>
  use === 'files' && signer !== undefined ? { ...WORDS.files, ...SIGNER_WORDS[signer] } : WORDS[use]

const refusal = (words: Words, cause: StorageRefusal, bucket: string, detail: string | undefined): string => {
  const told = detail === undefined ? '' : ` (${detail})`
  switch (cause) {
    case 'credentials':
      return `${words.credentials} brings none that can be used${told}. Give an access key and its secret, or run where a role or AWS_ACCESS_KEY_ID is at hand.`
    case 'assume':
      return `${words.role}: STS does not let it be assumed${told}. Check that the role is there, that its trust policy names whose credentials these are and the external id that is given, if any, and that they may sts:AssumeRole.`
    case 'access-key':
      return `${words.accessKey}: nobody has such a key there. Check it for typing errors, and that it was not deleted or deactivated; ${words.accessKeyAside}.`
    case 'secret':
      return `${words.secret}: it does not belong to the access key. Copy it again, or make a new key pair.`
    case 'session-token':
      return `${words.sessionToken}: it has expired or is invalid. Give a fresh one, or use a long-lived key without one.`
    case 'bucket':
      return `${words.bucket}: there is no bucket ${bucket}. Check the name and, for an S3-compatible store, the endpoint.`
    case 'region':
      return detail === undefined
        ? `${words.region}: the bucket ${bucket} is in another one. Set the right one, or ${words.noRegion} to have it found.`
        : `${words.region}: the bucket ${bucket} is in ${detail}. Set that, or ${words.noRegion} to have it found.`
    case 'list':
      return `No permission to list the bucket ${bucket}${told}. Allow s3:ListBucket on it to the user or role that signs in, and see that no bucket policy denies it.${words.permissionAside}`
    case 'get':
      return `No permission to read objects of the bucket ${bucket}${told}. Allow s3:GetObject on the folder to the user or role that signs in, and see that no bucket policy denies it.${words.permissionAside}`
    case 'put':
      return `${words.bucket}: no permission to write objects into the bucket ${bucket}. Allow s3:PutObject on the folder to the user or role that signs in, and see that no bucket policy denies it.`
    case 'remove':
      return `${words.bucket}: no permission to delete objects of the bucket ${bucket}. Allow s3:DeleteObject on the folder to the user or role that signs in, and see that no bucket policy denies it.`
    case 'decrypt':
      return `No permission to decrypt objects of the bucket ${bucket}${told}. Allow kms:Decrypt on its key to the user or role that signs in, and see that the key is enabled.`
    case 'encrypt':
      return `${words.bucket}: no permission to encrypt objects of the bucket ${bucket}${told}. Allow kms:GenerateDataKey on its key to the user or role that signs in, and see that the key is enabled.`
    case 'clock':
      return "This machine's clock differs too much from S3's. Set it right (NTP)."
    case 'foreign':
      return `${words.endpoint}: what answers is not S3 (${detail ?? 'unknown'}). Check the endpoint, and the proxy if there is one.`
    case 'request':
      return `S3 refused the request for the bucket ${bucket}${told}. Check ${words.place}.`
  }
}
