import { type Json, at } from '../json'
import { type Assertion, type Heard, type Said, messagesOf, streamOf, tracesOf, when } from '../said'
import { type Read, nameOf } from './records'

const statusOf = ({ json }: Heard): string => String(at(json, 'trace.stream_status.status'))

const statusesOf = (said: Pick<Said, 'stdout'>, stream: string): ReadonlyArray<Heard> =>
  tracesOf(said, 'STREAM_STATUS').filter((trace) => streamOf(trace) === stream)

/** A demand on the statuses of each stream. */
const everyStream =
  (rule: (statuses: ReadonlyArray<string>, said: Read, stream: Json) => ReadonlyArray<string>): Assertion<Read> =>
  (said) =>
    said.streams.flatMap((stream) =>
      rule(statusesOf(said, nameOf(stream)).map(statusOf), said, stream).map(
        (complaint) => `${nameOf(stream)}: ${complaint}`,
      ),
    )

export const firstStarted = everyStream((statuses) =>
  when(statuses[0] !== 'STARTED', `the first status is ${String(statuses[0])}`),
)

export const lastIs = (last: 'COMPLETE' | 'INCOMPLETE'): Assertion<Read> =>
  everyStream((statuses) => when(statuses.at(-1) !== last, `the last status is ${String(statuses.at(-1))}`))

export const runningBetween = everyStream((statuses) =>
  statuses
    .slice(1, -1)
    .filter((status) => status !== 'RUNNING')
    .map((status) => `${status} stands in between`),
)

export const atLeastThree = everyStream((statuses) =>
  when(statuses.length < 3, `there are ${statuses.length} statuses`),
)

/** The platform gives up over the status of a stream that it did not ask for. */
export const ofStreamsInTheCatalog: Assertion<Read> = (said) => {
  const known = said.streams.map(nameOf)
  return tracesOf(said, 'STREAM_STATUS').flatMap((trace) => {
    const stream = String(streamOf(trace))
    return when(!known.includes(stream), `line ${trace.number} is of ${stream}, which is not in the catalog`)
  })
}

/** A stream's records and states stand between its first and its last status. */
export const aroundItsMessages = everyStream((_, said, stream) => {
  const statuses = statusesOf(said, nameOf(stream))
  const from = statuses[0]?.number ?? Infinity
  const to = statuses.at(-1)?.number ?? 0
  return messagesOf(said)
    .filter(({ type }) => type === 'RECORD' || type === 'STATE')
    .filter((message) => streamOf(message) === nameOf(stream))
    .flatMap(({ number, type }) => when(number < from || number > to, `line ${number}: a ${type} outside its statuses`))
})
