import { STORAGE_LATER } from './config'

/** The form of object_storage_config, beside the codec in config.ts; of its S3 the names and defaults are Airbyte's. */
export const rejectsSpecification = (order: number): Readonly<Record<string, unknown>> => ({
  order,
  type: 'object',
  title: 'Rejected records',
  description:
    'Where records are kept that were rejected here or by the platform. Without a bucket they are counted, and the log says why and where.',
  default: { storage_type: 'None' },
  oneOf: [
    {
      title: 'None',
      type: 'object',
      required: ['storage_type'],
      properties: { storage_type: constant('None') },
    },
    {
      title: 'S3',
      type: 'object',
      required: ['storage_type', 's3_bucket_name', 's3_bucket_region', 'bucket_path'],
      properties: {
        storage_type: constant('S3'),
        access_key_id: {
          order: 1,
          type: 'string',
          title: 'Access key ID',
          description:
            'Of somebody who may s3:PutObject, and s3:DeleteObject for the connection test. Without it the credentials of the environment are used.',
          airbyte_secret: true,
          pattern: '^[!-~]*$',
        },
        secret_access_key: {
          order: 2,
          type: 'string',
          title: 'Secret access key',
          description: 'The secret of the access key.',
          airbyte_secret: true,
          pattern: '^[!-~]*$',
        },
        role_arn: {
          order: 3,
          type: 'string',
          title: 'Role ARN',
          description: 'A role that is assumed with these credentials to write into the bucket.',
          examples: ['arn:aws:iam::123456789012:role/rejects'],
          pattern: '^(arn:[!-~]+)?$',
        },
        s3_bucket_name: {
          order: 4,
          type: 'string',
          title: 'S3 bucket name',
          description: 'The bucket that the rejects are written into.',
          examples: ['acme-rejects'],
          pattern: '^[A-Za-z0-9](?!.*\\.\\.)[\\w.-]*$',
        },
        s3_bucket_region: {
          order: 5,
          type: 'string',
          title: 'S3 bucket region',
          description: 'The region of the bucket; empty to have it found.',
          examples: ['eu-west-1'],
          default: '',
          pattern: '^[\\w.-]*$',
        },
        s3_endpoint: {
          order: 6,
          type: ['string', 'null'],
          title: 'S3 endpoint',
          description: 'The URL of an S3-compatible store; empty for AWS.',
          examples: ['http://localhost:9000'],
          pattern: '^([hH][tT][tT][pP][sS]?://\\S+)?$',
        },
        bucket_path: {
          order: 7,
          type: 'string',
          title: 'Bucket path',
          description: 'The folder in the bucket. Below it each sync, namespace and stream has one of its own.',
          examples: ['rejected-records'],
          pattern: '^(?!(.*/)?\\.{1,2}(/|$))',
        },
        format: {
          order: 8,
          type: 'object',
          title: 'Format',
          description: 'The form of the files.',
          default: { format_type: 'CSV' },
          oneOf: [format('CSV', 'CSV'), format('JSONL', 'JSON Lines')],
        },
        compression: {
          order: 9,
          type: 'object',
          title: 'Compression',
          airbyte_hidden: true,
          oneOf: [
            {
              title: 'No compression',
              type: 'object',
              properties: { compression_type: constant(NO_COMPRESSION) },
            },
          ],
        },
        path_format: only(10, 'Path format', STORAGE_LATER.path_format),
        file_name_format: only(11, 'File name format', STORAGE_LATER.file_name_format),
      },
    },
  ],
})

const constant = (word: string): Readonly<Record<string, unknown>> => ({
  order: 0,
  type: 'string',
  const: word,
  default: word,
  enum: [word],
})

const format = (word: string, title: string): Readonly<Record<string, unknown>> => ({
  title,
  type: 'object',
  required: ['format_type'],
  properties: {
    format_type: constant(word),
    flattening: { order: 1, type: 'string', title: 'Flattening', airbyte_hidden: true },
  },
})

/** A setting of Airbyte's shape of which this version knows the default only. */
const only = (order: number, title: string, value: string): Readonly<Record<string, unknown>> => ({
  order,
  type: 'string',
  title,
  default: value,
  enum: [value],
  airbyte_hidden: true,
})

const NO_COMPRESSION = STORAGE_LATER.compression.compression_type
