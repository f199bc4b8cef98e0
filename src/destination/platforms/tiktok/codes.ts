/**
 * What an answer asks for, by TikTok's return code or, where there is none, by the HTTP status: one table each. Sources: "Return
 * codes", Business API portal, Doc ID 1737172488964097; "HTTP status codes", Doc ID 1749734684478466; both read 2026-08.
 */

/** The classes that delivery tells apart. */
export type AnswerClass =
  /** All events taken. */
  | 'accepted'
  /** Some of them taken; the answer may say which. */
  | 'partial'
  /** None taken, for at least one is bad; or the request itself is, if the message says so. */
  | 'events'
  /** Had before. */
  | 'duplicate'
  /** Too often; the same again later. */
  | 'rate-limit'
  /** Passing trouble; the same again later. */
  | 'again'
  /** No retry helps: the token, what it may do, or the request itself. */
  | 'token'
  | 'permission'
  | 'request'

export interface Meaning {
  readonly class: AnswerClass
  /** In a few words, for people. */
  readonly reason: string
}

const means = (cls: AnswerClass, reason: string): Meaning => ({ class: cls, reason })

/**
 * 40100 is a rate limit, in spite of its looks. 40132 is documented for pixel codes: waited out, then surfaced by giving up.
 * 20001 is "partially successful" of the API as a whole; whether event/track answers it, and with what, is not public: a list of
 * failed events is read where there is one, and sending again is safe by event_id.
 */
export const RETURN_CODES: Readonly<Record<number, Meaning>> = {
  0: means('accepted', 'OK'),
  20001: means('partial', 'partially successful'),
  40000: means('events', 'invalid parameters'),
  40001: means('permission', 'no permission for the operation'),
  40002: means('events', 'parameter error'),
  40006: means('request', 'incompatible version of the API'),
  40007: means('request', 'no such object or operation'),
  40008: means('request', 'not implemented'),
  40010: means('request', 'wrong domain'),
  40011: means('request', 'too many ids in one request; lower max_events_per_request'),
  40016: means('rate-limit', "the application's rate limit"),
  40050: means('duplicate', 'duplicated request'),
  40051: means('request', 'invalid version of the API'),
  40100: means('rate-limit', "the application's rate limit"),
  40101: means('token', 'bad authentication parameters'),
  40102: means('token', 'expired'),
  40103: means('token', 'refresh token expired'),
  40104: means('token', 'empty'),
  40105: means('token', 'invalid or incorrect'),
  40106: means('token', 'its user is invalid'),
  40107: means('token', 'wrong refresh token'),
  40108: means('token', 'wrong grant type'),
  40109: means('token', 'can not be deciphered'),
  40110: means('token', 'wrong authorization code'),
  40111: means('token', 'authorization code used before'),
  40112: means('token', 'wrong password'),
  40113: means('permission', 'the application is blocked or missing'),
  40115: means('request', 'authentication timestamp expired'),
  40116: means('request', 'bad signature'),
  40117: means('request', 'method of authentication not usable'),
  40118: means('permission', 'not on the allow-list'),
  40119: means('permission', 'developer and advertiser belong to different companies'),
  40124: means('permission', 'the developer profile is not approved'),
  40125: means('permission', 'the developer lacks the permission'),
  40132: means('rate-limit', 'too often for one value'),
  40133: means('rate-limit', "the advertiser's rate limit"),
  40200: means('request', 'an asynchronous task failed'),
  40201: means('request', 'an asynchronous task is not ready'),
  40202: means('again', 'write conflict'),
  40300: means('request', 'no such advertiser'),
  40301: means('request', 'another advertiser'),
  40700: means('request', 'internal validation failed'),
  41000: means('request', 'calls from this country are not allowed'),
  41001: means('request', 'the endpoint is offline'),
  41002: means('request', 'fields that are not in use'),
  50000: means('again', 'system error'),
  50002: means('again', 'processing error'),
  51305: means('again', 'service error'),
  60001: means('again', 'under maintenance'),
}

/** [CODES] Failures are 4xxxx, 5xxxx and 6xxxx. */
export const LOWEST_FAILURE = 40_000

/** What a return code means; one that the table does not know goes by its range. Those below 40000 are none of TikTok's. */
export const meaningOf = (code: number): Meaning => {
  const known = RETURN_CODES[code]
  if (known !== undefined) return known
  if (code >= 50_000) return SERVICE_ERROR
  return code >= 40_900 && code <= 40_915 ? FILE_REFUSAL : UNKNOWN_REFUSAL
}

const SERVICE_ERROR = means('again', "an error of TikTok's service")
const FILE_REFUSAL = means('request', 'a file was refused')
const UNKNOWN_REFUSAL = means('request', 'refused')

/** Whether a code can be TikTok's: a failure's, or one of the table. */
export const isTikToks = (code: number): boolean => code >= LOWEST_FAILURE || RETURN_CODES[code] !== undefined

/** What an HTTP status means where the body is no envelope; the first line that it fits counts. */
export const HTTP_CLASSES: ReadonlyArray<Meaning & { readonly from: number; readonly to: number }> = [
  { from: 200, to: 299, ...means('again', 'an answer that is not whole') },
  { from: 408, to: 408, ...means('again', 'the request timed out') },
  { from: 425, to: 425, ...means('again', 'too early') },
  { from: 429, to: 429, ...means('rate-limit', 'a rate limit') },
  {
    from: 403,
    to: 403,
    ...means('request', "forbidden: a proxy on the way may refuse it, or TikTok's API is not there"),
  },
  { from: 407, to: 407, ...means('request', 'a proxy on the way wants a user name and a password') },
  { from: 413, to: 413, ...means('request', 'the request is too large: lower max_request_bytes') },
  { from: 500, to: 599, ...means('again', "trouble of the server's") },
  { from: 0, to: 999, ...means('request', "TikTok's Events API is not there") },
]

/** What an HTTP status means. */
export const statusMeaning = (status: number): Meaning =>
  HTTP_CLASSES.find(({ from, to }) => from <= status && status <= to) ?? NO_STATUS

const NO_STATUS = means('request', 'no HTTP status')
