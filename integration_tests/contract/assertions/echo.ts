import { at, isObject, parse } from '../json'
import { type Assertion, type Heard, type Said, messagesOf, tracesOf, when } from '../said'

/** One line of what a destination is given. */
export interface Given {
  readonly line: string
  /** Of a RECORD: what must become of it. */
  readonly fate?: 'sent' | 'rejected' | 'ignored'
  /** Of a RECORD that is sent: the id under which the platform knows it. */
  readonly eventId?: string
}

/** What `write` printed, what it was given, and what the platform has of it. */
export interface Written extends Said {
  readonly given: ReadonlyArray<Given>
  /** Ids of the accepted events. */
  readonly stored: ReadonlyArray<string>
}

/** A STATE that was given, and what must be told beside it. */
interface Owed {
  readonly line: string
  readonly id: string
  readonly records: number
  readonly rejected: number
  /** Ids of all events before it, of whatever stream. */
  readonly before: ReadonlyArray<string>
}

const statesOf = (said: Said): ReadonlyArray<Heard> => messagesOf(said, 'STATE')

/** The platform knows a state by the id that it put in; PyAirbyte puts none in. */
const idOf = (json: unknown): string => JSON.stringify(at(json, 'state.id') ?? at(json, 'state.stream.stream_state'))

/** The states that were given, each with the records of its stream since that stream's previous one. */
const owedBy = (given: ReadonlyArray<Given>): ReadonlyArray<Owed> => {
  const since = new Map<string, { records: number; rejected: number }>()
  const countsOf = (key: string) => since.get(key) ?? { records: 0, rejected: 0 }
  const before: Array<string> = []
  return given.flatMap(({ line, fate, eventId }) => {
    const json = parse(line)
    if (at(json, 'type') === 'RECORD' && fate !== undefined) {
      const key = keyOf(at(json, 'record.stream'), at(json, 'record.namespace'))
      const { records, rejected } = countsOf(key)
      since.set(key, { records: records + 1, rejected: rejected + (fate === 'rejected' ? 1 : 0) })
      if (eventId !== undefined) before.push(eventId)
    }
    if (at(json, 'type') !== 'STATE') return []
    const descriptor = at(json, 'state.stream.stream_descriptor')
    const isGlobal = at(json, 'state.type') === 'GLOBAL'
    const keys = isGlobal ? [...since.keys()] : [keyOf(at(descriptor, 'name'), at(descriptor, 'namespace'))]
    const counts = keys.map(countsOf)
    for (const key of keys) since.delete(key)
    const sum = (of: 'records' | 'rejected'): number => counts.reduce((all, one) => all + one[of], 0)
    return [{ line, id: idOf(json), records: sum('records'), rejected: sum('rejected'), before: [...before] }]
  })
}

const keyOf = (stream: unknown, namespace: unknown): string => JSON.stringify([stream, namespace ?? ''])

/** Each echoed state with the one that was given; strangers are another assertion's business. */
const pairsOf = (said: Written): ReadonlyArray<readonly [Heard, Owed]> => {
  const owed = new Map(owedBy(said.given).map((state) => [state.id, state]))
  return statesOf(said).flatMap((state) => {
    const found = owed.get(idOf(state.json))
    return found === undefined ? [] : [[state, found] as const]
  })
}

/** Every state comes back, once, in the order in which it came, and no other. */
export const allInOrder: Assertion<Written> = (said) => {
  const given = owedBy(said.given).map(({ id }) => id)
  const echoed = statesOf(said).map(({ json }) => idOf(json))
  return when(
    JSON.stringify(given) !== JSON.stringify(echoed),
    `the states ${given.join()} came back as ${echoed.join()}`,
  )
}

/** Of a run that breaks off: no more than the first of the states, in their order. */
export const firstInOrder: Assertion<Written> = (said) => {
  const echoed = statesOf(said).map(({ json }) => idOf(json))
  const given = owedBy(said.given)
    .map(({ id }) => id)
    .slice(0, echoed.length)
  return when(
    JSON.stringify(given) !== JSON.stringify(echoed),
    `the states ${echoed.join()} came back, not the first ones ${given.join()}`,
  )
}

const STATS = /,?"destinationStats": ?(?:null|\{[^{}]*\})/

/** Byte for byte, but for destinationStats: 1000.0 and numbers of 20 digits are not what they were once they are parsed. */
export const verbatim: Assertion<Written> = (said) =>
  pairsOf(said).flatMap(([{ line, number }, given]) =>
    when(
      line.replace(STATS, '') !== given.line.replace(STATS, ''),
      `line ${number} is not the state ${given.id} as it came`,
    ),
  )

/** Once in each state, beside what the source told: whole numbers, and of rejects only if there are any. */
export const statsWellFormed: Assertion<Written> = (said) =>
  statesOf(said).flatMap(({ line, json, number }) => {
    const stats = at(json, 'state.destinationStats')
    const told = (line.match(/"destinationStats"/g) ?? []).length
    if (!isObject(stats) || told !== 1) return [`line ${number} has no destinationStats, or more than once`]
    const counts = Object.entries(stats)
    return [
      ...counts.flatMap(([key, count]) =>
        when(
          !/^(recordCount|rejectedRecordCount)$/.test(key) || !Number.isInteger(count),
          `line ${number}: ${key} is odd`,
        ),
      ),
      ...when(!('recordCount' in stats), `line ${number} counts no records`),
      ...when(stats['rejectedRecordCount'] === 0, `line ${number} tells of 0 rejects`),
    ]
  })

/** Accepted and rejected records since the previous state of the stream; of all streams for a GLOBAL state. */
export const statsAreDeltas: Assertion<Written> = (said) =>
  pairsOf(said).flatMap(([{ json, number }, { records, rejected }]) => {
    const accepted = at(json, 'state.destinationStats.recordCount')
    const refused = at(json, 'state.destinationStats.rejectedRecordCount') ?? 0
    return when(
      accepted !== records - rejected || refused !== rejected,
      `line ${number} tells of ${JSON.stringify(accepted)} accepted and ${JSON.stringify(refused)} rejected records, not of ${records - rejected} and ${rejected}`,
    )
  })

/** Together they account for every record that stands before a state of its stream. */
export const statsAddUp: Assertion<Written> = (said) => {
  const told = statesOf(said).reduce((sum, { json }) => {
    const stats = at(json, 'state.destinationStats')
    return sum + Number(at(stats, 'recordCount') ?? 0) + Number(at(stats, 'rejectedRecordCount') ?? 0)
  }, 0)
  const given = owedBy(said.given).reduce((sum, { records }) => sum + records, 0)
  return when(told !== given, `the states tell of ${told} records, and ${given} were given`)
}

/** No state says that something arrived which the platform does not have. */
export const coversOnlyWhatArrived: Assertion<Written> = (said) => {
  const stored = new Set(said.stored)
  return pairsOf(said).flatMap(([{ number }, { before }]) => {
    const missing = before.filter((id) => !stored.has(id))
    return when(missing.length > 0, `line ${number} covers ${missing.length} events that the platform does not have`)
  })
}

/** What is to be sent is sent, once, and nothing else is. */
export const allArrived: Assertion<Written> = ({ given, stored }) => {
  const sent = given.flatMap(({ eventId }) => (eventId === undefined ? [] : [eventId]))
  return when(
    JSON.stringify([...stored].sort()) !== JSON.stringify([...sent].sort()),
    `the platform has ${stored.length} events: ${stored.join()}`,
  )
}

/** Statuses are the source's to tell; a destination may say no more than that it waits for the rate limit. */
export const noStatusOfItsOwn: Assertion<Said> = (said) =>
  tracesOf(said, 'STREAM_STATUS').flatMap(({ json, number }) => {
    const status = String(at(json, 'trace.stream_status.status'))
    const waits = status === 'RUNNING' && at(json, 'trace.stream_status.reasons.0.type') === 'RATE_LIMITED'
    return when(!waits, `line ${number} is a status ${status} of its own`)
  })
