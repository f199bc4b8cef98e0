import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import type { Failure } from '../failure'
import { ROW_SETTINGS, Worded, columnOf, defaultsOf } from '../rows/config'
import { type CsvSettings, DELIMITERS, ENCODINGS } from './dialect'
import {
  type Decoded,
  Count,
  Filled,
  HttpUrl,
  KindsType,
  PositiveInteger,
  RoleArn,
  Secret,
  decodeConfig,
  listOf,
  oneOf,
  optional,
  otherwise,
  plainHttpWarnings,
  refined,
  section,
} from '../setting'
import { OFFLINE_EVENT } from '../template/offline-event'
import type { FileManner } from '../template/plan'

const AccessKey = t.type(
  {
    auth_type: oneOf('access_key'),
    aws_access_key_id: Secret,
    aws_secret_access_key: Secret,
    aws_session_token: optional(Secret),
  },
  'an object with auth_type, aws_access_key_id and aws_secret_access_key',
)

const AssumeRole = t.type(
  {
    auth_type: oneOf('assume_role'),
    role_arn: RoleArn,
    external_id: optional(Filled),
    sts_endpoint: optional(HttpUrl),
  },
  'an object with auth_type and role_arn',
)

const DefaultChain = t.type({ auth_type: oneOf('default_chain') }, 'an object with auth_type')

const AccountId = refined(
  "an account's id: 12 digits, as a text",
  (json): json is string => typeof json === 'string' && /^\d{12}$/.test(json),
)

const Part = t.type({ index: Count, count: PositiveInteger }, 'an object with index and count')

const BelowCount = refined('a number below count', Count.is)

/** A part of the files: those whose key falls to `index` of `count`. */
const Partition = new t.InterfaceType<typeof Part.props, t.TypeOf<typeof Part>, unknown>(
  Part.name,
  Part.is.bind(Part),
  (json, context) =>
    pipe(
      Part.validate(json, context),
      E.chain((part) =>
        part.index < part.count ? t.success(part) : t.failure(json, t.appendContext(context, 'index', BelowCount)),
      ),
    ),
  t.identity,
  Part.props,
)

const StartDate = refined(
  'a date such as 2026-01-31, or a date-time with Z or an offset',
  (json): json is string => typeof json === 'string' && DATE.test(json) && isReal(json),
)

/** It becomes part of a host name. */
const Region = refined(
  'the name of a region, such as eu-west-1',
  (json): json is string => typeof json === 'string' && /^[\w.-]+$/.test(json),
)

/** picomatch takes no longer ones. */
const Glob = refined(
  'a glob of 1 to 65536 characters',
  (json): json is string => typeof json === 'string' && json !== '' && json.length <= 65_536,
)

const ColumnMapping = t.type(
  { column: Worded, field: columnOf(OFFLINE_EVENT.filter(({ inFile }) => inFile)) },
  'an object with column and field',
)

/** The source's config, defaults filled in. */
export const SourceConfig = t.type(
  {
    bucket: Filled,
    path_prefix: refined(
      'a text (a folder; "" for the whole bucket)',
      (json): json is string => typeof json === 'string',
    ),
    credentials: new KindsType('auth_type', {
      access_key: AccessKey,
      assume_role: AssumeRole,
      default_chain: DefaultChain,
    }),
    region: optional(Region),
    endpoint: optional(HttpUrl),
    file_pattern: otherwise(Glob, '**/*.csv*'),
    start_date: optional(StartDate),
    csv: section({
      delimiter: otherwise(oneOf('auto', ...DELIMITERS), 'auto'),
      encoding: otherwise(oneOf('auto', ...ENCODINGS), 'auto'),
      decimal: otherwise(oneOf('.', ','), '.'),
    }),
    column_mapping: listOf(ColumnMapping),
    ...ROW_SETTINGS,
    pii: otherwise(oneOf('hash', 'as_is'), 'hash'),
    on_invalid_row: otherwise(oneOf('reject', 'fail'), 'reject'),
    extra_columns: otherwise(oneOf('drop', 'pass_through'), 'drop'),
    checkpoint_rows: otherwise(PositiveInteger, 10_000),
    max_row_bytes: otherwise(PositiveInteger, 4_194_304),
    lookback_hours: otherwise(Count, 72),
    on_overwritten_file: otherwise(oneOf('read_again', 'ignore'), 'read_again'),
    body_idle_timeout_seconds: otherwise(PositiveInteger, 60),
    requester_pays: otherwise(t.boolean, false),
    expected_bucket_owner: optional(AccountId),
    partition: optional(Partition),
  },
  'an object',
)
export type SourceConfig = t.TypeOf<typeof SourceConfig>

/** Decodes the JSON of `--config`. */
export const decode: (json: unknown) => E.Either<Failure, Decoded<SourceConfig>> = decodeConfig(
  SourceConfig,
  {},
  ({ endpoint, credentials }) => [
    ...plainHttpWarnings('endpoint', endpoint),
    ...(credentials.auth_type === 'assume_role'
      ? plainHttpWarnings('credentials.sts_endpoint', credentials.sts_endpoint)
      : []),
  ],
)

/** How files are read under a config; `passes` says which headers that the template does not know are wanted. */
export const mannerOf = (config: SourceConfig, passes: (header: string) => boolean): FileManner => ({
  ...defaultsOf(config),
  decimal: config.csv.decimal,
  asIs: config.pii === 'as_is',
  mapping: config.column_mapping,
  passes,
})

/** How their bytes become rows. */
export const csvOf = ({ csv, max_row_bytes }: SourceConfig): CsvSettings => ({
  delimiter: csv.delimiter,
  encoding: csv.encoding,
  maxRowBytes: max_row_bytes,
})

/** The folder as a key prefix: outer slashes are ignored, and a folder ends with one, lest it match its siblings. */
export const prefixOf = ({ path_prefix }: SourceConfig): string => {
  const folder = path_prefix.replace(/^\/+|\/+$/g, '')
  return folder === '' ? '' : `${folder}/`
}

/** Date.parse takes 30 February for 2 March. */
const isReal = (text: string): boolean =>
  !Number.isNaN(Date.parse(text)) && new Date(text.slice(0, 10)).toISOString().startsWith(text.slice(0, 10))

const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/
