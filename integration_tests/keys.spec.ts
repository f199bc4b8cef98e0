import * as E from 'fp-ts/Either'
import type { Objects } from '../src/capabilities'
import { openBucket } from '../src/storage/s3'
import { type Bucket, KEY_ID, SECRET, newBucket } from './support/bucket'
import { EVENTS } from './support/catalogs'
import { newFolder } from './support/connector'
import { recordLines, stateLines } from './support/messages'
import { describeWithMoto } from './support/moto'
import { read } from './support/reading'
import { makeFile } from './support/rows'

const KEYS = [
  'data/a b.csv',
  'data/ outer space .csv',
  'data/a+b.csv',
  'data/a%20b.csv',
  'data/100%.csv',
  'data/a&b=c?d#e.csv',
  'data/a&amp;b<c>.csv',
  'data//double//slash.csv',
  'data/größe/日本/😀.csv',
  'data/quote"and\\back.csv',
  "data/it's (1)!*~.csv",
  'data/tab\tand\rreturn.csv',
  // XML 1.0 has no place for it.
  'data/bell\u0007.csv',
]
/** Beside the folder, for the whole bucket only. */
const ALL = [...KEYS, '/leading.csv']

const contents = new Map(ALL.map((key, i) => [key, makeFile({ rows: 1, seed: `file-${i}` }).csv]))

describeWithMoto('keys of every spelling', (moto) => {
  const folder = newFolder()
  let bucket: Bucket
  let objects: Objects
  const stop = new AbortController()

  beforeAll(async () => {
    bucket = await newBucket(moto(), 'spellings')
    for (const [key, content] of contents) await bucket.put(key, content)
    // Longer names that begin with one.
    await bucket.put('data/a+b.csv.bak', 'later')
    objects = openBucket(
      {
        use: 'files',
        name: 'spellings',
        region: undefined,
        endpoint: moto().url,
        credentials: { _tag: 'AccessKey', accessKeyId: KEY_ID, secretAccessKey: SECRET, sessionToken: undefined },
        bodyIdleMs: 60_000,
        requesterPays: false,
        expectedOwner: undefined,
      },
      { s3: {}, signIn: {}, stsUrl: moto().url },
      stop.signal,
    )
  }, 60_000)
  afterAll(() => {
    stop.abort()
    bucket.close()
    folder.remove()
  })

  it('are listed, read and reported as they are, and known again', async () => {
    const config = bucket.config({ path_prefix: '', file_pattern: '**/*.csv' })
    const ended = await read(folder, { config, streams: [EVENTS] })
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' })
    const keys = ended.messages.flatMap(({ record }) =>
      record === undefined ? [] : [record.data['_ab_source_file_url']],
    )
    expect([...keys].sort()).toEqual([...ALL].sort())
    const again = await read(folder, { config, streams: [EVENTS], state: stateLines(ended) })
    expect(recordLines(again, EVENTS)).toEqual([])
  })

  it.each(ALL)('%j is found under its key, and read', async (key) => {
    const found = await objects.find(key)()
    if (E.isLeft(found) || found.right === undefined) throw new Error('it is not found')
    expect(found.right.key).toBe(key)
    const pieces: Array<Buffer> = []
    for await (const piece of objects.read(found.right, 0)) if (E.isRight(piece)) pieces.push(piece.right)
    expect(Buffer.concat(pieces).toString()).toBe(contents.get(key))
  })

  it.each(['data/a+b', 'data/a b', 'data/', 'data/a%2Bb.csv', 'nothing'])('%j is not found', async (key) => {
    expect(await objects.find(key)()).toEqual(E.right(undefined))
  })
})
