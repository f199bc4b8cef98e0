import { isObject, parseJson } from '../../../json'
import type { OfflineEvent } from '../../../template/offline-event'
import type { Channel } from '../../delivery/courier'
import { type TikTokConfig, secretsOf } from './config'
import { eventNames } from './event-names'
import { newEncoder, ownId } from './mapping'
import { type Requests, requestsOf } from './request'
import { newJudge } from './response'
import { MAX_FUTURE_SECONDS, MOST_REQUESTS_PER_SECOND } from './wire'

/** What delivery needs of TikTok for one event set. */
export interface TikTok {
  readonly encode: ReturnType<typeof newEncoder>
  /** By which TikTok tells repeats, beside event set and name; undefined where it is made of the event itself. */
  readonly idOf: (event: OfflineEvent) => string | undefined
  /** An event's name in TikTok's spelling; undefined where TikTok knows none. */
  readonly knownName: (name: string) => string | undefined
  /** An encoded event as its owner knows it. */
  readonly told: (eventJson: string) => { readonly eventName?: string; readonly transactionId?: string }
  /** What age of events it takes: how far back, and how far ahead. */
  readonly window: { readonly pastSeconds: number; readonly futureSeconds: number }
  readonly channel: Channel
  readonly requests: Requests
}

/** TikTok for one event set. */
export const tiktok = (config: TikTokConfig): TikTok => {
  const requests = requestsOf(config)
  const nameOf = eventNames(config.additional_event_names)
  return {
    encode: newEncoder({
      additionalEventNames: config.additional_event_names,
      maxEventAgeDays: config.max_event_age_days,
    }),
    idOf: ownId,
    knownName: (name) => {
      const json = nameOf(name)
      return json === undefined ? undefined : (JSON.parse(json) as string)
    },
    told: (eventJson) => {
      const { event, properties } = parseJson(eventJson) as { readonly event: string; readonly properties?: unknown }
      const id = isObject(properties) ? properties['order_id'] : undefined
      return { eventName: event, ...(typeof id === 'string' ? { transactionId: id } : {}) }
    },
    window: { pastSeconds: config.max_event_age_days * 86_400, futureSeconds: MAX_FUTURE_SECONDS },
    channel: {
      request: requests.track,
      judge: newJudge(new URL(config.api_url).host, secretsOf(config)),
      mostRequestsPerSecond: MOST_REQUESTS_PER_SECOND,
    },
    requests,
  }
}
