import { decode } from '../../../src/destination/config'
import { sentence } from '../../../src/failure'
import { left, right } from '../../support/either'

const CANARY = 'canary-8f2c'
const PLATFORM = { type: 'tiktok', access_token: 't', event_set_id: '7312345678901234567' }
const STORAGE = { storage_type: 'S3', s3_bucket_name: 'acme', s3_bucket_region: '', bucket_path: '' }

type Over = Readonly<Record<string, unknown>>

const configOf = (object_storage_config: unknown) => ({ platform: PLATFORM, object_storage_config })
const storageOf = (over: Over) => right(decode(configOf({ ...STORAGE, ...over }))).config.object_storage_config

/** The problems of a config, after a look that none of them shows a value. */
const problemsOf = (storage: unknown): ReadonlyArray<string> => {
  const failure = left(decode(configOf(storage)))
  expect(sentence(failure)).not.toContain(CANARY)
  return failure._tag === 'InputInvalid' ? failure.problems : []
}

const place = (key: string): string => `object_storage_config.${key}`

describe('object_storage_config', () => {
  test('is None where it is absent, and CSV where no format is given', () => {
    expect(right(decode({ platform: PLATFORM })).config.object_storage_config).toEqual({ storage_type: 'None' })
    expect(storageOf({})).toEqual({
      ...STORAGE,
      access_key_id: undefined,
      secret_access_key: undefined,
      role_arn: undefined,
      s3_endpoint: undefined,
      format: { format_type: 'CSV', flattening: undefined },
    })
  })

  test("takes Airbyte's shared shape, with the defaults that its hidden settings have", () => {
    const storage = {
      ...STORAGE,
      access_key_id: 'AKIAEXAMPLE',
      secret_access_key: 'secret',
      role_arn: 'arn:aws:iam::123456789012:role/rejects',
      s3_bucket_region: 'eu-west-1',
      s3_endpoint: 'http://localhost:9000',
      format: { format_type: 'JSONL', flattening: 'Root level flattening' },
      compression: { compression_type: 'No Compression' },
      path_format: '{sync_id}/{namespace}/{stream_name}/',
      file_name_format: '{date}_{timestamp}_{part_number}{format_extension}',
    }
    expect(right(decode(configOf(storage)))).toMatchObject({ config: { object_storage_config: storage }, unknown: [] })
  })

  test.each([
    ['access_key_id and its secret', { access_key_id: '', secret_access_key: '' }],
    ['role_arn', { role_arn: '' }],
    ['s3_endpoint', { s3_endpoint: '' }],
    ['s3_endpoint', { s3_endpoint: null }],
  ])('an empty %s is an absent one', (_, over) => {
    expect(storageOf(over)).toEqual(storageOf({}))
  })

  test.each([
    [CANARY, 'object_storage_config: expected an object with storage_type "None" or "S3"'],
    [{ storage_type: CANARY }, `${place('storage_type')}: expected "None" or "S3"`],
    [
      { ...STORAGE, s3_bucket_region: `${CANARY} ` },
      `${place('s3_bucket_region')}: expected the name of a region such as eu-west-1, or "" to have it found`,
    ],
    [
      { ...STORAGE, bucket_path: null },
      `${place('bucket_path')}: expected a text (a folder, without . and .. in its path; "" for none)`,
    ],
    [{ ...STORAGE, s3_endpoint: CANARY }, `${place('s3_endpoint')}: expected an http or https URL`],
    [
      { ...STORAGE, role_arn: CANARY },
      `${place('role_arn')}: expected the ARN of a role, arn:aws:iam::<account>:role/<name>`,
    ],
    [
      { ...STORAGE, access_key_id: `${CANARY}\n`, secret_access_key: 's' },
      `${place('access_key_id')}: expected a text without spaces or line breaks`,
    ],
    [
      { ...STORAGE, access_key_id: CANARY },
      `${place('secret_access_key')}: expected both of access_key_id and secret_access_key, or neither`,
    ],
    [
      { ...STORAGE, access_key_id: '', secret_access_key: CANARY },
      `${place('access_key_id')}: expected both of access_key_id and secret_access_key, or neither`,
    ],
    [{ ...STORAGE, format: { format_type: CANARY } }, `${place('format.format_type')}: expected "CSV" or "JSONL"`],
    [{ ...STORAGE, format: { format_type: 'CSV', flattening: 5 } }, `${place('format.flattening')}: expected a text`],
    [
      { ...STORAGE, compression: { compression_type: CANARY } },
      `${place('compression.compression_type')}: this version knows only "No Compression"`,
    ],
    [
      { ...STORAGE, path_format: CANARY },
      `${place('path_format')}: this version knows only "{sync_id}/{namespace}/{stream_name}/"`,
    ],
    [
      { ...STORAGE, file_name_format: CANARY },
      `${place('file_name_format')}: this version knows only "{date}_{timestamp}_{part_number}{format_extension}"`,
    ],
  ])('%j is refused by its place, without the value', (storage, problem) => {
    expect(problemsOf(storage)).toEqual([problem])
  })

  test.each(['', '..', 'a b', 'a?b', 'a..b', '-a'])('a bucket can not be called %j', (name) => {
    expect(problemsOf({ ...STORAGE, s3_bucket_name: name })).toEqual([
      `${place('s3_bucket_name')}: expected the name of a bucket`,
    ])
  })

  test.each(['../x', 'a/../b', './x', 'a/.'])('the path %j leads elsewhere', (path) => {
    expect(problemsOf({ ...STORAGE, bucket_path: path })).toEqual([
      `${place('bucket_path')}: expected a text (a folder, without . and .. in its path; "" for none)`,
    ])
  })

  test('keys that nobody reads are listed with their place', () => {
    const storage = { ...STORAGE, s3_bucket: 'x', format: { format_type: 'CSV', quote: 'x' } }
    expect(right(decode(configOf(storage))).unknown).toEqual([place('s3_bucket'), place('format.quote')])
    const none = { storage_type: 'None', s3_bucket_name: 'x' }
    expect(right(decode(configOf(none))).unknown).toEqual([place('s3_bucket_name')])
  })
})
