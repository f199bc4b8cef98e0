import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { HttpUrl, KindsType, type LaterKeys, RoleArn, Secret, oneOf, optional, refined } from '../../setting'

/** A text of a form or an API that stands for none. */
const orBlank = <A>(codec: t.Type<A, unknown>, ...blanks: ReadonlyArray<'' | null>): t.Type<A | undefined, unknown> => {
  const { is, validate } = optional(codec)
  return new t.Type<A | undefined, unknown, unknown>(
    codec.name,
    is,
    (json, context) => validate(blanks.some((blank) => blank === json) ? undefined : json, context),
    t.identity,
  )
}

/** It becomes part of a host name. Empty: the bucket is asked. */
const Region = refined(
  'the name of a region such as eu-west-1, or "" to have it found',
  (json): json is string => typeof json === 'string' && /^[\w.-]*$/.test(json),
)

/** A segment of points would lead elsewhere, where a proxy on the way resolves it. */
const Folder = refined(
  'a text (a folder, without . and .. in its path; "" for none)',
  (json): json is string => typeof json === 'string' && !json.split('/').some((part) => part === '.' || part === '..'),
)

/** It becomes part of a host name or of a path. */
const BucketName = refined(
  'the name of a bucket',
  (json): json is string => typeof json === 'string' && /^[A-Za-z0-9][\w.-]*$/.test(json) && !json.includes('..'),
)

/** Nested values stay whole or become flat: rows of rejects hold none. */
const flattening = optional(refined('a text', (json): json is string => typeof json === 'string'))

const AnyFormat = t.type({ format_type: oneOf('CSV', 'JSONL'), flattening }, 'an object')

const Format = new KindsType(
  'format_type',
  { CSV: AnyFormat, JSONL: AnyFormat },
  { format_type: 'CSV', flattening: undefined },
)

const S3_PROPS = {
  storage_type: oneOf('S3'),
  access_key_id: orBlank(Secret, ''),
  secret_access_key: orBlank(Secret, ''),
  role_arn: orBlank(RoleArn, ''),
  s3_bucket_name: BucketName,
  s3_bucket_region: Region,
  s3_endpoint: orBlank(HttpUrl, '', null),
  bucket_path: Folder,
  format: Format,
}

type S3Props = typeof S3_PROPS

/** A key without its secret opens nothing. */
const keyPaired = (codec: t.TypeC<S3Props>): t.InterfaceType<S3Props, t.TypeOf<typeof codec>, unknown> =>
  new t.InterfaceType(
    codec.name,
    codec.is.bind(codec),
    (json, context) =>
      pipe(
        codec.validate(json, context),
        E.chain((storage) => {
          const { access_key_id: key, secret_access_key: secret } = storage
          if ((key === undefined) === (secret === undefined)) return t.success(storage)
          const missing = key === undefined ? 'access_key_id' : 'secret_access_key'
          return t.failure(json, t.appendContext(context, missing, HalfPair))
        }),
      ),
    t.identity,
    codec.props,
  )

const HalfPair = refined('both of access_key_id and secret_access_key, or neither', Secret.is)

const S3Storage = keyPaired(t.type(S3_PROPS, 'an object'))
export type S3Storage = t.TypeOf<typeof S3Storage>

const NoStorage = t.type({ storage_type: oneOf('None') }, 'an object')

/**
 * object_storage_config: where the rejects are kept, in the shape that Airbyte's destinations share. Its platform reads the key of this name
 * to lead people from a sync to its rejects (airbyte-platform, ConnectorObjectStorageService).
 */
export const RejectsStorage = new KindsType<typeof NoStorage | typeof S3Storage>(
  'storage_type',
  { None: NoStorage, S3: S3Storage },
  { storage_type: 'None' },
)
export type RejectsStorage = t.TypeOf<typeof RejectsStorage>

/** Of Airbyte's shape, what is known with its default only. */
export const STORAGE_LATER = {
  compression: { compression_type: 'No Compression' },
  path_format: '{sync_id}/{namespace}/{stream_name}/',
  file_name_format: '{date}_{timestamp}_{part_number}{format_extension}',
} satisfies LaterKeys
