import { createServer } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { type Ended, newFolder } from '../support/connector'
import { ADVERTISER, type Platform, destinationConfig, startPlatform } from '../support/emulator'
import {
  type Answer,
  type Operation,
  type S3Stub,
  content,
  inTurn,
  listing,
  page,
  pageOf,
  refusal,
  reset,
  silence,
  stall,
  startS3,
  taken,
} from '../support/s3-stub'
import { SUCCEEDED, checkDestination, checkSource, failureOf, marksOf, statusOf, transientOf } from './checking'

/** Passing trouble and silence are waited out for 30 s: these checks all run at a time, and are judged when all have ended. */
describe('a check that has to wait', () => {
  const folder = newFolder()
  const closing: Array<() => unknown> = []
  const ran = new Map<string, Ran>()

  /** A check that was run: how it ended, how long after its first request, and where the other side was. */
  interface Ran {
    readonly ended: Ended
    readonly seconds: number
    readonly host: string
    readonly requests: number
  }

  const source = async (answers: Answers, over: Readonly<Record<string, unknown>> = {}): Promise<Ran> => {
    const stub: S3Stub = await startS3([FILE], answers)
    closing.push(stub.close)
    const ended = await checkSource(folder, stub.config(over))
    // All start at a time, on few cores: that takes its own time.
    const startMs = stub.asked[0]?.atMs ?? 0
    return { ended, seconds: (Date.now() - startMs) / 1000, host: stub.host, requests: stub.asked.length }
  }

  const destination = async (settings: Settings, over: Readonly<Record<string, unknown>> = {}): Promise<Ran> => {
    const platform: Platform = await startPlatform()
    closing.push(platform.close)
    await platform.reset(settings)
    const { ended, seconds } = await timed(() => checkDestination(folder, destinationConfig(platform, {}, over)))
    const { requests } = await platform.summary()
    return { ended, seconds, host: new URL(platform.url).host, requests: requests.total }
  }

  /** A destination whose platform is well, and whose bucket of rejects is not. */
  const rejects = async (answers: Answers): Promise<Ran> => {
    const platform: Platform = await startPlatform()
    const stub: S3Stub = await startS3([], answers)
    closing.push(platform.close, stub.close)
    const config = destinationConfig(platform, { object_storage_config: stub.storage() })
    const { ended, seconds } = await timed(() => checkDestination(folder, config))
    return { ended, seconds, host: stub.host, requests: stub.asked.length }
  }

  /** A port that speaks TLS alone. */
  const plainToTls = async (): Promise<Ran> => {
    const server = createServer({ ciphers: 'PSK', pskCallback: () => null })
    closing.push(() => server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const stub = await startS3([])
    closing.push(stub.close)
    const timedRun = await timed(() => checkSource(folder, stub.config({ endpoint: `http://${host}` })))
    return { ...timedRun, host, requests: 0 }
  }

  beforeAll(async () => {
    const cases = Object.entries({
      ...mapped(SOURCES, (answers) => source(answers)),
      ...mapped(DESTINATIONS, ([settings, over]) => destination(settings, over)),
      ...mapped(REJECTS, (answers) => rejects(answers)),
      'source: plain HTTP to a TLS port': plainToTls,
    })
    await Promise.all(cases.map(async ([name, start]) => ran.set(name, await start())))
  }, 58_000)
  afterAll(async () => {
    folder.remove()
    await Promise.all(closing.map((close) => close()))
  })

  const of = (name: Name): Ran => {
    const found = ran.get(name)
    if (found === undefined) throw new Error(`no such case: ${name}`)
    return found
  }

  it('ends within 45 s, whatever the other side does', () => {
    const late = [...ran]
      .filter(([, { seconds }]) => seconds > 45)
      .map(([name, { seconds }]) => `${name}: ${seconds} s`)
    const names = [SOURCES, DESTINATIONS, REJECTS].flatMap((cases) => Object.keys(cases))
    expect(ran.size).toBe(names.length + 1)
    expect(late).toEqual([])
  })

  it.each<Name>([
    'source: 503 twice',
    'source: a body that breaks off at first',
    'source: slow pages without end',
    'source: an answer after 12 s',
    'destination: an answer after 12 s',
    'destination: silence once',
    'destination: rate limits twice',
    'rejects: 503 twice',
  ])('succeeds after %s', (name) => {
    const { ended, requests } = of(name)
    expect(statusOf(ended).status).toBe('SUCCEEDED')
    expect(requests).toBeGreaterThan(1)
  })

  it('has no remark of its own about a store that was slow', () => {
    expect(statusOf(of('source: slow pages without end').ended)).toEqual(SUCCEEDED)
  })

  it.each([
    ['source: 503 for ever', /HTTP 503/],
    ['source: 500 for ever', /HTTP 500/],
    ['source: 503 for ever, of a file', /HTTP 503/],
    ["source: a gateway's 502 for ever", /HTTP 502/],
    ['source: 503, then silence', /HTTP 503/],
    ['destination: a rate limit for ever', /40100/],
    ['destination: a rate limit of the look-up for ever', /40100/],
    ['destination: 50000 for ever', /50000/],
    ['destination: HTTP 503 for ever', /HTTP 503/],
    ['destination: 50000, then silence', /50000/],
    ['rejects: 503 for ever', /HTTP 503/],
    ['rejects: 503 for ever, of the deletion', /HTTP 503/],
  ] as const)('could not tell: a transient error and no status after 30 s of %s', (name, words) => {
    const { ended, seconds, requests } = of(name)
    expect(transientOf(ended)).toMatch(words)
    expect(seconds).toBeGreaterThan(25)
    expect(requests).toBeGreaterThan(1)
  })

  it.each([
    ['source: silence', 'silent'],
    ['source: silence, of a file', 'silent'],
    ['source: a listing that stalls', 'silent'],
    ['source: a body that stalls', 'silent'],
    ['source: a body that trickles', 'silent'],
    ['source: resets', 'broken'],
    ['source: plain HTTP to a TLS port', 'broken'],
    ['destination: silence', 'silent'],
    ['destination: silence of the look-up', 'silent'],
    ['destination: resets', 'broken'],
    ['destination: answers that are cut off', 'broken'],
    ['rejects: silence', 'silent'],
  ] as const)('FAILED with host and port after 30 s of %s', (name, mark) => {
    const { ended, host, seconds } = of(name)
    const message = failureOf(ended)
    expect({ message, marks: marksOf(message) }).toEqual({
      message: expect.stringContaining(host) as string,
      marks: [mark],
    })
    expect(seconds).toBeGreaterThan(25)
  })

  it('FAILED with host, port and api_url after 30 s of pages where the API should be', () => {
    const { ended, host } = of('destination: a page under 200')
    expect(failureOf(ended)).toMatch(new RegExp(`^platform\\.api_url: HTTP 200 from ${host},.*proxy`))
  })
})

type Answers = Readonly<Partial<Record<Operation, Answer>>>
type Settings = Readonly<Record<string, unknown>>
type Name = keyof typeof SOURCES | keyof typeof DESTINATIONS | keyof typeof REJECTS | 'source: plain HTTP to a TLS port'

const FILE = { key: 'data/orders.csv', content: 'event_name,event_time,email\nLead,1790000000,a@example.com\n' }

const after =
  (ms: number, then: Answer): Answer =>
  (asked, response) =>
    // Not a reason to stay alive once the suite has ended.
    void setTimeout(() => then(asked, response), ms).unref()

/** A file's head, and then a byte of its first line each second. */
const trickle: Answer = (asked, response) => {
  stall(FILE, 1)(asked, response)
  const drip = setInterval(() => response.write('e'), 1000).unref()
  response.on('close', () => clearInterval(drip))
}

const stallInListing: Answer = (_, response) =>
  void response.writeHead(200, { 'Content-Type': 'application/xml' }).write('<?xml version="1.0"?><ListBucketResult>')

const breakOff: Answer = (asked, response) => {
  stall(FILE, 5)(asked, response)
  setImmediate(() => response.destroy())
}

const SLOW_DOWN = refusal(503, 'SlowDown')

const SOURCES = {
  'source: 503 twice': { list: inTurn(SLOW_DOWN, SLOW_DOWN, listing([FILE])) },
  'source: a body that breaks off at first': { get: inTurn(breakOff, content([FILE])) },
  'source: slow pages without end': {
    list: after(9_000, (asked, response) => pageOf([FILE], `page-${asked.n + 1}`)(asked, response)),
  },
  'source: an answer after 12 s': { list: after(12_000, listing([FILE])) },
  'source: 503 for ever': { list: SLOW_DOWN },
  'source: 500 for ever': { list: refusal(500, 'InternalError') },
  'source: 503 for ever, of a file': { get: SLOW_DOWN },
  "source: a gateway's 502 for ever": { list: page(502) },
  'source: 503, then silence': { list: inTurn(SLOW_DOWN, silence) },
  'source: silence': { list: silence },
  'source: silence, of a file': { get: silence },
  'source: a listing that stalls': { list: stallInListing },
  'source: a body that stalls': { get: stall(FILE, 5) },
  'source: a body that trickles': { get: trickle },
  'source: resets': { list: reset },
} as const satisfies Readonly<Record<string, Answers>>

const ALWAYS = { times: 10_000 }
const LOOK_UP = { advertiser_id: ADVERTISER }

const DESTINATIONS = {
  'destination: an answer after 12 s': [{ latency_ms: 12_000 }, {}],
  'destination: silence once': [{ faults: [{ kind: 'hang' }] }, {}],
  'destination: rate limits twice': [{ faults: [{ kind: 'code', code: 40100, times: 2 }] }, {}],
  'destination: a rate limit for ever': [{ faults: [{ kind: 'code', code: 40100, ...ALWAYS }] }, {}],
  'destination: a rate limit of the look-up for ever': [
    { faults: [{ kind: 'code', code: 40100, on: 'lookup', ...ALWAYS }] },
    LOOK_UP,
  ],
  'destination: 50000 for ever': [{ faults: [{ kind: 'code', code: 50000, ...ALWAYS }] }, {}],
  'destination: HTTP 503 for ever': [{ faults: [{ kind: 'html', status: 503, ...ALWAYS }] }, {}],
  'destination: 50000, then silence': [
    {
      faults: [
        { kind: 'code', code: 50000 },
        { kind: 'hang', ...ALWAYS },
      ],
    },
    {},
  ],
  'destination: silence': [{ faults: [{ kind: 'hang', ...ALWAYS }] }, {}],
  'destination: silence of the look-up': [{ faults: [{ kind: 'hang', on: 'lookup', ...ALWAYS }] }, LOOK_UP],
  'destination: resets': [{ faults: [{ kind: 'reset', ...ALWAYS }] }, {}],
  'destination: answers that are cut off': [{ faults: [{ kind: 'cut', ...ALWAYS }] }, {}],
  'destination: a page under 200': [{ faults: [{ kind: 'html', status: 200, ...ALWAYS }] }, {}],
} as const satisfies Readonly<Record<string, readonly [Settings, Settings]>>

const REJECTS = {
  'rejects: 503 twice': { put: inTurn(SLOW_DOWN, SLOW_DOWN, taken) },
  'rejects: 503 for ever': { put: SLOW_DOWN },
  'rejects: 503 for ever, of the deletion': { remove: SLOW_DOWN },
  'rejects: silence': { put: silence },
} as const satisfies Readonly<Record<string, Answers>>

const mapped = <A, B>(cases: Readonly<Record<string, A>>, start: (of: A) => B): Readonly<Record<string, () => B>> =>
  Object.fromEntries(Object.entries(cases).map(([name, one]) => [name, () => start(one)]))

const timed = async (work: () => Promise<Ended>): Promise<{ ended: Ended; seconds: number }> => {
  const startMs = Date.now()
  const ended = await work()
  return { ended, seconds: (Date.now() - startMs) / 1000 }
}
