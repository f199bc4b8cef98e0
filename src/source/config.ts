import type * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import type { Failure } from '../failure'
import { ROW_SETTINGS, Worded, columnOf, defaultsOf } from '../rows/config'
import {
  type Decoded,
  Filled,
  HttpUrl,
  PositiveInteger,
  Secret,
  decodeConfig,
  listOf,
  oneOf,
  optional,
  otherwise,
  refined,
  section,
} from '../setting'
import { OFFLINE_EVENT } from '../template/offline-event'
import type { FileManner } from '../template/plan'

const AccessKey = t.type(
  {
    auth_type: refined(
      '"access_key" (this version knows no other)',
      (json): json is 'access_key' => json === 'access_key',
    ),
    aws_access_key_id: Secret,
    aws_secret_access_key: Secret,
    aws_session_token: optional(Secret),
  },
  'an object with auth_type, aws_access_key_id and aws_secret_access_key',
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
    credentials: AccessKey,
    region: optional(Region),
    endpoint: optional(HttpUrl),
    file_pattern: otherwise(Glob, '**/*.csv*'),
    start_date: optional(StartDate),
    csv: section({ decimal: otherwise(oneOf('.', ','), '.') }),
    column_mapping: listOf(ColumnMapping),
    ...ROW_SETTINGS,
    pii: otherwise(oneOf('hash', 'as_is'), 'hash'),
    on_invalid_row: otherwise(oneOf('reject', 'fail'), 'reject'),
    extra_columns: otherwise(oneOf('drop', 'pass_through'), 'drop'),
    checkpoint_rows: otherwise(PositiveInteger, 10_000),
    body_idle_timeout_seconds: otherwise(PositiveInteger, 60),
  },
  'an object',
)
export type SourceConfig = t.TypeOf<typeof SourceConfig>

/** Decodes the JSON of `--config`. */
export const decode: (json: unknown) => E.Either<Failure, Decoded<SourceConfig>> = decodeConfig(SourceConfig, {
  csv: { delimiter: 'auto', encoding: 'auto' },
  on_overwritten_file: 'read_again',
  max_row_bytes: 4_194_304,
  lookback_hours: 72,
  requester_pays: false,
  expected_bucket_owner: undefined,
  partition: undefined,
})

/** How files are read under a config; `passes` says which headers that the template does not know are wanted. */
export const mannerOf = (config: SourceConfig, passes: (header: string) => boolean): FileManner => ({
  ...defaultsOf(config),
  decimal: config.csv.decimal,
  asIs: config.pii === 'as_is',
  mapping: config.column_mapping,
  passes,
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
