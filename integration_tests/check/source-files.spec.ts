import { type Folder, newFolder } from '../support/connector'
import { type Answer, type S3Stub, type StubFile, content, inTurn, pageOf, refusal, startS3 } from '../support/s3-stub'
import { SUCCEEDED, type Status, checkSource, failureOf, marksOf, statusOf } from './checking'

const GOOD = 'event_name,event_time,email\nLead,1790000000,a@example.com\n'
const DAY_MS = 86_400_000
const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY_MS)

const fileOf = (key: string, over: Partial<StubFile> = {}): StubFile => ({ key, content: GOOD, ...over })

describe('source check of what lies in the folder', () => {
  const folder: Folder = newFolder()
  const stubs: Array<S3Stub> = []
  afterAll(() => {
    for (const stub of stubs) stub.close()
    folder.remove()
  })

  const stubOf = async (
    files: ReadonlyArray<StubFile>,
    answers: Readonly<Partial<Record<'list' | 'get', Answer>>> = {},
  ): Promise<S3Stub> => {
    const stub = await startS3(files, answers)
    stubs.push(stub)
    return stub
  }
  const checked = async (stub: S3Stub, over: Readonly<Record<string, unknown>> = {}): Promise<Status> =>
    statusOf(await checkSource(folder, stub.config(over)))
  const gotBy = ({ asked }: S3Stub): ReadonlyArray<string> =>
    asked.filter(({ operation }) => operation === 'get').map(({ key }) => key)
  const succeeded = (...words: ReadonlyArray<RegExp>): unknown => ({
    status: 'SUCCEEDED',
    message: expect.stringMatching(new RegExp(words.map(({ source }) => `(?=.*${source})`).join(''))) as string,
  })

  describe('no matching file', () => {
    it.each([
      ['an empty folder', [], {}, /Relative path to data folder/],
      ['a folder whose name begins a sibling’s', ['database/orders.csv'], {}, /Relative path to data folder/],
      ['only the marker of a folder', ['data/'], {}, /Relative path to data folder/],
      [
        'a file_pattern that nothing matches',
        ['data/a.csv', 'data/b.csv'],
        { file_pattern: '*.tsv' },
        /file_pattern.* 2 /,
      ],
      ['a start_date after every file', ['data/a.csv'], { start_date: '2999-01-01' }, /start_date.* 1 /],
    ] as const)('is a remark: %s', async (_, keys, over, words) => {
      const stub = await stubOf(keys.map((key) => fileOf(key, key.endsWith('/') ? { content: '' } : {})))
      expect(await checked(stub, over)).toEqual(succeeded(/no matching file/, words))
      expect(gotBy(stub)).toEqual([])
    })

    it('is not said of the whole bucket', async () => {
      const stub = await stubOf([fileOf('orders.csv')])
      expect(await checked(stub, { path_prefix: '/' })).toEqual(SUCCEEDED)
    })
  })

  describe('the newest file', () => {
    it('is opened, whatever the order of the keys', async () => {
      const bad = { content: 'no,template\n' }
      const stub = await stubOf([
        fileOf('data/a.csv', { ...bad, modified: daysAgo(3) }),
        fileOf('data/b.csv', { modified: daysAgo(1) }),
        fileOf('data/c.csv', { ...bad, modified: daysAgo(2) }),
      ])
      expect(await checked(stub)).toEqual(SUCCEEDED)
      expect(gotBy(stub)).toEqual(['data/b.csv'])
    })

    it('is the one with bytes in it: an empty one proves no permission', async () => {
      const empty = fileOf('data/empty.csv', { content: '' })
      const stub = await stubOf([fileOf('data/a.csv', { modified: daysAgo(1) }), empty])
      expect(await checked(stub)).toEqual(SUCCEEDED)
      expect(gotBy(stub)).toEqual(['data/a.csv'])
      expect(await checked(await stubOf([empty]))).toEqual(succeeded(/empty/))
    })

    it.each([
      ['event_time', 'event_name,when,email\n', {}],
      ['event_name', 'event_time,email\n', {}],
      ['Email_hashed', 'event_name,event_time,currency\n', {}],
      ['event_time', 'event_name,Email_hashed\n', { default_event_name: 'Lead' }],
    ])('without the column %s: names it and the file', async (column, header, over) => {
      const stub = await stubOf([fileOf('data/orders.csv', { content: header })])
      const message = failureOf(await checkSource(folder, stub.config(over)))
      expect({ message, marks: marksOf(message) }).toEqual({
        message: expect.stringMatching(`data/orders\\.csv.*${column}`) as string,
        marks: ['column'],
      })
    })

    it('with two columns for one field: names both', async () => {
      const stub = await stubOf([fileOf('data/orders.csv', { content: 'event,event_name,event_time,email\n' })])
      const message = failureOf(await checkSource(folder, stub.config()))
      expect({ message, marks: marksOf(message) }).toEqual({
        message: expect.stringMatching(/data\/orders\.csv.*event_name.*event /) as string,
        marks: ['columns'],
      })
    })

    it('that was replaced between listing and reading is looked at as it stands then', async () => {
      const files = [fileOf('data/orders.csv')]
      const stub = await stubOf(files, { get: inTurn(refusal(412, 'PreconditionFailed'), content(files)) })
      expect(await checked(stub)).toEqual(SUCCEEDED)
      expect(stub.asked.map(({ operation }) => operation)).toEqual(['list', 'get', 'list', 'get'])
    })
  })

  describe('files older than 28 days', () => {
    const old = fileOf('data/a.csv', { modified: daysAgo(40.5) })
    const recent = fileOf('data/b.csv', { modified: daysAgo(27.9) })

    it('draw a remark that tells the age of the newest, or how many they are', async () => {
      expect(await checked(await stubOf([old]))).toEqual(succeeded(/40 days old/, /28 days/, /start date/))
      expect(await checked(await stubOf([old, recent]))).toEqual(succeeded(/1 of the 2 files/, /28 days/, /start date/))
    })

    it('draw none where there is a start_date, or none is so old', async () => {
      const start_date = daysAgo(60).toISOString().slice(0, 10)
      expect(await checked(await stubOf([old]), { start_date })).toEqual(SUCCEEDED)
      expect(await checked(await stubOf([recent]))).toEqual(SUCCEEDED)
    })
  })

  describe('a folder of very many keys', () => {
    const good = [fileOf('data/orders.csv')]

    it('is looked at up to 10 pages, though the store lists for ever', async () => {
      const list: Answer = (asked, response) => pageOf(good, `page-${asked.n + 1}`)(asked, response)
      const stub = await stubOf(good, { list })
      expect(await checked(stub)).toEqual(SUCCEEDED)
      const pages = stub.asked.filter(({ operation }) => operation === 'list')
      expect(pages.map(({ continuation }) => continuation)).toEqual([
        undefined,
        ...Array.from({ length: 9 }, (_, i) => `page-${i + 2}`),
      ])
    })

    it('says that it looked no further where the first keys match nothing', async () => {
      const list: Answer = (asked, response) => pageOf([fileOf('data/x.txt')], `page-${asked.n + 1}`)(asked, response)
      expect(await checked(await stubOf([], { list }))).toEqual(succeeded(/no matching file among the first keys/))
    })

    it.each([
      ['that names the same page as the next one', pageOf(good, 'same')],
      ['that names no next page', pageOf(good, '')],
    ])('in a store %s: says so, for files would be missed', async (_, list) => {
      const message = failureOf(await checkSource(folder, (await stubOf(good, { list })).config()))
      expect(message).toMatch(/ListObjectsV2/)
    })
  })
})
