import { at } from '../json'
import { type Assertion, type Heard, streamOf, tracesOf, when } from '../said'
import { type Read, nameOf, recordsOf } from './records'

/** A demand on each estimate; there need not be any. */
const everyEstimate =
  (rule: (estimate: Heard, said: Read) => ReadonlyArray<string>): Assertion<Read> =>
  (said) =>
    tracesOf(said, 'ESTIMATE').flatMap((estimate) =>
      rule(estimate, said).map((complaint) => `line ${estimate.number}: ${complaint}`),
    )

/** The platform can't mix estimates of streams with those of a sync. */
export const ofAStream = everyEstimate((estimate, { streams }) => {
  const type = String(at(estimate.json, 'trace.estimate.type'))
  const stream = String(streamOf(estimate))
  return [
    ...when(type !== 'STREAM', `an estimate of type ${type}`),
    ...when(!streams.map(nameOf).includes(stream), `of ${stream}, which is not in the catalog`),
  ]
})

/** The platform reads both without asking whether they are there. */
export const ofRowsAndBytes = everyEstimate(({ json }) =>
  ['row_estimate', 'byte_estimate'].flatMap((key) => {
    const count = at(json, `trace.estimate.${key}`)
    return when(!Number.isInteger(count) || Number(count) < 0, `${key} is ${String(count)}`)
  }),
)

/** The first of a stream; others may follow, refined. */
export const beforeTheRecords = everyEstimate((estimate, said) => {
  const stream = streamOf(estimate)
  const first = recordsOf(said, stream)[0]?.number ?? Infinity
  const earliest = tracesOf(said, 'ESTIMATE').find((one) => streamOf(one) === stream)?.number ?? Infinity
  return when(earliest > first, 'none comes before the records of its stream')
})
