import { type Json, isObject, objectAt, objectsOf, textsOf } from '../json'
import { when } from '../said'
import { fitting } from './schema'

/**
 * What a released connector promised to those who use it: a config that was good stays good, a field that was there stays there.
 * Each rule compares a released JSON Schema with the present one; what is added to a schema breaks none of them.
 */
export type Comparison = (released: Json, present: Json) => ReadonlyArray<string>

interface Pair {
  readonly path: string
  readonly was: Json
  readonly is: Json
}

/** Every node of the released schema beside the present one that took its place; those that are gone have none. */
function* pairsOf(was: Json, is: Json, path = 'root'): Generator<Pair> {
  yield { path, was, is }
  for (const [name, property] of Object.entries(objectAt(was, 'properties'))) {
    const present = objectAt(is, 'properties')[name]
    if (isObject(property) && isObject(present)) yield* pairsOf(property, present, `${path}.${name}`)
  }
  for (const [choice, variant] of variantsOf(was)) {
    const present = variantsOf(is).get(choice)
    if (present !== undefined) yield* pairsOf(variant, present, `${path}(${choice})`)
  }
  if (isObject(was['items']) && isObject(is['items'])) yield* pairsOf(was['items'], is['items'], `${path}[]`)
}

/** The variants of a oneOf by the const that tells them apart: another order of them is no change. */
const variantsOf = (schema: Json): ReadonlyMap<string, Json> =>
  new Map(
    objectsOf(schema['oneOf']).map((variant, i) => {
      const constants = Object.values(objectAt(variant, 'properties')).flatMap((property) =>
        isObject(property) && 'const' in property ? [JSON.stringify(property['const'])] : [],
      )
      return [constants[0] ?? String(i), variant]
    }),
  )

const everyPair =
  (rule: (pair: Pair) => ReadonlyArray<string>): Comparison =>
  (released, present) =>
    [...pairsOf(released, present)].flatMap((pair) => rule(pair).map((complaint) => `${pair.path}: ${complaint}`))

export const nothingRemoved = everyPair(({ was, is }) => {
  const gone = (before: Iterable<string>, now: { readonly has: (name: string) => boolean }): ReadonlyArray<string> =>
    [...before].filter((name) => !now.has(name)).map((name) => `${name} is gone`)
  return [
    ...gone(Object.keys(objectAt(was, 'properties')), new Set(Object.keys(objectAt(is, 'properties')))),
    ...gone(variantsOf(was).keys(), variantsOf(is)),
  ]
})

export const nothingNewRequired = everyPair(({ was, is }) =>
  textsOf(is['required'])
    .filter((name) => !textsOf(was['required']).includes(name))
    .map((name) => `${name} is required now`),
)

const typesOf = ({ type }: Json): ReadonlyArray<string> => (Array.isArray(type) ? type.map(String) : [String(type)])

/** More types than before are no narrowing. */
export const typesKept = everyPair(({ was, is }) =>
  typesOf(was)
    .filter((type) => !typesOf(is).includes(type))
    .map((type) => `${type} is no type of it any more`),
)

/** For those who read: a value of a type that they do not know is as bad as a field that is missing. */
export const noTypeAdded = everyPair(({ was, is }) =>
  typesOf(is)
    .filter((type) => !typesOf(was).includes(type))
    .map((type) => `${type} is a new type of it`),
)

const formatOf = ({ format, airbyte_type: type }: Json): string => `${String(format)} ${String(type)}`

export const formatsKept = everyPair(({ was, is }) =>
  when(formatOf(was) !== formatOf(is), `the format was ${formatOf(was)} and is ${formatOf(is)}`),
)

export const enumsKept = everyPair(({ was, is }) => [
  ...when('enum' in is && !('enum' in was), 'has an enum now'),
  ...when('const' in is && is['const'] !== was['const'], 'has another const now'),
  ...('enum' in is
    ? textsOf(was['enum'])
        .filter((value) => !textsOf(is['enum']).includes(value))
        .map((value) => `${value} is no value of it any more`)
    : []),
])

/** Patterns, lengths and bounds are judged by what they do: no config that the released schema took may be refused now. */
export const oldConfigsHold: Comparison = (released, present) => {
  const was = validatorOf(released)
  const is = validatorOf(present)
  return samplesOf(released)
    .filter((config) => was(config))
    .flatMap((config) => when(!is(config), `refused now: ${JSON.stringify(config)}`))
}

const validatorOf = (schema: Json): ((json: unknown) => boolean) => {
  const complaintsOf = fitting(schema)
  return (json) => complaintsOf(json).length === 0
}

/** Values that a schema may take: what it names, its bounds, and usual ones; not all of them do fit. */
export const samplesOf = (schema: Json): ReadonlyArray<unknown> => {
  if ('const' in schema) return [schema['const']]
  if (Array.isArray(schema['enum'])) return schema['enum']
  if ('oneOf' in schema) return objectsOf(schema['oneOf']).flatMap(samplesOf)
  const named = [schema['default'], ...(Array.isArray(schema['examples']) ? (schema['examples'] as unknown[]) : [])]
  return [
    ...named.filter((value) => value !== undefined),
    ...typesOf(schema).flatMap((type) => samplesOfType(type, schema)),
  ]
}

const TEXTS = [
  'x',
  '',
  'a b',
  'ES',
  '2026-01-31',
  '2026-01-31T10:00:00Z',
  'http://127.0.0.1:1',
  'Ünï',
  'x'.repeat(2000),
]

const samplesOfType = (type: string, schema: Json): ReadonlyArray<unknown> => {
  switch (type) {
    case 'object':
      return objectsFitting(schema)
    case 'array':
      return [[], ...samplesOf(objectAt(schema, 'items')).map((item) => [item])]
    case 'integer':
    case 'number':
      return [schema['minimum'] ?? 0, schema['maximum'] ?? 2_000_000_000, 7]
    case 'boolean':
      return [true, false]
    case 'null':
      return [null]
    default:
      return TEXTS
  }
}

/** What is required, with each property in turn at each of its values; and a key that nobody knows. */
const objectsFitting = (schema: Json): ReadonlyArray<Json> => {
  const properties = Object.entries(objectAt(schema, 'properties')).filter((entry): entry is [string, Json] =>
    isObject(entry[1]),
  )
  const required = textsOf(schema['required'])
  const fits = (property: Json): ReadonlyArray<unknown> => samplesOf(property).filter(validatorOf(property))
  const least: Json = Object.fromEntries(
    properties.filter(([name]) => required.includes(name)).map(([name, property]) => [name, fits(property)[0]]),
  )
  const most: Json = Object.fromEntries(properties.map(([name, property]) => [name, fits(property)[0]]))
  const varied = properties.flatMap(([name, property]) => fits(property).map((value) => ({ ...least, [name]: value })))
  return [least, most, { ...least, nobody_knows: 1 }, ...varied]
}
