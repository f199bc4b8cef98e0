import { newFolder } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { errorsOf, stateLines, statsOf, totalsOf } from './support/messages'
import { recordStream } from './support/rows'
import { idsOf, write } from './support/writing'

interface Trouble {
  readonly name: string
  readonly fault: Readonly<Record<string, unknown>>
  readonly config?: Readonly<Record<string, unknown>>
  /** Whether the platform had stored the events before it gave no answer: they then come twice, byte for byte. */
  readonly storedBefore?: boolean
  readonly retries?: number
}

const TROUBLES: ReadonlyArray<Trouble> = [
  { name: 'three rate limits (40100)', fault: { kind: 'code', code: 40100, times: 3 }, retries: 3 },
  { name: 'a system error (50002)', fault: { kind: 'code', code: 50002 } },
  { name: 'HTTP 502 in HTML', fault: { kind: 'html', status: 502 } },
  { name: 'HTTP 429 in HTML', fault: { kind: 'html', status: 429 } },
  { name: 'a reset before the events are stored', fault: { kind: 'reset' } },
  { name: 'a reset after the events are stored', fault: { kind: 'reset', when: 'after' }, storedBefore: true },
  { name: 'an answer cut in half', fault: { kind: 'cut' } },
  {
    name: 'an answer cut in half after the events are stored',
    fault: { kind: 'cut', when: 'after' },
    storedBefore: true,
  },
  { name: 'a slow answer', fault: { kind: 'slow', ms: 300 }, retries: 0 },
  {
    name: 'an answer slower than the timeout',
    fault: { kind: 'slow', ms: 5_000 },
    config: { request_timeout_seconds: 1 },
    storedBefore: true,
  },
  {
    name: 'no answer at all',
    fault: { kind: 'hang' },
    config: { request_timeout_seconds: 1 },
  },
]

/** Passing trouble: waited out, with the same bytes again. */
describe('a destination that meets', () => {
  const folder = newFolder()
  const ids = idsOf('fault', 400)
  let platform: Platform

  beforeAll(async () => (platform = await startPlatform()))
  afterAll(async () => {
    folder.remove()
    await platform.close()
  })

  it.each(TROUBLES)('$name delivers everything once', async ({ fault, config, storedBefore, retries = 1 }) => {
    await platform.reset({ faults: [{ after: 1, ...fault }] })
    const limits = { max_events_per_request: 100, max_requests_in_flight: 1, ...config }
    const said = await write(folder, destinationConfig(platform, limits), recordStream(ids, 100))
    expect({ code: said.code, stderr: said.stderr, errors: errorsOf(said) }).toEqual({
      code: 0,
      stderr: '',
      errors: [],
    })
    const { events, requests, faults_injected } = await platform.summary()
    expect(Object.values(faults_injected)).toEqual([fault['times'] ?? 1])
    expect(events).toMatchObject({
      stored: ids.length,
      duplicates: storedBefore === true ? 100 : 0,
      differing_repeats: 0,
    })
    expect(new Set((await platform.events()).map(({ event_id }) => event_id))).toEqual(new Set(ids))
    expect(requests.total).toBe(4 + retries)
    expect(totalsOf(said)).toMatchObject({ accepted: ids.length, duplicates: 0, requests: 4 + retries, retries })
    expect(stateLines(said)).toHaveLength(4)
    expect(statsOf(said, 'offline_events')).toMatchObject({ accepted: ids.length, rejected: 0 })
  })

  it('40050 (a duplicated request) counts the events as duplicates', async () => {
    await platform.reset({ faults: [{ kind: 'code', code: 40050, when: 'after', after: 1 }] })
    const said = await write(
      folder,
      destinationConfig(platform, { max_events_per_request: 100 }),
      recordStream(ids, 100),
    )
    expect(said.code).toBe(0)
    expect(totalsOf(said)).toMatchObject({ accepted: 300, duplicates: 100, requests: 4, retries: 0 })
    expect(stateLines(said)).toHaveLength(4)
  })

  it('a random tenth of faults delivers everything once, and no repeat differs', async () => {
    const many = idsOf('storm', 3_000)
    await platform.reset({ fault_rate: 0.1, fault_seed: 7, latency_ms: 5 })
    const limits = { max_events_per_request: 50, max_requests_in_flight: 8 }
    const said = await write(folder, destinationConfig(platform, limits), recordStream(many, 500))
    expect({ code: said.code, errors: errorsOf(said) }).toEqual({ code: 0, errors: [] })
    const { events, faults_injected } = await platform.summary()
    expect(Object.keys(faults_injected).length).toBeGreaterThan(1)
    expect(events).toMatchObject({ stored: many.length, differing_repeats: 0 })
    expect(new Set((await platform.events()).map(({ event_id }) => event_id))).toEqual(new Set(many))
    expect(stateLines(said)).toHaveLength(6)
  })
})
