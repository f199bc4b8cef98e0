import type * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import type { Failure } from '../failure'
import {
  type Decoded,
  Filled,
  PositiveInteger,
  decodeConfig,
  integerWithin,
  optional,
  otherwise,
  refined,
} from '../setting'
import { isCountry } from '../template/normalise'
import { TikTokConfig } from './platforms/tiktok/config'
import { DEFAULT_MAX_REQUEST_BYTES, MAX_EVENTS } from './platforms/tiktok/wire'

/** The destination's config, defaults filled in. */
export const DestinationConfig = t.type(
  {
    platform: TikTokConfig,
    default_event_name: optional(Filled),
    default_country: optional(
      refined(
        'an ISO 3166 country code of two capital letters',
        (json): json is string => typeof json === 'string' && isCountry(json),
      ),
    ),
    max_requests_in_flight: otherwise(PositiveInteger, 32),
    max_events_per_request: otherwise(integerWithin(1, MAX_EVENTS), MAX_EVENTS),
    max_request_bytes: otherwise(PositiveInteger, DEFAULT_MAX_REQUEST_BYTES),
    request_timeout_seconds: otherwise(PositiveInteger, 60),
    give_up_after_minutes: otherwise(PositiveInteger, 30),
  },
  'an object',
)
export type DestinationConfig = t.TypeOf<typeof DestinationConfig>

/** Decodes the JSON of `--config`. */
export const decode: (json: unknown) => E.Either<Failure, Decoded<DestinationConfig>> = decodeConfig(
  DestinationConfig,
  {
    default_currency: undefined,
    default_time_zone: undefined,
    field_mapping: [],
    max_rejected_percent: 100,
    object_storage_config: { storage_type: 'None' },
  },
)
