import type { S3Client } from '@aws-sdk/client-s3'

/** A bucket of the tests' S3, and the config that lets a source read it. */
export interface Bucket {
  readonly name: string
  readonly put: (key: string, content: string | Buffer) => Promise<void>
  readonly remove: (key: string) => Promise<void>
  /** A source's config for this bucket; `over` replaces or adds keys. */
  readonly config: (over?: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
  /** A destination's object_storage_config for this bucket. */
  readonly storage: (over?: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
  /** The objects under a prefix, at most 1,000, by their keys. */
  readonly texts: (prefix: string) => Promise<ReadonlyMap<string, string>>
  readonly close: () => void
}

export const KEY_ID = 'AKIAIOSFODNN7EXAMPLE'
export const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'

/** An S3 that runs, and who may sign in to it. */
export interface S3 {
  readonly url: string
  readonly keyId?: string
  readonly secret?: string
}

export const newBucket = async ({ url, keyId = KEY_ID, secret = SECRET }: S3, name: string): Promise<Bucket> => {
  // Set before the SDK is loaded: it warns about Node 20 as it is.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const {
    CreateBucketCommand,
    DeleteObjectCommand,
    GetObjectCommand,
    ListObjectsV2Command,
    PutObjectCommand,
    S3Client,
  } = await import('@aws-sdk/client-s3')
  const client: S3Client = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: keyId, secretAccessKey: secret },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
  await client.send(new CreateBucketCommand({ Bucket: name }))
  return {
    name,
    put: async (key, content) => {
      const body = typeof content === 'string' ? Buffer.from(content) : content
      await client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: body, ContentLength: body.length }))
    },
    remove: async (key) => {
      await client.send(new DeleteObjectCommand({ Bucket: name, Key: key }))
    },
    config: (over = {}) => ({
      bucket: name,
      path_prefix: 'data',
      credentials: { auth_type: 'access_key', aws_access_key_id: keyId, aws_secret_access_key: secret },
      endpoint: url,
      ...over,
    }),
    storage: (over = {}) => ({
      storage_type: 'S3',
      access_key_id: keyId,
      secret_access_key: secret,
      s3_bucket_name: name,
      s3_bucket_region: '',
      s3_endpoint: url,
      bucket_path: 'rejected',
      ...over,
    }),
    texts: async (prefix) => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: name, Prefix: prefix }))
      const texts = Contents.map(async ({ Key = '' }) => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: name, Key }))
        return [Key, (await Body?.transformToString()) ?? ''] as const
      })
      return new Map(await Promise.all(texts))
    },
    close: () => client.destroy(),
  }
}
