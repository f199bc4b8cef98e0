import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bucketKey, startBucket } from '../demo/bucket'
import { type Bucket, type S3, newBucket } from './support/bucket'
import { EVENTS, REJECTS } from './support/catalogs'
import { type Ended, newFolder } from './support/connector'
import { errorsOf, logsOf, total, totalsOf } from './support/messages'
import { describeWithMoto } from './support/moto'
import { atATime, read } from './support/reading'

const CORPUS = join(__dirname, 'corpus')

type Json = Readonly<Record<string, unknown>>

/** What is to come of a case's files. */
interface Expected {
  readonly proves: string
  /** What its config has beside what every config has; without it the case is read together with others. */
  readonly config?: Json & { readonly path_prefix?: string }
  /** Rows of valid events, with the fields that matter. */
  readonly events: ReadonlyArray<Json & { readonly row: number }>
  readonly rejected: ReadonlyArray<{ readonly row: number; readonly code: string; readonly column?: string }>
  /** Why the file fails, and a word of the message. */
  readonly fault?: { readonly code: string; readonly says: string }
  /** An S3 that can't have such keys. */
  readonly notHeldBy?: string
  /** Keys of the files where they are not their names. */
  readonly keys?: Readonly<Record<string, string>>
  /** Keys of files that are too large to lie in the folder, and how each is made. */
  readonly made?: Readonly<Record<string, keyof typeof RECIPES>>
  /** The keys are those of a bucket of its own, which has nothing else. */
  readonly hasBucket?: true
}

const HEADER = 'event_name,event_time,transaction_id,email,description,note\n'

const lineOf = (id: string, description: string, note: string): string =>
  `Lead,1767225600,${id},ana@example.com,${description},${note}\n`

const MIB = 1024 * 1024

/** Files by name. The column `note` is no column of the template: what fills it is not emitted. */
const RECIPES = {
  /** A row of 5 MiB between two others. */
  row_of_5_mib: () =>
    Buffer.from(HEADER + lineOf('A1', '', '') + lineOf('A2', '', 'x'.repeat(5 * MIB)) + lineOf('A3', '', '')),
  /** After the first MiB, a byte that is no UTF-8 in one row and UTF-8 in the next. */
  bad_byte_after_1_mib: () =>
    Buffer.concat([
      Buffer.from(HEADER + lineOf('A1', 'für', 'x'.repeat(MIB))),
      Buffer.from(lineOf('A2', 'für', ''), 'latin1'),
      Buffer.from(lineOf('A3', 'für', '')),
    ]),
  /** The first MiB ends within a character. */
  character_across_1_mib: () => {
    const before = HEADER + lineOf('A1', '', '').trimEnd()
    const filled = before + 'x'.repeat(MIB - before.length - 2)
    return Buffer.from(`${filled}€\n${lineOf('A2', 'für €', '')}`)
  },
  /** A quote that nobody closes, and 5 MiB of rows after it. */
  quote_over_5_mib: () =>
    Buffer.from(
      HEADER + lineOf('A1', '"open', '') + lineOf('A2', '', 'x'.repeat(MIB)).repeat(5) + lineOf('A3', '', ''),
    ),
} satisfies Readonly<Record<string, () => Buffer>>

const NAMES = readdirSync(CORPUS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

const CASES = NAMES.map((name) => ({
  name,
  expected: JSON.parse(readFileSync(join(CORPUS, name, 'expected.json'), 'utf8')) as Expected,
}))

type Case = (typeof CASES)[number]

/** What the keys of a case begin with: the folder that it has in the bucket of all, or nothing. */
const rootOf = ({ name, expected }: Case): string =>
  expected.hasBucket === true ? '' : `${expected.config === undefined ? 'together' : 'alone'}/${name}/`

/** The files of a case by their keys. */
const filesOf = ({ name, expected: { keys, made = {} } }: Case): ReadonlyArray<readonly [string, Buffer]> => [
  ...readdirSync(join(CORPUS, name))
    .filter((file) => file !== 'expected.json')
    .map((file) => [keys?.[file] ?? file, readFileSync(join(CORPUS, name, file))] as const),
  ...Object.entries(made).map(([key, recipe]) => [key, RECIPES[recipe]()] as const),
]

const recordsOf = ({ messages }: Ended, stream: string, root: string): ReadonlyArray<Json> =>
  messages.flatMap(({ record }) =>
    record?.stream === stream && String(record.data['_ab_source_file_url']).startsWith(root) ? [record.data] : [],
  )

/** Puts all files and reads them: the run in which each case was read. */
const readAll = async (s3: S3, cases: ReadonlyArray<Case>): Promise<ReadonlyMap<string, Ended>> => {
  const ofAll = await newBucket(s3, 'corpus')
  const buckets: Array<Bucket> = [ofAll]
  const folder = newFolder()
  const bucketOf = async ({ name, expected }: Case): Promise<Bucket> => {
    if (expected.hasBucket !== true) return ofAll
    const own = await newBucket(s3, name)
    buckets.push(own)
    return own
  }
  try {
    const places = await atATime(8, cases, async (one) => {
      const bucket = await bucketOf(one)
      for (const [key, content] of filesOf(one)) await bucket.put(rootOf(one) + key, content)
      return { one, bucket }
    })
    const together = await read(folder, { config: ofAll.config({ path_prefix: 'together' }) })
    const runs = await atATime(2, places, ({ one, bucket }) => {
      const { config } = one.expected
      if (config === undefined) return Promise.resolve(together)
      return read(folder, {
        config: bucket.config({ ...config, path_prefix: rootOf(one) + (config.path_prefix ?? '') }),
      })
    })
    return new Map(cases.map(({ name }, i) => [name, runs[i] ?? together]))
  } finally {
    folder.remove()
    for (const bucket of buckets) bucket.close()
  }
}

const suite = (name: string, s3: () => S3): void => {
  const cases = CASES.filter(({ expected }) => expected.notHeldBy !== name)
  const groups = [
    cases.filter(({ expected }) => expected.config === undefined),
    ...cases.filter(({ expected }) => expected.config !== undefined).map((one) => [one]),
  ]
  let runs: ReadonlyMap<string, Ended> = new Map()
  beforeAll(async () => (runs = await readAll(s3(), cases)), 240_000)

  const runOf = (one: Case | undefined): Ended => {
    const run = runs.get(one?.name ?? '')
    if (run === undefined) throw new Error('it was not read')
    return run
  }

  it.each(cases)('$name: $expected.proves', (one) => {
    const run = runOf(one)
    const { events, rejected, fault } = one.expected
    const root = rootOf(one)
    const rows = recordsOf(run, EVENTS, root).map((data) => ({ ...data, row: data['_ab_source_file_row'] }))
    const order = (a: Json, b: Json): number => String(a['transaction_id']).localeCompare(String(b['transaction_id']))
    // Several files of a case are of one second, or not: which comes first says nothing.
    const isOneFile = one.expected.keys === undefined
    expect(isOneFile ? rows : [...rows].sort(order)).toMatchObject(
      isOneFile ? events : events.map((event) => ({ ...event, row: 1 })),
    )
    expect(rows).toHaveLength(events.length)
    const found = recordsOf(run, REJECTS, root)
    expect(found.map((data) => [data['_ab_source_file_row'], data['code'], data['column']])).toEqual(
      rejected.map(({ row, code, column }) => [row, code, column]),
    )
    const faults = logsOf(run, 'WARN').filter((line) => line.includes(root) && / FILE_\w+, /.test(line))
    expect(faults).toEqual(
      fault === undefined ? [] : [expect.stringMatching(new RegExp(`${fault.code}, .*${fault.says}`))],
    )
  })

  it('files that fail end the run as a config_error, after all others were read', () => {
    const [together = [], ...alone] = groups
    const run = runOf(together[0])
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 1, stderr: '' })
    expect(errorsOf(run)).toEqual([expect.stringMatching(/^config_error: /)])
    for (const [one] of alone)
      expect(runOf(one)).toMatchObject({ code: one?.expected.fault === undefined ? 0 : 1, stderr: '' })
  })

  it('the totals count every row, reject and fault', () => {
    for (const group of groups) {
      const { files_failed, files_by_code, rows, emitted, rejected } = totalsOf(runOf(group[0]))
      const events = group.flatMap(({ expected }) => expected.events).length
      const codes = countsOf(group.flatMap(({ expected }) => expected.rejected.map(({ code }) => code)))
      const faults = countsOf(group.flatMap(({ expected }) => expected.fault?.code ?? []))
      expect({ files_failed, files_by_code, rows, emitted, rejected }).toEqual({
        files_failed: total(faults),
        files_by_code: faults,
        rows: events + total(codes),
        emitted: events,
        rejected: codes,
      })
    }
  })

  it('no run shows an e-mail address', () => {
    for (const { name } of cases) expect(runs.get(name)?.stdout).not.toMatch(/@example\.com/i)
  })
}

const countsOf = (codes: ReadonlyArray<string>): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

describeWithMoto('the corpus, from moto', (moto) => suite('moto', moto))

describe('the corpus, from s3rver', () => {
  let directory: string | undefined
  let server: Awaited<ReturnType<typeof startBucket>> | undefined
  // Not before: a suite that is left out by its name would leave the server running.
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'corpus-'))
    server = await startBucket('unused', directory)
  })
  afterAll(async () => {
    await server?.close()
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true })
  })
  suite('s3rver', () => ({ url: server?.endpoint ?? '', keyId: bucketKey, secret: bucketKey }))
})

test('the table of README.md says what each case proves', () => {
  const table = readFileSync(join(CORPUS, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ['))
  expect(table).toEqual(
    [...CASES]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, expected }) => `| [${name}](${name}/) | ${expected.proves} |`),
  )
})
