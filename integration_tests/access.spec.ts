import { type Status, SUCCEEDED, checkSource, failed, statusOf } from './check/checking'
import { EVENTS } from './support/catalogs'
import { BARE_ENV, newFolder } from './support/connector'
import { errorsOf, logsOf, recordLines, totalsOf } from './support/messages'
import { read } from './support/reading'
import { makeFile } from './support/rows'
import { type Answer, type S3Stub, type StubFile, content, listing, refusal, startS3 } from './support/s3-stub'

const fileOf = (name: string, over: Partial<StubFile> = {}): StubFile => ({
  key: `data/${name}.csv`,
  content: makeFile({ rows: 2, seed: name }).csv,
  ...over,
})

const FILES = [fileOf('a')]

describe('what a bucket may demand', () => {
  const folder = newFolder()
  const stubs: Array<S3Stub> = []
  afterAll(() => {
    for (const stub of stubs) stub.close()
    folder.remove()
  })

  const stubOf = async (files: ReadonlyArray<StubFile>, guard?: (answer: Answer) => Answer): Promise<S3Stub> => {
    const guarded = guard ?? ((answer: Answer) => answer)
    const stub = await startS3(files, { list: guarded(listing(files)), get: guarded(content(files)) })
    stubs.push(stub)
    return stub
  }

  const checked = async (stub: S3Stub, over: Readonly<Record<string, unknown>>): Promise<Status> =>
    statusOf(await checkSource(folder, stub.config(over)))

  /** Of another account's requests and files S3 gives nothing, and does not say why. */
  const denying =
    (header: string, demanded: string, whenAbsent: boolean) =>
    (answer: Answer): Answer =>
    (asked, response) => {
      const said = asked.headers[header]
      const isDenied = said === undefined ? whenAbsent : said !== demanded
      ;(isDenied ? refusal(403, 'AccessDenied') : answer)(asked, response)
    }

  it('that the requester pays: is told to list and to read', async () => {
    const stub = await stubOf(FILES, denying('x-amz-request-payer', 'requester', true))
    expect(await checked(stub, { requester_pays: true })).toEqual(SUCCEEDED)
    const ended = await read(folder, { config: stub.config({ requester_pays: true }), streams: [EVENTS] })
    expect({ code: ended.code, errors: errorsOf(ended) }).toEqual({ code: 0, errors: [] })
    expect(recordLines(ended, EVENTS)).toHaveLength(2)
    expect(await checked(stub, {})).toEqual(failed(/s3:ListBucket.*requester_pays/))
  })

  it('that it belongs to another account: FAILED names expected_bucket_owner', async () => {
    const stub = await stubOf(FILES, denying('x-amz-expected-bucket-owner', '123456789012', false))
    for (const over of [{ expected_bucket_owner: '123456789012' }, {}])
      expect(await checked(stub, over)).toEqual(SUCCEEDED)
    expect(await checked(stub, { expected_bucket_owner: '210987654321' })).toEqual(
      failed(/not 210987654321's, as expected_bucket_owner says\)\. Allow s3:ListBucket/),
    )
  })

  it('without these settings says nothing of either', async () => {
    const stub = await stubOf(FILES)
    expect(await checked(stub, {})).toEqual(SUCCEEDED)
    const said = stub.asked.flatMap(({ headers }) => Object.keys(headers))
    expect(said.filter((name) => /payer|owner|optional|checksum/.test(name))).toEqual([])
  })

  it('that archived files are restored first: they are passed over, the others and the restored ones are read', async () => {
    const files = [
      fileOf('archived', { storageClass: 'GLACIER' }),
      fileOf('plain', { modified: new Date(Date.now() - 60_000) }),
      fileOf('restored', { storageClass: 'GLACIER', restoredUntil: new Date(Date.now() + 86_400_000) }),
    ]
    const stub = await stubOf(files)
    const ended = await read(folder, { config: stub.config(), streams: [EVENTS] })
    expect({ code: ended.code, errors: errorsOf(ended) }).toEqual({ code: 0, errors: [] })
    expect(recordLines(ended, EVENTS)).toHaveLength(4)
    expect(totalsOf(ended)).toMatchObject({ files: 2, files_ignored: 1, files_by_code: { FILE_ARCHIVED: 1 } })
    expect(logsOf(ended, 'WARN')).toEqual([expect.stringMatching(/^1 file FILE_ARCHIVED, first data\/archived\.csv/)])
    expect(await checked(stub, {})).toEqual(SUCCEEDED)
  })

  it('the same of an archive that shows only when a file is opened: a test of the connection says so', async () => {
    const stub = await stubOf(FILES, (answer) => (asked, response) => {
      ;(asked.operation === 'get' ? refusal(403, 'InvalidObjectState') : answer)(asked, response)
    })
    expect(await checked(stub, {})).toEqual({
      status: 'SUCCEEDED',
      message: expect.stringMatching(/newest matching file lies in an archive/) as string,
    })
  })
})

describe('an endpoint without TLS', () => {
  const folder = newFolder()
  let stub: S3Stub
  beforeAll(async () => (stub = await startS3(FILES)))
  afterAll(() => {
    stub.close()
    folder.remove()
  })

  /** Asked by way of the stub, whatever its name. */
  const warningsOf = async (endpoint: string): Promise<ReadonlyArray<string>> => {
    const config = stub.config({ endpoint })
    const env = { ...BARE_ENV, HTTP_PROXY: stub.url }
    const ended = await checkSource(folder, config, { env })
    expect(statusOf(ended)).toEqual(SUCCEEDED)
    const reading = await read(folder, { config, env, streams: [EVENTS] })
    expect(recordLines(reading, EVENTS)).toHaveLength(2)
    expect(logsOf(reading, 'WARN')).toEqual(logsOf(ended, 'WARN'))
    return logsOf(reading, 'WARN')
  }

  it('is warned of, once a run, where it is another machine', async () => {
    expect(await warningsOf('http://minio.example.com:9000')).toEqual([
      expect.stringMatching(/^endpoint is plain HTTP/),
    ])
  })

  it('is no matter on this machine', async () => {
    expect(await warningsOf(stub.url)).toEqual([])
  })
})
