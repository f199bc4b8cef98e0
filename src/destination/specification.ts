import { defaultsSpecification, maxRejectedSpecification, pairsOf } from '../rows/specification'
import { OFFLINE_EVENT } from '../template/offline-event'
import { tiktokSpecification } from './platforms/tiktok/specification'
import { DEFAULT_MAX_REQUEST_BYTES, MAX_EVENTS } from './platforms/tiktok/wire'
import { rejectsSpecification } from './rejects/specification'

/** The JSON Schema of the destination's config, beside the codec in config.ts; a test holds that both accept the same samples. */
export const destinationSpecification = (): Readonly<Record<string, unknown>> => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Offline Events',
  type: 'object',
  required: ['platform'],
  additionalProperties: true,
  properties: {
    platform: {
      order: 0,
      type: 'object',
      title: 'Platform',
      description: 'Where the events go.',
      oneOf: [tiktokSpecification],
    },
    ...defaultsSpecification(1, 'records'),
    field_mapping: {
      order: 5,
      title: 'Field mapping',
      description:
        "For streams whose records are not in the template's words: which of their top-level keys is which column.",
      ...pairsOf(
        { from: { order: 0, type: 'string', title: 'Key of the record', examples: ['email_address'], pattern: '\\S' } },
        'to',
        OFFLINE_EVENT,
      ),
    },
    max_rejected_percent: maxRejectedSpecification(6, 'records of a run'),
    max_requests_in_flight: integer(7, 'Requests in flight', 'At most so many requests at a time.', 32),
    max_events_per_request: {
      ...integer(8, 'Events per request', 'At most so many events in a request.', MAX_EVENTS),
      maximum: MAX_EVENTS,
    },
    max_request_bytes: integer(
      9,
      'Bytes per request',
      'At most so many bytes in the body of a request.',
      DEFAULT_MAX_REQUEST_BYTES,
    ),
    request_timeout_seconds: integer(
      10,
      'Request timeout in seconds',
      'A request without answer is repeated after so long.',
      60,
    ),
    give_up_after_minutes: integer(
      11,
      'Minutes until giving up',
      'So long a request is repeated while the platform is unreachable or limits the rate; then the sync fails and can be run again.',
      30,
    ),
    object_storage_config: rejectsSpecification(12),
  },
})

const integer = (
  order: number,
  title: string,
  description: string,
  standard: number,
): Readonly<Record<string, unknown>> => ({
  order,
  type: 'integer',
  title,
  description,
  default: standard,
  minimum: 1,
})
