import { partsOf } from '../spec/documentation/pages'
import { SUCCEEDED, checkDestination, checkSource, failed, statusOf } from './check/checking'
import { EVENTS } from './support/catalogs'
import { type Bucket, newBucket } from './support/bucket'
import { newFolder } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, recordLines, stateLines } from './support/messages'
import { describeWithMoto, makeUserOf } from './support/moto'
import { read } from './support/reading'
import { makeFile } from './support/rows'
import { write } from './support/writing'

interface Policy {
  readonly Version: string
  readonly Statement: ReadonlyArray<Readonly<Record<string, unknown>>>
}

const policyOf = (info: string): Policy => {
  const block = partsOf('docs/iam.md').blocks.find((one) => one.info === info)
  return JSON.parse(block?.text ?? 'null') as Policy
}

const READ = policyOf('json policy read')
const REJECTS = policyOf('json policy rejects')

/** A policy without one of its statements. */
const without = (policy: Policy, i: number): Policy => ({
  ...policy,
  Statement: policy.Statement.filter((_, j) => j !== i),
})

/** The policies of docs/iam.md, each with all of its statements and with each of them missing. */
describeWithMoto('the policies of docs/iam.md are enough, and no more than that', (moto) => {
  const folder = newFolder()
  const buckets: Array<Bucket> = []
  const keys: Record<string, { readonly id: string; readonly secret: string }> = {}
  let platform: Platform

  beforeAll(async () => {
    platform = await startPlatform()
    const files = await newBucket(moto(), 'acme-offline')
    buckets.push(files, await newBucket(moto(), 'acme-rejects'))
    const { csv } = makeFile({ rows: 10, seed: 'iam' })
    await files.put('my folder/this table/orders.csv', csv)
    await files.put('elsewhere/orders.csv', csv)
    const policies = {
      reader: READ,
      getter: without(READ, 0),
      lister: without(READ, 1),
      keeper: REJECTS,
      putter: without(REJECTS, 1),
      nobody: without(REJECTS, 0),
    }
    for (const [name, policy] of Object.entries(policies))
      keys[name] = await makeUserOf(moto(), name, JSON.stringify(policy))
    await moto().requireAuth(true)
  }, 60_000)
  afterAll(async () => {
    for (const bucket of buckets) bucket.close()
    folder.remove()
    await platform.close()
  })

  const source = (name: string, path_prefix = 'my folder/this table'): Readonly<Record<string, unknown>> => ({
    bucket: 'acme-offline',
    path_prefix,
    endpoint: moto().url,
    credentials: {
      auth_type: 'access_key',
      aws_access_key_id: keys[name]?.id,
      aws_secret_access_key: keys[name]?.secret,
    },
  })

  const destination = (name: string): Readonly<Record<string, unknown>> =>
    destinationConfig(platform, {
      object_storage_config: {
        storage_type: 'S3',
        access_key_id: keys[name]?.id,
        secret_access_key: keys[name]?.secret,
        s3_bucket_name: 'acme-rejects',
        s3_bucket_region: 'us-east-1',
        s3_endpoint: moto().url,
        bucket_path: 'rejected',
      },
    })

  const REJECT = `{"type":"RECORD","record":{"stream":"offline_events","data":{"event_name":"Lead","event_time":1,"email":"a@example.com"},"emitted_at":1}}\n`
  const STATE = `{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"offline_events"},"stream_state":{"a":1}}}}\n`

  it('reading: checks and reads, but no other folder', async () => {
    expect(statusOf(await checkSource(folder, source('reader')))).toEqual(SUCCEEDED)
    const ended = await read(folder, { config: source('reader'), streams: [EVENTS] })
    expect({ code: ended.code, errors: errorsOf(ended) }).toEqual({ code: 0, errors: [] })
    expect(recordLines(ended, EVENTS)).toHaveLength(10)
    expect(statusOf(await checkSource(folder, source('reader', 'elsewhere')))).toEqual(
      failed(/s3:(ListBucket|GetObject)/),
    )
  })

  it.each([
    ['getter', 's3:ListBucket'],
    ['lister', 's3:GetObject'],
  ])('reading: the %s lacks %s', async (name, action) => {
    expect(statusOf(await checkSource(folder, source(name)))).toEqual(failed(new RegExp(action)))
  })

  it('rejects: checks, and takes its object away; keeps what is rejected', async () => {
    const { status, message } = statusOf(await checkDestination(folder, destination('keeper')))
    expect({ status, stays: /stays there/.test(message) }).toEqual({ status: 'SUCCEEDED', stays: false })
    const ended = await write(folder, destination('keeper'), REJECT + STATE)
    expect({ code: ended.code, states: stateLines(ended).length }).toEqual({ code: 0, states: 1 })
  })

  it('rejects: without s3:DeleteObject the check succeeds and says what stays; rejects are kept', async () => {
    const { status, message } = statusOf(await checkDestination(folder, destination('putter')))
    expect({ status, stays: /rejected\/\.check of this test stays there/.test(message) }).toEqual({
      status: 'SUCCEEDED',
      stays: true,
    })
    expect((await write(folder, destination('putter'), REJECT + STATE)).code).toBe(0)
  })

  it('rejects: without s3:PutObject nothing is acknowledged', async () => {
    expect(statusOf(await checkDestination(folder, destination('nobody')))).toEqual(failed(/s3:PutObject/))
    const ended = await write(folder, destination('nobody'), REJECT + STATE)
    expect({ code: ended.code, states: stateLines(ended) }).toEqual({ code: 1, states: [] })
  })
})
