import { type Failure, type FailureType, failureType, sentence } from '../src/failure'

const file = (code: 'FILE_CHANGED' | 'FILE_DAMAGED') => ({ key: 'in/a.csv', code, detail: 'why' })

const USES = ['files', 'rejects'] as const

/** Each way in which a run can end, by the class that the contract gives it: config_error only where a retry can't help. */
const FAILURES: {
  readonly [Tag in Failure['_tag']]: ReadonlyArray<readonly [FailureType, Extract<Failure, { _tag: Tag }>]>
} = {
  UsageInvalid: [['config_error', { _tag: 'UsageInvalid', problem: 'Unknown argument: x' }]],
  InputInvalid: (['config', 'catalog', 'state'] as const).map((input) => [
    'config_error',
    { _tag: 'InputInvalid', input, problems: ['a: expected b'] },
  ]),
  StorageRefused: USES.flatMap((use) =>
    (
      [
        'credentials',
        'assume',
        'access-key',
        'secret',
        'session-token',
        'bucket',
        'region',
        'list',
        'get',
        'put',
        'remove',
        'decrypt',
        'encrypt',
        'clock',
        'foreign',
        'request',
      ] as const
    ).map((cause) => ['config_error', { _tag: 'StorageRefused', use, cause, bucket: 'acme' }] as const),
  ),
  StorageUnreachable: USES.flatMap((use) => [
    ...(['refused', 'unknown-host', 'no-answer', 'certificate', 'broken', 'tls', 'no-route'] as const).map(
      (cause) => ['transient_error', { _tag: 'StorageUnreachable', use, cause, host: 'h:443' }] as const,
    ),
    ['config_error', { _tag: 'StorageUnreachable', use, cause: 'proxy-address', host: 'h:443' }] as const,
    ['system_error', { _tag: 'StorageUnreachable', use, cause: 'no-handles', host: 'h:443' }] as const,
  ]),
  StorageFailing: [['transient_error', { _tag: 'StorageFailing', status: 503 }]],
  LocalUnusable: (['missing', 'folder', 'pipe', 'permission', 'unreadable'] as const).map((cause) => [
    'config_error',
    { _tag: 'LocalUnusable', cause },
  ]),
  FileUnusable: [
    ['config_error', { _tag: 'FileUnusable', file: file('FILE_DAMAGED') }],
    ['transient_error', { _tag: 'FileUnusable', file: file('FILE_CHANGED') }],
  ],
  FilesFailed: [
    ['transient_error', { _tag: 'FilesFailed', files: [file('FILE_CHANGED')], more: 0, gaveUp: false, passing: true }],
    [
      'config_error',
      {
        _tag: 'FilesFailed',
        files: [file('FILE_CHANGED'), file('FILE_DAMAGED')],
        more: 1,
        gaveUp: true,
        passing: false,
      },
    ],
  ],
  RowInvalid: [
    [
      'config_error',
      { _tag: 'RowInvalid', key: 'in/a.csv', row: 7, code: 'VALUE_MISSING', column: 'value', meaning: 'm' },
    ],
  ],
  TooManyRejected: [
    ['config_error', { _tag: 'TooManyRejected', scope: 'this run', of: 'records', rejected: 2, total: 3, percent: 1 }],
  ],
  DiskFailed: (['state', 'lock', 'rejects', 'report'] as const).map((file) => [
    'system_error',
    { _tag: 'DiskFailed', file, trouble: 'ENOSPC' },
  ]),
  AlreadyRunning: [['transient_error', { _tag: 'AlreadyRunning', host: 'worker-1', pid: 7, secondsAgo: 12 }]],
  LockLost: [['transient_error', { _tag: 'LockLost' }]],
  PlatformRefused: [['config_error', { _tag: 'PlatformRefused', reason: 'platform.access_token: no' }]],
  PlatformUnreachable: [
    ['transient_error', { _tag: 'PlatformUnreachable', cause: 'no-answer', host: 'h:443' }],
    ['config_error', { _tag: 'PlatformUnreachable', cause: 'proxy-address', host: 'h:443' }],
    ['system_error', { _tag: 'PlatformUnreachable', cause: 'no-handles', host: 'h:443' }],
  ],
  PlatformFailing: [
    ['transient_error', { _tag: 'PlatformFailing', minutes: 30, reason: 'HTTP 503', rateLimited: false }],
    ['transient_error', { _tag: 'PlatformFailing', minutes: 30, reason: 'code 40100', rateLimited: true }],
  ],
  PlatformExhausted: [['transient_error', { _tag: 'PlatformExhausted', reason: 'code 40100' }]],
  CouldNotTell: [['transient_error', { _tag: 'CouldNotTell', reason: 'HTTP 503' }]],
  StdinMalformed: [['system_error', { _tag: 'StdinMalformed', line: 3, problem: 'no whole JSON object' }]],
  SourceIncomplete: [['transient_error', { _tag: 'SourceIncomplete', streams: ['offline_events'] }]],
  OutputClosed: [
    ['system_error', { _tag: 'OutputClosed', full: false }],
    ['system_error', { _tag: 'OutputClosed', full: true }],
  ],
  CountsDisagree: [['system_error', { _tag: 'CountsDisagree', counts: '3 rows' }]],
  Stopped: [['system_error', { _tag: 'Stopped' }]],
}

describe.each(Object.entries(FAILURES))('%s', (_, cases) => {
  test.each(cases.map(([type, failure]) => [type, failure] as const))('is a %s: %j', (type, failure: Failure) => {
    expect(failureType(failure)).toBe(type)
  })

  test.each(cases.map(([, failure]) => [failure] as const))('is told in whole sentences: %j', (failure: Failure) => {
    const text = sentence(failure)
    expect(text).not.toMatch(/undefined|\[object|\bnull\b/)
    // A sentence may begin with the name of a setting.
    if (failure._tag !== 'UsageInvalid' && failure._tag !== 'PlatformRefused')
      expect(text).toMatch(/^([A-Z\d]|object_storage_config\b).*\.$/)
  })
})

test.each(USES)('no two refusals of S3 are told in the same words, for %s', (use) => {
  const sentences = FAILURES.StorageRefused.filter(([, failure]) => failure.use === use).map(([, f]) => sentence(f))
  expect(new Set(sentences).size).toBe(sentences.length)
})

test("what is wrong with the rejects' bucket is told by the keys of object_storage_config, and never by the source's titles", () => {
  const keys = ['access_key_id', 'secret_access_key', 'role_arn', 's3_bucket_name', 's3_bucket_region', 's3_endpoint']
  const told = [...FAILURES.StorageRefused, ...FAILURES.StorageUnreachable]
    .filter(([, failure]) => failure.use === 'rejects')
    .map(([, failure]) => sentence(failure))
  for (const key of keys) expect(told.filter((text) => text.includes(key)).length).toBeGreaterThan(0)
  expect(told.filter((text) => /S3 Bucket |Role ARN|^Region|^Endpoint/.test(text))).toEqual([])
})
