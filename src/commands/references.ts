import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities } from '../capabilities'
import type { Failure } from '../failure'
import { isObject } from '../json'
import type { Decoded } from '../setting'
import { invalid, shownKey } from './inputs'

type Outside = Pick<Capabilities, 'readText' | 'environment'>
type Input = 'config' | 'source' | 'destination'

/**
 * Decodes a config whose texts may refer to what stands elsewhere: `${NAME}` to a variable of the environment, `${file:/path}` to a
 * file, so that no secret need stand in the config or on a command line. Platforms put secrets in themselves: their verbs take a config
 * as it is.
 */
export const decodeReferring =
  <C>(outside: Outside, input: Input, decode: (json: unknown) => E.Either<Failure, Decoded<C>>) =>
  (json: unknown): TE.TaskEither<Failure, Decoded<C>> =>
    pipe(
      lookUp(outside, json),
      TE.mapLeft((problems) => invalid(input, problems)),
      TE.chainEitherK((found) => decodeReplaced(json, found, decode)),
      TE.mapLeft((failure) => (failure._tag === 'InputInvalid' ? { ...failure, input } : failure)),
    )

/** What each reference stands for, by its text between the braces. */
type Found = ReadonlyMap<string, string>

const lookUp =
  (outside: Outside, json: unknown): TE.TaskEither<ReadonlyArray<string>, Found> =>
  async () => {
    const found = new Map<string, string>()
    const problems: Array<string> = []
    for (const { path, name } of referencesOf(json)) {
      if (found.has(name)) continue
      const value = await valueOf(outside, name)
      if (E.isRight(value)) found.set(name, value.right)
      else problems.push(`${shownKey(path)}: ${value.left}`)
    }
    return problems.length > 0 ? E.left(problems) : E.right(found)
  }

/** What stands in the braces is not told: it may be the secret itself, in the wrong place. */
const valueOf = async ({ readText, environment }: Outside, name: string): Promise<E.Either<string, string>> => {
  if (VARIABLE.test(name))
    return E.fromNullable('the environment has no variable of the name in its ${}')(environment(name))
  if (!name.startsWith(FILE))
    return E.left('in ${} stands the name of a variable, or file:/path; a plain ${ is written $${')
  const text = await readText(name.slice(FILE.length - 1))()
  // Editors and `echo` end a file by a line break that is no part of the secret.
  return pipe(
    text,
    E.bimap(
      () => "the file named in its ${file:} can't be read",
      (read) => read.replace(/\r?\n$/, ''),
    ),
  )
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/
const FILE = 'file:/'

/** `$${` is a plain `${`. A brace that is not closed names nothing. */
const REFERENCE = /\$\$\{|\$\{([^}]*)\}|\$\{/g
const PLAIN = '$${'

interface Reference {
  readonly path: string
  readonly name: string
}

const referencesOf = (json: unknown): ReadonlyArray<Reference> => {
  const all: Array<Reference> = []
  mapTexts(json, '', (text, path) => {
    for (const [whole, name = ''] of text.matchAll(REFERENCE)) if (whole !== PLAIN) all.push({ path, name })
    return text
  })
  return all
}

const replaced = (text: string, found: Found): string =>
  text.replace(REFERENCE, (whole, name = '') => (whole === PLAIN ? '${' : (found.get(String(name)) ?? '')))

/** A text that is one reference and nothing else stands for a whole number where one is wanted. */
const decodeReplaced = <C>(
  json: unknown,
  found: Found,
  decode: (json: unknown) => E.Either<Failure, Decoded<C>>,
): E.Either<Failure, Decoded<C>> => {
  const decoded = decode(mapTexts(json, '', (text) => replaced(text, found)))
  if (E.isRight(decoded) || decoded.left._tag !== 'InputInvalid') return decoded
  const { problems } = decoded.left
  const wantsOther = (path: string): boolean => problems.some((problem) => problem.startsWith(`${path}: expected `))
  return decode(
    mapTexts(json, '', (text, path) => {
      const value = replaced(text, found)
      return ALONE.test(text) && INTEGER.test(value) && wantsOther(path) ? Number(value) : value
    }),
  )
}

const ALONE = /^\$\{[^}]*\}$/
/** Of so many digits every number is exact. */
const INTEGER = /^\d{1,15}$/

/** The same JSON with every text replaced; keys stay what they are. A path is written as `explain` writes it. */
const mapTexts = (json: unknown, path: string, change: (text: string, path: string) => unknown): unknown => {
  if (typeof json === 'string') return change(json, path)
  const below = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`)
  if (Array.isArray(json)) return json.map((one: unknown, i) => mapTexts(one, below(i), change))
  return isObject(json)
    ? Object.fromEntries(Object.entries(json).map(([key, value]) => [key, mapTexts(value, below(key), change)]))
    : json
}
