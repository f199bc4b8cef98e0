import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KEY_ID, SECRET } from '../support/bucket'
import { EVENTS, REJECTS } from '../support/catalogs'
import { ROOT } from '../support/connector'
import { destinationConfig } from '../support/emulator'
import * as Catalog from './assertions/catalog'
import type { Discovered } from './assertions/catalog'
import * as Compatible from './assertions/compatibility'
import * as Operations from './assertions/operations'
import type { Offered } from './assertions/operations'
import { onlyTypes } from './assertions/output'
import { noError } from './assertions/failure'
import { type Case, type Doctored, describeCases } from './cases'
import { commonCases, oneAnswer, secretCases } from './common'
import { first, followed, having, message, rewritten, without } from './doctoring'
import { DESTINATION, SOURCE, newGuest } from './guest'
import { objectAt, objectsOf } from './json'
import { released } from './released'
import { type Assertion, type Said, when } from './said'

/** Good for everything but being reached: to discover needs no server. */
const SOURCE_CONFIG = {
  bucket: 'acme-offline',
  path_prefix: 'data',
  credentials: { auth_type: 'access_key', aws_access_key_id: KEY_ID, aws_secret_access_key: SECRET },
  endpoint: 'http://127.0.0.1:1',
}
const DESTINATION_CONFIG = destinationConfig({ url: 'http://127.0.0.1:1' })

/** The catalog with another value at a path of its first stream. */
const streamWith = (how: string, path: string, value: unknown): Doctored<Discovered> => ({
  how,
  change: first(message('CATALOG'), having(`catalog.streams.0.${path}`, value)),
})

const streamWithout = (how: string, path: string): Doctored<Discovered> => ({
  how,
  change: first(message('CATALOG'), without(`catalog.streams.0.${path}`)),
})

const operationWith = (how: string, path: string, value: unknown): Doctored<Offered> => ({
  how,
  change: first(message('DESTINATION_CATALOG'), having(`destination_catalog.operations.0.${path}`, value)),
})

const DRAFT_04 = 'http://json-schema.org/draft-04/schema#'
const TEXT = { type: ['null', 'string'] }
const ERROR = JSON.stringify({
  type: 'TRACE',
  trace: { type: 'ERROR', emitted_at: 1, error: { message: 'It failed all the same.', failure_type: 'system_error' } },
})

const noErrorCase = <S extends Said>(): Case<S> => ({
  name: 'there is no TRACE ERROR',
  complaints: noError,
  doctored: [{ how: 'one after the answer', change: followed(ERROR) }],
})

/** A rule on the schemas of the released streams and of those that have their place. */
const streamsCompared =
  (rule: Compatible.Comparison): Assertion<Discovered> =>
  (said) =>
    objectsOf(said.released['streams']).flatMap((was) => {
      const is = Catalog.streamsOf(said).find(({ name }) => name === was['name'])
      return is === undefined ? [] : rule(objectAt(was, 'json_schema'), objectAt(is, 'json_schema'))
    })

const SOURCE_CASES: ReadonlyArray<Case<Discovered>> = [
  ...commonCases<Discovered>(['CATALOG', 'LOG']),
  ...secretCases<Discovered>(),
  oneAnswer('CATALOG'),
  noErrorCase(),
  {
    name: 'a source never prints a DESTINATION_CATALOG',
    complaints: onlyTypes('CATALOG', 'LOG'),
    doctored: [
      {
        how: 'one beside the CATALOG',
        change: followed('{"type":"DESTINATION_CATALOG","destination_catalog":{"operations":[]}}'),
      },
    ],
  },
  {
    name: 'there are streams',
    complaints: Catalog.hasStreams,
    doctored: [{ how: 'an empty list', change: first(message('CATALOG'), having('catalog.streams', [])) }],
  },
  {
    name: 'their names are unique',
    complaints: Catalog.namesUnique,
    doctored: [streamWith('two of one name', 'name', REJECTS)],
  },
  {
    name: 'their schemas are JSON Schemas of draft-07 with properties',
    complaints: Catalog.schemasValid,
    doctored: [
      streamWith('an unknown type', 'json_schema.properties.value.type', 'money'),
      streamWith('another draft', 'json_schema.$schema', DRAFT_04),
      streamWith('a schema of more than objects', 'json_schema.type', ['null', 'object']),
      streamWith('no properties', 'json_schema.properties', {}),
      streamWithout('no schema', 'json_schema'),
    ],
  },
  {
    name: 'they have no $ref',
    complaints: Catalog.noReferences,
    doctored: [streamWith('one in a property', 'json_schema.properties.value', { $ref: '#/definitions/value' })],
  },
  {
    name: 'they have neither allOf nor not',
    complaints: Catalog.noUnreadableWords,
    doctored: [
      streamWith('allOf', 'json_schema.allOf', [{}]),
      streamWith('not in a property', 'json_schema.properties.value.not', { type: 'string' }),
    ],
  },
  {
    name: 'their additionalProperties are never false',
    complaints: Catalog.schemasOpen,
    doctored: [
      streamWith('a closed stream', 'json_schema.additionalProperties', false),
      streamWith('closed items', 'json_schema.properties.contents.items.additionalProperties', false),
    ],
  },
  {
    name: 'every property may be null',
    complaints: Catalog.everyTypeNullable,
    doctored: [streamWith('one that may not', 'json_schema.properties.event_time.type', 'integer')],
  },
  {
    name: 'every property is of one type that Airbyte knows',
    complaints: Catalog.everyPropertyTyped,
    doctored: [
      streamWith('two types', 'json_schema.properties.value.type', ['null', 'number', 'string']),
      streamWith('no type', 'json_schema.properties.value', { description: 'a value' }),
      streamWith('a list of anything', 'json_schema.properties.content_ids.items', undefined),
    ],
  },
  {
    name: 'the cursor is defined by the source, and is a property',
    complaints: Catalog.cursorsDefined,
    doctored: [
      streamWith('a cursor that is not there', 'default_cursor_field', ['updated_at']),
      streamWith('a cursor that is no text', 'default_cursor_field', ['value']),
      streamWithout('no cursor', 'default_cursor_field'),
      streamWith('a cursor that people may choose', 'source_defined_cursor', false),
    ],
  },
  {
    name: 'every stream has a primary key',
    complaints: Catalog.keysDefined,
    doctored: [
      streamWith('an empty one', 'source_defined_primary_key', []),
      streamWithout('none', 'source_defined_primary_key'),
    ],
  },
  {
    name: 'the primary key is of properties that are neither objects nor lists',
    complaints: Catalog.keysScalar,
    doctored: [
      streamWith('a property that is not there', 'source_defined_primary_key', [['id']]),
      streamWith('a list', 'source_defined_primary_key', [['content_ids']]),
      streamWith('a path into an object', 'source_defined_primary_key', [['contents', 'content_id']]),
    ],
  },
  {
    name: 'both sync modes are supported',
    complaints: Catalog.bothSyncModes,
    doctored: [
      streamWith('incremental alone', 'supported_sync_modes', ['incremental']),
      streamWith('none', 'supported_sync_modes', []),
    ],
  },
  {
    name: 'every stream is resumable',
    complaints: Catalog.resumable,
    doctored: [
      streamWith('one that is not', 'is_resumable', false),
      streamWithout('one that does not say', 'is_resumable'),
    ],
  },
  {
    name: 'hosts and suggested streams are in the metadata',
    complaints: Catalog.attributesGiven,
    doctored: [
      {
        how: 'no suggested streams',
        change: (said) => ({ ...said, metadata: said.metadata.replace(/ +streams:\n.*\n/, '') }),
      },
      { how: 'no hosts', change: (said) => ({ ...said, metadata: said.metadata.replace(/ +hosts:\n.*\n/, '') }) },
      {
        how: 'a suggested stream that is not there',
        change: (said) => ({ ...said, metadata: said.metadata.replace(EVENTS, 'orders') }),
      },
    ],
  },
  {
    name: 'every released stream is still there, with its cursor and key',
    complaints: (said) =>
      objectsOf(said.released['streams']).flatMap((was) => {
        const is = Catalog.streamsOf(said).find(({ name }) => name === was['name'])
        if (is === undefined) return [`${String(was['name'])} is gone`]
        return ['default_cursor_field', 'source_defined_primary_key', 'namespace'].flatMap((key) =>
          when(JSON.stringify(was[key]) !== JSON.stringify(is[key]), `${String(was['name'])} has another ${key}`),
        )
      }),
    doctored: [
      streamWith('another name', 'name', 'events'),
      streamWith('another cursor', 'default_cursor_field', ['event_time']),
      streamWith('a shorter key', 'source_defined_primary_key', [['_ab_source_file_url']]),
      streamWith('a namespace', 'namespace', 'acme'),
    ],
  },
  {
    name: 'every field of the released streams is still there',
    complaints: streamsCompared(Compatible.nothingRemoved),
    doctored: [streamWithout('a field that is gone', 'json_schema.properties.shop_id')],
    allowed: [streamWith('a new field', 'json_schema.properties.colour', TEXT)],
  },
  {
    name: 'every field is of its released type',
    complaints: (said) =>
      [Compatible.typesKept, Compatible.noTypeAdded, Compatible.formatsKept].flatMap((rule) =>
        streamsCompared(rule)(said),
      ),
    doctored: [
      streamWith('another type', 'json_schema.properties.value.type', ['null', 'string']),
      streamWith('one more type', 'json_schema.properties.value.type', ['null', 'number', 'string']),
      streamWith('a new format', 'json_schema.properties.transaction_id.format', 'date-time'),
      streamWith('other items', 'json_schema.properties.content_ids.items.type', 'integer'),
    ],
    allowed: [streamWith('another description', 'json_schema.properties.value.description', 'What it cost.')],
  },
]

const DESTINATION_CASES: ReadonlyArray<Case<Offered>> = [
  ...commonCases<Offered>(['DESTINATION_CATALOG', 'LOG']),
  ...secretCases<Offered>(),
  oneAnswer('DESTINATION_CATALOG'),
  noErrorCase(),
  {
    name: 'a destination never prints a CATALOG',
    complaints: onlyTypes('DESTINATION_CATALOG', 'LOG'),
    doctored: [
      {
        how: 'an empty one beside the DESTINATION_CATALOG',
        change: followed('{"type":"CATALOG","catalog":{"streams":[]}}'),
      },
      {
        how: 'one in its place',
        change: first(message('DESTINATION_CATALOG'), rewritten('DESTINATION_CATALOG', 'CATALOG')),
      },
    ],
  },
  {
    name: 'there are operations',
    complaints: Operations.hasOperations,
    doctored: [
      {
        how: 'an empty list',
        change: first(message('DESTINATION_CATALOG'), having('destination_catalog.operations', [])),
      },
    ],
  },
  {
    name: 'each operation is there once',
    complaints: Operations.operationsUnique,
    doctored: [
      {
        how: 'one twice',
        change: first(message('DESTINATION_CATALOG'), rewritten(/"operations":\[(.*)\]/, '"operations":[$1,$1]')),
      },
    ],
  },
  {
    name: 'every operation appends',
    complaints: Operations.appends,
    doctored: [
      operationWith('an update', 'sync_mode', 'update'),
      operationWith('a dedup', 'sync_mode', 'append_dedup'),
    ],
  },
  {
    name: 'no operation has matching keys',
    complaints: Operations.matchesNoKeys,
    doctored: [
      operationWith('a key that may be null', 'matching_keys', [['event_id']]),
      operationWith('null', 'matching_keys', null),
      operationWith('silence', 'matching_keys', undefined),
    ],
  },
  {
    name: 'their schemas are JSON Schemas of objects',
    complaints: Operations.schemasValid,
    doctored: [
      operationWith('an unknown type', 'json_schema.properties.value.type', 'money'),
      operationWith('a list', 'json_schema.type', 'array'),
    ],
  },
  {
    name: 'their fields are flat',
    complaints: Operations.fieldsFlat,
    doctored: [
      operationWith('an object', 'json_schema.properties.user', { type: ['null', 'object'] }),
      operationWith('no field at all', 'json_schema.properties', {}),
    ],
  },
  {
    name: 'they say that no other fields are taken',
    complaints: Operations.closedExplicitly,
    doctored: [
      operationWith('silence', 'json_schema.additionalProperties', undefined),
      operationWith('the opposite', 'json_schema.additionalProperties', true),
    ],
  },
  {
    name: 'they require event_time, and event_name unless there is a default',
    complaints: Operations.requiresWhatItNeeds,
    doctored: [
      operationWith('less', 'json_schema.required', ['event_time']),
      operationWith('more', 'json_schema.required', ['event_name', 'event_time', 'value']),
      operationWith('what is no field', 'json_schema.properties.event_time', undefined),
      operationWith('no list', 'json_schema.required', 'event_time'),
    ],
  },
  {
    name: 'every released operation is still there and takes what it took',
    complaints: (said) =>
      objectsOf(said.released['operations']).flatMap((was) => {
        const is = Operations.operationsOf(said).find(({ object_name: name }) => name === was['object_name'])
        if (is === undefined) return [`${String(was['object_name'])} is gone`]
        return [Compatible.nothingRemoved, Compatible.nothingNewRequired, Compatible.typesKept].flatMap((rule) =>
          rule(objectAt(was, 'json_schema'), objectAt(is, 'json_schema')),
        )
      }),
    doctored: [
      operationWith('another name', 'object_name', 'event'),
      operationWith('a field that is gone', 'json_schema.properties.shop_id', undefined),
      operationWith('a field of another type', 'json_schema.properties.value.type', ['null', 'string']),
      operationWith('a field that is required', 'json_schema.required', ['event_time', 'event_name', 'event_id']),
    ],
    allowed: [operationWith('a new field', 'json_schema.properties.colour', TEXT)],
  },
]

describe('contract of discover', () => {
  const guest = newGuest()
  let source: Said
  let named: Said
  let unnamed: Said

  beforeAll(async () => {
    source = await guest.run(SOURCE, 'discover', { config: SOURCE_CONFIG })
    unnamed = await guest.run(DESTINATION, 'discover', { config: DESTINATION_CONFIG })
    named = await guest.run(DESTINATION, 'discover', { config: { ...DESTINATION_CONFIG, default_event_name: 'Lead' } })
  })
  afterAll(() => guest.remove())

  const metadata = readFileSync(join(ROOT, 'metadata.source.yaml'), 'utf8')
  const releasedStreams = released('source-0.1.0.catalog')
  const releasedOperations = released('destination-0.1.0.catalog')

  describe('source', () => {
    describeCases({ 'the catalog': () => ({ ...source, metadata, released: releasedStreams }) }, SOURCE_CASES)
  })

  describe('destination', () => {
    describeCases(
      {
        'without a default event name': () => ({ ...unnamed, hasDefaultName: false, released: releasedOperations }),
        'with a default event name': () => ({ ...named, hasDefaultName: true, released: releasedOperations }),
      },
      DESTINATION_CASES,
    )
  })
})
