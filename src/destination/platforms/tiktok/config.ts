import * as t from 'io-ts'
import { Filled, HttpUrl, PositiveInteger, Secret, optional, otherwise, refined } from '../../../setting'
import { DEFAULT_MAX_EVENT_AGE_DAYS } from './wire'

/** The part of the destination's config that is TikTok's. Ids are text: as JSON numbers they would be rounded. */
export const TikTokConfig = t.type(
  {
    type: refined('"tiktok"', (json): json is 'tiktok' => json === 'tiktok'),
    access_token: Secret,
    event_set_id: Filled,
    advertiser_id: optional(Filled),
    test_event_code: optional(Filled),
    additional_event_names: otherwise(
      refined(
        'a list of event names',
        (json): json is ReadonlyArray<string> =>
          Array.isArray(json) && json.every((name) => typeof name === 'string' && name.trim() !== ''),
      ),
      [],
    ),
    max_event_age_days: otherwise(PositiveInteger, DEFAULT_MAX_EVENT_AGE_DAYS),
    api_url: otherwise(HttpUrl, 'https://business-api.tiktok.com'),
  },
  'an object with type "tiktok", access_token and event_set_id',
)
export type TikTokConfig = t.TypeOf<typeof TikTokConfig>

/** What no message may repeat: the token, and ids that are no numbers, for then they may be another's token. */
export const secretsOf = ({
  access_token,
  event_set_id,
  advertiser_id,
  test_event_code,
}: TikTokConfig): ReadonlyArray<string> => [
  access_token,
  ...[event_set_id, advertiser_id, test_event_code].filter((id) => id !== undefined && !/^\d+$/.test(id)).map(String),
]
