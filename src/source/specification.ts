import { defaultsSpecification, maxRejectedSpecification, pairsOf } from '../rows/specification'
import { DELIMITERS, ENCODINGS } from './dialect'
import { OFFLINE_EVENT } from '../template/offline-event'

/**
 * The JSON Schema of the source's config: what a form is made of. Titles are the set-up guide's words. It stands beside the codec
 * in config.ts; a test holds that both accept the same samples.
 */
export const sourceSpecification = (documentationBaseUrl: string): Readonly<Record<string, unknown>> => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'S3 Offline Events',
  type: 'object',
  required: ['bucket', 'path_prefix', 'credentials'],
  additionalProperties: true,
  properties: {
    bucket: {
      order: 0,
      type: 'string',
      title: 'S3 Bucket Name',
      description: `The bucket that holds the files. Each file follows the <a href="${documentationBaseUrl}/template.csv">template</a>.`,
      minLength: 1,
    },
    path_prefix: {
      order: 1,
      type: 'string',
      title: 'Relative path to data folder',
      description:
        'The folder in the bucket, spaces allowed. Files in its subfolders are read too. / for the whole bucket.',
      examples: ['my folder/this table'],
    },
    credentials: {
      order: 2,
      type: 'object',
      title: 'Credentials',
      description:
        'How to sign in to the bucket. Whoever signs in needs s3:ListBucket on the bucket and s3:GetObject on the folder.',
      oneOf: [
        {
          title: 'Access key',
          type: 'object',
          required: ['auth_type', 'aws_access_key_id', 'aws_secret_access_key'],
          properties: {
            auth_type: { type: 'string', const: 'access_key', default: 'access_key', enum: ['access_key'], order: 0 },
            aws_access_key_id: {
              order: 1,
              type: 'string',
              title: 'S3 Bucket Access Key',
              airbyte_secret: true,
              pattern: '^[!-~]+$',
            },
            aws_secret_access_key: {
              order: 2,
              type: 'string',
              title: 'S3 Bucket Secret',
              airbyte_secret: true,
              pattern: '^[!-~]+$',
            },
            aws_session_token: {
              order: 3,
              type: 'string',
              title: 'Session token',
              description: 'Only with temporary credentials.',
              airbyte_secret: true,
              pattern: '^[!-~]+$',
            },
          },
        },
        {
          title: 'Assumed role',
          type: 'object',
          required: ['auth_type', 'role_arn'],
          properties: {
            auth_type: {
              type: 'string',
              const: 'assume_role',
              default: 'assume_role',
              enum: ['assume_role'],
              order: 0,
            },
            role_arn: {
              order: 1,
              type: 'string',
              title: 'Role ARN',
              description: "The role that may read the bucket. It is assumed with the environment's credentials.",
              examples: ['arn:aws:iam::123456789012:role/offline-events'],
              pattern: '^arn:[!-~]+$',
            },
            external_id: {
              order: 2,
              type: 'string',
              title: 'External ID',
              description: "What the role's trust policy asks for, if it does.",
              airbyte_secret: true,
              minLength: 1,
            },
            sts_endpoint: {
              order: 3,
              type: 'string',
              title: 'STS endpoint',
              airbyte_hidden: true,
              pattern: '^[hH][tT][tT][pP][sS]?://\\S+$',
            },
          },
        },
        {
          title: "The environment's credentials",
          type: 'object',
          description: 'Variables, a web identity, or the role of the container or machine on which it runs.',
          required: ['auth_type'],
          properties: {
            auth_type: {
              type: 'string',
              const: 'default_chain',
              default: 'default_chain',
              enum: ['default_chain'],
              order: 0,
            },
          },
        },
      ],
    },
    region: {
      order: 3,
      type: 'string',
      title: 'Region',
      description: "Leave it out to have the bucket's own region found.",
      examples: ['eu-west-1'],
      pattern: '^[\\w.-]+$',
    },
    endpoint: {
      order: 4,
      type: 'string',
      title: 'Endpoint',
      description: 'URL of an S3-compatible store; leave it out for AWS.',
      examples: ['https://minio.example.com'],
      pattern: '^[hH][tT][tT][pP][sS]?://\\S+$',
    },
    file_pattern: {
      order: 5,
      type: 'string',
      title: 'File pattern',
      description: 'A glob, matched without case on the path below the folder. Files that it leaves out are counted.',
      default: '**/*.csv*',
      minLength: 1,
      maxLength: 65536,
    },
    start_date: {
      order: 6,
      type: 'string',
      title: 'Start date',
      description:
        'Files last modified before it are not read: a date (UTC) or a date-time with Z or an offset. It says nothing about the time of events.',
      examples: ['2026-01-01', '2026-01-01T00:00:00Z'],
      pattern: '^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d))?$',
    },
    csv: {
      order: 7,
      type: 'object',
      title: 'CSV format',
      properties: {
        delimiter: {
          order: 0,
          type: 'string',
          title: 'Separator',
          description: 'auto: found by the header of each file.',
          enum: ['auto', ...DELIMITERS],
          default: 'auto',
        },
        encoding: {
          order: 1,
          type: 'string',
          title: 'Encoding',
          description:
            'auto: by the byte order mark, else UTF-8 if the first MiB of the file is that, else Windows-1252.',
          enum: ['auto', ...ENCODINGS],
          default: 'auto',
        },
        decimal: {
          order: 2,
          type: 'string',
          title: 'Decimal sign',
          description: 'The decimal sign of values. The other one is refused, never guessed.',
          enum: ['.', ','],
          default: '.',
        },
      },
    },
    column_mapping: {
      order: 8,
      title: 'Column mapping',
      description:
        "For files whose headers are not the template's; it also says which of two columns for one field counts.",
      ...pairsOf(
        { column: { order: 0, type: 'string', title: 'Header in your files', examples: ['Order No'], pattern: '\\S' } },
        'field',
        OFFLINE_EVENT.filter(({ inFile }) => inFile),
      ),
    },
    ...defaultsSpecification(9, 'rows'),
    pii: {
      order: 13,
      type: 'string',
      title: 'Identities',
      description:
        'hash: e-mails, phones and customer ids leave as SHA-256. as_is: they are checked and leave as they are found, for a destination that hashes them.',
      enum: ['hash', 'as_is'],
      default: 'hash',
    },
    on_invalid_row: {
      order: 14,
      type: 'string',
      title: 'On an invalid row',
      description: 'reject: the row is counted and named, the others go on. fail: the sync ends at the first one.',
      enum: ['reject', 'fail'],
      default: 'reject',
    },
    max_rejected_percent: maxRejectedSpecification(15, 'rows of a file'),
    extra_columns: {
      order: 16,
      type: 'string',
      title: 'Columns that the template does not know',
      description:
        "drop: they are named in a warning. pass_through: they are emitted as text; the newest file's header says which.",
      enum: ['drop', 'pass_through'],
      default: 'drop',
    },
    checkpoint_rows: {
      order: 17,
      type: 'integer',
      title: 'Rows per checkpoint',
      description: 'A state is emitted after so many rows, or after 30 seconds.',
      default: 10000,
      minimum: 1,
    },
    body_idle_timeout_seconds: {
      order: 18,
      type: 'integer',
      title: 'Idle timeout in seconds',
      description: 'A download that brings nothing for so long is taken up again where it stopped.',
      default: 60,
      minimum: 1,
    },
    on_overwritten_file: {
      order: 19,
      type: 'string',
      title: 'On an overwritten file',
      description:
        'read_again: from its beginning; ignore: not at all. A file that has only grown is read on in either case.',
      enum: ['read_again', 'ignore'],
      default: 'read_again',
    },
    lookback_hours: {
      order: 20,
      type: 'integer',
      title: 'Hours to look back',
      description: 'Files that appear late are read if they are at most so much older than the newest file read.',
      default: 72,
      minimum: 0,
    },
    max_row_bytes: {
      order: 21,
      type: 'integer',
      title: 'Longest row in bytes',
      description: 'Longer rows are rejected; a quote that is not closed within it is given up.',
      default: 4194304,
      minimum: 1,
    },
    requester_pays: {
      order: 22,
      type: 'boolean',
      title: 'Requester pays',
      description: 'For buckets that demand it: the account that signs in pays for requests and transfer.',
      default: false,
    },
    expected_bucket_owner: {
      order: 23,
      type: 'string',
      title: 'Expected bucket owner',
      description: "The account that the bucket must belong to; any other's is refused.",
      examples: ['123456789012'],
      pattern: '^\\d{12}$',
    },
    partition: {
      order: 24,
      type: 'object',
      title: 'Partition',
      description: 'Reads one part of the files, for several connections or pods over one folder.',
      required: ['index', 'count'],
      properties: {
        index: { order: 0, type: 'integer', title: 'Index', description: 'From 0 to count - 1.', minimum: 0 },
        count: { order: 1, type: 'integer', title: 'Count', minimum: 1 },
      },
    },
  },
})
