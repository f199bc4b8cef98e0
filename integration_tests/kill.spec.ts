import { type Bucket, newBucket } from './support/bucket'
import { BOTH, EVENTS, catalogOf } from './support/catalogs'
import { type Ended, type Running, newFolder, pipe } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, stateLines, statsOf } from './support/messages'
import { describeWithMoto } from './support/moto'
import { type Made, makeFile } from './support/rows'

const ROWS = 12_000

/** When the destination is killed: by what the emulator has seen, or by what has come back. */
type Moment = { readonly requests: number } | { readonly states: number }

const MOMENTS: ReadonlyArray<Moment> = [
  { requests: 1 },
  { states: 1 },
  { requests: 9 },
  { states: 7 },
  { requests: 30 },
]

describeWithMoto('a destination that is killed', (moto) => {
  const folder = newFolder()
  let platform: Platform
  let bucket: Bucket
  let made: Made

  beforeAll(async () => {
    platform = await startPlatform()
    bucket = await newBucket(moto(), 'kill')
    made = makeFile({ rows: ROWS, seed: 'kill', codes: ['EMAIL_MALFORMED', 'EVENT_TOO_OLD'], oneIn: 100 })
    await bucket.put('data/orders.csv', made.csv)
  }, 60_000)
  // Every answer takes its time, so that requests are in flight whenever the kill comes.
  beforeEach(() => platform.reset({ latency_ms: 30 }))
  afterAll(async () => {
    bucket.close()
    folder.remove()
    await platform.close()
  })

  const sync = async (
    state: ReadonlyArray<string>,
    strike?: { readonly moment: Moment; readonly signal: NodeJS.Signals },
  ): Promise<{ read: Ended; write: Ended }> => {
    const catalog = folder.file('catalog.json', catalogOf(BOTH))
    const source = folder.file('source.json', bucket.config({ checkpoint_rows: 250 }))
    const limits = { max_events_per_request: 100, max_requests_in_flight: 4 }
    const destination = folder.file('destination.json', destinationConfig(platform, limits))
    const states = folder.file('state.jsonl', state.join('\n'))
    let echoed = 0
    const { writer, ended } = pipe(
      ['--config', source, '--catalog', catalog, '--state', states],
      ['--config', destination, '--catalog', catalog],
      {
        onLine: (line, child) => {
          if (strike === undefined || !('states' in strike.moment) || !line.startsWith('{"type":"STATE"')) return
          if (++echoed === strike.moment.states) child.kill(strike.signal)
        },
      },
    )
    if (strike !== undefined && 'requests' in strike.moment)
      await killAfterRequests(writer, strike.moment.requests, strike)
    return ended
  }

  const killAfterRequests = async (
    { child }: Running,
    requests: number,
    { signal }: { readonly signal: NodeJS.Signals },
  ): Promise<void> => {
    await platform.requests((await platform.summary()).requests.total + requests)
    child.kill(signal)
  }

  /** What was acknowledged must have arrived: the good rows before the mark, as the stats count them. */
  const expectAcknowledgedToBeStored = async (acknowledged: number): Promise<void> => {
    const stored = new Set((await platform.events()).map(({ event_id }) => event_id))
    expect(made.good.slice(0, acknowledged).filter((id) => !stored.has(id))).toEqual([])
  }

  const expectAllStoredOnce = async (): Promise<void> => {
    const ids = (await platform.events()).map(({ event_id }) => event_id)
    expect(ids).toHaveLength(made.good.length)
    expect(new Set(ids)).toEqual(new Set(made.good))
    expect((await platform.summary()).events).toMatchObject({ stored: made.good.length, differing_repeats: 0 })
  }

  it('loses nothing and doubles nothing when kill -9 strikes five times', async () => {
    let state: ReadonlyArray<string> = []
    let acknowledged = 0
    for (const moment of MOMENTS) {
      const { read, write } = await sync(state, { moment, signal: 'SIGKILL' })
      expect({ moment, signal: write.signal }).toEqual({ moment, signal: 'SIGKILL' })
      // Its writer gone, the reader ends too, and quietly.
      expect({ signal: read.signal, stderr: read.stderr }).toEqual({ signal: null, stderr: '' })
      state = [...state, ...stateLines(write)]
      acknowledged += statsOf(write, EVENTS).accepted
      await expectAcknowledgedToBeStored(acknowledged)
    }
    const { stored } = (await platform.summary()).events
    expect(acknowledged).toBeGreaterThan(0)
    expect(stored).toBeGreaterThan(acknowledged)
    expect(stored).toBeLessThan(made.good.length)
    const last = await sync(state)
    expect([last.read.code, last.write.code]).toEqual([0, 0])
    expect(acknowledged + statsOf(last.write, EVENTS).accepted).toBe(made.good.length)
    await expectAllStoredOnce()
  }, 60_000)

  it('stops on SIGTERM by that signal, with states that hold, and goes on from them', async () => {
    const stopped = await sync([], { moment: { requests: 12 }, signal: 'SIGTERM' })
    const { code, signal, stderr } = stopped.write
    expect({ code, signal, stderr }).toEqual({ code: null, signal: 'SIGTERM', stderr: '' })
    expect(errorsOf(stopped.write)).toEqual([])
    const acknowledged = statsOf(stopped.write, EVENTS).accepted
    expect(acknowledged).toBeGreaterThan(0)
    await expectAcknowledgedToBeStored(acknowledged)
    // What was in flight has settled: nothing is sent again but what no state covers.
    const { stored } = (await platform.summary()).events
    expect(stored).toBeLessThan(made.good.length)
    const resumed = await sync(stateLines(stopped.write))
    expect([resumed.read.code, resumed.write.code]).toEqual([0, 0])
    await expectAllStoredOnce()
  }, 30_000)
})
