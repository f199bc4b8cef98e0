import type * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import type { Failure } from '../failure'
import { ROW_SETTINGS, Worded, columnOf, defaultsOf } from '../rows/config'
import {
  type Decoded,
  PositiveInteger,
  decodeConfig,
  integerWithin,
  listOf,
  otherwise,
  plainHttpWarnings,
} from '../setting'
import { OFFLINE_EVENT } from '../template/offline-event'
import type { RecordManner } from '../template/record-plan'
import { TikTokConfig } from './platforms/tiktok/config'
import { DEFAULT_MAX_REQUEST_BYTES, MAX_EVENTS } from './platforms/tiktok/wire'
import { RejectsStorage, STORAGE_LATER } from './rejects/config'

/** The object that records become, as `discover` names it and a catalog may. */
export const OBJECT_NAME = 'offline_event'

const FieldMapping = t.type({ from: Worded, to: columnOf(OFFLINE_EVENT) }, 'an object with from and to')

/** The destination's config, defaults filled in. */
export const DestinationConfig = t.type(
  {
    platform: TikTokConfig,
    ...ROW_SETTINGS,
    field_mapping: listOf(FieldMapping),
    max_requests_in_flight: otherwise(PositiveInteger, 32),
    max_events_per_request: otherwise(integerWithin(1, MAX_EVENTS), MAX_EVENTS),
    max_request_bytes: otherwise(PositiveInteger, DEFAULT_MAX_REQUEST_BYTES),
    request_timeout_seconds: otherwise(PositiveInteger, 60),
    give_up_after_minutes: otherwise(PositiveInteger, 30),
    object_storage_config: RejectsStorage,
  },
  'an object',
)
export type DestinationConfig = t.TypeOf<typeof DestinationConfig>

/** Decodes the JSON of `--config`. */
export const decode: (json: unknown) => E.Either<Failure, Decoded<DestinationConfig>> = decodeConfig(
  DestinationConfig,
  { object_storage_config: STORAGE_LATER },
  ({ object_storage_config: storage }) =>
    storage.storage_type === 'S3' ? plainHttpWarnings('object_storage_config.s3_endpoint', storage.s3_endpoint) : [],
)

/** How records are read under a config. */
export const mannerOf = (config: DestinationConfig): RecordManner => ({
  ...defaultsOf(config),
  mapping: config.field_mapping.map(({ from, to }) => ({ column: from, field: to })),
})
