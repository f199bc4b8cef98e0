import Ajv from 'ajv'
import * as E from 'fp-ts/Either'
import { complaintsOf } from '../integration_tests/contract/assertions/specification'
import { decode as decodeDestination } from '../src/destination/config'
import { destinationSpecification } from '../src/destination/specification'
import { decode as decodeSource } from '../src/source/config'
import { sourceSpecification } from '../src/source/specification'

type Json = Readonly<Record<string, unknown>>

const SOURCE = sourceSpecification('https://docs.example.com')
const DESTINATION = destinationSpecification()

const SPECIFICATIONS: ReadonlyArray<readonly [role: string, specification: Json]> = [
  ['source', SOURCE],
  ['destination', DESTINATION],
]

/** Draft-07, with the keywords of Airbyte's forms let through. */
const validator = (schema: Json) =>
  new Ajv({ strict: true, strictRequired: false, keywords: ['order', 'airbyte_secret', 'airbyte_hidden'] }).compile(
    schema,
  )

describe('specifications', () => {
  test.each(SPECIFICATIONS)('the %s holds to the rules of the acceptance tests', (_, specification) => {
    expect(complaintsOf(specification)).toEqual([])
  })

  test.each(SPECIFICATIONS)('the %s is a JSON Schema of draft-07 that allows other keys', (_, specification) => {
    expect(specification).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      additionalProperties: true,
    })
    expect(() => validator(specification)).not.toThrow()
  })

  test.each(SPECIFICATIONS)('every property of the %s has a title, constants aside', (_, specification) => {
    const untitled = JSON.stringify(specification, (key, json: unknown) =>
      key === 'properties' && typeof json === 'object' && json !== null
        ? Object.values(json as Readonly<Record<string, Json>>).map((p) =>
            'title' in p || 'const' in p ? p : 'UNTITLED',
          )
        : json,
    )
    expect(untitled).not.toContain('UNTITLED')
  })

  test("titles are the set-up guide's words", () => {
    const text = JSON.stringify(SOURCE)
    for (const title of ['S3 Bucket Name', 'S3 Bucket Access Key', 'S3 Bucket Secret', 'Relative path to data folder'])
      expect(text).toContain(`"title":"${title}"`)
  })
})

const CREDENTIALS = { auth_type: 'access_key', aws_access_key_id: 'AKIAEXAMPLE', aws_secret_access_key: 's' }
const SOURCE_CONFIG = { bucket: 'acme-offline', path_prefix: 'data', credentials: CREDENTIALS }
const PLATFORM = { type: 'tiktok', access_token: 't', event_set_id: '7312345678901234567' }

/** A config with one key changed. */
const source = (over: Json) => ({ ...SOURCE_CONFIG, ...over })
const credentials = (over: Json) => source({ credentials: { ...CREDENTIALS, ...over } })
const role = (over: Json) =>
  source({ credentials: { auth_type: 'assume_role', role_arn: 'arn:aws:iam::123456789012:role/r', ...over } })
const destination = (over: Json) => ({ platform: PLATFORM, ...over })
const platform = (over: Json) => destination({ platform: { ...PLATFORM, ...over } })
const STORAGE = { storage_type: 'S3', s3_bucket_name: 'acme', s3_bucket_region: 'eu-west-1', bucket_path: 'rejects' }
const storage = (over: Json) => destination({ object_storage_config: { ...STORAGE, ...over } })
const keyed = (over: Json) => storage({ access_key_id: 'AKIA', secret_access_key: 's', ...over })

/** JSON knows no undefined: such a key is absent. */
const json = (config: unknown): unknown => JSON.parse(JSON.stringify(config))

const NO_TEXT = [5, true, [], {}]
const NO_COUNT = [0, -1, 1.5, '1', true, []]

const each = (make: (over: Json) => unknown, key: string, values: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  values.map((value) => make({ [key]: value }))

/** What a user says of his rows, at the source and at the destination alike. Names that only look like zones are the codec's. */
const rowSamples = (make: (over: Json) => unknown): ReadonlyArray<unknown> => [
  ...each(make, 'default_currency', ['EUR', 'eur', 'EURO', '€UR', '', ...NO_TEXT]),
  ...each(make, 'default_time_zone', ['Europe/Madrid', 'UTC', '+02:00', '', ' UTC', ...NO_TEXT]),
  ...each(make, 'max_rejected_percent', [0, 1, 100, 101, -1, 0.5, '5', true, null, []]),
]

/** Pairs for a list of them: what is the user's under one name, the template's column under the other. */
const pairSamples = (users: string, templates: string): ReadonlyArray<unknown> => [
  ...[[], {}, 'x', null, ['x'], [null], [[]], [{}]],
  [{ [users]: 'Order No', [templates]: 'transaction_id' }],
  [{ [users]: 'Order No', [templates]: 'transaction_id', note: 'x' }],
  [
    { [users]: 'a', [templates]: 'event_id' },
    { [users]: 'a', [templates]: 'shop_id' },
  ],
  [{ [users]: '', [templates]: 'transaction_id' }],
  [{ [users]: 5, [templates]: 'transaction_id' }],
  [{ [users]: 'a' }],
  [{ [templates]: 'transaction_id' }],
  [{ [users]: 'a', [templates]: 'colour' }],
  [{ [users]: 'a', [templates]: '' }],
  [{ [users]: 'a', [templates]: 5 }],
  // A column of records, not of files.
  [{ [users]: 'a', [templates]: 'phone_e164_hashed' }],
]

const SOURCE_SAMPLES = [
  ...[{}, [], 'x', source({}), source({ unknown: 1 })],
  ...['bucket', 'region', 'file_pattern', 'default_event_name'].flatMap((key) =>
    each(source, key, ['x', '', undefined, ...NO_TEXT]),
  ),
  ...each(source, 'path_prefix', ['', '/', 'a b/c', undefined, ...NO_TEXT]),
  ...each(source, 'credentials', [undefined, {}, 'x', []]),
  ...each(credentials, 'auth_type', [undefined, 'assume_role', '', 5]),
  ...['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'].flatMap((key) =>
    each(credentials, key, ['x', '', undefined, ...NO_TEXT]),
  ),
  ...each(source, 'endpoint', ['http://127.0.0.1:1', 'HTTPS://x.example.com', 'ftp://x', 'x', '', ...NO_TEXT]),
  ...each(source, 'start_date', ['2026-01-31', '2026-01-31T00:00Z', '2026-01-31T00:00:00.5+02:00', '2026-1-1', '', 5]),
  ...each(source, 'start_date', ['2026-01-31T00:00:00', '31.01.2026', '2026-01-31 00:00:00Z']),
  ...each(source, 'default_country', ['US', 'us', 'USA', '', ...NO_TEXT]),
  ...['checkpoint_rows', 'body_idle_timeout_seconds'].flatMap((key) => each(source, key, [1, 5e9, 2.0, ...NO_COUNT])),
  ...rowSamples(source),
  ...each(source, 'column_mapping', pairSamples('column', 'field')),
  ...each(source, 'csv', [{}, 'x', [], null, 5]),
  ...['.', ',', ';', '', 'auto', 5, null].map((decimal) => source({ csv: { decimal } })),
  ...each(source, 'pii', ['hash', 'as_is', 'plain', '', ...NO_TEXT]),
  ...each(source, 'on_invalid_row', ['reject', 'fail', 'drop', '', ...NO_TEXT]),
  ...each(source, 'extra_columns', ['drop', 'pass_through', 'keep', '', ...NO_TEXT]),
  ...each(source, 'on_overwritten_file', ['read_again', 'ignore', 'fail', '', ...NO_TEXT]),
  ...[',', ';', '|', '\t', 'auto', '', 'x', '\\t', 5, null].map((delimiter) => source({ csv: { delimiter } })),
  ...['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'auto', 'UTF-8', 'latin1', '', 5, null].map((encoding) =>
    source({ csv: { encoding } }),
  ),
  ...each(source, 'max_row_bytes', [1, 5e9, ...NO_COUNT]),
  ...each(source, 'lookback_hours', [0, 1, 5e9, -1, 1.5, '1', null]),
  ...each(source, 'requester_pays', [true, false, 'true', 0, null]),
  ...each(source, 'expected_bucket_owner', ['123456789012', '12345678901', '1234567890123', 'x', '', ...NO_TEXT]),
  // That the index is below the count is the codec's.
  ...each(source, 'partition', [
    ...[{ index: 0, count: 1 }, { index: 3, count: 4, x: 1 }, {}, { index: 0 }, { count: 1 }, [], 'x', null],
    ...[-1, 0.5, '0', null].map((index) => ({ index, count: 4 })),
    ...NO_COUNT.map((count) => ({ index: 0, count })),
  ]),
  ...each(role, 'role_arn', ['arn:aws:iam::123456789012:role/r', 'role/r', 'arn:', '', undefined, ...NO_TEXT]),
  ...each(role, 'external_id', ['x', '', undefined, ...NO_TEXT]),
  ...each(role, 'sts_endpoint', ['http://127.0.0.1:1', 'https://sts.example.com', 'x', '', undefined, ...NO_TEXT]),
  source({ credentials: { auth_type: 'default_chain' } }),
]

const DESTINATION_SAMPLES = [
  ...[{}, [], 'x', destination({}), destination({ unknown: 1 }), platform({ unknown: 1 })],
  ...each(destination, 'platform', [undefined, {}, 'x', []]),
  ...each(platform, 'type', [undefined, 'meta', '', 5]),
  ...['access_token', 'event_set_id', 'advertiser_id', 'test_event_code'].flatMap((key) =>
    each(platform, key, ['x', '', undefined, ...NO_TEXT]),
  ),
  ...each(platform, 'additional_event_names', [[], ['A', 'b c'], 'A', [5], [null], {}]),
  // A name of no letters.
  ...each(platform, 'additional_event_names', [['']]),
  ...each(platform, 'max_event_age_days', [1, 365, ...NO_COUNT]),
  ...each(platform, 'api_url', ['http://127.0.0.1:1', 'https://x.example.com', 'x', '', ...NO_TEXT]),
  ...each(destination, 'default_event_name', ['x', '', ...NO_TEXT]),
  ...each(destination, 'default_country', ['US', 'us', 'USA', '', ...NO_TEXT]),
  ...each(destination, 'max_events_per_request', [1, 1000, 1001, ...NO_COUNT]),
  ...['max_requests_in_flight', 'max_request_bytes', 'request_timeout_seconds', 'give_up_after_minutes'].flatMap(
    (key) => each(destination, key, [1, 5e9, ...NO_COUNT]),
  ),
  ...rowSamples(destination),
  ...each(destination, 'field_mapping', pairSamples('from', 'to')),
]

const STORAGE_SAMPLES = [
  ...each(destination, 'object_storage_config', [{}, 'x', [], null, 5, { storage_type: 'None' }, { ...STORAGE }]),
  ...each(storage, 'storage_type', [undefined, 'None', 'GCS', '', 's3', 5]),
  ...['access_key_id', 'secret_access_key'].flatMap((key) => each(keyed, key, ['x', 'a b', 'x\n', null, ...NO_TEXT])),
  keyed({ access_key_id: '', secret_access_key: '' }),
  ...each(storage, 'role_arn', ['arn:aws:iam::123456789012:role/r', 'role/r', 'arn:', '', null, ...NO_TEXT]),
  ...each(storage, 's3_bucket_name', ['x', '', undefined, ...NO_TEXT]),
  ...each(storage, 's3_bucket_region', ['', 'auto', 'eu west', undefined, ...NO_TEXT]),
  ...each(storage, 's3_endpoint', ['http://127.0.0.1:1', 'HTTPS://x.example.com', 'ftp://x', '', null, ...NO_TEXT]),
  ...each(storage, 'bucket_path', ['', '/', '/a b/c/', undefined, ...NO_TEXT]),
  ...each(storage, 'format', [{}, 'CSV', [], null, { format_type: 'CSV' }, { format_type: 'JSONL' }]),
  ...each(storage, 'format', [
    ...[{ format_type: 'Parquet' }, { format_type: 5 }],
    ...['No flattening', 'Root level flattening', null, 5].map((flattening) => ({ format_type: 'CSV', flattening })),
  ]),
  ...each(storage, 'compression', ['GZIP', [], null, {}, { compression_type: 'No Compression' }]),
  ...each(storage, 'compression', [{ compression_type: 'GZIP' }, { compression_type: 5 }]),
  ...each(storage, 'path_format', ['{sync_id}/{namespace}/{stream_name}/', '{sync_id}/', '', ...NO_TEXT]),
  ...each(storage, 'file_name_format', ['{date}_{timestamp}_{part_number}{format_extension}', '{date}', ...NO_TEXT]),
  storage({ unknown: 1 }),
]

/** Every default of a schema, by its path, of the outermost that has one; constants are no defaults of a codec. */
const defaultsOf = (schema: Json): Json => {
  const variants = (schema['oneOf'] ?? [schema]) as ReadonlyArray<Json>
  const entries = variants.flatMap((variant) =>
    Object.entries((variant['properties'] ?? {}) as Readonly<Record<string, Json>>).flatMap(([key, property]) => {
      if ('const' in property) return []
      if ('default' in property) return [[key, property['default']] as const]
      return 'properties' in property || 'oneOf' in property ? [[key, defaultsOf(property)] as const] : []
    }),
  )
  return Object.fromEntries(entries)
}

describe('schema and codec agree', () => {
  test('on the defaults', () => {
    expect(decodeSource(SOURCE_CONFIG)).toMatchObject({ right: { config: defaultsOf(SOURCE) } })
    expect(decodeDestination(destination({}))).toMatchObject({ right: { config: defaultsOf(DESTINATION) } })
    expect(Object.keys(defaultsOf(DESTINATION))).toContain('max_requests_in_flight')
    expect(decodeDestination(storage({}))).toMatchObject({
      right: { config: { object_storage_config: { format: { format_type: 'CSV' } } } },
    })
  })

  const bySchema = { source: validator(SOURCE), destination: validator(DESTINATION) }

  test.each(SOURCE_SAMPLES.map(json))('source: %j', (config) => {
    expect(bySchema.source(config)).toBe(E.isRight(decodeSource(config)))
  })

  test.each([...DESTINATION_SAMPLES, ...STORAGE_SAMPLES].map(json))('destination: %j', (config) => {
    expect(bySchema.destination(config)).toBe(E.isRight(decodeDestination(config)))
  })
})
