import { isObject, parseJson } from '../json'

/** One line of a destination's stdin, by what has to be done with it. */
export type Incoming =
  | { readonly _tag: 'Record'; readonly stream: string; readonly data: Readonly<Record<string, unknown>> }
  | { readonly _tag: 'State'; readonly stream: string | undefined }
  | { readonly _tag: 'Status'; readonly stream: string; readonly status: string }
  | { readonly _tag: 'Known' }
  | { readonly _tag: 'Unknown' }
  | { readonly _tag: 'Malformed'; readonly problem: string }

/**
 * Reads a line by JSON.parse and a tag switch; no codec runs per record. A `State` without stream covers all streams (GLOBAL, and
 * the LEGACY form). LOG, CONTROL and other TRACE messages are `Known` and need nothing; noise is `Unknown`; a line that starts an
 * object and does not hold what its type needs is `Malformed`, for to skip it would be to lose a record.
 */
export const parse = (line: string): Incoming => {
  if (line.charCodeAt(0) !== BRACE)
    return line.trim() === '' ? KNOWN : line.trimStart().startsWith('{') ? parse(line.trim()) : UNKNOWN
  const message = parseJson(line) as Loose | undefined
  if (message === undefined) return { _tag: 'Malformed', problem: 'no whole JSON object (cut off?)' }
  switch (message['type']) {
    case 'RECORD':
      return recordOf(message['record'])
    case 'STATE':
      return stateOf(message['state'])
    case 'TRACE':
      return statusOf(message['trace'])
    case 'LOG':
    case 'CONTROL':
    case 'SPEC':
    case 'CATALOG':
    case 'CONNECTION_STATUS':
    case 'DESTINATION_CATALOG':
      return KNOWN
    default:
      return UNKNOWN
  }
}

/** A stream's identity within a run: its name, and its namespace where it has one. */
export const streamKey = (name: string, namespace: unknown): string =>
  typeof namespace === 'string' && namespace !== '' ? `${namespace}\u0000${name}` : name

/** The name and namespace of a stream's identity. */
export const descriptorOf = (key: string): { readonly name: string; readonly namespace?: string } => {
  const [first = '', name] = key.split('\u0000')
  return name === undefined ? { name: first } : { name, namespace: first }
}

type Loose = Readonly<Record<string, unknown>>

const BRACE = 123
const KNOWN: Incoming = { _tag: 'Known' }
const UNKNOWN: Incoming = { _tag: 'Unknown' }

const recordOf = (record: unknown): Incoming => {
  if (!isObject(record) || typeof record['stream'] !== 'string' || !isObject(record['data']))
    return { _tag: 'Malformed', problem: 'a RECORD without stream or data' }
  return { _tag: 'Record', stream: streamKey(record['stream'], record['namespace']), data: record['data'] }
}

const stateOf = (state: unknown): Incoming => {
  if (!isObject(state)) return { _tag: 'Malformed', problem: 'a STATE without state' }
  const { type = null } = state
  if (type !== 'STREAM') {
    const whole =
      type === 'GLOBAL' ? isObject(state['global']) : (type === null || type === 'LEGACY') && isObject(state['data'])
    return whole
      ? { _tag: 'State', stream: undefined }
      : { _tag: 'Malformed', problem: 'a STATE without the parts of its type' }
  }
  const descriptor = isObject(state['stream']) ? state['stream']['stream_descriptor'] : undefined
  if (!isObject(descriptor) || typeof descriptor['name'] !== 'string')
    return { _tag: 'Malformed', problem: 'a STATE of type STREAM without stream descriptor' }
  return { _tag: 'State', stream: streamKey(descriptor['name'], descriptor['namespace']) }
}

const statusOf = (trace: unknown): Incoming => {
  const status = isObject(trace) && trace['type'] === 'STREAM_STATUS' ? trace['stream_status'] : undefined
  const descriptor = isObject(status) ? status['stream_descriptor'] : undefined
  if (!isObject(status) || !isObject(descriptor) || typeof descriptor['name'] !== 'string') return KNOWN
  return {
    _tag: 'Status',
    stream: streamKey(descriptor['name'], descriptor['namespace']),
    status: String(status['status']),
  }
}
