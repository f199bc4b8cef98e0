import * as E from 'fp-ts/Either'
import { isObject, parseJson } from '../json'

/** The last state of each stream by name; a stream whose state is null or `{}` starts anew and is left out. */
export type StreamStates = ReadonlyMap<string, unknown>

/**
 * What `--state` holds: an array of state objects or of whole STATE messages, or JSON lines of either, as a destination printed
 * them. STREAM and GLOBAL states are read, unknown keys ignored, lines that are no states (logs) too. Left: what is wrong.
 */
export const parseStates = (text: string): E.Either<string, StreamStates> => {
  const elements = elementsOf(text)
  if (elements === undefined) return E.left('expected a JSON array of states, or JSON lines of STATE messages')
  const states = new Map<string, unknown>()
  for (const [i, element] of elements.entries()) {
    if (!isObject(element)) return E.left(`${i}: expected a state object`)
    if (typeof element['type'] === 'string' && OTHER_MESSAGES.has(element['type'])) continue
    const state = element['type'] === 'STATE' ? element['state'] : element
    const streams = isObject(state) ? streamsOf(state) : undefined
    if (streams === undefined) return E.left(`${i}: expected a state of type STREAM or GLOBAL`)
    for (const [name, value] of streams)
      if (isObject(value) && Object.keys(value).length > 0) states.set(name, value)
      else if (value === null || value === undefined || isObject(value)) states.delete(name)
      else return E.left(`${i}: expected stream_state to be an object`)
  }
  return E.right(states)
}

type Loose = Readonly<Record<string, unknown>>

const OTHER_MESSAGES: ReadonlySet<string> = new Set([
  'LOG',
  'TRACE',
  'RECORD',
  'CONTROL',
  'SPEC',
  'CATALOG',
  'CONNECTION_STATUS',
])

const elementsOf = (text: string): ReadonlyArray<unknown> | undefined => {
  const whole = parseJson(text)
  if (Array.isArray(whole)) return whole as ReadonlyArray<unknown>
  if (isObject(whole)) return Object.keys(whole).length === 0 ? [] : [whole]
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const elements = lines.map(parseJson)
  const states = elements.filter((element) => element !== undefined)
  // A writer that was killed leaves half a line, behind which the next one may have written; the states around it hold.
  const isCut = (line: string, i: number): boolean =>
    line.startsWith('{"type":"STATE"') || (i === lines.length - 1 && !text.endsWith('\n'))
  const areCut = lines.every((line, i) => elements[i] !== undefined || isCut(line, i))
  return areCut && (states.length > 0 || lines.length === 0) ? states.flat() : undefined
}

const streamsOf = (state: Loose): ReadonlyArray<readonly [string, unknown]> | undefined => {
  const global = state['global'] ?? state['global_']
  if (isObject(global)) {
    const streams: unknown = global['stream_states']
    return Array.isArray(streams) ? namesAndStates(streams) : undefined
  }
  return namesAndStates([state['stream']])
}

const namesAndStates = (streams: ReadonlyArray<unknown>): ReadonlyArray<readonly [string, unknown]> | undefined => {
  const found = streams.map((stream) => {
    const descriptor = isObject(stream) ? stream['stream_descriptor'] : undefined
    const name = isObject(descriptor) ? descriptor['name'] : undefined
    return isObject(stream) && typeof name === 'string' ? ([name, stream['stream_state']] as const) : undefined
  })
  return found.every((pair) => pair !== undefined) ? found : undefined
}
