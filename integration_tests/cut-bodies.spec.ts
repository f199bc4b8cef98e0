import { gzipSync } from 'node:zlib'
import { diceOf } from './faults/dice'
import { type Bucket, newBucket } from './support/bucket'
import { BOTH, EVENTS } from './support/catalogs'
import { type Ended, newFolder } from './support/connector'
import { type CuttingProxy, type Passed, TROUBLES, startCuttingProxy } from './support/cutting-proxy'
import { logsOf, recordLines, stateLines, statesOf, totalsOf } from './support/messages'
import { describeWithMoto } from './support/moto'
import { atATime, read, startRead } from './support/reading'
import { makeFile } from './support/rows'

const SEEDS = ['one', 'two', 'three', 'four']
const KILLS = ['first kill', 'second kill', 'third kill']
/** Processes side by side; some of the time nothing is sent to any. */
const AT_A_TIME = 4
/** What a reader may have taken from the network and not yet looked at when a connection is closed. */
const IN_HAND_BYTES = 262_144

const CODES = ['EMAIL_MALFORMED', 'COLUMN_COUNT_MISMATCH', 'VALUE_MALFORMED']
const ORDERS = makeFile({ rows: 9_000, seed: 'orders', codes: CODES, oneIn: 50 }).csv
const RETURNS = makeFile({ rows: 4_000, seed: 'returns', codes: CODES, oneIn: 9 }).csv.replaceAll('\n', '\r\n')
const FILES: Readonly<Record<string, Buffer>> = {
  'data/orders.csv': Buffer.from(ORDERS),
  'data/orders.csv.gz': gzipSync(ORDERS),
  'data/returns.csv': Buffer.from(RETURNS),
}

describeWithMoto('read through a proxy that cuts bodies', (moto) => {
  const folder = newFolder()
  const proxies: Array<CuttingProxy> = []
  const buckets: Array<Bucket> = []
  const runs = new Map<string, { readonly run: Ended; readonly proxy: CuttingProxy }>()
  let bucket: Bucket
  let straight: Ended

  const newProxy = async (seed?: string): Promise<CuttingProxy> => {
    const proxy = await startCuttingProxy(moto().url, seed)
    proxies.push(proxy)
    return proxy
  }

  const configBy = (proxy: CuttingProxy): Readonly<Record<string, unknown>> =>
    bucket.config({ endpoint: proxy.url, checkpoint_rows: 500, body_idle_timeout_seconds: 1 })

  beforeAll(async () => {
    bucket = await newBucket(moto(), 'cut')
    buckets.push(bucket)
    for (const [key, content] of Object.entries(FILES)) await bucket.put(key, content)
    straight = await read(folder, { config: bucket.config({ checkpoint_rows: 500 }) })
    await atATime(AT_A_TIME, SEEDS, async (seed) => {
      const proxy = await newProxy(seed)
      runs.set(seed, { run: await read(folder, { config: configBy(proxy) }), proxy })
    })
  }, 60_000)
  afterAll(async () => {
    for (const one of buckets) one.close()
    folder.remove()
    await Promise.all(proxies.map(({ close }) => close()))
  })

  const runOf = (seed: string): { readonly run: Ended; readonly proxy: CuttingProxy } => {
    const found = runs.get(seed)
    if (found === undefined) throw new Error('no such run')
    return found
  }

  it('reads the files without it: what the other runs are held against', () => {
    expect({ code: straight.code, stderr: straight.stderr }).toEqual({ code: 0, stderr: '' })
    expect(totalsOf(straight)).toMatchObject({ files: 3, files_failed: 0, rows: 22_000 })
  })

  it.each(SEEDS)('emits byte-identical records: seed %s', (seed) => {
    const { run } = runOf(seed)
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' })
    for (const stream of BOTH) expect(recordLines(run, stream)).toEqual(recordLines(straight, stream))
    expect(totalsOf(run)).toEqual(totalsOf(straight))
  })

  it.each(SEEDS)('asks under If-Match for the rest from where a body broke, and for little twice: seed %s', (seed) => {
    const { proxy } = runOf(seed)
    for (const [key, { length }] of Object.entries(FILES)) {
      const bodies = proxy.passed.filter((one) => one.key === key)
      expect(bodies[0]).toMatchObject({ from: 0, bytes: length })
      for (const [i, body] of bodies.entries()) {
        expect(body.ifMatch).toMatch(/^"[0-9a-f-]+"$/)
        if (i > 0) expectToGoOn(bodies[i - 1] as Passed, body)
      }
      const last = bodies.at(-1) as Passed
      expect({ key, end: last.end, endByte: last.from + last.sent }).toEqual({ key, end: 'whole', endByte: length })
    }
    const moved = proxy.passed.reduce((sum, { sent }) => sum + sent, 0)
    expect(moved).toBeLessThan(3 * Object.values(FILES).reduce((sum, { length }) => sum + length, 0))
  })

  /** After a break that takes nothing from the reader: at the very byte. A connection that closes may take what is in hand, one that is reset all. */
  const expectToGoOn = ({ key, from, sent, end }: Passed, next: Passed): void => {
    expect(next.range).toBe(next.from === 0 ? undefined : `bytes=${next.from}-`)
    const broken = from + sent
    const least = end === 'stall' || end === 'truncate' ? broken : end === 'reset' ? from : broken - IN_HAND_BYTES
    const isThere = next.from >= Math.max(from, least) && next.from <= broken
    expect({ key, end, from, broken, next: next.from, isThere }).toMatchObject({ isThere: true })
  }

  it('met every kind of trouble', () => {
    const made = TROUBLES.map((trouble) => ({
      trouble,
      times: SEEDS.reduce((sum, seed) => sum + runOf(seed).proxy.made[trouble], 0),
    }))
    expect(made.filter(({ times }) => times < 2)).toEqual([])
  })

  it('killed at any state and resumed emits exactly the rest', async () => {
    const states = statesOf(straight).length
    expect(states).toBeGreaterThan(50)
    await atATime(AT_A_TIME, KILLS, async (seed) => {
      const at = diceOf(seed).between(1, states - 1)
      let seen = 0
      const killed = await read(folder, {
        config: configBy(await newProxy(seed)),
        onLine: (line, child) => {
          if (line.startsWith('{"type":"STATE"') && ++seen === at) child.kill('SIGKILL')
        },
      })
      expect({ seed, signal: killed.signal }).toEqual({ seed, signal: 'SIGKILL' })
      const state = stateLines(killed).slice(0, at)
      const rest = await read(folder, { config: configBy(await newProxy(`${seed}, resumed`)), state })
      expect({ seed, code: rest.code, stderr: rest.stderr }).toEqual({ seed, code: 0, stderr: '' })
      for (const stream of BOTH)
        expect(recordLines(rest, stream)).toEqual(
          recordLines(straight, stream).slice(coveredBy(killed, stream, state.at(-1) ?? '')),
        )
    })
  }, 60_000)

  /** Records of a stream that its last state covers, of the states up to this line. */
  const coveredBy = ({ lines }: Ended, stream: string, last: string): number => {
    let records = 0
    let covered = 0
    for (const line of lines) {
      if (line.startsWith(`{"type":"RECORD","record":{"stream":"${stream}",`)) records++
      if (line.startsWith('{"type":"STATE"') && line.includes(`"name":"${stream}"`)) covered = records
      if (line === last) return covered
    }
    throw new Error('no such state')
  }

  describe.each(['a.csv', 'a.csv.gz'])('%s, replaced while it is being read,', (name) => {
    const key = `data/${name}`
    const before = makeFile({ rows: 20_000, seed: 'before' }).csv.split('\n')
    const packed = (lines: ReadonlyArray<string>): Buffer =>
      name.endsWith('.gz') ? gzipSync(lines.join('\n')) : Buffer.from(lines.join('\n'))

    /** Half of the file is read, and some of it covered by a state, when another takes its place and the body is cut. */
    const readReplaced = async (bucketName: string, after: ReadonlyArray<string>): Promise<Ended> => {
      const replaced = await newBucket(moto(), bucketName)
      buckets.push(replaced)
      const content = packed(before)
      await replaced.put(key, content)
      const proxy = await newProxy()
      const hold = proxy.hold(key, Math.floor(content.length / 2))
      let begun: () => void = () => undefined
      const stateSeen = new Promise<void>((resolve) => (begun = resolve))
      const { ended } = startRead(folder, {
        config: replaced.config({ endpoint: proxy.url, checkpoint_rows: 1_000 }),
        streams: [EVENTS],
        onLine: (line) => {
          if (line.startsWith('{"type":"STATE"')) begun()
        },
      })
      await Promise.all([hold.reached, stateSeen])
      await replaced.put(key, packed(after))
      hold.cut()
      const run = await ended
      expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' })
      return run
    }

    const rowsOf = (run: Ended): ReadonlyArray<number> =>
      run.messages.flatMap(({ record }) => (record === undefined ? [] : [Number(record.data['_ab_source_file_row'])]))

    const upTo = (n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, i) => i + 1)

    it('is read on where its beginning is the same: no row is emitted twice', async () => {
      const added = makeFile({ rows: 3_000, seed: 'after' }).csv.split('\n').slice(1)
      const run = await readReplaced(`same-${name.replace(/\./g, '-')}`, [...before.slice(0, 15_001), ...added])
      expect(rowsOf(run)).toEqual(upTo(18_000))
      const lines = recordLines(run, EVENTS)
      expect(lines.slice(0, 15_000).filter((line) => !line.includes('before-order-'))).toEqual([])
      expect(lines.slice(15_000).filter((line) => !line.includes('after-order-'))).toEqual([])
      expect(logsOf(run)).toContainEqual(
        expect.stringMatching(/^data\/a\.csv(\.gz)? has changed, and begins as before: it is read on after row \d+/),
      )
    })

    it('is read from its start where its beginning is another', async () => {
      const other = makeFile({ rows: 5_000, seed: 'after' }).csv.split('\n')
      const run = await readReplaced(`other-${name.replace(/\./g, '-')}`, other)
      const rows = rowsOf(run)
      const emitted = rows.length - 5_000
      expect(emitted).toBeGreaterThanOrEqual(1_000)
      expect(emitted).toBeLessThan(15_000)
      expect(rows).toEqual([...upTo(emitted), ...upTo(5_000)])
      expect(recordLines(run, EVENTS).filter((line) => line.includes('after-order-'))).toHaveLength(5_000)
      expect(logsOf(run, 'WARN')).toContainEqual(
        expect.stringMatching(/^data\/a\.csv(\.gz)? was replaced .*It is read from its beginning/),
      )
    })
  })
})
