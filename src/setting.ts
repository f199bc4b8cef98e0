import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { explain } from './explain'
import type { Failure } from './failure'
import { isObject } from './json'

/** A decoded config, and the names of keys in it that nobody reads. */
export interface Decoded<C> {
  readonly config: C
  readonly unknown: ReadonlyArray<string>
  /** What is to be said of it although it works. */
  readonly warnings: ReadonlyArray<string>
}

/** Keys that are known with one value only, their default: accepted with it, or absent. */
export type LaterKeys = Readonly<Record<string, unknown>>

/**
 * Decodes a connector's config. Left: each problem as place and expectation, never a value. A later key with another value than
 * its default is refused by name, for to ignore it would be to do something else than was asked for.
 */
export const decodeConfig =
  <P extends t.Props>(
    codec: t.TypeC<P>,
    later: LaterKeys,
    warningsOf: (config: t.TypeOf<t.TypeC<P>>) => ReadonlyArray<string>,
  ) =>
  (json: unknown): E.Either<Failure, Decoded<t.TypeOf<t.TypeC<P>>>> =>
    pipe(
      codec.decode(json),
      E.mapLeft(explain),
      E.chain((config) => {
        const problems = refusedKeys(json as Loose, later, '')
        return problems.length > 0
          ? E.left(problems)
          : E.right({
              config,
              unknown: unknownKeys(json as Loose, codec.props, later),
              warnings: warningsOf(config),
            })
      }),
      E.mapLeft((problems): Failure => ({ _tag: 'InputInvalid', input: 'config', problems })),
    )

/** A text that is not empty. */
export const Filled = refined(
  'a text that is not empty',
  (json): json is string => typeof json === 'string' && json !== '',
)

/** A key or token: sent in a header, where a space or line break that was copied along would break the request. */
export const Secret = refined(
  'a text without spaces or line breaks',
  (json): json is string => typeof json === 'string' && /^[!-~]+$/.test(json),
)

/** An IAM role's ARN. */
export const RoleArn = refined(
  'the ARN of a role, arn:aws:iam::<account>:role/<name>',
  (json): json is string => typeof json === 'string' && /^arn:[!-~]+$/.test(json),
)

/** A whole number from 1 up. */
export const PositiveInteger = refined(
  'a whole number from 1 up',
  (json): json is number => Number.isInteger(json) && Number(json) >= 1,
)

/** A whole number from 0 up. */
export const Count = refined(
  'a whole number from 0 up',
  (json): json is number => Number.isInteger(json) && Number(json) >= 0,
)

/** A whole number within bounds, both included. */
export const integerWithin = (least: number, most: number): t.Type<number, unknown> =>
  refined(
    `a whole number from ${least} to ${most}`,
    (json): json is number => Number.isInteger(json) && Number(json) >= least && Number(json) <= most,
  )

/** An http or https URL. */
export const HttpUrl = refined('an http or https URL', (json): json is string => {
  if (typeof json !== 'string' || !/^https?:\/\/\S+$/i.test(json)) return false
  return URL.canParse(json)
})

/** What is to be said of an endpoint that is asked without encryption, and not on this machine. */
export const plainHttpWarnings = (key: string, endpoint: string | undefined): ReadonlyArray<string> => {
  if (endpoint === undefined) return []
  const { protocol, hostname } = new URL(endpoint)
  return protocol === 'https:' || LOOPBACK.test(hostname)
    ? []
    : [
        `${key} is plain HTTP: what is read and written there can be seen and changed on the way. Use https:// if it can.`,
      ]
}

const LOOPBACK = /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** A key that may be left out. */
export const optional = <A>(codec: t.Type<A, unknown>): t.Type<A | undefined, unknown> => new OptionalType(codec)

class OptionalType<A> extends t.Type<A | undefined, unknown> {
  constructor(readonly codec: t.Type<A, unknown>) {
    super(
      codec.name,
      (json): json is A | undefined => json === undefined || codec.is(json),
      (json, context) => (json === undefined ? t.success(undefined) : codec.validate(json, context)),
      t.identity,
    )
  }
}

/** A key with a default. */
export const otherwise = <A>(codec: t.Type<A, unknown>, value: A): t.Type<A, unknown> =>
  new t.Type<A, unknown, unknown>(
    codec.name,
    codec.is.bind(codec),
    (json, context) => (json === undefined ? t.success(value) : codec.validate(json, context)),
    t.identity,
  )

/** One of a few words. */
export const oneOf = <W extends string>(...words: ReadonlyArray<W>): t.Type<W, unknown> =>
  refined(words.map((word) => `"${word}"`).join(' or '), (json): json is W => words.some((word) => word === json))

/** An object that may be left out, for each of its keys may. */
export const section = <P extends t.Props>(props: P): t.InterfaceType<P, t.TypeOfProps<P>, t.OutputOfProps<P>> => {
  const { is, validate, encode } = t.type(props, 'an object')
  return new t.InterfaceType(
    'an object',
    is,
    (json, context) => validate(json === undefined ? {} : json, context),
    encode,
    props,
  )
}

/** An object of one of several kinds, told apart by the word under one key. With `standard` it may be left out. */
export class KindsType<C extends t.Mixed> extends t.Type<t.TypeOf<C>, unknown> {
  constructor(
    readonly key: string,
    readonly kinds: Readonly<Record<string, C>>,
    standard?: t.TypeOf<C>,
  ) {
    const words = oneOf(...Object.keys(kinds))
    super(
      `an object with ${key} ${words.name}`,
      (json): json is t.TypeOf<C> => this.kindOf(json)?.is(json) === true,
      (json, context) => {
        if (json === undefined && standard !== undefined) return t.success(standard)
        const kind = this.kindOf(json)
        if (kind !== undefined) return kind.validate(json, context) as t.Validation<t.TypeOf<C>>
        return isObject(json) ? t.failure(json, t.appendContext(context, key, words)) : t.failure(json, context)
      },
      t.identity,
    )
  }

  /** The codec of the kind that an object says it is. */
  kindOf(json: unknown): C | undefined {
    const word = isObject(json) ? json[this.key] : undefined
    return typeof word === 'string' && Object.hasOwn(this.kinds, word) ? this.kinds[word] : undefined
  }
}

/** A list of objects that may be left out. */
export const listOf = <C extends t.Mixed>(codec: C): t.ReadonlyArrayType<C, ReadonlyArray<t.TypeOf<C>>> => {
  const { is, validate, encode } = t.readonlyArray(codec)
  return new t.ReadonlyArrayType(
    'a list of objects',
    is,
    (json, context) => validate(json === undefined ? [] : json, context),
    encode,
    codec,
  )
}

/** A codec for a predicate; its name is what error texts say was expected. */
export function refined<A>(name: string, is: (json: unknown) => json is A): t.Type<A, unknown> {
  return new t.Type<A, unknown, unknown>(
    name,
    is,
    (json, context) => (is(json) ? t.success(json) : t.failure(json, context)),
    t.identity,
  )
}

type Loose = Readonly<Record<string, unknown>>

const refusedKeys = (given: Loose, later: LaterKeys, place: string): ReadonlyArray<string> =>
  Object.entries(later).flatMap(([key, standard]) => {
    const value = given[key]
    const path = `${place}${key}`
    if (value === undefined || value === standard) return []
    if (isObject(standard) && isObject(value)) return refusedKeys(value, standard, `${path}.`)
    if (Array.isArray(standard) && Array.isArray(value) && value.length === 0) return []
    return [`${path}: this version knows only ${standard === undefined ? 'its absence' : JSON.stringify(standard)}`]
  })

const unknownKeys = (given: Loose, props: t.Props, later: LaterKeys): ReadonlyArray<string> =>
  Object.entries(given).flatMap(([key, value]) => {
    const known = Object.hasOwn(props, key) ? props[key] : undefined
    const codec: t.Mixed | undefined = known instanceof OptionalType ? (known as OptionalType<unknown>).codec : known
    const standard = Object.hasOwn(later, key) ? later[key] : undefined
    if (codec === undefined && !Object.hasOwn(later, key)) return [key]
    if (codec instanceof t.ReadonlyArrayType && Array.isArray(value))
      return value.flatMap((one: unknown, i) =>
        unknownKeys({ [i]: one }, { [i]: codec.type as t.Mixed }, {}).map((name) => `${key}.${name}`),
      )
    const kind = codec instanceof KindsType ? (codec as KindsType<t.Mixed>).kindOf(value) : codec
    const inner = kind instanceof t.InterfaceType ? (kind.props as t.Props) : undefined
    if (!isObject(value) || (inner === undefined && !isObject(standard))) return []
    return unknownKeys(value, inner ?? {}, isObject(standard) ? standard : {}).map((name) => `${key}.${name}`)
  })
