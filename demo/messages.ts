import * as t from 'io-ts'

/** What the connectors and the emulator answer, as far as the demo looks at it. */

const Counts = t.readonly(t.record(t.string, t.number))
export type Counts = t.TypeOf<typeof Counts>

export const ReadTotals = t.type({
  files: t.number,
  rows: t.number,
  emitted: t.number,
  rejected: Counts,
  warnings: Counts,
})
export type ReadTotals = t.TypeOf<typeof ReadTotals>

export const WriteTotals = t.type({
  records: t.number,
  accepted: t.number,
  duplicates: t.number,
  ignored: t.number,
  rejected: Counts,
  warnings: Counts,
  requests: t.number,
})
export type WriteTotals = t.TypeOf<typeof WriteTotals>

/** GET /__admin/summary of the emulator. */
export const Summary = t.type({
  requests: t.type({ total: t.number }),
  events: t.type({ stored: t.number, duplicates: t.number }),
})
export type Summary = t.TypeOf<typeof Summary>

const Log = t.type({ type: t.literal('LOG'), log: t.type({ level: t.string, message: t.string }) })
const Trace = t.type({
  type: t.literal('TRACE'),
  trace: t.type({ error: t.type({ message: t.string, failure_type: t.string }) }),
})
const ConnectionStatus = t.type({
  type: t.literal('CONNECTION_STATUS'),
  connectionStatus: t.intersection([t.type({ status: t.string }), t.partial({ message: t.string })]),
})
const State = t.type({ type: t.literal('STATE') })
const Stream = t.type({
  name: t.string,
  json_schema: t.type({ properties: t.UnknownRecord }),
  default_cursor_field: t.array(t.string),
  source_defined_primary_key: t.array(t.array(t.string)),
})
export type Stream = t.TypeOf<typeof Stream>
const Catalog = t.type({ type: t.literal('CATALOG'), catalog: t.type({ streams: t.array(Stream) }) })

/** Lines of a verb's stdout. */
type Lines = readonly string[]

/** The answer to `check`. */
export const statusIn = (lines: Lines) => the('CONNECTION_STATUS', ConnectionStatus, lines).connectionStatus

/** The answer to `discover`. */
export const streamsIn = (lines: Lines): readonly Stream[] => the('CATALOG', Catalog, lines).catalog.streams

/** Why a verb ended: its TRACE ERROR; undefined where it told none. */
export const errorIn = (lines: Lines): string | undefined => {
  const error = messages(Trace, lines)[0]?.trace.error
  return error === undefined ? undefined : `${error.failure_type}: ${error.message}`
}

/** The STATE messages, as they were printed. */
export const stateLinesIn = (lines: Lines): Lines => lines.filter((line) => State.is(parse(line)))

/** What the LOG lines warn of. */
export const warningsIn = (lines: Lines): Lines =>
  messages(Log, lines).flatMap(({ log }) => (log.level === 'WARN' ? [log.message] : []))

/** The figures of the LOG line `totals {json}`. */
export const totalsIn = <A>(codec: t.Type<A>, lines: Lines): A => {
  const mark = 'totals '
  const told = messages(Log, lines).flatMap(({ log }) => (log.message.startsWith(mark) ? [log.message] : []))
  return decode(codec, 'totals', parse(told.at(-1)?.slice(mark.length) ?? ''))
}

/** Holds JSON against what is expected. */
export const decode = <A>(codec: t.Type<A>, what: string, json: unknown): A => {
  if (codec.is(json)) return json
  throw new Error(`${what}: missing, or not as expected`)
}

const the = <A>(what: string, codec: t.Type<A>, lines: Lines): A => decode(codec, what, messages(codec, lines)[0])

const messages = <A>(codec: t.Type<A>, lines: Lines): readonly A[] => lines.map(parse).filter((json) => codec.is(json))

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}
