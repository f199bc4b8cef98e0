import { type Json, at, isObject } from '../json'
import { type Assertion, type Heard, type Said, messagesOf, streamOf, tracesOf, when } from '../said'
import { type Read, cursorOf, nameOf, recordsOf } from './records'

export const statesOf = (said: Pick<Said, 'stdout'>, stream?: string): ReadonlyArray<Heard> =>
  messagesOf(said, 'STATE').filter((state) => stream === undefined || streamOf(state) === stream)

const everyStream =
  (rule: (said: Read, stream: string) => ReadonlyArray<string>): Assertion<Read> =>
  (said) =>
    said.streams.flatMap((stream) => rule(said, nameOf(stream)).map((complaint) => `${nameOf(stream)}: ${complaint}`))

export const atLeastOne = everyStream((said, stream) => when(statesOf(said, stream).length === 0, 'there is no state'))

/** The platform gives up over a LEGACY state, and one without type is such; it can't mix STREAM and GLOBAL. */
export const ofTypeStream: Assertion<Read> = (said) =>
  statesOf(said).flatMap(({ json, number }) => {
    const type = String(at(json, 'state.type'))
    return [
      ...when(type !== 'STREAM', `line ${number} is a state of type ${type}`),
      ...when(!isObject(at(json, 'state.stream.stream_state')), `line ${number} holds no stream_state`),
      ...when('data' in Object(at(json, 'state')), `line ${number} holds data, as LEGACY states do`),
    ]
  })

export const ofStreamsInTheCatalog: Assertion<Read> = (said) => {
  const known = said.streams.map(nameOf)
  return statesOf(said).flatMap((state) => {
    const stream = String(streamOf(state))
    return when(!known.includes(stream), `line ${state.number} is of ${stream}, which is not in the catalog`)
  })
}

/** sourceStats count the records of the stream since its previous state: the platform compares them with its own count. */
export const countTheirRecords = everyStream((said, stream) => {
  let records = 0
  return messagesOf(said)
    .filter((message) => streamOf(message) === stream)
    .flatMap(({ type, json, number }) => {
      if (type === 'RECORD') records++
      if (type !== 'STATE') return []
      const count = at(json, 'state.sourceStats.recordCount')
      const wanted = records
      records = 0
      return when(count !== wanted, `line ${number} counts ${String(count)} records, not ${wanted}`)
    })
})

/** Who goes on from the second of two equal states gets the records between them again. */
export const tellTheirRecordsApart = everyStream((said, stream) => {
  let previous: string | undefined
  let records = 0
  return messagesOf(said)
    .filter((message) => streamOf(message) === stream)
    .flatMap(({ type, json, number }) => {
      if (type === 'RECORD') records++
      if (type !== 'STATE') return []
      const state = JSON.stringify(at(json, 'state.stream.stream_state'))
      const same = state === previous && records > 0
      previous = state
      records = 0
      return when(same, `line ${number} is the same state as before, after other records`)
    })
})

/** Nothing of a stream comes after its last state but its last status. */
export const lastBeforeTheEnd = everyStream((said, stream) => {
  const last = statesOf(said, stream).at(-1)?.number ?? 0
  const statuses = tracesOf(said, 'STREAM_STATUS').filter((trace) => streamOf(trace) === stream)
  return [
    ...when((statuses.at(-1)?.number ?? 0) < last, 'its last state comes after its last status'),
    ...when((recordsOf(said, stream).at(-1)?.number ?? 0) > last, 'records come after its last state'),
  ]
})

const MEGABYTE = 1_000_000

export const small: Assertion<Read> = (said) =>
  statesOf(said).flatMap(({ line, number }) =>
    when(Buffer.byteLength(line) >= MEGABYTE, `line ${number} is a state of over a megabyte`),
  )

/** Where the last state says it is, all records are. */
export const notBehindTheirRecords: Assertion<Read> = (said) =>
  said.streams.flatMap((stream: Json) => {
    const state = statesOf(said, nameOf(stream)).at(-1)
    const cursor = at(state?.json, `state.stream.stream_state.${String(at(stream, 'default_cursor_field.0'))}`)
    return recordsOf(said, nameOf(stream)).flatMap((record) =>
      when(
        typeof cursor !== 'string' || cursorOf(stream, record) > cursor,
        `line ${record.number} is past the cursor of its stream's last state`,
      ),
    )
  })
