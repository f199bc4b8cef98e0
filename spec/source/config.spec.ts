import { type SourceConfig, decode, mannerOf, prefixOf } from '../../src/source/config'
import { sentence } from '../../src/failure'
import { left, right } from '../support/either'

const CREDENTIALS = { auth_type: 'access_key', aws_access_key_id: 'AKIAEXAMPLE', aws_secret_access_key: 's3cr3t' }
const MINIMAL = { bucket: 'acme-offline', path_prefix: 'my folder/this table', credentials: CREDENTIALS }

const CANARY = 'canary-8f2c'

/** The problems of a config, after a look that none of them shows a value. */
const problemsOf = (config: unknown): ReadonlyArray<string> => {
  const failure = left(decode(config))
  expect(sentence(failure)).not.toContain(CANARY)
  return failure._tag === 'InputInvalid' ? failure.problems : []
}

const credentialsWith = (over: Readonly<Record<string, unknown>>) => ({
  ...MINIMAL,
  credentials: { ...CREDENTIALS, ...over },
})

describe('decode: what is required', () => {
  test('the least config is enough; defaults are filled in', () => {
    expect(right(decode(MINIMAL))).toEqual({
      config: {
        ...MINIMAL,
        credentials: { ...CREDENTIALS, aws_session_token: undefined },
        region: undefined,
        endpoint: undefined,
        file_pattern: '**/*.csv*',
        start_date: undefined,
        csv: { delimiter: 'auto', encoding: 'auto', decimal: '.' },
        column_mapping: [],
        default_event_name: undefined,
        default_country: undefined,
        default_currency: undefined,
        default_time_zone: undefined,
        max_rejected_percent: 100,
        pii: 'hash',
        on_invalid_row: 'reject',
        extra_columns: 'drop',
        checkpoint_rows: 10_000,
        body_idle_timeout_seconds: 60,
        max_row_bytes: 4_194_304,
        lookback_hours: 72,
        on_overwritten_file: 'read_again',
        requester_pays: false,
        expected_bucket_owner: undefined,
        partition: undefined,
      },
      unknown: [],
      warnings: [],
    })
  })

  test.each([
    ['bucket', { ...MINIMAL, bucket: undefined }, 'bucket: expected a text that is not empty'],
    ['an empty bucket', { ...MINIMAL, bucket: '' }, 'bucket: expected a text that is not empty'],
    [
      'path_prefix',
      { ...MINIMAL, path_prefix: undefined },
      'path_prefix: expected a text (a folder; "" for the whole bucket)',
    ],
    [
      'credentials',
      { ...MINIMAL, credentials: undefined },
      'credentials: expected an object with auth_type "access_key" or "assume_role" or "default_chain"',
    ],
    [
      'auth_type',
      credentialsWith({ auth_type: undefined }),
      'credentials.auth_type: expected "access_key" or "assume_role" or "default_chain"',
    ],
    [
      'the access key',
      credentialsWith({ aws_access_key_id: undefined }),
      'credentials.aws_access_key_id: expected a text without spaces or line breaks',
    ],
    [
      'the secret',
      credentialsWith({ aws_secret_access_key: '' }),
      'credentials.aws_secret_access_key: expected a text without spaces or line breaks',
    ],
  ])('without %s it says: where, and what was expected', (_, config, problem) => {
    expect(problemsOf(config)).toEqual([problem])
  })

  test('every problem is named, once', () => {
    expect(problemsOf({}).map((problem) => problem.split(':')[0])).toEqual(['bucket', 'path_prefix', 'credentials'])
  })

  test.each([null, [], CANARY, 5, [MINIMAL]])('%j is no config', (config) => {
    expect(problemsOf(config)).not.toEqual([])
  })
})

describe('decode: wrong types', () => {
  test.each([
    ['bucket', [CANARY]],
    ['path_prefix', { [CANARY]: 1 }],
    ['credentials', CANARY],
    ['region', { name: CANARY }],
    ['endpoint', CANARY],
    ['endpoint', `ftp://${CANARY}`],
    ['endpoint', `http://${CANARY}:port`],
    ['file_pattern', ''],
    ['start_date', CANARY],
    ['start_date', '01/31/2026'],
    ['start_date', '2026-13-01'],
    ['start_date', '2026-01-01T10:00:00'],
    // Date.parse rolls it over into March: files would be left out in silence.
    ['start_date', '2026-02-30'],
    ['default_event_name', ''],
    ['default_event_name', ' '],
    ['default_country', CANARY],
    ['default_country', 'XX'],
    ['default_country', 'de'],
    ['checkpoint_rows', CANARY],
    ['checkpoint_rows', 0],
    ['checkpoint_rows', 1.5],
    ['body_idle_timeout_seconds', '60'],
    ['default_currency', CANARY],
    ['default_currency', 'EU'],
    ['default_currency', '€UR'],
    ['default_currency', ''],
    ['default_currency', 978],
    ['default_time_zone', CANARY],
    ['default_time_zone', `Europe/${CANARY}`],
    ['default_time_zone', '+02:00'],
    ['default_time_zone', ''],
    ['default_time_zone', 2],
    ['column_mapping', CANARY],
    ['column_mapping', { [CANARY]: 'email' }],
    ['csv', CANARY],
    ['csv', [CANARY]],
    ['csv', null],
    ['pii', CANARY],
    ['pii', 'HASH'],
    ['pii', true],
    ['on_invalid_row', CANARY],
    ['on_invalid_row', ''],
    ['max_rejected_percent', -1],
    ['max_rejected_percent', 101],
    ['max_rejected_percent', 0.5],
    ['max_rejected_percent', '5'],
    ['max_rejected_percent', null],
    ['extra_columns', CANARY],
    ['extra_columns', ['Store']],
  ])('%s: %j is refused in one clear sentence without the value', (key, value) => {
    const problems = problemsOf({ ...MINIMAL, [key]: value })
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${key}: expected .+`)) as string])
  })

  test.each([
    ['csv.decimal', { csv: { decimal: CANARY } }, 'expected "." or ","'],
    ['partition.index', { partition: { index: 4, count: 4 } }, 'expected a number below count'],
    [
      'credentials.role_arn',
      { credentials: { auth_type: 'assume_role', role_arn: CANARY } },
      'expected the ARN of a role, arn:aws:iam::<account>:role/<name>',
    ],
    ['csv.decimal', { csv: { decimal: null } }, 'expected "." or ","'],
    ['column_mapping.0', { column_mapping: [CANARY] }, 'expected an object with column and field'],
    ['column_mapping.0.column', { column_mapping: [{ field: 'email' }] }, 'expected a text that is not empty'],
    [
      'column_mapping.0.column',
      { column_mapping: [{ column: '', field: 'email' }] },
      'expected a text that is not empty',
    ],
    ['column_mapping.0.field', { column_mapping: [{ column: CANARY }] }, 'expected a column of the template'],
    [
      'column_mapping.1.field',
      {
        column_mapping: [
          { column: 'Correo', field: 'email' },
          { column: 'Ref', field: CANARY },
        ],
      },
      'expected a column of the template',
    ],
    [
      'column_mapping.0.field',
      // Files bring no second digest of a phone.
      { column_mapping: [{ column: CANARY, field: 'phone_e164_hashed' }] },
      'expected a column of the template',
    ],
  ])('%s of %j is refused by its place', (place, over, expected) => {
    expect(problemsOf({ ...MINIMAL, ...over })).toEqual([`${place}: ${expected}`])
  })

  test('a token of a wrong type is not shown', () => {
    expect(problemsOf(credentialsWith({ aws_session_token: { [CANARY]: CANARY } }))).toEqual([
      'credentials.aws_session_token: expected a text without spaces or line breaks',
    ])
  })

  test.each([
    ['region', 'eu-west-1'],
    ['endpoint', 'http://127.0.0.1:4568'],
    ['endpoint', 'HTTPS://minio.example.com'],
    ['file_pattern', '*.csv'],
    ['start_date', '2026-01-01'],
    ['start_date', '2024-02-29T10:00:00.5+02:00'],
    ['default_event_name', 'Purchase'],
    ['default_country', 'US'],
    ['checkpoint_rows', 1],
    ['body_idle_timeout_seconds', 600],
    ['path_prefix', ''],
    ['default_currency', 'EUR'],
    ['default_currency', 'eur'],
    ['default_time_zone', 'Europe/Madrid'],
    ['default_time_zone', 'UTC'],
    ['column_mapping', []],
    ['column_mapping', [{ column: 'Order No', field: 'transaction_id' }]],
    ['column_mapping', [{ column: 'Order No', field: 'ORDER_ID' }]],
    ['csv', { delimiter: ';', encoding: 'windows-1252', decimal: ',' }],
    ['partition', { index: 3, count: 4 }],
    ['credentials', { auth_type: 'default_chain' }],
    ['pii', 'as_is'],
    ['pii', 'hash'],
    ['on_invalid_row', 'fail'],
    ['on_invalid_row', 'reject'],
    ['max_rejected_percent', 0],
    ['max_rejected_percent', 100],
    ['extra_columns', 'pass_through'],
    ['extra_columns', 'drop'],
  ])('%s: %j is accepted', (key, value) => {
    expect(right(decode({ ...MINIMAL, [key]: value })).config).toHaveProperty(key, value)
  })
})

describe('decode: keys that nobody reads', () => {
  test('csv may be given in part', () => {
    expect(right(decode({ ...MINIMAL, csv: { decimal: '.' } })).unknown).toEqual([])
    expect(right(decode({ ...MINIMAL, csv: {} })).unknown).toEqual([])
  })

  test('keys that every object has are unknown ones too', () => {
    const config = { ...MINIMAL, toString: 1, hasOwnProperty: 1, constructor: 1 }
    expect(right(decode(config)).unknown).toEqual(['toString', 'hasOwnProperty', 'constructor'])
  })

  test('unknown keys are accepted and listed, with their place', () => {
    const config = { ...MINIMAL, buckett: CANARY, credentials: { ...CREDENTIALS, role: CANARY }, 'a.b': null }
    expect(right(decode(config)).unknown).toEqual(['credentials.role', 'buckett', 'a.b'])
  })

  // A misspelt key must show, also inside an object of later keys.
  test('an unknown key inside csv is listed too', () => {
    expect(right(decode({ ...MINIMAL, csv: { delimeter: ';' } })).unknown).toEqual(['csv.delimeter'])
  })

  test('an unknown key inside partition, or beside a role, is listed too', () => {
    const credentials = { auth_type: 'assume_role', role_arn: 'arn:aws:iam::123456789012:role/r', rolearn: CANARY }
    const config = { ...MINIMAL, credentials, partition: { index: 0, count: 1, size: CANARY } }
    expect(right(decode(config)).unknown).toEqual(['credentials.rolearn', 'partition.size'])
  })

  test('an unknown key inside a pair of column_mapping is listed too', () => {
    const column_mapping = [{ column: 'Ref', field: 'transaction_id', feild: CANARY }]
    expect(right(decode({ ...MINIMAL, column_mapping })).unknown).toEqual(['column_mapping.0.feild'])
  })
})

describe('decode: what travels without encryption', () => {
  const role = (sts_endpoint: string) => ({
    auth_type: 'assume_role',
    role_arn: 'arn:aws:iam::123456789012:role/r',
    sts_endpoint,
  })

  test.each([
    ['endpoint', { endpoint: 'http://minio.example.com:9000' }],
    ['credentials.sts_endpoint', { credentials: role('http://sts.example.com') }],
  ])('of %s there is a warning, by its name', (place, over) => {
    expect(right(decode({ ...MINIMAL, ...over })).warnings).toEqual([
      expect.stringMatching(`^${place} is plain HTTP`) as string,
    ])
  })

  test('with TLS, or on this machine, there is nothing to be said', () => {
    for (const url of ['https://minio.example.com', 'http://127.0.0.1:9000'])
      expect(right(decode({ ...MINIMAL, endpoint: url, credentials: role(url) })).warnings).toEqual([])
  })
})

describe('mannerOf', () => {
  const mannerUnder = (over: Readonly<Record<string, unknown>>) =>
    mannerOf(right(decode({ ...MINIMAL, ...over })).config, (header) => header === 'Store')

  test('the least config reads files as the template says', () => {
    expect(mannerUnder({})).toEqual({
      eventName: undefined,
      country: undefined,
      currency: undefined,
      timeZone: undefined,
      decimal: '.',
      asIs: false,
      mapping: [],
      passes: expect.any(Function) as unknown,
    })
  })

  test('each setting arrives where files are read', () => {
    const column_mapping = [{ column: 'Order No', field: 'order_id' }]
    const manner = mannerUnder({
      default_event_name: 'Lead',
      default_country: 'ES',
      default_currency: 'eur',
      default_time_zone: 'Europe/Madrid',
      csv: { decimal: ',' },
      pii: 'as_is',
      column_mapping,
    })
    expect(manner).toMatchObject({
      ...{ eventName: 'Lead', country: 'ES', currency: 'EUR', timeZone: 'Europe/Madrid' },
      ...{ decimal: ',', asIs: true, mapping: column_mapping },
    })
    expect(['Store', 'Till'].map(manner.passes)).toEqual([true, false])
  })
})

describe('prefixOf', () => {
  const prefix = (path_prefix: string) =>
    prefixOf({ ...right(decode(MINIMAL)).config, path_prefix } satisfies SourceConfig)

  test.each([
    ['my folder/this table', 'my folder/this table/'],
    ['/data/', 'data/'],
    ['//data/x//', 'data/x/'],
    ['data', 'data/'],
    ['', ''],
    ['/', ''],
    ['///', ''],
    [' data ', ' data /'],
  ])('%j is the folder %j, never a prefix of its siblings', (path, expected) => {
    expect(prefix(path)).toBe(expected)
  })
})
