/**
 * TikTok's words and figures. Sources: [API] "Report App, Web, Offline, or CRM Events", Business API portal, Doc ID
 * 1771101303285761; [LIMITS] "API rate limits" there; both read 2026-08. Return codes stand in codes.ts.
 */

/** [API] The slash at the end is required: without it the gateway answers a 404 page. */
export const TRACK_PATH = '/open_api/v1.3/event/track/'
/** Event-set look-up; needs an advertiser and a token with the offline-read scope. Business API SDK, offline_get. */
export const LOOKUP_PATH = '/open_api/v1.3/offline/get/'
export const TOKEN_HEADER = 'Access-Token'

/** [API] Most events in one request; above it the whole request is refused. */
export const MAX_EVENTS = 1000
/** [LIMITS] Requests a second of event/track, for any tier; 600,000 a minute and 86,400,000 a day, both out of reach by this one. */
export const MOST_REQUESTS_PER_SECOND = 1000
/** Bytes of a request body. TikTok publishes no limit; others keep to 1 MB (Tealium's connector). Configurable. */
export const DEFAULT_MAX_REQUEST_BYTES = 1_000_000
/** Days. Amperity and LiveRamp document 28 for offline events; TikTok's own rule is not public. Configurable. */
export const DEFAULT_MAX_EVENT_AGE_DAYS = 28
/** Seconds that an event may lie ahead: clocks differ. Ours; TikTok publishes none. */
export const MAX_FUTURE_SECONDS = 300

/** Standard offline events: help page "Supported events for offline event sets", 2025-05. Spelling matters. */
export const EVENT_NAMES: ReadonlyArray<string> = [
  'Purchase',
  'Contact',
  'Subscribe',
  'Lead',
  'AddPaymentInfo',
  'AddToCart',
  'AddToWishlist',
  'CompleteRegistration',
  'Download',
  'InitiateCheckout',
  'Search',
  'ViewContent',
]

/** Old names of standard events, still found in files, and what TikTok calls them now. */
export const RENAMED: Readonly<Record<string, string>> = { completepayment: 'Purchase', submitform: 'Lead' }

/** [API] Currencies listed there. Others are sent with a warning: the list's date is unknown. */
export const CURRENCIES: ReadonlySet<string> = new Set(
  (
    'AED ARS AUD BDT BHD BIF BOB BRL CAD CHF CLP CNY COP CRC CZK DKK DZD EGP EUR GBP GTQ HKD HNL HUF IDR ILS INR ISK JPY ' +
    'KES KHR KRW KWD KZT MAD MOP MXN MYR NGN NIO NOK NZD OMR PEN PHP PKR PLN PYG QAR RON RUB SAR SEK SGD THB TRY TWD UAH ' +
    'USD VES VND ZAR'
  ).split(' '),
)

/** [API] The envelope of every answer. HTTP status is nearly always 200: `code` is the outcome, 0 success. */
export interface Envelope {
  readonly code: number
  readonly message: string | undefined
  readonly requestId: string | undefined
  readonly data: unknown
}
