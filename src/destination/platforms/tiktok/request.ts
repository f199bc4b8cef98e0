import type { HttpRequest } from '../../../capabilities'
import type { TikTokConfig } from './config'
import { LOOKUP_PATH, TOKEN_HEADER, TRACK_PATH } from './wire'

/** Requests for one event set: of encoded events, and of the look-up of the set itself. */
export interface Requests {
  readonly track: (events: ReadonlyArray<string>, timeoutMs: number) => HttpRequest
  readonly lookup: (advertiserId: string, timeoutMs: number) => HttpRequest
  /** What a body weighs without its events, in bytes. */
  readonly overheadBytes: number
}

/** The requests of one event set; everything but the events is encoded once. */
export const requestsOf = ({ api_url, access_token, event_set_id, test_event_code }: TikTokConfig): Requests => {
  const base = api_url.replace(/\/+$/, '')
  const before = `${JSON.stringify({ event_source: 'offline', event_source_id: event_set_id, test_event_code }).slice(0, -1)},"data":[`
  const after = ']}'
  return {
    track: (events, timeoutMs) => ({
      method: 'POST',
      url: base + TRACK_PATH,
      headers: { [TOKEN_HEADER]: access_token, 'Content-Type': 'application/json' },
      body: before + events.join(',') + after,
      timeoutMs,
    }),
    lookup: (advertiserId, timeoutMs) => ({
      method: 'GET',
      url: `${base}${LOOKUP_PATH}?${new URLSearchParams({
        advertiser_id: advertiserId,
        event_set_ids: JSON.stringify([event_set_id]),
      }).toString()}`,
      headers: { [TOKEN_HEADER]: access_token },
      body: undefined,
      timeoutMs,
    }),
    overheadBytes: new TextEncoder().encode(before + after).length,
  }
}
