import { type Failed, ofItsType, oneError, saysWhatIsWrong } from './assertions/failure'
import * as Output from './assertions/output'
import { holdsToTheProtocol } from './assertions/protocol'
import type { Case } from './cases'
import {
  type Change,
  every,
  first,
  followed,
  having,
  log,
  message,
  preceded,
  rewritten,
  twice,
  without,
} from './doctoring'
import { at, parse } from './json'
import type { Said } from './said'

/** A message that is the connector's own in any case; a STATE may be one that it only hands back. */
const any = (line: string): boolean => !message('STATE')(line)

const WEATHER = '{"type":"WEATHER","weather":{}}'
const CONTROL =
  '{"type":"CONTROL","control":{"type":"CONNECTOR_CONFIG","emitted_at":1,"connectorConfig":{"config":{}}}}'

/** A message with its members in the opposite order. */
const reversed = (line: string): string =>
  JSON.stringify(Object.fromEntries(Object.entries(parse(line) as object).reverse()))

/** Everything that was printed is the connector's own; a destination hands states back as they came. */
export const itsOwn: Change = (said) => said

/** What each line of stdout is; `own` leaves out the lines that the connector did not make. */
export const lineCases = <S extends Said>(own: Change = itsOwn): ReadonlyArray<Case<S>> => [
  {
    name: 'every line of stdout is one JSON object',
    complaints: Output.oneObjectALine,
    doctored: [
      { how: 'noise before the first message', change: preceded('Starting up ...') },
      { how: 'noise after the last message', change: followed('done') },
      { how: 'a blank line', change: followed('') },
      { how: 'a list', change: followed('[{"type":"LOG"}]') },
      {
        how: 'a message over several lines',
        change: first(any, (line) => JSON.stringify(parse(line), null, 1).split('\n')),
      },
      { how: 'two messages in a line', change: first(any, (line) => line + line) },
      { how: 'a message that is cut off', change: first(any, (line) => line.slice(0, -1)) },
    ],
  },
  {
    name: 'nothing follows the last line',
    complaints: Output.endsWithItsLastLine,
    doctored: [
      { how: 'a last line without its newline', change: (said) => ({ ...said, stdout: said.stdout.trimEnd() }) },
      { how: 'a second newline', change: (said) => ({ ...said, stdout: `${said.stdout}\n` }) },
      { how: 'no line at all', change: (said) => ({ ...said, stdout: '' }) },
    ],
  },
  {
    name: 'messages are compact',
    complaints: (said) => Output.compact(own(said)),
    doctored: [
      { how: 'a space after a colon', change: first(any, rewritten('":', '": ')) },
      { how: 'a carriage return', change: first(any, (line) => `${line}\r`) },
    ],
    allowed: [{ how: 'space inside a text', change: followed(log('INFO', 'a: b, "c" \\ d')) }],
  },
  {
    name: 'type is the first member of a message',
    complaints: (said) => Output.typeFirst(own(said)),
    doctored: [{ how: 'type as the last member', change: first(any, reversed) }],
  },
  {
    name: 'messages hold to the protocol',
    complaints: (said) => holdsToTheProtocol(own(said)),
    doctored: [
      { how: 'a type that the protocol does not know', change: followed(WEATHER) },
      { how: 'a message without what its type tells of', change: followed('{"type":"LOG"}') },
      {
        how: 'a TRACE without what its kind tells of',
        change: followed('{"type":"TRACE","trace":{"type":"ERROR","emitted_at":1}}'),
      },
      {
        how: 'a misspelt key',
        change: followed('{"type":"LOG","log":{"level":"INFO","message":"m","stackTrace":""}}'),
      },
      { how: 'an unknown level', change: followed(log('NOTICE', 'm')) },
      { how: 'the payload of another type', change: first(any, having('state', {})) },
    ],
  },
]

/** "Common protocol": cases of every verb that does its work; `types` are those of the messages that it may print. */
export const commonCases = <S extends Said>(
  types: ReadonlyArray<string>,
  own: Change = itsOwn,
): ReadonlyArray<Case<S>> => [
  ...lineCases<S>(own),
  {
    name: `nothing but ${types.join(', ')} is printed`,
    complaints: Output.onlyTypes(...types),
    doctored: [
      { how: 'a message of a type that nobody knows', change: followed(WEATHER) },
      { how: 'a CONTROL message', change: followed(CONTROL) },
    ],
  },
  {
    name: 'the exit code is 0',
    complaints: Output.exits(0),
    doctored: [
      { how: 'exit code 1', change: (said) => ({ ...said, code: 1 }) },
      { how: 'death by a signal', change: (said) => ({ ...said, code: null, signal: 'SIGTERM' }) },
    ],
  },
  ...tidyCases<S>(),
]

/** What a run leaves besides its messages, however it ends: nothing. */
export const tidyCases = <S extends Said>(): ReadonlyArray<Case<S>> => [
  {
    name: 'stderr is empty',
    complaints: Output.nothingOnStderr,
    doctored: [
      { how: 'a warning of Node', change: (said) => ({ ...said, stderr: '(node:1) Warning: old version\n' }) },
      { how: 'an empty line', change: (said) => ({ ...said, stderr: '\n' }) },
    ],
  },
  {
    name: 'the working directory is left empty',
    complaints: Output.leavesNothing,
    doctored: [{ how: 'a file', change: (said) => ({ ...said, left: ['core'] }) }],
  },
]

/** Cases of verbs that are given a config. */
export const secretCases = <S extends Said>(): ReadonlyArray<Case<S>> => [
  {
    name: 'no key, secret or token of the config is printed',
    complaints: (said) => [
      ...Output.tellsNoSecret(said),
      // A config without any would let everything pass.
      ...(said.secrets.length === 0 ? ['the config holds no secret'] : []),
    ],
    doctored: [
      {
        how: 'one in a LOG',
        change: (said) => followed(log('INFO', `signing with ${said.secrets[0] ?? ''}`))(said),
      },
      { how: 'one on stderr', change: (said) => ({ ...said, stderr: said.secrets.at(-1) ?? '' }) },
    ],
  },
]

/** One answer: a verb prints it once. */
export const oneAnswer = <S extends Said>(type: string): Case<S> => ({
  name: `there is exactly one ${type}`,
  complaints: Output.exactlyOne(type),
  doctored: [
    { how: 'none', change: every(message(type), () => log('INFO', 'done')) },
    { how: 'two', change: first(message(type), twice) },
  ],
})

const ERROR = (line: string): boolean => message('TRACE')(line) && at(parse(line), 'trace.type') === 'ERROR'

/** A run that can not do what it was asked for; `types` are those of the messages that it may print all the same. */
export const failureCases = <S extends Failed>(
  types: ReadonlyArray<string>,
  own: Change = itsOwn,
): ReadonlyArray<Case<S>> => [
  ...lineCases<S>(own),
  ...tidyCases<S>(),
  {
    name: 'there is exactly one TRACE ERROR',
    complaints: oneError,
    doctored: [
      { how: 'none', change: first(ERROR, () => log('ERROR', 'It failed.')) },
      { how: 'two', change: first(ERROR, twice) },
    ],
  },
  {
    name: 'it has a message for people',
    complaints: saysWhatIsWrong,
    doctored: [
      { how: 'no message', change: first(ERROR, without('trace.error.message')) },
      { how: 'a word', change: first(ERROR, having('trace.error.message', 'EPIPE')) },
      { how: 'a stack trace', change: first(ERROR, having('trace.error.message', 'TypeError: x is not\n    at y')) },
    ],
  },
  {
    name: 'it is of its failure_type',
    complaints: ofItsType,
    doctored: [
      { how: 'another type', change: first(ERROR, rewritten(/"failure_type":"\w+"/, '"failure_type":"no_error"')) },
      { how: 'no type', change: first(ERROR, without('trace.error.failure_type')) },
    ],
  },
  {
    name: `nothing but ${types.join(', ')} is printed`,
    complaints: Output.onlyTypes(...types),
    doctored: [
      {
        how: 'an answer all the same',
        change: followed('{"type":"CONNECTION_STATUS","connectionStatus":{"status":"SUCCEEDED"}}'),
      },
      { how: 'a CATALOG', change: followed('{"type":"CATALOG","catalog":{"streams":[]}}') },
    ],
  },
  {
    name: 'the exit code is 1',
    complaints: Output.exits(1),
    doctored: [
      { how: 'exit code 0', change: (said) => ({ ...said, code: 0 }) },
      { how: 'another exit code', change: (said) => ({ ...said, code: 2 }) },
    ],
  },
]
