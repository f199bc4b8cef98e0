import { DEFAULT_MAX_EVENT_AGE_DAYS } from './wire'

/** TikTok's variant of `platform` in the destination's specification. */
export const tiktokSpecification: Readonly<Record<string, unknown>> = {
  title: 'TikTok',
  type: 'object',
  required: ['type', 'access_token', 'event_set_id'],
  properties: {
    type: { type: 'string', const: 'tiktok', default: 'tiktok', enum: ['tiktok'], order: 0 },
    access_token: {
      order: 1,
      type: 'string',
      title: 'Access token',
      description: 'Made in Events Manager under the settings of the offline event set.',
      airbyte_secret: true,
      pattern: '^[!-~]+$',
    },
    event_set_id: {
      order: 2,
      type: 'string',
      title: 'Offline event set ID',
      description: 'The number of the offline event set, not a pixel code.',
      examples: ['7312345678901234567'],
      minLength: 1,
    },
    advertiser_id: {
      order: 3,
      type: 'string',
      title: 'Advertiser ID',
      description: 'With it the connection test looks the event set up; events are sent without it.',
      minLength: 1,
    },
    test_event_code: {
      order: 4,
      type: 'string',
      title: 'Test event code',
      description:
        'From the Test Events tab of Events Manager. Events sent with it are tests. TikTok does not document it for offline event sets.',
      examples: ['TEST12345'],
      minLength: 1,
    },
    additional_event_names: {
      order: 5,
      type: 'array',
      title: 'Additional event names',
      description: "Names to be sent beside TikTok's standard offline events, in the spelling given here.",
      items: { type: 'string', pattern: '\\S' },
      default: [],
    },
    max_event_age_days: {
      order: 6,
      type: 'integer',
      title: 'Oldest event in days',
      description: 'Older events are rejected here, for the platform would not count them.',
      default: DEFAULT_MAX_EVENT_AGE_DAYS,
      minimum: 1,
    },
    api_url: {
      order: 7,
      type: 'string',
      title: 'API URL',
      description: 'For tests.',
      default: 'https://business-api.tiktok.com',
      pattern: '^[hH][tT][tT][pP][sS]?://\\S+$',
      airbyte_hidden: true,
    },
  },
}
