/**
 * What Airbyte's connector acceptance tests demand of a connectionSpecification, as a list of complaints; empty is good.
 * Written after their test_core.py (SPEC); rules that need an earlier version of the specification are left out.
 */
export const complaintsOf = (specification: Readonly<Record<string, unknown>>): ReadonlyArray<string> => [
  ...[...nodesOf(specification, [])].flatMap((node) => RULES.flatMap((rule) => rule(node))),
  ...ordersOf(specification, ''),
]

type Json = Readonly<Record<string, unknown>>

interface Node {
  readonly schema: Json
  /** The path of properties to it; variants of a oneOf don't show. */
  readonly path: ReadonlyArray<string>
  readonly isRoot: boolean
}

const isObject = (json: unknown): json is Json => typeof json === 'object' && json !== null && !Array.isArray(json)
const objectsOf = (json: unknown): ReadonlyArray<Json> => (Array.isArray(json) ? json.filter(isObject) : [])
const propertiesOf = (schema: Json): Json => (isObject(schema['properties']) ? schema['properties'] : {})

function* nodesOf(schema: Json, path: ReadonlyArray<string>, isRoot = true): Generator<Node> {
  yield { schema, path, isRoot }
  for (const [name, property] of Object.entries(propertiesOf(schema)))
    if (isObject(property)) yield* nodesOf(property, [...path, name], false)
  for (const variant of objectsOf(schema['oneOf'])) yield* nodesOf(variant, path, false)
  if (isObject(schema['items'])) yield* nodesOf(schema['items'], path, false)
}

const FORBIDDEN =
  'not anyOf patternProperties prefixItems allOf if then else dependentSchemas dependentRequired $ref'.split(' ')

const SECRET_NAMES =
  'client_token access_token api_token token secret client_secret password key service_account_info service_account tenant_id certificate jwt credentials app_id appid refresh_token'.split(
    ' ',
  )

type Rule = (node: Node) => ReadonlyArray<string>

const at = ({ path }: Node): string => path.join('.') || 'root'
const when = (holds: boolean, complaint: string): ReadonlyArray<string> => (holds ? [complaint] : [])

const holdsSecret = ({ type, const: only }: Json): boolean =>
  only === undefined && ['string', 'number', 'integer'].includes(typesOf(type)[0] ?? '')
const typesOf = (type: unknown): ReadonlyArray<string> => (Array.isArray(type) ? type.map(String) : [String(type)])

const RULES: ReadonlyArray<Rule> = [
  (node) => FORBIDDEN.filter((word) => word in node.schema).map((word) => `${at(node)}: ${word} is forbidden`),
  (node) => when(node.schema['additionalProperties'] === false, `${at(node)}: additionalProperties is false`),
  (node) => {
    const values = node.schema['enum']
    return when(Array.isArray(values) && new Set(values).size < values.length, `${at(node)}: enum repeats a value`)
  },
  (node) => {
    const { type } = node.schema
    const listed = Array.isArray(type) && !(type.length === 1 || (type.length === 2 && type[1] === 'null'))
    return when(listed, `${at(node)}: type is neither [T] nor [T, "null"]`)
  },
  (node) => {
    const isEmpty = Object.keys(propertiesOf(node.schema)).length === 0 && !Array.isArray(node.schema['oneOf'])
    return when(
      !node.isRoot && node.schema['type'] === 'object' && isEmpty,
      `${at(node)}: an object without properties`,
    )
  },
  (node) => {
    const { type, items } = node.schema
    const good = isObject(items) && ('enum' in items || /^(object|string|number|integer)$/.test(String(items['type'])))
    return when(type === 'array' && !good, `${at(node)}: items are no single schema of a plain type`)
  },
  (node) => {
    const { schema, path } = node
    const looksSecret = SECRET_NAMES.includes(path.at(-1) ?? '') && holdsSecret(schema)
    return [
      ...when(looksSecret && schema['airbyte_secret'] !== true, `${at(node)}: looks secret and is not marked`),
      ...when(schema['airbyte_secret'] === true && !holdsSecret(schema), `${at(node)}: is marked and holds no secret`),
    ]
  },
  (node) =>
    'oneOf' in node.schema
      ? oneOfComplaints(node)
      : when('display_type' in node.schema, `${at(node)}: display_type without oneOf`),
  (node) => when('group' in node.schema && node.path.length !== 1, `${at(node)}: group below the root`),
]

const oneOfComplaints = (node: Node): ReadonlyArray<string> => {
  const variants = objectsOf(node.schema['oneOf']).map(propertiesOf)
  const [first = {}] = variants
  const shared = Object.keys(first).filter((name) => variants.every((variant) => isObject(variant[name])))
  const schemas = (name: string) => variants.map((variant) => variant[name]).filter(isObject)
  const constants = shared.filter((name) => schemas(name).every((schema) => 'const' in schema))
  const disagree = constants.flatMap((name) =>
    schemas(name).filter(
      ({ const: only, default: standard, enum: values }) =>
        (standard !== undefined && standard !== only) ||
        (values !== undefined && JSON.stringify(values) !== JSON.stringify([only])),
    ),
  )
  return [
    ...when(node.schema['type'] !== 'object', `${at(node)}: oneOf without type object`),
    ...when(
      variants.some((variant) => Object.keys(variant).length === 0),
      `${at(node)}: a variant without properties`,
    ),
    ...when(constants.length !== 1, `${at(node)}: ${constants.length} shared properties have a const`),
    ...when(disagree.length > 0, `${at(node)}: default or enum differ from const`),
    ...when(
      new Set(schemas(constants[0] ?? '').map((schema) => schema['const'])).size < variants.length,
      `${at(node)}: variants share a const`,
    ),
  ]
}

/** `order` is unique among the properties of one object and group. */
const ordersOf = (schema: Json, path: string): ReadonlyArray<string> => {
  const properties = Object.entries(propertiesOf(schema)).filter((pair): pair is [string, Json] => isObject(pair[1]))
  const orders = properties
    .filter(([, p]) => 'order' in p)
    .map(([, p]) => `${String(p['group'])} ${String(p['order'])}`)
  return [
    ...when(new Set(orders).size < orders.length, `${path || 'root'}: an order twice`),
    ...properties.flatMap(([name, property]) => ordersOf(property, `${path}${name}.`)),
    ...objectsOf(schema['oneOf']).flatMap((variant) => ordersOf(variant, path)),
  ]
}
