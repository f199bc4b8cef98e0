import { type Json, at, isObject, objectAt, objectsOf, textsOf } from '../json'
import { type Assertion, type Said, messagesOf, repeated, when } from '../said'
import { DRAFT, isSchema } from './schema'

/** What `discover` of a source answers. */
export interface Discovered extends Said {
  /** The catalog of the last release. */
  readonly released: Json
  /** The text of the connector's metadata. */
  readonly metadata: string
}

export const streamsOf = (said: Pick<Said, 'stdout'>): ReadonlyArray<Json> =>
  objectsOf(at(messagesOf(said, 'CATALOG')[0]?.json, 'catalog.streams'))

const nameOf = (stream: Json): string => String(stream['name'])
const propertiesOf = (stream: Json): Json => objectAt(stream, 'json_schema.properties')
const pathsOf = (json: unknown): ReadonlyArray<ReadonlyArray<string>> => (Array.isArray(json) ? json.map(textsOf) : [])
const keysOf = (stream: Json): ReadonlyArray<ReadonlyArray<string>> => pathsOf(stream['source_defined_primary_key'])

const everyStream =
  (rule: (stream: Json) => ReadonlyArray<string>): Assertion<Said> =>
  (said) =>
    streamsOf(said).flatMap((stream) => rule(stream).map((complaint) => `${nameOf(stream)}: ${complaint}`))

export const hasStreams: Assertion<Said> = (said) => when(streamsOf(said).length === 0, 'there is no stream')

export const namesUnique: Assertion<Said> = (said) => repeated('the stream', streamsOf(said).map(nameOf))

/** Airbyte's platform gives up on a stream whose schema has no properties. */
export const schemasValid = everyStream(({ json_schema: schema }) => {
  if (!isObject(schema)) return ['there is no json_schema']
  return [
    ...when(!isSchema(schema), 'the json_schema is no JSON Schema'),
    ...when((schema['$schema'] ?? DRAFT) !== DRAFT, 'the json_schema is of another draft'),
    ...when(schema['type'] !== 'object', 'the json_schema is not of type object'),
    ...when(Object.keys(objectAt(schema, 'properties')).length === 0, 'the json_schema has no properties'),
  ]
})

/** All objects of a schema, itself included. */
function* within(json: unknown): Generator<Json> {
  if (isObject(json)) yield json
  if (typeof json === 'object' && json !== null) for (const inner of Object.values(json)) yield* within(inner)
}

export const noReferences = everyStream((stream) =>
  [...within(stream['json_schema'])].flatMap((schema) => when('$ref' in schema, 'there is a $ref')),
)

export const noUnreadableWords = everyStream((stream) =>
  [...within(stream['json_schema'])].flatMap((schema) =>
    ['allOf', 'not'].flatMap((word) => when(word in schema, `there is ${word}`)),
  ),
)

export const schemasOpen = everyStream((stream) =>
  [...within(stream['json_schema'])].flatMap((schema) =>
    when(schema['additionalProperties'] === false, 'additionalProperties is false'),
  ),
)

export const everyTypeNullable = everyStream((stream) =>
  Object.entries(propertiesOf(stream)).flatMap(([name, property]) =>
    when(!textsOf(at(property, 'type')).includes('null'), `${name} can not be null`),
  ),
)

/** The types of a property that are not null. */
const typesOf = (property: unknown): ReadonlyArray<string> => {
  const type = at(property, 'type')
  return (Array.isArray(type) ? type.map(String) : [String(type)]).filter((name) => name !== 'null')
}

export const everyPropertyTyped = everyStream((stream) =>
  Object.entries(propertiesOf(stream)).flatMap(([name, property]) => {
    const types = typesOf(property)
    const known = types.every((type) => /^(string|boolean|integer|number|array|object)$/.test(type))
    return [
      ...when(types.length !== 1 || !known, `${name} has no single type that Airbyte knows`),
      ...when(types[0] === 'array' && !isObject(at(property, 'items')), `${name} does not say what its items are`),
    ]
  }),
)

export const cursorsDefined = everyStream((stream) => {
  const path = textsOf(stream['default_cursor_field'])
  const field = path.length === 1 ? propertiesOf(stream)[path[0] ?? ''] : undefined
  return [
    ...when(stream['source_defined_cursor'] !== true, 'the source does not define the cursor'),
    ...when(path.length === 0, 'there is no default_cursor_field'),
    ...when(path.length > 0 && !isObject(field), `the cursor ${path.join('.')} is no property`),
    ...when(isObject(field) && typesOf(field).join() !== 'string', `the cursor ${path.join('.')} is no text`),
  ]
})

export const keysDefined = everyStream((stream) => when(keysOf(stream).length === 0, 'there is no primary key'))

export const keysScalar = everyStream((stream) =>
  keysOf(stream).flatMap((path) => {
    const property = propertiesOf(stream)[path[0] ?? '']
    if (path.length !== 1 || !isObject(property)) return [`the key ${path.join('.')} is no property`]
    const scalar = typesOf(property).every((type) => type !== 'object' && type !== 'array')
    return when(!scalar, `the key ${path.join('.')} is an object or a list`)
  }),
)

export const bothSyncModes = everyStream((stream) => {
  const modes = textsOf(stream['supported_sync_modes'])
  return ['full_refresh', 'incremental'].flatMap((mode) => when(!modes.includes(mode), `${mode} is not supported`))
})

export const resumable = everyStream((stream) => when(stream['is_resumable'] !== true, 'it is not resumable'))

/** Attributes that Airbyte asks of a connector's metadata. */
export const attributesGiven: Assertion<Discovered> = (said) => {
  const suggested = listIn(said.metadata, 'suggestedStreams', 'streams')
  const names = streamsOf(said).map(nameOf)
  return [
    ...when(listIn(said.metadata, 'allowedHosts', 'hosts').length === 0, 'there are no allowedHosts'),
    ...when(suggested.length === 0, 'there are no suggestedStreams'),
    ...suggested.flatMap((name) => when(!names.includes(name), `the suggested stream ${name} is not discovered`)),
  ]
}

/** The items of a list that stands two levels deep in a YAML file of one item a line. */
const listIn = (yaml: string, outer: string, inner: string): ReadonlyArray<string> => {
  const list = new RegExp(`^ *${outer}:\\n *${inner}:\\n((?: *- .*\\n)*)`, 'm').exec(yaml)?.[1] ?? ''
  return [...list.matchAll(/- '?(.*?)'?\n/g)].map(([, item = '']) => item)
}
