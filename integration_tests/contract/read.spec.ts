import { type Bucket, KEY_ID, SECRET, newBucket } from '../support/bucket'
import { BOTH, EVENTS, REJECTS, type StreamName, catalogOf } from '../support/catalogs'
import { describeWithMoto } from '../support/moto'
import { atATime } from '../support/reading'
import { type Made, makeFile } from '../support/rows'
import { total } from '../support/messages'
import * as Catalog from './assertions/catalog'
import * as Estimates from './assertions/estimates'
import type { Failed } from './assertions/failure'
import { streamBeforeData } from './assertions/output'
import * as Records from './assertions/records'
import type { Read } from './assertions/records'
import * as Replay from './assertions/replays'
import type { Replays, TwoReads } from './assertions/replays'
import * as States from './assertions/states'
import { statesOf } from './assertions/states'
import * as Statuses from './assertions/statuses'
import * as Totals from './assertions/totals'
import { type Case, describeCases } from './cases'
import { commonCases, failureCases, secretCases } from './common'
import {
  both,
  every,
  first,
  followed,
  gone,
  having,
  last,
  lines,
  message,
  movedBefore,
  preceded,
  rewritten,
  status,
  twice,
  type Change,
  without,
} from './doctoring'
import { SOURCE, newGuest } from './guest'
import { type Json, objectAt } from './json'
import { newRuns } from './runs'
import type { Said } from './said'

/** Two files with rows of which every third is bad, and a state every five rows. */
const FILES: Readonly<Record<string, Made>> = {
  'data/a.csv': makeFile({ rows: 13, seed: 'a', codes: ['EMAIL_MALFORMED', 'VALUE_MISSING'], oneIn: 3 }),
  'data/b.csv': makeFile({ rows: 9, seed: 'b', codes: ['COLUMN_COUNT_MISMATCH', 'EVENT_TIME_MISSING'], oneIn: 3 }),
}
/** Comes between the first and the second sync. */
const LATER: Readonly<Record<string, Made>> = {
  'data/c.csv': makeFile({ rows: 6, seed: 'c', codes: ['PHONE_MALFORMED'], oneIn: 2 }),
}
/** With a column that the template does not know. */
const EXTRA: Readonly<Record<string, Made>> = {
  'extra/d.csv': withColumn('Colour', 'red', makeFile({ rows: 8, seed: 'd', codes: ['EMAIL_MALFORMED'], oneIn: 3 })),
}
const CHECKPOINT_ROWS = 5
const WITH_EXTRA = { path_prefix: 'extra', extra_columns: 'pass_through' }
/** Processes side by side. */
const AT_A_TIME = 2

const RECORD = message('RECORD', EVENTS)
const STATE = message('STATE', EVENTS)
const ESTIMATE = (line: string): boolean => line.includes(`"type":"ESTIMATE"`)
const COMPLETE = status(EVENTS, 'COMPLETE')
const STARTED = status(EVENTS, 'STARTED')
const RUNNING = status(EVENTS, 'RUNNING')

const RECORD_CASES: ReadonlyArray<Case<Read>> = [
  {
    name: 'stream stands before data in a record',
    complaints: streamBeforeData,
    doctored: [
      {
        how: 'data before stream',
        change: first(RECORD, rewritten(/("stream":"\w+"),("data":\{.*\}),("emitted_at")/, '$2,$1,$3')),
      },
    ],
  },
  {
    name: 'every stream has records',
    complaints: Records.everyStreamHasRecords,
    doctored: [
      { how: 'a stream without', change: every(message('RECORD', REJECTS), gone) },
      { how: 'no record at all', change: every(message('RECORD'), gone) },
    ],
  },
  {
    name: 'there are as many as the files have good and bad rows',
    complaints: Records.asManyAsExpected,
    doctored: [
      { how: 'one that is missing', change: last(RECORD, gone) },
      { how: 'one too many', change: last(message('RECORD', REJECTS), twice) },
    ],
  },
  {
    name: 'records are of streams in the catalog',
    complaints: Records.streamsKnown,
    doctored: [{ how: 'a record of another stream', change: first(RECORD, having('record.stream', 'orders')) }],
  },
  {
    name: 'every record fits the discovered schema',
    complaints: Records.fitTheirSchema,
    doctored: [
      { how: 'a text for an integer', change: first(RECORD, rewritten(/"event_time":(\d+)/, '"event_time":"$1"')) },
      {
        how: '1.0 for an integer',
        change: first(RECORD, rewritten(/"_ab_source_file_row":(\d+)/, '"_ab_source_file_row":$1.0')),
      },
      {
        how: 'an exponent for an integer',
        change: first(RECORD, rewritten(/"event_time":(\d+)/, '"event_time":$1e0')),
      },
      { how: 'a number for a text', change: first(RECORD, having('record.data.transaction_id', 17)) },
      { how: 'a list of numbers', change: first(RECORD, having('record.data.content_ids', [1, 2])) },
      { how: 'an object for a text', change: last(message('RECORD', REJECTS), having('record.data.message', {})) },
      {
        how: 'a time that is none',
        change: first(RECORD, having('record.data._ab_source_file_last_modified', 'today')),
      },
      { how: 'a time without zone', change: first(RECORD, rewritten(/(\.\d{3})Z"/, '$1"')) },
    ],
    allowed: [
      { how: '1.0 for a number', change: first(RECORD, rewritten(/"value":(\d+)(\.\d+)?/, '"value":$1.0')) },
      { how: 'null', change: first(RECORD, having('record.data.shop_id', null)) },
    ],
  },
  {
    name: 'no record has a field that is not declared',
    complaints: Records.nothingUndeclared,
    doctored: [
      { how: 'an undeclared field', change: first(RECORD, having('record.data.colour', 'red')) },
      { how: 'a declared one in other letters', change: first(RECORD, rewritten('"event_name"', '"Event_Name"')) },
      { how: 'a field of the other stream', change: last(message('RECORD', REJECTS), having('record.data.value', 1)) },
    ],
  },
  {
    name: 'no record is empty',
    complaints: Records.neverEmpty,
    doctored: [
      { how: 'no data', change: first(RECORD, having('record.data', {})) },
      { how: 'fields of nobody', change: first(RECORD, having('record.data', { a: 1, b: 2 })) },
    ],
  },
  {
    name: 'an empty cell is absent',
    complaints: Records.absentStaysAbsent,
    doctored: [
      { how: 'null', change: first(RECORD, having('record.data.description', null)) },
      { how: 'an empty text', change: first(RECORD, having('record.data.description', '')) },
    ],
  },
  {
    name: 'primary keys are neither null nor objects nor lists',
    complaints: Records.keysScalar,
    doctored: [
      { how: 'null', change: first(RECORD, having('record.data._ab_source_file_row', null)) },
      { how: 'an absent one', change: first(RECORD, without('record.data._ab_source_file_url')) },
      { how: 'a list', change: first(RECORD, having('record.data._ab_source_file_url', ['a'])) },
    ],
  },
  {
    name: 'primary keys are unique',
    complaints: Records.keysUnique,
    doctored: [
      { how: 'a record twice', change: first(RECORD, twice) },
      { how: 'another record under the same key', change: every(RECORD, having('record.data._ab_source_file_row', 1)) },
    ],
  },
  {
    name: 'records stand in the order of files and rows',
    complaints: Records.inOrder,
    doctored: [
      {
        how: 'a row before an earlier one',
        change: lines((all) => [...all.filter(RECORD).reverse(), ...all.filter((line) => !RECORD(line))]),
      },
      {
        how: 'a file that is older than the one before',
        change: last(RECORD, having('record.data._ab_source_file_last_modified', '2001-01-01T00:00:00.000Z')),
      },
    ],
  },
  {
    name: 'emitted_at is in milliseconds, and of this run',
    complaints: Records.emittedInItsTime,
    doctored: [
      { how: 'seconds', change: first(RECORD, rewritten(/"emitted_at":(\d+)\d{3}/, '"emitted_at":$1')) },
      { how: 'a time to come', change: last(RECORD, rewritten(/"emitted_at":\d/, '"emitted_at":9')) },
      {
        how: 'a time that goes back',
        change: (said) => last(RECORD, having('record.emitted_at', said.startedMs))(said),
      },
    ],
  },
]

/** One more field in the schema of every stream. */
function declared(property: Json) {
  return (said: Read): Read => {
    const more = (schema: Json): Json => ({ ...schema, properties: { ...objectAt(schema, 'properties'), ...property } })
    const streams = said.streams.map((stream) => ({ ...stream, json_schema: more(objectAt(stream, 'json_schema')) }))
    return { ...said, streams }
  }
}

/** What no file here fills. */
const UNFILLED = ['content_type', 'contents', 'description', 'search_string']

const ROW_CASES: ReadonlyArray<Case<Read>> = [
  {
    name: 'every declared field is seen in a record, but for those that no file fills',
    complaints: Records.everyFieldSeen(UNFILLED),
    doctored: [
      { how: 'a field that is always absent', change: every(RECORD, without('record.data.shop_id')) },
      { how: 'a field that is declared and never filled', change: declared({ colour: { type: ['null', 'string'] } }) },
    ],
  },
  {
    name: 'every row of every file is one record',
    complaints: Records.everyRowOnce,
    doctored: [
      { how: 'a row that is missing', change: first(RECORD, gone) },
      {
        how: 'a row of both streams',
        change: first(RECORD, (line) => [line, line.replace(`"${EVENTS}"`, `"${REJECTS}"`)]),
      },
      { how: 'a row that no file has', change: first(RECORD, having('record.data._ab_source_file_row', 99)) },
    ],
  },
]

const statusLine = (name: string, value: string, over: Json = {}): string =>
  JSON.stringify({
    type: 'TRACE',
    trace: {
      type: 'STREAM_STATUS',
      emitted_at: 1,
      stream_status: { stream_descriptor: { name }, status: value, ...over },
    },
  })

const RATE_LIMITED = { reasons: [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: 1 } }] }

const STATUS_CASES: ReadonlyArray<Case<Read>> = [
  {
    name: 'the first status of every stream is STARTED',
    complaints: Statuses.firstStarted,
    doctored: [
      { how: 'none', change: every(STARTED, gone) },
      { how: 'RUNNING before it', change: movedBefore(RUNNING, STARTED) },
      { how: 'a stream without statuses', change: every(message('TRACE', REJECTS), gone) },
    ],
  },
  {
    name: 'the last status of every stream is COMPLETE',
    complaints: Statuses.lastIs('COMPLETE'),
    doctored: [
      { how: 'none', change: every(COMPLETE, gone) },
      { how: 'INCOMPLETE', change: every(COMPLETE, having('trace.stream_status.status', 'INCOMPLETE')) },
      { how: 'RUNNING after it', change: followed(statusLine(EVENTS, 'RUNNING')) },
      { how: 'none of the other stream', change: every(status(REJECTS, 'COMPLETE'), gone) },
    ],
  },
  {
    name: 'only RUNNING stands between them',
    complaints: Statuses.runningBetween,
    doctored: [
      { how: 'a second STARTED', change: first(STARTED, twice) },
      { how: 'COMPLETE twice', change: first(COMPLETE, twice) },
      {
        how: 'an INCOMPLETE that was overcome',
        change: first(COMPLETE, (line) => [statusLine(EVENTS, 'INCOMPLETE'), line]),
      },
    ],
    allowed: [
      { how: 'RUNNING twice', change: first(RUNNING, twice) },
      {
        how: 'RUNNING while the rate is limited',
        change: first(RUNNING, (line) => [line, statusLine(EVENTS, 'RUNNING', RATE_LIMITED)]),
      },
    ],
  },
  {
    name: 'every stream has at least three statuses',
    complaints: Statuses.atLeastThree,
    doctored: [{ how: 'no RUNNING', change: every(RUNNING, gone) }],
  },
  {
    name: 'statuses are of streams in the catalog',
    complaints: Statuses.ofStreamsInTheCatalog,
    doctored: [{ how: 'a COMPLETE of another stream', change: followed(statusLine('orders', 'COMPLETE')) }],
  },
  {
    name: 'records and states stand between the first and the last status of their stream',
    complaints: Statuses.aroundItsMessages,
    doctored: [
      { how: 'a state before STARTED', change: lines((all) => [...all.filter(STATE).slice(0, 1), ...all]) },
      { how: 'a state after COMPLETE', change: movedBefore(COMPLETE, STATE) },
    ],
  },
]

const STATE_CASES: ReadonlyArray<Case<Read>> = [
  {
    name: 'every stream has a state',
    complaints: States.atLeastOne,
    doctored: [{ how: 'a stream without', change: every(message('STATE', REJECTS), gone) }],
  },
  {
    name: 'states are of type STREAM',
    complaints: States.ofTypeStream,
    doctored: [
      { how: 'LEGACY', change: first(STATE, having('state.type', 'LEGACY')) },
      { how: 'no type', change: first(STATE, without('state.type')) },
      { how: 'GLOBAL', change: first(STATE, having('state.type', 'GLOBAL')) },
      { how: 'no stream_state', change: first(STATE, without('state.stream.stream_state')) },
      { how: 'data beside the stream', change: first(STATE, having('state.data', {})) },
    ],
  },
  {
    name: 'states are of streams in the catalog',
    complaints: States.ofStreamsInTheCatalog,
    doctored: [
      {
        how: 'a state of another stream',
        change: first(STATE, having('state.stream.stream_descriptor.name', 'orders')),
      },
    ],
  },
  {
    name: 'sourceStats count the records since the previous state of the stream',
    complaints: States.countTheirRecords,
    doctored: [
      { how: 'no sourceStats', change: first(STATE, without('state.sourceStats')) },
      { how: 'no recordCount', change: first(STATE, without('state.sourceStats.recordCount')) },
      { how: 'a count that runs on', change: last(STATE, having('state.sourceStats.recordCount', 99)) },
      {
        how: 'a count of all streams',
        change: first(STATE, having('state.sourceStats.recordCount', CHECKPOINT_ROWS + 1)),
      },
      { how: 'a count in a text', change: first(STATE, rewritten(/"recordCount":(\d+)/, '"recordCount":"$1"')) },
      { how: 'a state that is missing', change: first(STATE, gone) },
    ],
    allowed: [
      { how: 'a count with a point', change: first(STATE, rewritten(/"recordCount":(\d+)/, '"recordCount":$1.0')) },
    ],
  },
  {
    name: 'no state is the same as the one before if records stand between them',
    complaints: States.tellTheirRecordsApart,
    doctored: [
      { how: 'a state that stands still', change: every(STATE, having('state.stream.stream_state', { version: 1 })) },
    ],
    allowed: [{ how: 'a state twice, without records between', change: first(STATE, twice) }],
  },
  {
    name: 'the last state stands after the last record and before the last status',
    complaints: States.lastBeforeTheEnd,
    doctored: [
      { how: 'COMPLETE before the last state', change: movedBefore(COMPLETE, STATE) },
      { how: 'a record after the last state', change: last(STATE, gone) },
    ],
  },
  {
    name: 'a state is smaller than a megabyte',
    complaints: States.small,
    doctored: [
      { how: 'a large one', change: last(STATE, having('state.stream.stream_state.files', ['x'.repeat(1e6)])) },
    ],
  },
]

const estimate = (over: Json = {}): string =>
  JSON.stringify({
    type: 'TRACE',
    trace: {
      type: 'ESTIMATE',
      emitted_at: 1,
      estimate: { name: EVENTS, type: 'STREAM', row_estimate: 20, byte_estimate: 2000, ...over },
    },
  })

const ESTIMATE_CASES: ReadonlyArray<Case<Read>> = [
  {
    name: 'an estimate is of a stream in the catalog',
    complaints: Estimates.ofAStream,
    doctored: [
      { how: 'one of the whole sync', change: preceded(estimate({ type: 'SYNC' })) },
      { how: 'one of another stream', change: preceded(estimate({ name: 'orders' })) },
    ],
    allowed: [{ how: 'one of each stream', change: preceded(estimate(), estimate({ name: REJECTS })) }],
  },
  {
    name: 'an estimate is of both rows and bytes',
    complaints: Estimates.ofRowsAndBytes,
    doctored: [
      { how: 'no bytes', change: preceded(estimate({ byte_estimate: undefined })) },
      { how: 'no rows', change: preceded(estimate({ row_estimate: null })) },
      { how: 'half a row', change: preceded(estimate({ row_estimate: 0.5 })) },
    ],
    allowed: [{ how: 'nothing to come', change: preceded(estimate({ row_estimate: 0, byte_estimate: 0 })) }],
  },
  {
    name: 'an estimate comes before the records of its stream',
    complaints: Estimates.beforeTheRecords,
    doctored: [
      {
        how: 'one that comes after',
        change: both(
          every(ESTIMATE, gone),
          first(RECORD, (line) => [line, estimate()]),
        ),
      },
    ],
    allowed: [
      { how: 'one that comes early', change: preceded(estimate()) },
      { how: 'another one that comes after', change: first(RECORD, (line) => [line, estimate()]) },
    ],
  },
]

const CURSOR_CASES: ReadonlyArray<Case<Read>> = [
  {
    name: 'no record is past the cursor of the last state',
    complaints: States.notBehindTheirRecords,
    doctored: [
      {
        how: 'a state that fell behind',
        change: last(
          STATE,
          having('state.stream.stream_state._ab_source_file_last_modified', '2001-01-01T00:00:00.000Z'),
        ),
      },
      {
        how: 'a state without its cursor',
        change: last(STATE, without('state.stream.stream_state._ab_source_file_last_modified')),
      },
    ],
  },
]

const TOTALS = (line: string): boolean => line.includes('"message":"totals ')

const TOTALS_CASES: ReadonlyArray<Case<Read>> = [
  {
    name: 'the totals are told once, after records and states',
    complaints: Totals.toldOnce,
    doctored: [
      { how: 'none', change: every(TOTALS, gone) },
      { how: 'totals twice', change: first(TOTALS, twice) },
      { how: 'totals before the last state', change: movedBefore(TOTALS, STATE) },
      { how: 'totals that are no JSON', change: first(TOTALS, having('log.message', 'totals 22 rows')) },
    ],
  },
  {
    name: 'the totals add up to the rows of the files',
    complaints: Totals.readAddsUp,
    doctored: [
      { how: 'a row too many', change: first(TOTALS, rewritten(/\\"rows\\":\d+/, '\\"rows\\":23')) },
      { how: 'a row that was not emitted', change: first(TOTALS, rewritten(/\\"emitted\\":\d+/, '\\"emitted\\":1')) },
      { how: 'a code that is missing', change: first(TOTALS, rewritten(/\\"EMAIL_MALFORMED\\":\d+,/, '')) },
    ],
  },
]

/** A change to the second of two reads. */
const inTheSecond =
  (change: Change) =>
  ({ one, two }: TwoReads): TwoReads => ({ one, two: change(two) })

const REFRESH_CASES: ReadonlyArray<Case<TwoReads>> = [
  {
    name: 'the second full refresh has every record of the first',
    complaints: Replay.superset,
    doctored: [
      { how: 'a record that did not come again', change: inTheSecond(first(RECORD, gone)) },
      { how: 'a reject that did not come again', change: inTheSecond(first(message('RECORD', REJECTS), gone)) },
      {
        how: 'a record that came with another value',
        change: inTheSecond(first(RECORD, having('record.data.value', 0.123))),
      },
      {
        how: 'a record that came under another key',
        change: inTheSecond(first(RECORD, having('record.data._ab_source_file_row', 77))),
      },
    ],
    allowed: [
      {
        how: 'one record more',
        change: inTheSecond(
          last(RECORD, (line) => [line, having('record.data._ab_source_file_row', 77)(line) as string]),
        ),
      },
    ],
  },
  {
    name: 'its records are emitted later than those of the first',
    complaints: Replay.emittedLater,
    doctored: [
      { how: 'a time that was kept', change: ({ one }) => ({ one, two: one }) },
      { how: 'one record of an earlier time', change: inTheSecond(last(RECORD, having('record.emitted_at', 1))) },
    ],
  },
]

const SECOND_SYNC_CASES: ReadonlyArray<Case<TwoReads>> = [
  {
    name: 'no record of the second sync is before the cursor of the first',
    complaints: Replay.cursorNeverGoesBack,
    doctored: [
      {
        how: 'an older one',
        change: inTheSecond(
          first(RECORD, having('record.data._ab_source_file_last_modified', '2001-01-01T00:00:00.000Z')),
        ),
      },
    ],
  },
  {
    name: 'no record of the second sync was in the first',
    complaints: Replay.nothingTwice,
    doctored: [{ how: 'the first sync over again', change: ({ one }) => ({ one, two: one }) }],
  },
]

/** A change to one of the replays. */
const inReplay =
  (n: number, change: Change) =>
  ({ whole, replays }: Replays): Replays => ({
    whole,
    replays: replays.map((replay, i) => (i === n ? change(replay) : replay)),
  })

const REPLAY_CASES: ReadonlyArray<Case<Replays>> = [
  {
    name: 'a read from any emitted state has exactly the remaining records',
    complaints: Replay.exactlyTheRest,
    doctored: [
      { how: 'a record that is lost', change: inReplay(0, first(RECORD, gone)) },
      { how: 'a record that comes again', change: inReplay(2, first(RECORD, twice)) },
      { how: 'a reject that is lost', change: inReplay(1, last(message('RECORD', REJECTS), gone)) },
      { how: 'a record that has changed', change: inReplay(3, last(RECORD, having('record.data.value', 0.123))) },
      { how: 'another order', change: inReplay(0, movedBefore(RECORD, RECORD)) },
      {
        how: 'records after the last state',
        change: ({ whole, replays }) => ({ whole, replays: [...replays.slice(0, -1), whole] }),
      },
      { how: 'a state that was not tried', change: ({ whole, replays }) => ({ whole, replays: replays.slice(1) }) },
    ],
  },
  {
    name: 'a read from any emitted state ends well',
    complaints: Replay.replaysEndWell,
    doctored: [
      {
        how: 'one that fails',
        change: ({ whole, replays }) => ({ whole, replays: replays.map((replay) => ({ ...replay, code: 1 })) }),
      },
    ],
  },
]

/** Any record of the events. */
const STRAY = JSON.stringify({
  type: 'RECORD',
  record: { stream: EVENTS, data: { event_name: 'Lead' }, emitted_at: 1 },
})

const NOTHING_LEFT_CASES: ReadonlyArray<Case<Read>> = [
  {
    name: 'where nothing is left to read there is no record',
    complaints: Replay.noRecords,
    doctored: [{ how: 'one all the same', change: preceded(STRAY) }],
  },
  {
    name: 'where nothing is left to read there is a state of every stream',
    complaints: States.atLeastOne,
    doctored: [
      { how: 'none', change: every(message('STATE'), gone) },
      { how: 'one of a stream only', change: every(message('STATE', REJECTS), gone) },
    ],
  },
]

/** A read that failed, and what it should have read. */
interface FailedRead extends Read, Failed {}

const INCOMPLETE_CASES: ReadonlyArray<Case<FailedRead>> = [
  ...failureCases<FailedRead>(['TRACE', 'LOG', 'RECORD', 'STATE']),
  {
    name: 'the last status of every stream is INCOMPLETE',
    complaints: Statuses.lastIs('INCOMPLETE'),
    doctored: [
      {
        how: 'COMPLETE',
        change: every(status(EVENTS, 'INCOMPLETE'), having('trace.stream_status.status', 'COMPLETE')),
      },
      { how: 'none', change: every(status(EVENTS, 'INCOMPLETE'), gone) },
    ],
  },
]

/** A file with one more column at the end, the same in every row. */
function withColumn(header: string, cell: string, made: Made): Made {
  const [first, ...rows] = made.csv.trimEnd().split('\n')
  return { ...made, csv: [`${first ?? ''},${header}`, ...rows.map((row) => `${row},${cell}`), ''].join('\n') }
}

const rowsOf = (files: Readonly<Record<string, Made>>): Read['rows'] =>
  Object.fromEntries(Object.entries(files).map(([key, { rows }]) => [key, rows]))

const recordsOf = (files: Readonly<Record<string, Made>>): Read['expected'] => {
  const made = Object.values(files)
  return {
    [EVENTS]: made.reduce((sum, { good }) => sum + good.length, 0),
    [REJECTS]: made.reduce((sum, { bad }) => sum + total(bad), 0),
  }
}

/** The catalog that the platform makes of what was discovered. */
const configured = (streams: ReadonlyArray<Json>, mode: string): Json => ({
  streams: streams.map((stream) => ({
    stream,
    sync_mode: mode,
    destination_sync_mode: 'append',
    cursor_field: stream['default_cursor_field'],
    primary_key: stream['source_defined_primary_key'],
  })),
})

describeWithMoto('contract of read', (moto) => {
  const guest = newGuest()
  const { keep, of } = newRuns<Read>()
  const replays: Array<Said> = []
  let bucket: Bucket
  /** By the folder that was looked into. */
  const discovered = new Map<string, ReadonlyArray<Json>>()

  /** What to read, from where on, and the files that it should be made of. */
  interface Reading {
    readonly streams?: ReadonlyArray<StreamName>
    readonly mode?: 'incremental' | 'full_refresh'
    readonly config?: Json
    readonly state?: ReadonlyArray<string>
    readonly files?: Readonly<Record<string, Made>>
  }

  const read = async ({ streams = BOTH, mode = 'incremental', config = {}, state, files = FILES }: Reading) => {
    const known = discovered.get(config['extra_columns'] === undefined ? 'data' : 'extra') ?? []
    const selected = known.filter(({ name }) => streams.some((stream) => stream === name))
    const said = await guest.run(SOURCE, 'read', {
      config: bucket.config({ checkpoint_rows: CHECKPOINT_ROWS, ...config }),
      catalog: configured(selected, mode),
      ...(state === undefined ? {} : { state: `[${state.join()}]` }),
    })
    return { ...said, streams: selected, rows: rowsOf(files), expected: recordsOf(files) }
  }

  const put = async (files: Readonly<Record<string, Made>>): Promise<void> => {
    for (const [key, { csv }] of Object.entries(files)) await bucket.put(key, csv)
  }

  beforeAll(async () => {
    bucket = await newBucket(moto(), 'contract-read')
    await put({ ...FILES, ...EXTRA })
    discovered.set('data', Catalog.streamsOf(await guest.run(SOURCE, 'discover', { config: bucket.config() })))
    const config = bucket.config(WITH_EXTRA)
    discovered.set('extra', Catalog.streamsOf(await guest.run(SOURCE, 'discover', { config })))
    await put({ 'damaged/a.csv': FILES['data/a.csv'] ?? never() })
    await bucket.put('damaged/b.csv', 'no,template\n1,2\n')

    const first: Readonly<Record<string, Reading>> = {
      incremental: {},
      'full refresh': { mode: 'full_refresh' },
      'the events alone': { streams: [EVENTS] },
      'the rejects alone': { streams: [REJECTS], mode: 'full_refresh' },
      'an empty folder': { config: { path_prefix: 'nothing here' }, files: {} },
      'extra columns': { config: WITH_EXTRA, files: EXTRA },
      'a damaged file': { config: { path_prefix: 'damaged' } },
      'a bad row': { config: { on_invalid_row: 'fail' } },
    }
    await atATime(AT_A_TIME, Object.entries(first), async ([name, reading]) => keep(name, await read(reading)))

    const states = statesOf(of('incremental')()).map(({ line }) => line)
    const points = states.map((_, i) => states.slice(0, i + 1))
    replays.push(...(await atATime(AT_A_TIME, points, (state) => read({ state }))))

    await put(LATER)
    const later: Readonly<Record<string, Reading>> = {
      'second sync': { state: lastOfEach(states), files: LATER },
      'second full refresh': { mode: 'full_refresh', files: { ...FILES, ...LATER } },
      future: { state: lastOfEach(states).map(inTheFuture), files: {} },
    }
    await atATime(AT_A_TIME, Object.entries(later), async ([name, reading]) => keep(name, await read(reading)))
  }, 120_000)
  afterAll(() => {
    bucket.close()
    guest.remove()
  })

  const wellRead = {
    'both streams, incremental': of('incremental'),
    'both streams, full refresh': of('full refresh'),
    'the events alone': of('the events alone'),
    'the rejects alone': of('the rejects alone'),
    'a second sync': of('second sync'),
    'columns that the template does not know': of('extra columns'),
  }
  const nothingRead = {
    'a state in the far future': of('future'),
    'an empty folder': of('an empty folder'),
  }
  const failed = { 'a folder with a damaged file': of('a damaged file'), 'a row that ends the run': of('a bad row') }

  describe('a read', () => {
    describeCases({ ...wellRead, ...nothingRead }, [
      ...commonCases<Read>(['RECORD', 'STATE', 'TRACE', 'LOG']),
      ...secretCases<Read>(),
    ])
  })
  describe('its records', () => {
    describeCases(wellRead, RECORD_CASES)
    describeCases(
      {
        incremental: of('incremental'),
        'full refresh': of('full refresh'),
        'columns that the template does not know': of('extra columns'),
      },
      ROW_CASES,
    )

    it('have a declared column for what the template does not know, where that is passed through', () => {
      const [events] = of('extra columns')().streams
      expect(objectAt(events, 'json_schema.properties')).toMatchObject({ Colour: { type: ['null', 'string'] } })
    })
  })
  describe('its statuses', () => describeCases({ ...wellRead, ...nothingRead }, STATUS_CASES))
  describe('its states', () => {
    describeCases({ ...wellRead, ...nothingRead, ...failed }, STATE_CASES)
    describeCases(wellRead, CURSOR_CASES)
  })
  describe('its estimates, if there are any', () => describeCases({ ...wellRead, ...nothingRead }, ESTIMATE_CASES))
  describe('its totals', () => describeCases({ ...wellRead, ...nothingRead }, TOTALS_CASES))
  describe('full refresh, twice', () =>
    describeCases(
      { 'before and after one more file': () => ({ one: of('full refresh')(), two: of('second full refresh')() }) },
      REFRESH_CASES,
    ))
  describe('incremental, twice', () =>
    describeCases(
      { 'before and after one more file': () => ({ one: of('incremental')(), two: of('second sync')() }) },
      SECOND_SYNC_CASES,
    ))
  describe('resumed', () => {
    describeCases({ 'both streams': () => ({ whole: of('incremental')(), replays }) }, REPLAY_CASES)
    describeCases(nothingRead, NOTHING_LEFT_CASES)

    it('was tried from states inside files', () => {
      expect(replays.length).toBeGreaterThanOrEqual(8)
    })
  })
  describe('a read that fails', () => {
    const of = (output: () => Read) => (): FailedRead => ({ ...output(), failureType: 'config_error' })
    const outputs = Object.entries(failed).map(([name, output]) => [name, of(output)] as const)
    describeCases(Object.fromEntries(outputs), INCOMPLETE_CASES)
  })
})

const never = (): never => {
  throw new Error('no such file')
}

/** The last state of each stream. */
const lastOfEach = (states: ReadonlyArray<string>): ReadonlyArray<string> =>
  BOTH.flatMap((stream) => states.filter(message('STATE', stream)).slice(-1))

const inTheFuture = (state: string): string =>
  state.replaceAll(/("_ab_source_file_last_modified":)"[^"]+"/g, '$1"2999-01-01T00:00:00.000Z"')

/** A catalog that asks for what there is not: the read never begins. */
describe('contract of read: bad catalogs', () => {
  const guest = newGuest()
  const { keep, of } = newRuns<Said>()
  const config = {
    bucket: 'acme-offline',
    path_prefix: 'data',
    credentials: { auth_type: 'access_key', aws_access_key_id: KEY_ID, aws_secret_access_key: SECRET },
    endpoint: 'http://127.0.0.1:1',
  }
  const catalogs: Readonly<Record<string, unknown>> = {
    'a stream that does not exist': catalogOf(['__AIRBYTE__stream_that_does_not_exist']),
    'one of two streams that does not exist': catalogOf([EVENTS, '__AIRBYTE__stream_that_does_not_exist']),
    'INVALID sync modes': catalogOf([EVENTS], { sync_mode: 'INVALID', destination_sync_mode: 'INVALID' }),
    'no streams': {},
  }

  beforeAll(async () => {
    for (const [name, catalog] of Object.entries(catalogs))
      keep(name, await guest.run(SOURCE, 'read', { config, catalog }))
  })
  afterAll(() => guest.remove())

  const failed = (name: string) => (): Failed => ({ ...of(name)(), failureType: 'config_error' })
  const outputs = Object.fromEntries(Object.keys(catalogs).map((name) => [name, failed(name)]))
  describeCases(outputs, [...failureCases<Failed>(['TRACE', 'LOG']), ...secretCases<Failed>()])
})
