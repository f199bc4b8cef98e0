import { parse, isObject } from '../json'
import { type Assertion, type Said, linesOf, messagesOf, when } from '../said'

/** What holds for whatever an executable prints, whichever verb it was called with. */

const about = (number: number, complaint: string): string => `line ${number} ${complaint}`

export const oneObjectALine: Assertion<Said> = (said) =>
  linesOf(said).flatMap((line, i) => when(!isObject(parse(line)), about(i + 1, 'is no JSON object')))

export const endsWithItsLastLine: Assertion<Said> = ({ stdout }) =>
  when(!/[^\n]\n$/.test(stdout), 'stdout does not end with the newline of its last message')

/** White space stands in texts only. */
export const compact: Assertion<Said> = (said) =>
  linesOf(said).flatMap((line, i) =>
    when(/\s/.test(line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')), about(i + 1, 'has space between its parts')),
  )

export const typeFirst: Assertion<Said> = (said) =>
  linesOf(said).flatMap((line, i) => when(!/^\{"type":"[A-Z_]+",/.test(line), about(i + 1, 'does not begin with type')))

export const streamBeforeData: Assertion<Said> = (said) =>
  messagesOf(said, 'RECORD').flatMap(({ line, number }) =>
    when(
      !/^\{"type":"RECORD","record":\{"stream":"[^"]+","data":\{/.test(line),
      about(number, 'has data before stream'),
    ),
  )

export const nothingOnStderr: Assertion<Said> = ({ stderr }) => when(stderr !== '', 'there is something on stderr')

export const exits =
  (expected: number): Assertion<Said> =>
  ({ code, signal }) =>
    when(code !== expected, `the exit code is ${String(code)}, the signal ${String(signal)}, not exit code ${expected}`)

export const leavesNothing: Assertion<Said> = ({ left }) =>
  left.map((file) => `${file} is left in the working directory`)

/** Messages of these types and no others. */
export const onlyTypes =
  (...types: ReadonlyArray<string>): Assertion<Said> =>
  (said) =>
    messagesOf(said).flatMap(({ number, type }) => when(!types.includes(type), about(number, `is a ${type}`)))

export const exactlyOne =
  (type: string): Assertion<Said> =>
  (said) => {
    const found = messagesOf(said, type).length
    return when(found !== 1, `there are ${found} messages of type ${type}`)
  }

/** The secret itself is not repeated here: what a test prints is kept, too. */
export const tellsNoSecret: Assertion<Said> = ({ stdout, stderr, secrets }) =>
  secrets.flatMap((secret, i) => when((stdout + stderr).includes(secret), `secret ${i + 1} of the config is printed`))
