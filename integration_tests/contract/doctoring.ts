import { at, parse, withValue } from './json'
import { type Said, linesOf, streamOf } from './said'

/** Ways to break one thing in an output and leave the rest as it was. */
export type Change = <S extends Pick<Said, 'stdout'>>(said: S) => S

type Match = (line: string) => boolean
type LineEdit = (line: string) => string | ReadonlyArray<string>
type LinesEdit = (lines: ReadonlyArray<string>) => ReadonlyArray<string>

/** Changes the lines of stdout. */
export const lines =
  (edit: LinesEdit): Change =>
  (said) => ({
    ...said,
    stdout: edit(linesOf(said))
      .map((line) => `${line}\n`)
      .join(''),
  })

/** Messages of a type, of one stream where it is given. */
export const message =
  (type: string, stream?: string): Match =>
  (line) => {
    const json = parse(line) as Readonly<Record<string, unknown>> | undefined
    return json?.['type'] === type && (stream === undefined || streamOf({ json }) === stream)
  }

/** TRACE messages of a stream's status. */
export const status =
  (stream: string, value: string): Match =>
  (line) =>
    message('TRACE', stream)(line) && at(parse(line), 'trace.stream_status.status') === value

export const log = (level: string, text: string): string =>
  JSON.stringify({ type: 'LOG', log: { level, message: text } })

/** Changes the first line that matches; an empty list takes it away, a longer one puts lines in. */
export const first = (match: Match, edit: LineEdit): Change => lines((all) => spliced(all, all.findIndex(match), edit))

/** Changes the last line that matches. */
export const last = (match: Match, edit: LineEdit): Change =>
  lines((all) => spliced(all, all.length - 1 - [...all].reverse().findIndex(match), edit))

/** Changes every line that matches. */
export const every = (match: Match, edit: LineEdit): Change =>
  lines((all) => all.flatMap((line) => (match(line) ? edit(line) : [line])))

/** Puts lines before all others. */
export const preceded = (...before: ReadonlyArray<string>): Change => lines((all) => [...before, ...all])

/** Puts lines after all others. */
export const followed = (...after: ReadonlyArray<string>): Change => lines((all) => [...all, ...after])

/** Moves the last line of one kind to before the last of another. */
export const movedBefore = (what: Match, where: Match): Change =>
  lines((all) => {
    const moved = all.filter(what).slice(-1)
    const rest = all.filter((line) => line !== moved[0])
    return spliced(rest, rest.length - 1 - [...rest].reverse().findIndex(where), (line) => [...moved, line])
  })

/** One change after the other. */
export const both =
  (one: Change, other: Change): Change =>
  (said) =>
    other(one(said))

/** A line with another value at a path of its JSON. */
export const having =
  (path: string, value: unknown): LineEdit =>
  (line) =>
    JSON.stringify(withValue(parse(line), path, value))

/** A line without what stands at a path of its JSON. */
export const without = (path: string): LineEdit => having(path, undefined)

/** A line with another text in it, whatever that does to its JSON. */
export const rewritten =
  (from: string | RegExp, to: string): LineEdit =>
  (line) =>
    line.replace(from, to)

export const gone: LineEdit = () => []
export const twice: LineEdit = (line) => [line, line]

const spliced = (all: ReadonlyArray<string>, index: number, edit: LineEdit): ReadonlyArray<string> =>
  all.flatMap((line, i) => (i === index ? edit(line) : [line]))
