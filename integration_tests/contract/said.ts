import { type Json, at, isObject, parse } from './json'

/** All that can be seen of a run from outside. Assertions judge this, and doctored copies of it. */
export interface Said {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Files that the run left in its working directory. */
  readonly left: ReadonlyArray<string>
  /** Keys, secrets and tokens that the run was given. */
  readonly secrets: ReadonlyArray<string>
  readonly startedMs: number
  readonly endedMs: number
}

/** Complaints about an output; none is good. */
export type Assertion<S> = (subject: S) => ReadonlyArray<string>

/** A message with the line it came in. */
export interface Heard {
  readonly line: string
  /** 1 is the first line of stdout. */
  readonly number: number
  readonly type: string
  readonly json: Json
}

export const linesOf = ({ stdout }: Pick<Said, 'stdout'>): ReadonlyArray<string> =>
  stdout.replace(/\n$/, '').split('\n')

/** The messages of a run, all or those of one type. Lines that are no JSON object are another assertion's business. */
export const messagesOf = (said: Pick<Said, 'stdout'>, type?: string): ReadonlyArray<Heard> =>
  linesOf(said).flatMap((line, i) => {
    const json = parse(line)
    if (!isObject(json) || (type !== undefined && json['type'] !== type)) return []
    return [{ line, number: i + 1, type: String(json['type']), json }]
  })

/** The name of the stream that a RECORD, a STATE, or a TRACE of a stream is about. */
export const streamOf = ({ json }: Pick<Heard, 'json'>): string | undefined => {
  const name =
    at(json, 'record.stream') ??
    at(json, 'state.stream.stream_descriptor.name') ??
    at(json, 'trace.stream_status.stream_descriptor.name') ??
    at(json, 'trace.estimate.name')
  return typeof name === 'string' ? name : undefined
}

/** TRACE messages of a kind: ERROR, STREAM_STATUS, ESTIMATE. */
export const tracesOf = (said: Pick<Said, 'stdout'>, kind: string): ReadonlyArray<Heard> =>
  messagesOf(said, 'TRACE').filter(({ json }) => at(json, 'trace.type') === kind)

/** A complaint if something holds. */
export const when = (holds: boolean, complaint: string): ReadonlyArray<string> => (holds ? [complaint] : [])

/** Complaints about values that stand more than once. */
export const repeated = (what: string, values: ReadonlyArray<string>): ReadonlyArray<string> => {
  const seen = new Set<string>()
  return values.flatMap((value) => {
    if (seen.has(value)) return [`${what} ${value} is there more than once`]
    seen.add(value)
    return []
  })
}
