import { type Assertion, type Said, messagesOf, streamOf, when } from '../said'
import { type Read, contentOf, cursorOf, keyOf, nameOf, recordsOf } from './records'
import { statesOf } from './states'

/** Two reads of the same streams, one after the other. */
export interface TwoReads {
  readonly one: Read
  readonly two: Read
}

/** A read, and another one from each of its states with those before it. */
export interface Replays {
  readonly whole: Read
  readonly replays: ReadonlyArray<Said>
}

/** From any state the remaining records come, in their order, and no others. */
export const exactlyTheRest: Assertion<Replays> = ({ whole, replays }) => {
  const states = statesOf(whole)
  return [
    ...when(replays.length !== states.length, `${replays.length} replays of ${states.length} states`),
    ...replays.flatMap((replay, i) =>
      whole.streams.map(nameOf).flatMap((stream) => {
        const last =
          states
            .slice(0, i + 1)
            .filter((state) => streamOf(state) === stream)
            .at(-1)?.number ?? 0
        const rest = recordsOf(whole, stream).filter(({ number }) => number > last)
        const found = recordsOf(replay, stream).map(contentOf)
        const same = JSON.stringify(found) === JSON.stringify(rest.map(contentOf))
        return when(
          !same,
          `from state ${i + 1}: ${found.length} records of ${stream}, not the remaining ${rest.length}`,
        )
      }),
    ),
  ]
}

export const replaysEndWell: Assertion<Replays> = ({ replays }) =>
  replays.flatMap(({ code }, i) => when(code !== 0, `from state ${i + 1}: exit code ${String(code)}`))

/** The records of a later full refresh hold those of the first: by their keys, and by their content. */
export const superset: Assertion<TwoReads> = ({ one, two }) =>
  one.streams.flatMap((stream) => {
    const later = recordsOf(two, nameOf(stream))
    const contents = new Set(later.map(contentOf))
    const keys = new Set(later.map((record) => keyOf(stream, record)))
    return recordsOf(one, nameOf(stream)).flatMap((record) => [
      ...when(!keys.has(keyOf(stream, record)), `${nameOf(stream)}: line ${record.number} did not come again`),
      ...when(
        !contents.has(contentOf(record)),
        `${nameOf(stream)}: line ${record.number} did not come again as it was`,
      ),
    ])
  })

const emittedOf = (said: Said): ReadonlyArray<number> =>
  messagesOf(said, 'RECORD').map(({ line }) => Number(/"emitted_at":(\d+)/.exec(line)?.[1]))

export const emittedLater: Assertion<TwoReads> = ({ one, two }) => {
  const last = Math.max(...emittedOf(one))
  const first = Math.min(...emittedOf(two))
  return when(!(first > last), `the second run emits from ${first} on, the first one until ${last}`)
}

/** The second of two incremental reads, from the last states of the first. */
export const cursorNeverGoesBack: Assertion<TwoReads> = ({ one, two }) =>
  one.streams.flatMap((stream) => {
    const greatest =
      recordsOf(one, nameOf(stream))
        .map((record) => cursorOf(stream, record))
        .sort()
        .at(-1) ?? ''
    return recordsOf(two, nameOf(stream)).flatMap((record) =>
      when(
        cursorOf(stream, record) < greatest,
        `${nameOf(stream)}: line ${record.number} is before the first run's ${greatest}`,
      ),
    )
  })

export const nothingTwice: Assertion<TwoReads> = ({ one, two }) =>
  one.streams.flatMap((stream) => {
    const seen = new Set(recordsOf(one, nameOf(stream)).map((record) => keyOf(stream, record)))
    return recordsOf(two, nameOf(stream)).flatMap((record) =>
      when(seen.has(keyOf(stream, record)), `${nameOf(stream)}: line ${record.number} was there before`),
    )
  })

/** A state from which nothing is left to read. */
export const noRecords: Assertion<Read> = (said) =>
  recordsOf(said).map(({ number }) => `line ${number} is a record all the same`)
