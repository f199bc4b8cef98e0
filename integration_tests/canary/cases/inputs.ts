import { BOTH, EVENTS, catalogOf } from '../../support/catalogs'
import type { Bin } from '../../support/connector'
import { EMAIL, KEY_ID, PHONE, SECRET, SESSION, TOKEN } from '../canaries'
import { listen } from '../sandbox'
import {
  ALL,
  CREDENTIALS,
  type Case,
  DESTINATION,
  SOURCE,
  type Stage,
  WORDS,
  check,
  destinationConfig,
  read,
  sourceConfig,
  writeArgs,
} from './case'

type Loose = Readonly<Record<string, unknown>>

/** Each word as a key and as a value. */
const keyed: Loose = Object.fromEntries(WORDS.map((word, i) => [word, WORDS[i + 1] ?? { [word]: [word] }]))

/** Files that are no JSON, or not the JSON that is expected. */
const BROKEN: ReadonlyArray<readonly [name: string, content: unknown]> = [
  ['keys alone', ALL],
  [
    'JSON that is cut',
    JSON.stringify({ ...CREDENTIALS, access_token: TOKEN, email: EMAIL, phone: PHONE }).slice(0, -3),
  ],
  ['a text', JSON.stringify(ALL)],
  ['a list', WORDS],
  ['keys for keys', keyed],
]

const refused = (name: string, play: Case['play']): Case => ({
  name,
  reaches: /"failure_type":"config_error".*can't be used|can't be used.*"failure_type":"config_error"/,
  end: '1',
  play,
})

const told = (name: string, play: Case['play']): Case => ({
  name,
  reaches: /"status":"FAILED","message":"The config can't be used/,
  end: '0',
  play,
})

/** A value of no type that any key has. */
const wrong: Loose = { [TOKEN]: [SECRET, { [EMAIL]: PHONE }] }

const WRONG_SOURCE: ReadonlyArray<readonly [name: string, over: Loose]> = [
  ['no bucket', { bucket: undefined }],
  ['credentials for an object', { credentials: SECRET }],
  ['credentials in a list', { credentials: [KEY_ID, SECRET, SESSION] }],
  ['credentials of another type', { credentials: { ...CREDENTIALS, auth_type: SECRET } }],
  [
    'credentials with spaces',
    {
      credentials: {
        auth_type: 'access_key',
        aws_access_key_id: ` ${KEY_ID}`,
        aws_secret_access_key: `${SECRET}\n`,
        aws_session_token: `${SESSION} ${SESSION}`,
      },
    },
  ],
  ['credentials where they do not belong', { credentials: { auth_type: 'access_key', ...keyed } }],
  [
    'a wrong value for every key',
    Object.fromEntries(
      [
        ...['bucket', 'path_prefix', 'credentials', 'region', 'endpoint', 'file_pattern', 'start_date'],
        ...['default_event_name', 'default_country', 'default_currency', 'default_time_zone', 'checkpoint_rows'],
        ...['body_idle_timeout_seconds', 'csv', 'column_mapping', 'pii', 'on_invalid_row', 'on_overwritten_file'],
        ...['max_rejected_percent', 'extra_columns', 'max_row_bytes', 'lookback_hours', 'requester_pays'],
        ...['expected_bucket_owner', 'partition'],
      ].map((key) => [key, wrong]),
    ),
  ],
  [
    'keys for texts that are judged',
    {
      region: [SECRET],
      endpoint: SECRET,
      start_date: EMAIL,
      default_country: PHONE,
      default_currency: SECRET,
      default_time_zone: EMAIL,
      checkpoint_rows: TOKEN,
      csv: { delimiter: SECRET, encoding: TOKEN, decimal: EMAIL, [TOKEN]: SECRET },
      column_mapping: [{ column: [EMAIL], field: SECRET }],
      pii: SECRET,
      on_invalid_row: TOKEN,
      on_overwritten_file: TOKEN,
      extra_columns: EMAIL,
      max_rejected_percent: PHONE,
      requester_pays: EMAIL,
      expected_bucket_owner: [PHONE],
      partition: { index: PHONE, count: EMAIL },
    },
  ],
  ['an endpoint that is no URL', { endpoint: `http://${EMAIL}:${SECRET}` }],
]

const WRONG_DESTINATION: ReadonlyArray<readonly [name: string, platform: Loose, over: Loose]> = [
  ['no platform', {}, { platform: undefined }],
  ['a token for a platform', {}, { platform: TOKEN }],
  ['a platform of another type', { type: TOKEN }, {}],
  ['a token with a line break', { access_token: `${TOKEN}\n` }, {}],
  ['no token, and one for an event set', { access_token: undefined, event_set_id: [TOKEN] }, {}],
  ['an API address that is none', { api_url: TOKEN }, {}],
  ['an API address with credentials that is none', { api_url: `https://user:${TOKEN}@:99999999` }, {}],
  [
    'a wrong value for every key',
    Object.fromEntries(
      [
        ...['access_token', 'event_set_id', 'advertiser_id', 'test_event_code', 'additional_event_names'],
        ...['max_event_age_days', 'api_url'],
      ].map((key) => [key, wrong]),
    ),
    Object.fromEntries(
      [
        ...['default_event_name', 'default_country', 'default_currency', 'default_time_zone', 'field_mapping'],
        ...['max_requests_in_flight', 'max_events_per_request', 'max_request_bytes', 'request_timeout_seconds'],
        ...['give_up_after_minutes', 'max_rejected_percent', 'object_storage_config'],
      ].map((key) => [key, wrong]),
    ),
  ],
  [
    'keys for texts that are judged',
    { max_event_age_days: PHONE },
    {
      default_country: EMAIL,
      default_currency: SECRET,
      default_time_zone: TOKEN,
      max_request_bytes: PHONE,
      field_mapping: [{ from: [EMAIL], to: TOKEN }],
      object_storage_config: { storage_type: SECRET, access_key_id: KEY_ID, secret_access_key: SECRET },
    },
  ],
]

const WRONG_CATALOGS: ReadonlyArray<readonly [name: string, catalog: unknown]> = [
  ...BROKEN,
  ['a text for streams', { streams: ALL }],
  ['texts for streams', { streams: WORDS }],
  ['a stream of wrong types', { streams: [{ stream: wrong, sync_mode: wrong, [SECRET]: TOKEN }] }],
  ['modes that are none', catalogOf(BOTH, { sync_mode: TOKEN, destination_sync_mode: SECRET })],
]

/** Streams that nobody knows, called by canaries. */
const stranger = {
  streams: [
    {
      stream: {
        name: EMAIL,
        namespace: PHONE,
        json_schema: { properties: { [EMAIL]: { type: 'string', description: SECRET } } },
        supported_sync_modes: [TOKEN],
        [SECRET]: TOKEN,
      },
      sync_mode: 'full_refresh',
      destination_sync_mode: 'update',
      primary_key: [[EMAIL]],
      cursor_field: [PHONE],
      [TOKEN]: SESSION,
    },
  ],
}

const streamState = (stage: Stage, over: Loose): unknown => [
  {
    type: 'STREAM',
    [TOKEN]: SECRET,
    stream: {
      stream_descriptor: { name: EVENTS, namespace: EMAIL, [PHONE]: TOKEN },
      stream_state: { version: 1, bucket: stage.bucket.name, path_prefix: 'data/', files: [], ...over },
    },
  },
]

const WRONG_STATES: ReadonlyArray<readonly [name: string, state: (stage: Stage) => unknown]> = [
  ...BROKEN.filter(([name]) => name !== 'keys for keys').map(([name, state]) => [name, () => state] as const),
  ['an object that is no state', () => [keyed]],
  ['a state of another type', () => [{ type: TOKEN, ...keyed }]],
  ['lines, one of them cut', () => `${JSON.stringify(keyed)}\n{"type":"STATE","state":{"${EMAIL}":"${SECRET}`],
  [
    'a text for a stream state',
    () => [{ type: 'STREAM', stream: { stream_descriptor: { name: EVENTS }, stream_state: ALL } }],
  ],
  ['a stream state of wrong types', (stage) => streamState(stage, { files: ALL, _ab_source_file_url: wrong })],
  [
    'files of wrong types',
    (stage) => streamState(stage, { files: [{ ...keyed, key: EMAIL, etag: 5, offset: TOKEN, last_modified: PHONE }] }),
  ],
  ['a newer version', (stage) => streamState(stage, { version: 99, ...keyed })],
  ['a version that is none', (stage) => streamState(stage, { version: SECRET })],
  ['a place of wrong types', (stage) => streamState(stage, { bucket: [SECRET], path_prefix: { [EMAIL]: TOKEN } })],
]

const configCase = (bin: Bin, name: string, content: (stage: Stage) => unknown): Case =>
  told(`${bin} check, config: ${name}`, (stage) => check(bin, stage, content(stage)))

const discoverCase = (bin: Bin, name: string, content: unknown): Case =>
  refused(`${bin} discover, config: ${name}`, (stage) => listen(bin, ['discover', '--config', stage.file(content)]))

export const INPUTS: ReadonlyArray<Case> = [
  ...[SOURCE, DESTINATION].flatMap((bin) => [
    ...BROKEN.map(([name, content]) => configCase(bin, name, () => content)),
    discoverCase(bin, 'keys alone', ALL),
    discoverCase(bin, 'keys for keys', keyed),
  ]),
  ...WRONG_SOURCE.map(([name, over]) => configCase(SOURCE, name, (stage) => sourceConfig(stage, over))),
  ...WRONG_DESTINATION.map(([name, platform, over]) =>
    configCase(DESTINATION, name, () => destinationConfig('http://127.0.0.1:9', platform, over)),
  ),
  refused(`${SOURCE} read, config: credentials for an object`, (stage) =>
    read(stage, { config: sourceConfig(stage, { credentials: SECRET }) }),
  ),
  refused(`${DESTINATION} write, config: a token for a platform`, (stage) =>
    listen(DESTINATION, writeArgs(stage, { platform: TOKEN })),
  ),
  {
    name: `${SOURCE} discover, config: keys that nobody reads`,
    reaches: /keys that nobody reads/,
    end: '0',
    play: (stage) =>
      listen(SOURCE, [
        'discover',
        '--config',
        stage.file(sourceConfig(stage, { ...keyed, credentials: { ...CREDENTIALS, ...keyed } })),
      ]),
  },
  {
    name: `${DESTINATION} discover, config: keys that nobody reads`,
    reaches: /keys that nobody reads/,
    end: '0',
    play: (stage) =>
      listen(DESTINATION, ['discover', '--config', stage.file(destinationConfig('http://127.0.0.1:9', keyed, keyed))]),
  },
  ...[...WRONG_CATALOGS, ['streams called by canaries', stranger] as const].flatMap(([name, catalog]) => [
    refused(`${SOURCE} read, catalog: ${name}`, (stage) => read(stage, { config: sourceConfig(stage), catalog })),
    refused(`${DESTINATION} write, catalog: ${name}`, (stage) =>
      listen(DESTINATION, writeArgs(stage, destinationConfig('http://127.0.0.1:9'), catalog), { input: '' }),
    ),
  ]),
  ...WRONG_STATES.map(([name, state]) =>
    refused(`${SOURCE} read, state: ${name}`, (stage) =>
      read(stage, { config: sourceConfig(stage), state: state(stage) }),
    ),
  ),
]
