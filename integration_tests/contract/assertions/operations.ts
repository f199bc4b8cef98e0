import { type Json, at, isObject, objectAt, objectsOf, textsOf } from '../json'
import { type Assertion, type Said, messagesOf, repeated, when } from '../said'
import { isSchema } from './schema'

/** What `discover` of a destination answers. */
export interface Offered extends Said {
  /** The destination's catalog of the last release. */
  readonly released: Json
  /** Whether the config names an event for records that name none. */
  readonly hasDefaultName: boolean
}

export const operationsOf = (said: Pick<Said, 'stdout'>): ReadonlyArray<Json> =>
  objectsOf(at(messagesOf(said, 'DESTINATION_CATALOG')[0]?.json, 'destination_catalog.operations'))

const everyOperation =
  (rule: (operation: Json) => ReadonlyArray<string>): Assertion<Said> =>
  (said) =>
    operationsOf(said).flatMap((operation) =>
      rule(operation).map((complaint) => `${String(operation['object_name'])}: ${complaint}`),
    )

const propertiesOf = (operation: Json): Json => objectAt(operation, 'json_schema.properties')

export const hasOperations: Assertion<Said> = (said) => when(operationsOf(said).length === 0, 'there is no operation')

export const operationsUnique: Assertion<Said> = (said) =>
  repeated(
    'the operation',
    operationsOf(said).map((operation) => `${String(operation['object_name'])} ${String(operation['sync_mode'])}`),
  )

/** The platform offers no other mode that a destination of events could honour. */
export const appends = everyOperation(({ sync_mode: mode }) => when(mode !== 'append', `it is a ${String(mode)}`))

/** With keys to match the platform ends a sync over a record in which they are null. */
export const matchesNoKeys = everyOperation(({ matching_keys: keys }) =>
  when(!Array.isArray(keys) || keys.length > 0, 'matching_keys are no empty list'),
)

export const schemasValid = everyOperation(({ json_schema: schema }) =>
  when(
    !isObject(schema) || !isSchema(schema) || schema['type'] !== 'object',
    'the json_schema is no JSON Schema of an object',
  ),
)

/** Only properties of the first level can be mapped to. */
export const fieldsFlat = everyOperation((operation) => [
  ...when(Object.keys(propertiesOf(operation)).length === 0, 'there are no fields'),
  ...Object.entries(propertiesOf(operation)).flatMap(([name, property]) =>
    when(
      textsOf(at(property, 'type'))
        .concat(String(at(property, 'type')))
        .includes('object'),
      `${name} is no flat field`,
    ),
  ),
])

/** Absent, forms take it for false and the server for true. */
export const closedExplicitly = everyOperation((operation) =>
  when(at(operation, 'json_schema.additionalProperties') !== false, 'additionalProperties does not say false'),
)

export const requiresWhatItNeeds: Assertion<Offered> = (said) =>
  everyOperation((operation) => {
    const required = at(operation, 'json_schema.required')
    const names = textsOf(required)
    if (names.length === 0 || JSON.stringify(names) !== JSON.stringify(required))
      return ['required is no list of texts']
    const needed = said.hasDefaultName ? ['event_time'] : ['event_name', 'event_time']
    return [
      ...when([...names].sort().join() !== needed.join(), `it requires ${names.join()}, not ${needed.join()}`),
      ...names.flatMap((name) => when(!(name in propertiesOf(operation)), `it requires ${name}, which is no field`)),
    ]
  })(said)
