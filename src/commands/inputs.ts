import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities } from '../capabilities'
import { explain } from '../explain'
import type { Failure } from '../failure'
import { ConfiguredCatalog } from '../protocol/catalog'
import { log } from '../protocol/message'
import { type StreamStates, parseStates } from '../protocol/state'
import type { Decoded } from '../setting'

type Input = Extract<Failure, { _tag: 'InputInvalid' }>['input']

/** The config of `--config`, decoded; keys that nobody reads are named in one WARN. */
export const loadConfig =
  ({ readText, out }: Pick<Capabilities, 'readText' | 'out'>) =>
  <C>(path: string, decode: (json: unknown) => E.Either<Failure, Decoded<C>>): TE.TaskEither<Failure, C> =>
    pipe(
      jsonOf(readText, 'config', path),
      TE.chainEitherK(decode),
      TE.map((decoded) => {
        for (const remark of remarksOf(decoded)) void out.put(log('WARN', remark))
        return decoded.config
      }),
    )

/** What is to be said of a config although it works. */
export const remarksOf = (
  { unknown, warnings }: Decoded<unknown>,
  input: 'config' | 'destination' = 'config',
): ReadonlyArray<string> => [
  ...(unknown.length > 0 ? [`${UNREAD[input]}: ${unknown.map(shownKey).join(', ')}.`] : []),
  ...warnings,
]

const UNREAD = {
  config: 'The config has keys that nobody reads',
  destination: "The destination's config has keys that nobody reads",
}

/** A key of the config by its path, where it looks like one: a token may have been pasted in its place. */
export const shownKey = (path: string): string =>
  path.split('.').every((name) => KEY_LIKE.test(name) || /^\d{1,3}$/.test(name)) ? path : '(not shown)'

/** Words, with no digits but at the end: keys and tokens have them anywhere, and access keys have no small letters. */
const KEY_LIKE = /^(?=.*[a-z])_{0,2}[A-Za-z][A-Za-z_-]{0,36}\d{0,2}$/

/** The configured catalog of `--catalog`. */
export const loadCatalog = (
  { readText }: Pick<Capabilities, 'readText'>,
  path: string,
): TE.TaskEither<Failure, ConfiguredCatalog> =>
  pipe(
    jsonOf(readText, 'catalog', path),
    TE.chainEitherK((json) =>
      pipe(
        ConfiguredCatalog.decode(json),
        E.mapLeft((errors) => invalid('catalog', explain(errors))),
      ),
    ),
  )

/** The states of `--state`; none where the flag is absent or the file is empty. */
export const loadStates = (
  { readText }: Pick<Capabilities, 'readText'>,
  path: string | undefined,
): TE.TaskEither<Failure, StreamStates> =>
  path === undefined
    ? TE.right(new Map())
    : pipe(
        textOf(readText, 'state', path),
        TE.chainEitherK((text) =>
          pipe(
            text.trim() === '' ? E.right(new Map<string, unknown>()) : parseStates(text),
            E.mapLeft((problem) => invalid('state', [`${problem}; ${RESET}`])),
          ),
        ),
      )

/** What to do about a state that can't be used. */
export const RESET = 'reset the stream (in Airbyte: clear its data), or leave --state out, to read everything again'

/** A failure of one of the input files: what is wrong, as place and expectation. */
export const invalid = (input: Input, problems: ReadonlyArray<string>): Failure => ({
  _tag: 'InputInvalid',
  input,
  problems,
})

const textOf = (readText: Capabilities['readText'], input: Input, path: string): TE.TaskEither<Failure, string> =>
  pipe(
    readText(path),
    TE.bimap(
      () => invalid(input, [`the file given with --${input} can't be read`]),
      (text) => text.replace(/^\uFEFF/, ''),
    ),
  )

/** The JSON of an input file. */
export const jsonOf = (
  readText: Capabilities['readText'],
  input: Input,
  path: string,
): TE.TaskEither<Failure, unknown> =>
  pipe(
    textOf(readText, input, path),
    TE.chainEitherK((text) =>
      E.tryCatch(
        () => JSON.parse(text) as unknown,
        () => invalid(input, [`the file given with --${input} is not JSON`]),
      ),
    ),
  )
