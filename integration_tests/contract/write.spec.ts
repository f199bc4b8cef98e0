import { catalogOf } from '../support/catalogs'
import { type Platform, destinationConfig, startPlatform } from '../support/emulator'
import { digestOf } from '../support/rows'
import * as Echo from './assertions/echo'
import type { Given, Written } from './assertions/echo'
import { type Failed, noError } from './assertions/failure'
import * as Totals from './assertions/totals'
import { type Case, describeCases } from './cases'
import { commonCases, failureCases, secretCases } from './common'
import {
  type Change,
  every,
  first,
  followed,
  gone,
  having,
  last,
  lines,
  log,
  message,
  preceded,
  rewritten,
  twice,
} from './doctoring'
import { DESTINATION, newGuest } from './guest'
import { type Json, parse } from './json'
import { newRuns } from './runs'
import type { Said } from './said'

const HOUR = 3600
const DAY = 24 * HOUR
const nowSeconds = Math.floor(Date.now() / 1000)

const purchase = (id: string, over: Json = {}): Json => ({
  event_name: 'Purchase',
  event_time: nowSeconds - HOUR,
  currency: 'USD',
  value: 1.5,
  transaction_id: id,
  Email_hashed: digestOf(`${id}@example.com`),
  ...over,
})

const recordLine = (stream: string, data: Json, namespace?: string): string =>
  JSON.stringify({ type: 'RECORD', record: { stream, namespace, data, emitted_at: 1 } })

/** A record that arrives at the platform. */
const sent = (stream: string, id: string, namespace?: string): Given => ({
  line: recordLine(stream, purchase(id), namespace),
  fate: 'sent',
  eventId: id,
})

const rejected = (stream: string, id: string, over: Json, namespace?: string): Given => ({
  line: recordLine(stream, purchase(id, over), namespace),
  fate: 'rejected',
})

const ignored = (stream: string, data: Json): Given => ({ line: recordLine(stream, data), fate: 'ignored' })

const as = (line: string): Given => ({ line })

const statusLine = (name: string, status: string, namespace?: string): Given =>
  as(
    JSON.stringify({
      type: 'TRACE',
      trace: {
        type: 'STREAM_STATUS',
        emitted_at: 1,
        stream_status: { stream_descriptor: { name, namespace }, status },
      },
    }),
  )

/** Streams as the platform names them for a destination: with a namespace, and with a prefix. */
const SHOP = 'shop'
const ONLINE = 'offline_events'
const LEADS = 'leads'
const REJECTS = 'acme_offline_events_rejected'

const CATALOG = {
  streams: [{ name: ONLINE, namespace: SHOP }, { name: LEADS }, { name: REJECTS }].map((stream) => ({
    stream: { ...stream, json_schema: {}, supported_sync_modes: ['full_refresh', 'incremental'] },
    sync_mode: 'incremental',
    destination_sync_mode: 'append',
    generation_id: 0,
    minimum_generation_id: 0,
    sync_id: 17,
    ...(stream.name === ONLINE ? { destination_object_name: 'offline_event' } : {}),
  })),
}

/** The platform refuses this one by itself. */
const REFUSED = 'refused-by-the-platform'

/** As the platform sends it: RECORD and STATE, its ids and unknown keys in the states, COMPLETE of every stream at the end. */
const FROM_THE_PLATFORM: ReadonlyArray<Given> = [
  sent(ONLINE, 'p-1', SHOP),
  sent(ONLINE, 'p-2', SHOP),
  as(
    '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"offline_events","namespace":"shop"},"stream_state":{"cursor":12345678901234567890,"rows":1000.0,"text":"\\u00e9 é \\/ 日本","tiny":1e-7}},"sourceStats":{"recordCount":2.0,"rejectedRecordCount":0.0},"id":1}}',
  ),
  sent(LEADS, 'p-3'),
  rejected(ONLINE, 'p-4', { value: '1,234.50' }, SHOP),
  rejected(ONLINE, 'p-5', { event_time: nowSeconds - 29 * DAY }, SHOP),
  rejected(ONLINE, REFUSED, {}, SHOP),
  sent(ONLINE, 'p-6', SHOP),
  as(
    '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"offline_events","namespace":"shop"},"stream_state":{"cursor":12345678901234567891}},"sourceStats":{"recordCount":4.0,"additionalStats":{"bytes":1e3}},"id":2,"from_the_future":{"a":[1,2.50]}}}',
  ),
  as(
    '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"leads"},"stream_state":{}},"id":3}}',
  ),
  as(
    '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"offline_events","namespace":"shop"},"stream_state":null},"sourceStats":{"recordCount":0.0},"id":4}}',
  ),
  ignored(REJECTS, { code: 'VALUE_MISSING', _ab_source_file_row: 3 }),
  as(
    '{ "type": "STATE", "state": {"type":"STREAM","stream":{"stream_descriptor":{"name":"acme_offline_events_rejected"},"stream_state":{"n":1}}, "id": 5}}',
  ),
  sent(ONLINE, 'p-7', SHOP),
  as(
    '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"offline_events","namespace":"shop"},"stream_state":{"cursor":7}},"destinationStats":null,"id":6}}',
  ),
  statusLine(ONLINE, 'COMPLETE', SHOP),
  statusLine(LEADS, 'COMPLETE'),
  statusLine(REJECTS, 'COMPLETE'),
]

const NULLS = '"log":null,"spec":null,"connectionStatus":null,"catalog":null,"control":null'

/** A message with the nulls that PyAirbyte writes out. */
const withNulls = (given: Given): Given => ({ ...given, line: given.line.replace(/^(\{"type":"\w+",)/, `$1${NULLS},`) })

/** As PyAirbyte pipes it: everything that the source says, nulls written out, no ids in the states. */
const FROM_PYAIRBYTE: ReadonlyArray<Given> = [
  as(log('INFO', 'reading')),
  statusLine(LEADS, 'STARTED'),
  as(
    '{"type":"TRACE","trace":{"type":"ESTIMATE","emitted_at":1,"estimate":{"name":"leads","type":"STREAM","row_estimate":3,"byte_estimate":100}}}',
  ),
  withNulls(statusLine(LEADS, 'RUNNING')),
  withNulls(sent(LEADS, 'y-1')),
  withNulls(sent(LEADS, 'y-2')),
  as(
    `{"type":"STATE",${NULLS},"state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"leads","namespace":null},"stream_state":{"n":1}},"global_":null,"data":null,"sourceStats":{"recordCount":2.0},"destinationStats":null}}`,
  ),
  as('a line that is no message'),
  as('{"type":"WEATHER","weather":"fine"}'),
  as('{"type":"CONTROL","control":{"type":"CONNECTOR_CONFIG","emitted_at":1,"connectorConfig":{"config":{}}}}'),
  ignored('orders', { id: 1 }),
  withNulls(sent(LEADS, 'y-3')),
  as(
    `{"type":"STATE",${NULLS},"state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"leads"},"stream_state":{"n":2}},"destinationStats":{"recordCount":99.0}}}`,
  ),
  withNulls(statusLine(LEADS, 'COMPLETE')),
]

const WITH_GLOBAL_STATES: ReadonlyArray<Given> = [
  sent(LEADS, 'g-1'),
  sent(ONLINE, 'g-2', SHOP),
  rejected(LEADS, 'g-3', { currency: '?' }),
  as(
    '{"type":"STATE","state":{"type":"GLOBAL","global":{"shared_state":{"lsn":98765432109876543210},"stream_states":[]},"id":1}}',
  ),
  sent(ONLINE, 'g-4', SHOP),
  as(
    '{"type":"STATE","state":{"type":"GLOBAL","global":{"shared_state":{"lsn":98765432109876543211},"stream_states":[]},"id":2}}',
  ),
]

const stateOf = (id: number): Given =>
  as(
    `{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"leads"},"stream_state":{"n":${id}}},"id":${id}}}`,
  )

/** Two events and a state, three times. */
const THREE_STATES: ReadonlyArray<Given> = [1, 2, 3].flatMap((n) => [
  sent(LEADS, `t-${n}-1`),
  sent(LEADS, `t-${n}-2`),
  stateOf(n),
])

const STATE = message('STATE')

/** stdout without the states, which are the source's words. */
const withoutEchoes: Change = every(STATE, gone)

const SECOND = message('STATE', ONLINE)

/** A change to the n-th state of the output, its line as text: what JSON.parse would make of it is what is to be found out. */
const state =
  (n: number, edit: (line: string) => string | ReadonlyArray<string>): Change =>
  (said) => {
    let seen = 0
    return lines((all) => all.flatMap((line) => (STATE(line) && ++seen === n ? edit(line) : [line])))(said)
  }

const parsedAndPrinted = (line: string): string => JSON.stringify(parse(line))

const ECHO_CASES: ReadonlyArray<Case<Written>> = [
  {
    name: 'every state comes back once, in order, and no other',
    complaints: Echo.allInOrder,
    doctored: [
      { how: 'a state that is missing', change: first(STATE, gone) },
      { how: 'a last state that is missing', change: last(STATE, gone) },
      { how: 'a state twice', change: state(2, twice) },
      { how: 'a state that comes early', change: (said) => lines((all) => swapped(all, STATE))(said) },
      { how: 'a state of its own', change: followed(stateOf(99).line) },
      { how: 'a state without its id', change: first(STATE, rewritten(',"id":1', '')) },
      { how: 'a state under another id', change: first(STATE, rewritten('"id":1', '"id":100')) },
    ],
  },
  {
    name: 'states come back byte for byte, but for destinationStats',
    complaints: Echo.verbatim,
    doctored: [
      {
        how: 'a number of 20 digits that was parsed',
        change: first(STATE, rewritten('12345678901234567890', '12345678901234567000')),
      },
      { how: '1000 for 1000.0', change: first(STATE, rewritten('1000.0', '1000')) },
      { how: 'a state that was parsed and printed', change: first(STATE, parsedAndPrinted) },
      { how: 'an escape that was resolved', change: first(STATE, rewritten('\\u00e9', 'é')) },
      { how: 'sourceStats that are gone', change: first(STATE, rewritten(/"sourceStats":\{[^}]*\},/, '')) },
      {
        how: 'sourceStats without their point',
        change: first(STATE, rewritten('"recordCount":2.0', '"recordCount":2')),
      },
      { how: 'an unknown key that is gone', change: state(2, rewritten(',"from_the_future":{"a":[1,2.50]}', '')) },
      { how: '{} for null', change: state(4, rewritten('"stream_state":null', '"stream_state":{}')) },
      { how: 'space that is gone', change: state(5, parsedAndPrinted) },
      { how: 'a descriptor without its namespace', change: first(STATE, rewritten(',"namespace":"shop"', '')) },
    ],
  },
  {
    name: 'every state carries destinationStats, once, in whole numbers',
    complaints: Echo.statsWellFormed,
    doctored: [
      { how: 'none', change: first(STATE, rewritten(/,"destinationStats":\{[^}]*\}/, '')) },
      { how: 'null', change: first(STATE, rewritten(/"destinationStats":\{[^}]*\}/, '"destinationStats":null')) },
      { how: 'two of them', change: first(STATE, rewritten(/("destinationStats":\{[^}]*\})/, '$1,$1')) },
      { how: 'no recordCount', change: first(STATE, having('state.destinationStats', {})) },
      { how: '0 rejects', change: first(STATE, having('state.destinationStats.rejectedRecordCount', 0)) },
      { how: 'a count in a text', change: first(STATE, having('state.destinationStats.recordCount', '2')) },
      {
        how: 'stats beside the state',
        change: first(STATE, rewritten(/,"destinationStats":(\{[^}]*\})\}\}/, '},"destinationStats":$1}')),
      },
    ],
  },
  {
    name: 'destinationStats count accepted and rejected records since the previous state of the stream',
    complaints: Echo.statsAreDeltas,
    doctored: [
      { how: 'one record less', change: first(STATE, having('state.destinationStats.recordCount', 1)) },
      { how: 'rejects that count as accepted', change: state(2, having('state.destinationStats', { recordCount: 4 })) },
      { how: 'rejects that are not told', change: state(2, having('state.destinationStats', { recordCount: 1 })) },
      {
        how: 'counts that run on',
        change: last(SECOND, having('state.destinationStats', { recordCount: 4, rejectedRecordCount: 3 })),
      },
      {
        how: 'counts of all streams',
        change: state(2, having('state.destinationStats', { recordCount: 2, rejectedRecordCount: 3 })),
      },
      {
        how: 'records of the rejects that do not count',
        change: state(5, having('state.destinationStats', { recordCount: 0 })),
      },
    ],
  },
  {
    name: 'destinationStats add up to the records',
    complaints: Echo.statsAddUp,
    doctored: [
      { how: 'one that is missing', change: last(STATE, having('state.destinationStats.recordCount', 0)) },
      {
        how: 'rejects twice',
        change: state(2, having('state.destinationStats', { recordCount: 4, rejectedRecordCount: 3 })),
      },
    ],
  },
]

/** The first two lines of a kind, each in the other's place. */
const swapped = (all: ReadonlyArray<string>, match: (line: string) => boolean): ReadonlyArray<string> => {
  const [one, two] = all.filter(match)
  return all.map((line) => (line === one ? (two ?? line) : line === two ? (one ?? line) : line))
}

const ownStatus = (status: string, over: Json = {}): string =>
  JSON.stringify({
    type: 'TRACE',
    trace: {
      type: 'STREAM_STATUS',
      emitted_at: 1,
      stream_status: { stream_descriptor: { name: ONLINE, namespace: SHOP }, status, ...over },
    },
  })

const TOTALS = (line: string): boolean => line.includes('"message":"totals ')

const DELIVERY_CASES: ReadonlyArray<Case<Written>> = [
  {
    name: 'what is good arrives at the platform, once, and nothing else',
    complaints: Echo.allArrived,
    doctored: [
      { how: 'an event that is missing', change: (said) => ({ ...said, stored: said.stored.slice(1) }) },
      { how: 'an event twice', change: (said) => ({ ...said, stored: [...said.stored, said.stored[0] ?? ''] }) },
      { how: 'a rejected one', change: (said) => ({ ...said, stored: [...said.stored, 'p-4'] }) },
    ],
  },
  {
    name: 'no state covers an event that the platform does not have',
    complaints: Echo.coversOnlyWhatArrived,
    doctored: [
      { how: 'an event that is missing there', change: (said) => ({ ...said, stored: said.stored.slice(1) }) },
    ],
  },
  {
    name: 'the destination tells no status of its own',
    complaints: Echo.noStatusOfItsOwn,
    doctored: [
      { how: 'COMPLETE', change: followed(ownStatus('COMPLETE')) },
      { how: 'STARTED', change: preceded(ownStatus('STARTED')) },
      { how: 'RUNNING without a reason', change: preceded(ownStatus('RUNNING')) },
    ],
    allowed: [
      {
        how: 'RUNNING while the rate is limited',
        change: preceded(
          ownStatus('RUNNING', { reasons: [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: 1 } }] }),
        ),
      },
    ],
  },
  {
    name: 'there is no TRACE ERROR',
    complaints: noError,
    doctored: [
      {
        how: 'one beside exit code 0',
        change: followed(
          '{"type":"TRACE","trace":{"type":"ERROR","emitted_at":1,"error":{"message":"It failed.","failure_type":"system_error"}}}',
        ),
      },
    ],
  },
  {
    name: 'the totals are told once, at the end',
    complaints: Totals.toldOnce,
    doctored: [
      { how: 'none', change: every(TOTALS, gone) },
      { how: 'totals twice', change: first(TOTALS, twice) },
      {
        how: 'totals before the last state',
        change: (said) => lines((all) => [...all.filter(TOTALS), ...all.filter((line) => !TOTALS(line))])(said),
      },
      { how: 'totals as a warning', change: first(TOTALS, having('log.level', 'WARN')) },
      { how: 'totals that are no JSON', change: first(TOTALS, having('log.message', 'totals 11 records')) },
    ],
  },
  {
    name: 'the totals add up to the records',
    complaints: Totals.writeAddsUp,
    doctored: [
      { how: 'one record too many', change: first(TOTALS, rewritten(/\\"accepted\\":(\d+)/, '\\"accepted\\":99')) },
      { how: 'a code that is missing', change: first(TOTALS, rewritten(/\\"VALUE_MALFORMED\\":1,/, '')) },
      { how: 'rejects that were accepted', change: first(TOTALS, rewritten(/\\"ignored\\":1/, '\\"ignored\\":0')) },
      { how: 'something unsettled', change: first(TOTALS, rewritten(/\\"unsettled\\":0/, '\\"unsettled\\":1')) },
    ],
  },
]

/** A write that fails, and what it did until then. */
interface FailedWrite extends Written, Failed {}

const BROKEN_OFF_CASES: ReadonlyArray<Case<FailedWrite>> = [
  ...failureCases<FailedWrite>(['STATE', 'LOG', 'TRACE'], withoutEchoes),
  ...secretCases<FailedWrite>(),
  {
    name: 'the first of the states come back, in order',
    complaints: Echo.firstInOrder,
    doctored: [
      {
        how: 'the second alone',
        change: (said) => lines((all) => [...all.filter((line) => !STATE(line)), stateOf(2).line])(said),
      },
      { how: 'one of them twice', change: first(STATE, twice) },
    ],
  },
  {
    name: 'no state covers an event that the platform does not have',
    complaints: Echo.coversOnlyWhatArrived,
    doctored: [{ how: 'a state that comes early', change: last(STATE, (line) => [line, stateOf(3).line]) }],
  },
  {
    name: 'states come back byte for byte, but for destinationStats',
    complaints: Echo.verbatim,
    doctored: [{ how: 'a state that changed', change: first(STATE, rewritten('"n":1', '"n":1.0')) }],
  },
  {
    name: 'destinationStats count the records since the previous state',
    complaints: Echo.statsAreDeltas,
    doctored: [{ how: 'records to come', change: first(STATE, having('state.destinationStats.recordCount', 4)) }],
  },
  {
    name: 'the totals are told once',
    complaints: Totals.toldOnce,
    doctored: [{ how: 'none', change: every(TOTALS, gone) }],
  },
]

const textOf = (given: ReadonlyArray<Given>): string => given.map(({ line }) => `${line}\n`).join('')

describe('contract of write', () => {
  const guest = newGuest()
  const { keep, of } = newRuns<Written>()
  let platform: Platform

  /** Writes to a platform that knows nothing yet. */
  const write = async (given: ReadonlyArray<Given>, settings: Json = {}, over: Json = {}): Promise<Written> => {
    await platform.reset({ refuse_event_ids: [REFUSED], ...settings })
    const config = destinationConfig(platform, over)
    const said = await guest.run(DESTINATION, 'write', { config, catalog: CATALOG, input: textOf(given) })
    return { ...said, given, stored: (await platform.events()).map(({ event_id }) => event_id) }
  }

  beforeAll(async () => {
    platform = await startPlatform()
    keep('platform', await write(FROM_THE_PLATFORM))
    // Statuses of its other two streams are not told: PyAirbyte takes one stream at a time.
    keep('pyairbyte', await writeAlone(FROM_PYAIRBYTE))
    keep('global', await write(WITH_GLOBAL_STATES))
    keep('nothing', await write([]))
    keep('nothing but states', await write([stateOf(1), stateOf(2)]))
    const halt = { faults: [{ kind: 'code', code: 40002, message: 'event_source_id: unknown', after: 1 }] }
    keep('halted', await write(THREE_STATES, halt, { max_events_per_request: 2, max_requests_in_flight: 1 }))
    keep('incomplete', await write([...THREE_STATES, statusLine(ONLINE, 'COMPLETE', SHOP)]))
    keep('cut off', await write([...THREE_STATES, as('{"type":"RECORD","record":{"stream":"leads","data":{"event')]))
  }, 60_000)
  afterAll(async () => {
    guest.remove()
    await platform.close()
  })

  const writeAlone = async (given: ReadonlyArray<Given>): Promise<Written> => {
    await platform.reset()
    const catalog = catalogOf([LEADS], {
      destination_sync_mode: 'append_dedup',
      generation_id: 1,
      minimum_generation_id: 1,
    })
    const config = destinationConfig(platform)
    const said = await guest.run(DESTINATION, 'write', { config, catalog, input: textOf(given) })
    return { ...said, given, stored: (await platform.events()).map(({ event_id }) => event_id) }
  }

  const written = {
    'as the platform sends': of('platform'),
    'as PyAirbyte pipes': of('pyairbyte'),
    'with GLOBAL states': of('global'),
    'no input at all': of('nothing'),
    'states alone': of('nothing but states'),
  }

  describe('a write', () => {
    describeCases(written, [
      ...commonCases<Written>(['STATE', 'LOG', 'TRACE'], withoutEchoes),
      ...secretCases<Written>(),
    ])
  })
  describe('its states', () => describeCases(written, ECHO_CASES))
  describe('its delivery', () => describeCases(written, DELIVERY_CASES))
  describe('a write that breaks off', () => {
    const failed = (name: string, failureType: Failed['failureType']) => (): FailedWrite => ({
      ...of(name)(),
      failureType,
    })
    describeCases(
      {
        'a request that is refused as such': failed('halted', 'config_error'),
        'a source that ended early': failed('incomplete', 'transient_error'),
        'a line that is cut off': failed('cut off', 'system_error'),
      },
      BROKEN_OFF_CASES,
    )
    it('stops at the request that is refused', () => {
      expect(of('halted')().stored).toEqual(['t-1-1', 't-1-2'])
    })
    it('delivers what came before the end of its input', () => {
      for (const name of ['incomplete', 'cut off']) expect(Echo.allArrived(of(name)())).toEqual([])
    })
  })
})

/** A catalog that asks for what can not be done: nothing is sent. */
describe('contract of write: bad catalogs', () => {
  const guest = newGuest()
  const { keep, of } = newRuns<Said>()
  const config = destinationConfig({ url: 'http://127.0.0.1:1' })
  const catalogs: Readonly<Record<string, unknown>> = {
    'INVALID sync modes': catalogOf([LEADS], { sync_mode: 'INVALID', destination_sync_mode: 'INVALID' }),
    'an INVALID sync mode of the destination': catalogOf([LEADS], { destination_sync_mode: 'INVALID' }),
    update: catalogOf([LEADS], { destination_sync_mode: 'update' }),
    soft_delete: catalogOf([LEADS], { destination_sync_mode: 'soft_delete' }),
    'a generation of both old and new records': catalogOf([LEADS], { generation_id: 3, minimum_generation_id: 2 }),
    'an object that is not offered': catalogOf([LEADS], { destination_object_name: 'person' }),
    'no streams': {},
  }

  beforeAll(async () => {
    for (const [name, catalog] of Object.entries(catalogs))
      keep(name, await guest.run(DESTINATION, 'write', { config, catalog, input: textOf(THREE_STATES) }))
  })
  afterAll(() => guest.remove())

  const failed = (name: string) => (): Failed => ({ ...of(name)(), failureType: 'config_error' })
  const outputs = Object.fromEntries(Object.keys(catalogs).map((name) => [name, failed(name)]))
  describeCases(outputs, [...failureCases<Failed>(['TRACE', 'LOG']), ...secretCases<Failed>()])
})
