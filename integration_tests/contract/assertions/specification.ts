import { type Json, at, isObject, objectAt, objectsOf } from '../json'
import { when } from '../said'

/**
 * What Airbyte's connector acceptance tests demand of a connectionSpecification (their test_core.py, SPEC): each demand a function
 * from the schema to complaints. The unit tests hold the specifications against all of them, the contract suite shows that each of
 * them can be broken.
 */
export type Demand = (specification: Json) => ReadonlyArray<string>

interface Node {
  readonly schema: Json
  /** The path of properties to it; variants of a oneOf don't show. */
  readonly path: ReadonlyArray<string>
  readonly isRoot: boolean
}

const propertiesOf = (schema: Json): Json => objectAt(schema, 'properties')

function* nodesOf(schema: Json, path: ReadonlyArray<string> = [], isRoot = true): Generator<Node> {
  yield { schema, path, isRoot }
  for (const [name, property] of Object.entries(propertiesOf(schema)))
    if (isObject(property)) yield* nodesOf(property, [...path, name], false)
  for (const variant of objectsOf(schema['oneOf'])) yield* nodesOf(variant, path, false)
  if (isObject(schema['items'])) yield* nodesOf(schema['items'], path, false)
}

/** A demand on every node of a schema: a property, a variant, an item, the root. */
const everywhere =
  (rule: (node: Node) => ReadonlyArray<string>): Demand =>
  (specification) =>
    [...nodesOf(specification)].flatMap((node) =>
      rule(node).map((complaint) => `${node.path.join('.') || 'root'}: ${complaint}`),
    )

const FORBIDDEN = 'not anyOf patternProperties prefixItems allOf if then else dependentSchemas dependentRequired'

export const noForbiddenKeyword = everywhere(({ schema }) =>
  FORBIDDEN.split(' ').flatMap((word) => when(word in schema, `${word} is forbidden`)),
)

export const noReference = everywhere(({ schema }) => when('$ref' in schema, 'a $ref is not resolved'))

export const neverClosed = everywhere(({ schema }) =>
  when(schema['additionalProperties'] === false, 'additionalProperties is false'),
)

export const enumsDistinct = everywhere(({ schema }) => {
  const values = schema['enum']
  return when(Array.isArray(values) && new Set(values).size < values.length, 'the enum repeats a value')
})

export const oneTypeEach = everywhere(({ schema: { type } }) => {
  const fits = !Array.isArray(type) || type.length === 1 || (type.length === 2 && type[1] === 'null')
  return when(!fits, 'type is neither [T] nor [T, "null"]')
})

export const noEmptyObject = everywhere(({ schema, isRoot }) => {
  const isEmpty = Object.keys(propertiesOf(schema)).length === 0 && !Array.isArray(schema['oneOf'])
  return when(!isRoot && schema['type'] === 'object' && isEmpty, 'an object without properties')
})

export const plainItems = everywhere(({ schema: { type, items } }) => {
  const plain = isObject(items) && ('enum' in items || /^(object|string|number|integer)$/.test(String(items['type'])))
  return when(type === 'array' && !plain, 'items are no single schema of a plain type')
})

const SECRET_NAMES =
  'client_token access_token api_token token secret client_secret password key service_account_info service_account tenant_id certificate jwt credentials app_id appid refresh_token'.split(
    ' ',
  )

const typesOf = (type: unknown): ReadonlyArray<string> => (Array.isArray(type) ? type.map(String) : [String(type)])
const canHoldSecret = ({ type, const: only }: Json): boolean =>
  only === undefined && ['string', 'number', 'integer'].includes(typesOf(type)[0] ?? '')

export const secretsMarked = everywhere(({ schema, path }) => {
  const looksSecret = SECRET_NAMES.includes(path.at(-1) ?? '') && canHoldSecret(schema)
  return when(looksSecret && schema['airbyte_secret'] !== true, 'looks secret and is not marked')
})

export const onlySecretsMarked = everywhere(({ schema }) =>
  when(schema['airbyte_secret'] === true && !canHoldSecret(schema), 'is marked as secret and can hold none'),
)

/** A demand on every oneOf. */
const everyChoice = (rule: (schema: Json, variants: ReadonlyArray<Json>) => ReadonlyArray<string>): Demand =>
  everywhere(({ schema }) => ('oneOf' in schema ? rule(schema, objectsOf(schema['oneOf']).map(propertiesOf)) : []))

/** Of each property with a const in every variant: its schemas. */
const constantsOf = (variants: ReadonlyArray<Json>): ReadonlyArray<ReadonlyArray<Json>> =>
  Object.keys(variants[0] ?? {})
    .map((name) => variants.map((variant) => variant[name]).filter(isObject))
    .filter((schemas) => schemas.length === variants.length && schemas.every((schema) => 'const' in schema))

export const choicesAreObjects = everyChoice(({ type }) => when(type !== 'object', 'oneOf without type object'))

export const variantsHaveProperties = everyChoice((_, variants) =>
  when(
    variants.some((variant) => Object.keys(variant).length === 0),
    'a variant without properties',
  ),
)

export const oneConstantEach = everyChoice((_, variants) => {
  const found = constantsOf(variants).length
  return when(found !== 1, `${found} shared properties have a const in every variant`)
})

export const constantsAgree = everyChoice((_, variants) =>
  constantsOf(variants)
    .flat()
    .flatMap(({ const: only, default: standard, enum: values }) => [
      ...when(standard !== undefined && standard !== only, 'default differs from const'),
      ...when(values !== undefined && JSON.stringify(values) !== JSON.stringify([only]), 'enum differs from const'),
    ]),
)

export const constantsDiffer = everyChoice((_, variants) =>
  constantsOf(variants).flatMap((schemas) =>
    when(new Set(schemas.map((schema) => schema['const'])).size < variants.length, 'variants share a const'),
  ),
)

export const displayTypesFit = everywhere(({ schema }) => {
  const display = schema['display_type']
  if (display === undefined) return []
  return [
    ...when(!('oneOf' in schema), 'display_type without oneOf'),
    ...when(display !== 'dropdown' && display !== 'radio', 'display_type is neither dropdown nor radio'),
  ]
})

export const groupsAtTheRoot = everywhere(({ schema, path }) =>
  when('group' in schema && path.length !== 1, 'group below the root'),
)

/** The form offers a date picker only to what says how it looks. */
export const datesHavePatterns = everywhere(({ schema }) =>
  when(/^date(-time)?$/.test(String(schema['format'])) && !('pattern' in schema), 'a date without pattern'),
)

/** Among the properties of one object and group. */
export const ordersUnique = everywhere(({ schema }) => {
  const orders = Object.values(propertiesOf(schema)).flatMap((property) =>
    isObject(property) && 'order' in property ? [`${String(property['group'])} ${String(property['order'])}`] : [],
  )
  return when(new Set(orders).size < orders.length, 'an order twice')
})

const DEMANDS: ReadonlyArray<Demand> = [
  noForbiddenKeyword,
  noReference,
  neverClosed,
  enumsDistinct,
  oneTypeEach,
  noEmptyObject,
  plainItems,
  secretsMarked,
  onlySecretsMarked,
  choicesAreObjects,
  variantsHaveProperties,
  oneConstantEach,
  constantsAgree,
  constantsDiffer,
  displayTypesFit,
  groupsAtTheRoot,
  datesHavePatterns,
  ordersUnique,
]

/** Everything that is wrong with a connectionSpecification; empty is good. */
export const complaintsOf: Demand = (specification) => DEMANDS.flatMap((demand) => demand(specification))

/** A sign-in by OAuth names parts of the specification: they must be there. Of the whole SPEC, not of its schema alone. */
export const oauthPathsExist: Demand = (spec) => {
  const specification = objectAt(spec, 'connectionSpecification')
  const paths = [
    at(spec, 'advanced_auth.predicate_key'),
    ...pathsIn(at(spec, 'advanced_auth.oauth_config_specification')),
  ]
  const known = new Set([...nodesOf(specification)].map(({ path }) => path.join('.')))
  return paths
    .filter((path) => Array.isArray(path))
    .map((path) => path.join('.'))
    .flatMap((path) => when(!known.has(path), `advanced_auth names ${path}, which the specification has not`))
}

const pathsIn = (json: unknown): ReadonlyArray<unknown> =>
  isObject(json)
    ? Object.entries(json).flatMap(([key, value]) => (key === 'path_in_connector_config' ? [value] : pathsIn(value)))
    : []
