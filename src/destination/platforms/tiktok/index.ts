import type { Channel } from '../../delivery/deliver'
import { type TikTokConfig, secretsOf } from './config'
import { newEncoder } from './mapping'
import { type Requests, requestsOf } from './request'
import { newJudge } from './response'

/** What delivery needs of TikTok for one event set. */
export interface TikTok {
  readonly encode: ReturnType<typeof newEncoder>
  readonly channel: Channel
  readonly requests: Requests
}

/** TikTok for one event set. */
export const tiktok = (config: TikTokConfig): TikTok => {
  const requests = requestsOf(config)
  return {
    encode: newEncoder({
      additionalEventNames: config.additional_event_names,
      maxEventAgeDays: config.max_event_age_days,
    }),
    channel: { request: requests.track, judge: newJudge(new URL(config.api_url).host, secretsOf(config)) },
    requests,
  }
}
