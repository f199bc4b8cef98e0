import { at, isObject, parseStrictly } from '../json'
import { type Assertion, type Said, messagesOf } from '../said'
import { fitting } from './schema'

/**
 * Airbyte protocol 0.18 as far as the connector speaks it. Readers let unknown keys pass and then miss what they looked for, so
 * a key that the protocol does not know is a misspelt one here.
 */

type Schema = Readonly<Record<string, unknown>>

const text = { type: 'string' }
const integer = { type: 'integer' }
const bool = { type: 'boolean' }
const anyObject = { type: 'object' }
const listOf = (items: Schema): Schema => ({ type: 'array', items })
const oneOf = (...values: ReadonlyArray<string>): Schema => ({ enum: values })

/** An object of these keys and no others; those that end with * are required. */
const object = (keys: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  required: Object.keys(keys).flatMap((key) => (key.endsWith('*') ? [key.slice(0, -1)] : [])),
  properties: Object.fromEntries(Object.entries(keys).map(([key, schema]) => [key.replace('*', ''), schema])),
  additionalProperties: false,
})

const syncMode = oneOf('full_refresh', 'incremental')
const destinationSyncMode = oneOf('append', 'overwrite', 'append_dedup', 'update', 'soft_delete')
const descriptor = object({ 'name*': text, namespace: text })
const streamState = object({ 'stream_descriptor*': descriptor, stream_state: { type: ['object', 'null'] } })
const count = { type: 'number', minimum: 0 }
const stats = object({
  recordCount: count,
  rejectedRecordCount: count,
  additionalStats: { type: 'object', additionalProperties: { type: 'number' } },
})

const PAYLOADS: Readonly<Record<string, readonly [key: string, schema: Schema]>> = {
  RECORD: ['record', object({ 'stream*': text, 'data*': anyObject, 'emitted_at*': integer, namespace: text })],
  STATE: [
    'state',
    object({
      type: oneOf('STREAM', 'GLOBAL', 'LEGACY'),
      stream: streamState,
      global: object({ shared_state: anyObject, 'stream_states*': listOf(streamState) }),
      data: anyObject,
      sourceStats: stats,
      destinationStats: stats,
      // Not the protocol's: the platform puts it in and wants it back.
      id: integer,
    }),
  ],
  LOG: [
    'log',
    object({
      'level*': oneOf('FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'),
      'message*': text,
      stack_trace: text,
    }),
  ],
  CONNECTION_STATUS: ['connectionStatus', object({ 'status*': oneOf('SUCCEEDED', 'FAILED'), message: text })],
  CATALOG: [
    'catalog',
    object({
      'streams*': listOf(
        object({
          'name*': text,
          'json_schema*': anyObject,
          'supported_sync_modes*': { ...listOf(syncMode), minItems: 1 },
          source_defined_cursor: bool,
          default_cursor_field: listOf(text),
          source_defined_primary_key: listOf(listOf(text)),
          namespace: text,
          is_resumable: bool,
          is_file_based: bool,
        }),
      ),
    }),
  ],
  DESTINATION_CATALOG: [
    'destination_catalog',
    object({
      'operations*': listOf(
        object({
          'object_name*': text,
          'sync_mode*': destinationSyncMode,
          'json_schema*': anyObject,
          matching_keys: listOf(listOf(text)),
        }),
      ),
    }),
  ],
  TRACE: [
    'trace',
    object({
      'type*': oneOf('ERROR', 'ESTIMATE', 'STREAM_STATUS', 'ANALYTICS'),
      'emitted_at*': { type: 'number' },
      error: object({
        'message*': text,
        internal_message: text,
        stack_trace: text,
        failure_type: oneOf('system_error', 'config_error', 'transient_error'),
        stream_descriptor: descriptor,
      }),
      estimate: object({
        'name*': text,
        'type*': oneOf('STREAM', 'SYNC'),
        namespace: text,
        row_estimate: integer,
        byte_estimate: integer,
      }),
      stream_status: object({
        'stream_descriptor*': descriptor,
        'status*': oneOf('STARTED', 'RUNNING', 'COMPLETE', 'INCOMPLETE'),
        reasons: {
          ...listOf(object({ 'type*': oneOf('RATE_LIMITED'), rate_limited: object({ quota_reset: integer }) })),
          maxItems: 1,
        },
      }),
      analytics: object({ 'type*': text, value: text }),
    }),
  ],
  SPEC: [
    'spec',
    object({
      'connectionSpecification*': anyObject,
      documentationUrl: { type: 'string', pattern: '^https?://[^/]+' },
      changelogUrl: { type: 'string', pattern: '^https?://[^/]+' },
      supportsIncremental: bool,
      supportsNormalization: bool,
      supportsDBT: bool,
      supported_destination_sync_modes: listOf(destinationSyncMode),
      advanced_auth: anyObject,
      protocol_version: text,
    }),
  ],
}

const validators: ReadonlyMap<string, ReturnType<typeof fitting>> = new Map(
  Object.entries(PAYLOADS).map(([type, [key, schema]]) => [
    type,
    fitting(object({ 'type*': text, [`${key}*`]: schema })),
  ]),
)

/** Which of a trace's payloads goes with its type. */
const TRACES: Readonly<Record<string, string>> = {
  ERROR: 'error',
  ESTIMATE: 'estimate',
  STREAM_STATUS: 'stream_status',
  ANALYTICS: 'analytics',
}

/** Every message holds what its type needs, of the types that the protocol gives it, and nothing that is misspelt. */
export const holdsToTheProtocol: Assertion<Said> = (said) =>
  messagesOf(said).flatMap(({ line, number, type, json }) => {
    const complaintsOf = validators.get(type)
    if (complaintsOf === undefined) return [`line ${number}: the protocol knows no ${type}`]
    const kind = at(json, 'trace.type')
    const payload = typeof kind === 'string' ? TRACES[kind] : undefined
    const empty = type === 'TRACE' && !isObject(at(json, `trace.${payload ?? ''}`))
    return [
      ...complaintsOf(parseStrictly(line)).map((complaint) => `line ${number}: ${complaint}`),
      ...(empty ? [`line ${number}: a TRACE without what its type tells of`] : []),
    ]
  })
