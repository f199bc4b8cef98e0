import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Bucket, newBucket } from './support/bucket'
import { BOTH, catalogOf } from './support/catalogs'
import { type Ended, type Options, newFolder, pipe, run, start } from './support/connector'
import { EVENT_SET, type Platform, TOKEN, destinationConfig, startPlatform } from './support/emulator'
import { stateLines } from './support/messages'
import { describeWithMoto } from './support/moto'
import { HEADER, type Made, makeFile } from './support/rows'

const BIN = 'offline-events'

/** The line with which `--json` ends. */
interface Totals {
  readonly outcome: string
  readonly source: string
  readonly resumed: boolean
  readonly files: number
  readonly rows: number
  readonly accepted: number
  readonly would_send?: number
  readonly duplicates: number
  readonly unsettled: number
  readonly rejected_rows: number
  readonly rejected: Readonly<Record<string, number>>
  readonly requests: number
  readonly failure?: { readonly message: string; readonly see?: string }
}

const totalsOf = ({ lines }: Ended): Totals => {
  const last = lines.at(-1) ?? ''
  if (!last.startsWith('sync ')) throw new Error(`the last line is ${last}`)
  return JSON.parse(last.slice('sync '.length)) as Totals
}

const BAD = ['EMAIL_MALFORMED', 'EVENT_TOO_OLD', 'VALUE_MALFORMED', 'EVENT_NAME_UNKNOWN']

describeWithMoto('sync', (moto) => {
  const folder = newFolder()
  let platform: Platform
  let bucket: Bucket
  let number = 0

  beforeAll(async () => {
    platform = await startPlatform()
  }, 60_000)
  beforeEach(async () => {
    await platform.reset()
    bucket = await newBucket(moto(), `sync-${++number}`)
  })
  afterEach(() => bucket.close())
  afterAll(async () => {
    folder.remove()
    await platform.close()
  })

  const file = (name: string, content: unknown): string => folder.file(`${number}-${name}`, content)
  const newPath = (name: string): string => file(name, '').replace(/$/, '.new')
  const destination = (more: Readonly<Record<string, unknown>> = {}): string =>
    file('destination.json', destinationConfig(platform, more))
  const source = (more: Readonly<Record<string, unknown>> = {}): string => file('source.json', bucket.config(more))

  const sync = (args: ReadonlyArray<string>, options: Options = {}): Promise<Ended> =>
    run(BIN, ['sync', ...args, '--json'], options)

  const storedIds = async (): Promise<ReadonlyArray<string>> =>
    (await platform.events()).map(({ event_id }) => event_id)

  const made = (rows: number, seed: string, oneIn = 50): Made => makeFile({ rows, seed, codes: BAD, oneIn })
  const goodOnly = (rows: number, seed: string): Made => makeFile({ rows, seed })

  it('sends what is new in a folder, and says what it did', async () => {
    const a = made(2_000, 'a')
    const b = goodOnly(300, 'b')
    await bucket.put('data/a.csv', a.csv)
    await bucket.put('data/b.csv.gz', gzipSync(b.csv))
    const state = newPath('state')
    const args = ['--source', source(), '--destination', destination(), '--state', state]
    const first = await sync(args)
    expect(first.code).toBe(2)
    expect(totalsOf(first)).toMatchObject({
      outcome: 'rejected',
      resumed: false,
      files: 2,
      rows: 2_300,
      accepted: a.good.length + 300,
      unsettled: 0,
      rejected: a.bad,
    })
    expect([...(await storedIds())].sort()).toEqual([...a.good, ...b.good].sort())

    const { total } = (await platform.summary()).requests
    const second = await sync(args)
    expect([second.code, totalsOf(second).rows, (await platform.summary()).requests.total]).toEqual([0, 0, total])

    const c = goodOnly(10, 'c')
    await bucket.put('data/c.csv', c.csv)
    expect(totalsOf(await sync(args))).toMatchObject({ outcome: 'clean', files: 1, rows: 10, accepted: 10 })
  })

  it('sends a file of this machine once, by name, size and content', async () => {
    const { csv, good } = goodOnly(500, 'one')
    const path = file('orders.csv', csv)
    const state = newPath('state')
    const args = [path, '--destination', destination(), '--state', state]
    expect(totalsOf(await sync(args))).toMatchObject({
      outcome: 'clean',
      source: basename(path),
      rows: 500,
      accepted: 500,
    })
    // Saved again as it was.
    writeFileSync(path, csv)
    expect(totalsOf(await sync(args))).toMatchObject({ outcome: 'clean', source: basename(path), rows: 0, requests: 0 })
    // Rows were added.
    const more = goodOnly(20, 'more')
    writeFileSync(path, csv + more.csv.slice(more.csv.indexOf('\n') + 1))
    expect(totalsOf(await sync(args))).toMatchObject({ rows: 20, accepted: 20 })
    // Another file, however old it is.
    const other = file('other.csv', goodOnly(5, 'other').csv)
    expect(totalsOf(await sync([other, ...args.slice(1)]))).toMatchObject({ rows: 5, accepted: 5 })
    expect((await storedIds()).length).toBe(good.length + 25)
  })

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'ended in mid-run by %s goes on where it was, and says so',
    async (signal) => {
      const { csv, good, bad } = made(12_000, 'kill', 100)
      await bucket.put('data/a.csv', csv)
      await platform.reset({ latency_ms: 30 })
      const state = newPath('state')
      const limits = { max_events_per_request: 100, max_requests_in_flight: 4 }
      const rejects = newPath('rejects.csv')
      const report = newPath('report.html')
      const args = [
        ...['--source', source({ checkpoint_rows: 250 }), '--destination', destination(limits)],
        ...['--state', state, '--rejects', rejects, '--report', report],
      ]
      const running = start(BIN, ['sync', ...args, '--json'], { input: '' })
      await platform.requests(20)
      running.child.kill(signal)
      const cut = await running.ended
      expect(cut.signal).toBe(signal)
      if (signal === 'SIGTERM') expect(totalsOf(cut)).toMatchObject({ outcome: 'stopped' })

      const rest = await sync(args)
      expect(rest.code).toBe(2)
      expect(totalsOf(rest)).toMatchObject({ outcome: 'rejected', resumed: true, unsettled: 0 })
      expect(rest.stdout).toContain('Resumed: ')
      expect(readFileSync(report, 'utf8')).toMatch(/went on|[Rr]esumed/)
      const ids = await storedIds()
      expect(ids.length).toBe(new Set(ids).size)
      expect([...ids].sort()).toEqual([...good].sort())
      // A few may stand there twice: they were kept before the state that covers them.
      const kept = readFileSync(rejects, 'utf8').trimEnd().split('\n').slice(1)
      const badRows = Object.values(bad).reduce((sum, n) => sum + n, 0)
      expect(new Set(kept.map((line) => /,(\d+),[^,]*,[^,]*,[^,]*,[^,]*$/.exec(line)?.[1])).size).toBe(badRows)
      expect(existsSync(`${state}.lock`)).toBe(false)
    },
  )

  it('is told of an empty flag before anything is read', async () => {
    const path = file('orders.csv', goodOnly(1, 'empty').csv)
    const refused = await sync([path, '--destination', destination(), '--state', ''])
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('--state is empty')])
  })

  it('is refused beside one that runs', async () => {
    const path = file('orders.csv', goodOnly(3_000, 'lock').csv)
    await platform.reset({ latency_ms: 500 })
    const state = newPath('state')
    const args = [
      path,
      '--destination',
      destination({ max_events_per_request: 100, max_requests_in_flight: 1 }),
      '--state',
      state,
    ]
    const running = start(BIN, ['sync', ...args], { input: '' })
    await platform.requests(1)
    const refused = await sync(args)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/^Another sync works with this state file: process \d+ of host .*#another-sync\n$/s)
    expect(totalsOf(refused).failure?.see).toMatch(/#another-sync$/)
    // What changes nothing may look on.
    const dry = await sync([...args, '--dry-run'])
    expect(dry.code).toBe(0)
    running.child.kill('SIGTERM')
    await running.ended
    expect(existsSync(`${state}.lock`)).toBe(false)
  })

  it('tells with --dry-run what would be sent, and leaves no trace', async () => {
    const { csv, good, bad } = made(400, 'dry', 20)
    const path = file('orders.csv', csv)
    const state = newPath('state')
    const dry = await sync([path, '--destination', destination(), '--state', state, '--dry-run'])
    expect(dry.code).toBe(2)
    expect(totalsOf(dry)).toMatchObject({ accepted: 0, would_send: good.length, rejected: bad, requests: 0 })
    expect([existsSync(state), existsSync(`${state}.lock`), (await platform.summary()).requests.total]).toEqual([
      false,
      false,
      0,
    ])
    // Without a state there is nothing to know.
    expect((await sync([path, '--destination', destination(), '--dry-run'])).code).toBe(2)
    expect((await sync([path, '--destination', destination()])).code).toBe(1)
    expect((await sync([path, '--destination', destination(), '--dry-run', '--rejects', state])).code).toBe(1)
  })

  it.each([
    ['0', 1, 'failed'],
    ['2', 0, 'rejected'],
    ['1.99', 1, 'failed'],
  ])('is judged by --max-rejected-percent %s', async (percent, code, outcome) => {
    const path = file('orders.csv', made(400, 'limit', 50).csv)
    const judged = await sync([
      path,
      '--destination',
      destination(),
      '--state',
      newPath('state'),
      '--max-rejected-percent',
      percent,
    ])
    expect([judged.code, totalsOf(judged).outcome, totalsOf(judged).rejected_rows]).toEqual([code, outcome, 8])
  })

  it('takes up the state of the piped connectors, and they take its', async () => {
    const a = goodOnly(1_000, 'a')
    await bucket.put('data/a.csv', a.csv)
    const catalog = file('catalog.json', catalogOf(BOTH))
    const piped = (states: string): Promise<{ read: Ended; write: Ended }> =>
      pipe(
        ['--config', source(), '--catalog', catalog, '--state', states],
        ['--config', destination(), '--catalog', catalog],
      ).ended
    const first = await piped(file('none', ''))
    const state = file('state', `${stateLines(first.write).join('\n')}\n`)
    const args = ['--source', source(), '--destination', destination(), '--state', state]
    expect(totalsOf(await sync(args))).toMatchObject({ rows: 0, requests: 0 })
    await bucket.put('data/b.csv', goodOnly(70, 'b').csv)
    expect(totalsOf(await sync(args))).toMatchObject({ rows: 70, accepted: 70 })
    const { total } = (await platform.summary()).requests
    const third = await piped(state)
    expect([third.read.code, third.write.code, (await platform.summary()).requests.total]).toEqual([0, 0, total])
  })

  it('is given secrets by the environment and by files, and numbers too', async () => {
    const token = file('token', `${TOKEN}\n`)
    const config = destinationConfig(platform, { max_requests_in_flight: '${IN_FLIGHT}' }) as {
      readonly platform: Readonly<Record<string, unknown>>
    }
    const referring = {
      ...config,
      platform: { ...config.platform, access_token: `\${file:${token}}`, event_set_id: '${EVENT_SET}' },
    }
    const path = file('orders.csv', goodOnly(10, 'refs').csv)
    const args = [path, '--destination', file('referring.json', referring), '--state', newPath('state')]
    const env = { PATH: process.env['PATH'], EVENT_SET, IN_FLIGHT: '2' }
    expect(totalsOf(await sync(args, { env }))).toMatchObject({ outcome: 'clean', accepted: 10 })
    const missing = await sync(args, { env: { PATH: process.env['PATH'], EVENT_SET } })
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('max_requests_in_flight: the environment has no variable')
  })

  it('writes the rejects where they open safely, with no identity in them', async () => {
    const rows = [
      'Purchase,1700000000,EUR,1,=cmd,ann@example.com,,,,,,,',
      `Purchase,${Math.floor(Date.now() / 1000) - 60},EUR,x,"+1-2",bob@example.com,,,,,,,`,
      `Purchase,${Math.floor(Date.now() / 1000) - 60},EUR,1,T3,nobody at home,,,,,,,`,
    ]
    const path = file('orders.csv', `${HEADER}\n${rows.join('\n')}\n`)
    const rejects = newPath('rejects.csv')
    const done = await sync([path, '--destination', destination(), '--state', newPath('state'), '--rejects', rejects])
    expect([done.code, totalsOf(done).rejected]).toEqual([
      2,
      { EVENT_TOO_OLD: 1, VALUE_MALFORMED: 1, EMAIL_MALFORMED: 1 },
    ])
    const text = readFileSync(rejects, 'utf8')
    expect(text.split('\n').map((line) => line.split(',')[0])).toEqual([
      'code',
      'EVENT_TOO_OLD',
      'VALUE_MALFORMED',
      'EMAIL_MALFORMED',
      '',
    ])
    expect(text).not.toMatch(/(^|,)"?[=+\-@]/m)
    expect(text + done.stdout + done.stderr).not.toMatch(/ann@|bob@|nobody/)
  })

  it('without a place for its state, or a state of another place, sends nothing', async () => {
    const path = file('orders.csv', goodOnly(10, 'place').csv)
    const lost = await sync([path, '--destination', destination(), '--state', `${newPath('gone')}/state`])
    expect([lost.code, lost.stderr]).toEqual([1, expect.stringContaining('#the-files-of-a-sync')])
    const state = newPath('state')
    await sync([path, '--destination', destination(), '--state', state])
    const { total } = (await platform.summary()).requests
    const foreign = await sync(['--source', source(), '--destination', destination(), '--state', state])
    expect([foreign.code, foreign.stderr]).toEqual([1, expect.stringContaining('#the-state')])
    expect((await platform.summary()).requests.total).toBe(total)
  })

  it('whose report can’t be written says so when all is sent', async () => {
    const path = file('orders.csv', goodOnly(2_000, 'full').csv)
    const report = newPath('gone') + '/report.html'
    const done = await sync([path, '--destination', destination(), '--state', newPath('state'), '--report', report])
    expect([done.code, done.stderr]).toEqual([1, expect.stringContaining('The report')])
    // The events are there all the same.
    expect((await storedIds()).length).toBe(2_000)
  })
})
