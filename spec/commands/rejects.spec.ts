import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import type { Bucket, Objects } from '../../src/capabilities'
import { checkRejects } from '../../src/commands/checking/rejects'
import { openRejects } from '../../src/commands/writing/rejects'
import { decode } from '../../src/destination/config'
import { NO_KEEPER } from '../../src/destination/delivery/rejects'
import type { Failure } from '../../src/failure'
import { ConfiguredCatalog } from '../../src/protocol/catalog'
import { right } from '../support/either'
import { memoryObjects } from '../support/memory'

type Over = Readonly<Record<string, unknown>>

const START_MS = Date.UTC(2026, 0, 31)
const PLATFORM = { type: 'tiktok', access_token: 't', event_set_id: '7312345678901234567' }
const S3 = { storage_type: 'S3', s3_bucket_name: 'acme', s3_bucket_region: '', bucket_path: '/rejected/' }

const configOf = (object_storage_config: Over) => right(decode({ platform: PLATFORM, object_storage_config })).config

const storageOf = (object_storage_config: Over) => configOf(object_storage_config).object_storage_config

/** A bucket in memory, and how it was asked for. */
const bucketWith = (over: Partial<Objects> = {}) => {
  const asked: Array<Bucket> = []
  const objects = { ...memoryObjects({}, 0), ...over }
  const openBucket = (bucket: Bucket) => {
    asked.push(bucket)
    return TE.right(objects)
  }
  return {
    openBucket,
    nowMs: () => START_MS,
    random: () => 0,
    stop: new AbortController().signal,
    asked,
    contents: objects.contents,
  }
}

const refusal = (cause: 'put' | 'remove'): Failure => ({
  _tag: 'StorageRefused',
  use: 'rejects',
  cause,
  bucket: 'acme',
})

describe('openRejects', () => {
  const { streams } = right(
    ConfiguredCatalog.decode({
      streams: [
        { stream: { name: 'orders', namespace: 'shop' }, sync_mode: 'incremental', sync_id: 17 },
        { stream: { name: 'leads' }, sync_mode: 'incremental', sync_id: null },
      ],
    }),
  )
  const reject = (stream: string, namespace: string | undefined) => ({
    ...{ code: 'EVENT_TOO_OLD', message: 'm', stream, namespace, record: 1, file: undefined, row: undefined },
    ...{ column: undefined, transactionId: undefined, eventName: undefined, requestId: undefined },
  })

  test('opens nothing where no bucket is configured', async () => {
    const { asked, ...caps } = bucketWith()
    expect(await openRejects(caps, configOf({ storage_type: 'None' }), streams)()).toEqual(E.right(NO_KEEPER))
    expect(asked).toEqual([])
  })

  test.each([
    ['CSV', 'csv'],
    ['JSONL', 'jsonl'],
  ])('keeps rejects as %s, each under sync, namespace and stream', async (format_type, extension) => {
    const { contents, ...caps } = bucketWith()
    const config = configOf({ ...S3, format: { format_type } })
    const keeper = right(await openRejects(caps, config, streams)())
    void keeper.keep(reject('orders', 'shop'))
    void keeper.keep(reject('leads', undefined))
    void keeper.keep(reject('orders', 'shop'))
    expect(await keeper.kept()).toEqual(E.right(undefined))
    expect([...contents.keys()]).toEqual([
      `rejected/17/shop/orders/2026_01_31_${START_MS}_1_000000.${extension}`,
      `rejected/leads/2026_01_31_${START_MS}_2_000000.${extension}`,
    ])
  })

  const KEY = { access_key_id: 'AKIA', secret_access_key: 's' }
  const ROLE = { role_arn: 'arn:aws:iam::123456789012:role/r' }
  const key = { _tag: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: 's', sessionToken: undefined }
  const role = { _tag: 'AssumedRole', roleArn: ROLE.role_arn, externalId: undefined, stsEndpoint: undefined }

  test.each([
    ['a key', KEY, key],
    ['a role and a key', { ...KEY, ...ROLE }, { ...role, base: key }],
    ['a role', ROLE, { ...role, base: undefined }],
    ['nothing', {}, { _tag: 'Environment' }],
  ])('signs in with %s', async (_, over, credentials) => {
    const { asked, ...caps } = bucketWith()
    await openRejects(caps, configOf({ ...S3, ...over }), streams)()
    // It is waited for as long as the platform is: give_up_after_minutes.
    const patienceMs = 30 * 60_000
    expect(asked).toEqual([
      {
        use: 'rejects',
        name: 'acme',
        region: undefined,
        endpoint: undefined,
        credentials,
        bodyIdleMs: 60_000,
        requesterPays: false,
        expectedOwner: undefined,
        patienceMs,
      },
    ])
  })

  test('asks the endpoint and the region that are set', async () => {
    const { asked, ...caps } = bucketWith()
    const config = configOf({ ...S3, s3_endpoint: 'http://localhost:9000', s3_bucket_region: 'eu-west-1' })
    await openRejects(caps, config, streams)()
    expect(asked).toMatchObject([{ endpoint: 'http://localhost:9000', region: 'eu-west-1' }])
  })
})

describe('checkRejects', () => {
  test('asks for nothing where no bucket is configured', async () => {
    const { openBucket, asked } = bucketWith()
    expect(await checkRejects({ openBucket }, storageOf({ storage_type: 'None' }))()).toEqual(E.right([]))
    expect(asked).toEqual([])
  })

  test('leaves an empty object in the folder and takes it away again, within a time', async () => {
    const put: Array<readonly [key: string, body: string]> = []
    const memory = memoryObjects({}, 0)
    const { openBucket, asked } = bucketWith({
      ...memory,
      put: (key, body) => {
        put.push([key, body])
        return memory.put(key, body)
      },
    })
    expect(await checkRejects({ openBucket }, storageOf(S3))()).toEqual(E.right([]))
    expect([put, [...memory.contents]]).toEqual([[['rejected/.check', '']], []])
    expect(asked).toMatchObject([{ withinMs: 33_000 }])
  })

  test('that it may not be deleted is worth a word, that it may not be put is a failure', async () => {
    const undeletable = bucketWith({ remove: () => TE.left(refusal('remove')) })
    expect(await checkRejects(undeletable, storageOf(S3))()).toEqual(
      E.right([expect.stringMatching(/bucket acme, .*rejected\/\.check .*s3:DeleteObject/)]),
    )
    const closed = bucketWith({ put: () => TE.left(refusal('put')) })
    expect(await checkRejects(closed, storageOf(S3))()).toEqual(E.left(refusal('put')))
  })

  test('other trouble over the deletion is told as it is', async () => {
    const failing: Failure = { _tag: 'StorageFailing', status: 503 }
    const { openBucket } = bucketWith({ remove: () => TE.left(failing) })
    expect(await checkRejects({ openBucket }, storageOf(S3))()).toEqual(E.left(failing))
  })
})
