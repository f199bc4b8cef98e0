import { type Bucket, newBucket } from './support/bucket'
import { BOTH, EVENTS, REJECTS, type StreamName } from './support/catalogs'
import { type Ended, newFolder } from './support/connector'
import {
  type State,
  logsOf,
  recordLines,
  stateLines,
  statesOf,
  statsOf,
  statusesOf,
  totalsOf,
} from './support/messages'
import { describeWithMoto } from './support/moto'
import { atATime, read } from './support/reading'
import { makeFile } from './support/rows'

/** Three files of 2,500 rows, every seventh bad, and a state every 100 rows: some fifty states to go on from. */
const FILES = [1_100, 600, 800]
/** As they come from elsewhere: plain, from Windows with a byte order mark, and with broken lines and blank ones. */
const FORMS: ReadonlyArray<(csv: string) => string> = [
  (csv) => csv,
  (csv) => `\uFEFF${csv.replaceAll('\n', '\r\n')}`,
  (csv) =>
    csv
      .replaceAll(/store-(\d+)/g, '"Straße ""$1""\nNürnberg, 日本"')
      .replaceAll('\n', '\r\n\r\n')
      .trimEnd(),
]
const CODES = ['EMAIL_MALFORMED', 'VALUE_MALFORMED', 'COLUMN_COUNT_MISMATCH']
/** Processes side by side. */
const AT_A_TIME = 3

describeWithMoto('read, resumed', (moto) => {
  const folder = newFolder()
  let bucket: Bucket
  let config: Readonly<Record<string, unknown>>
  const whole = new Map<string, Ended>()

  const readAgain = (streams: ReadonlyArray<StreamName>, state: ReadonlyArray<string>): Promise<Ended> =>
    read(folder, { config, streams, state })

  beforeAll(async () => {
    bucket = await newBucket(moto(), 'resume')
    config = bucket.config({ checkpoint_rows: 100 })
    for (const [i, rows] of FILES.entries()) {
      const { csv } = makeFile({ rows, seed: `part-${i}`, codes: CODES, oneIn: 7 })
      await bucket.put(`data/part-${i}.csv`, FORMS[i]?.(csv) ?? csv)
    }
    for (const streams of [BOTH, [EVENTS], [REJECTS]] as const)
      whole.set(streams.join(), await read(folder, { config, streams }))
  }, 60_000)
  afterAll(() => {
    bucket.close()
    folder.remove()
  })

  const wholeOf = (streams: ReadonlyArray<StreamName>): Ended => {
    const found = whole.get(streams.join())
    if (found === undefined) throw new Error('no such run')
    return found
  }

  const streamOf = (line: string): string =>
    (JSON.parse(line) as { readonly state: State }).state.stream.stream_descriptor.name

  interface Point {
    readonly states: ReadonlyArray<string>
    readonly rest: ReadonlyArray<ReadonlyArray<string>>
  }

  /** Every point of a run at which a state had just come: the states until then, and each stream's records after its last. */
  const pointsOf = (run: Ended, streams: ReadonlyArray<StreamName>): ReadonlyArray<Point> => {
    const states: Array<string> = []
    const emitted = new Map<string, number>()
    const marks = new Map<string, number>()
    const points: Array<Point> = []
    for (const line of run.lines) {
      const stream = streams.find((name) => line.startsWith(`{"type":"RECORD","record":{"stream":"${name}",`))
      if (stream !== undefined) emitted.set(stream, (emitted.get(stream) ?? 0) + 1)
      if (!line.startsWith('{"type":"STATE"')) continue
      const name = streamOf(line)
      states.push(line)
      marks.set(name, emitted.get(name) ?? 0)
      points.push({
        states: [...states],
        rest: streams.map((one) => recordLines(run, one).slice(marks.get(one) ?? 0)),
      })
    }
    return points
  }

  it('emits every row once, in the order of the files, with states that sum up', () => {
    const run = wholeOf(BOTH)
    expect(run.code).toBe(0)
    const rows = FILES.reduce((sum, n) => sum + n, 0)
    const records = BOTH.map((stream) => recordLines(run, stream))
    expect(records.flat()).toHaveLength(rows)
    expect(new Set(records.flat()).size).toBe(rows)
    expect(totalsOf(run)).toMatchObject({ files: 3, rows, emitted: records[0]?.length })
    for (const [i, stream] of BOTH.entries()) {
      expect(statsOf(run, stream).source).toBe(records[i]?.length)
      expect(statesOf(run, stream).length).toBeGreaterThanOrEqual(25)
      expect(recordLines(wholeOf([stream]), stream)).toEqual(records[i])
    }
  })

  it.each([
    ['both streams', BOTH],
    ['the events alone', [EVENTS]],
    ['the rejects alone', [REJECTS]],
  ] as const)(
    'from any emitted state emits exactly the remaining records: %s',
    async (_, streams) => {
      const run = wholeOf(streams)
      const points = pointsOf(run, streams)
      expect(points.length).toBeGreaterThanOrEqual(25 * streams.length)
      const resumed = await atATime(AT_A_TIME, points, ({ states }) => readAgain(streams, states))
      for (const [i, { rest }] of points.entries()) {
        const again = resumed[i]
        expect({ state: i, code: again?.code }).toEqual({ state: i, code: 0 })
        expect(streams.map((stream) => (again === undefined ? [] : recordLines(again, stream)))).toEqual(rest)
      }
    },
    90_000,
  )

  it.each([
    [2, 20],
    [20, 2],
    [9, 15],
  ])('with the events at their state %i and the rejects at their state %i emits the rest of each', async (e, r) => {
    const run = wholeOf(BOTH)
    const chosen = [nthState(run, EVENTS, e), nthState(run, REJECTS, r)]
    const again = await readAgain(
      BOTH,
      chosen.map(({ line }) => line),
    )
    expect(again.code).toBe(0)
    for (const [i, stream] of BOTH.entries())
      expect(recordLines(again, stream)).toEqual(recordLines(run, stream).slice(chosen[i]?.after))
  })

  const nthState = (run: Ended, stream: StreamName, n: number): { line: string; after: number } => {
    let after = 0
    let seen = 0
    for (const line of run.lines) {
      if (line.startsWith(`{"type":"RECORD","record":{"stream":"${stream}",`)) after++
      if (line.startsWith('{"type":"STATE"') && streamOf(line) === stream && ++seen === n) return { line, after }
    }
    throw new Error('no such state')
  }

  it('takes the state as STATE messages in lines, as an array of them, and as an array of state objects', async () => {
    const run = wholeOf(BOTH)
    const half = stateLines(run).slice(0, 24)
    const messages = half.map((line) => JSON.parse(line) as { readonly state: unknown })
    const forms = [half, [JSON.stringify(messages)], [JSON.stringify(messages.map(({ state }) => state))]]
    const runs = await atATime(AT_A_TIME, forms, (state) => readAgain(BOTH, state))
    const rest = pointsOf(run, BOTH)[23]?.rest
    for (const again of runs) expect(BOTH.map((stream) => recordLines(again, stream))).toEqual(rest)
  })

  it('honours the state in full_refresh too, and warns of a stream that has none', async () => {
    const states = stateLines(wholeOf(BOTH)).filter((line) => streamOf(line) === EVENTS)
    const again = await read(folder, { config, state: states, catalogOver: { sync_mode: 'full_refresh' } })
    expect(recordLines(again, EVENTS)).toEqual([])
    expect(recordLines(again, REJECTS)).toEqual(recordLines(wholeOf(BOTH), REJECTS))
    expect(logsOf(again, 'WARN').filter((message) => message.includes('full_refresh'))).toEqual([
      expect.stringMatching(/offline_events_rejected/),
    ])
  })

  it('with a state in the far future emits no record, and a state of each stream', async () => {
    const last = BOTH.map(
      (stream) =>
        stateLines(wholeOf(BOTH))
          .filter((line) => streamOf(line) === stream)
          .pop() ?? '',
    )
    const future = last.map((line) =>
      line.replace(/("_ab_source_file_last_modified":)"[^"]+"/, '$1"2999-01-01T00:00:00.000Z"'),
    )
    expect(future).not.toEqual(last)
    const again = await readAgain(BOTH, future)
    expect(again.code).toBe(0)
    for (const stream of BOTH) {
      expect(recordLines(again, stream)).toEqual([])
      expect(statesOf(again, stream).length).toBeGreaterThanOrEqual(1)
      expect(statusesOf(again, stream)).toEqual(['STARTED', 'RUNNING', 'COMPLETE'])
    }
  })
})
