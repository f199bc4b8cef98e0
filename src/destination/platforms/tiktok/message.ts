/** What TikTok's messages tell beside their code: they are the only place of any detail, and their wording is not documented. */

/** A field of the request itself, as opposed to one of its events. */
export type RequestField = 'event_source' | 'test_event_code' | 'token' | 'data'

/**
 * The field of the request that a message speaks of; undefined where it speaks of an event, as `data.3.event`, `data[3]` and
 * `Batch.3.` do, or of nothing in particular.
 */
export const requestField = (message: string): RequestField | undefined => {
  if (AN_EVENT.test(message)) return undefined
  return REQUEST_FIELDS.find(([, patterns]) => patterns.some((pattern) => pattern.test(message)))?.[0]
}

/** The place of the event that a message speaks of, counted from 0 as in the legacy batch's messages; only a hint. */
export const suspectOf = (message: string): number | undefined => {
  const place = AN_EVENT.exec(message)?.[1]
  return place === undefined ? undefined : Number(place)
}

/** Whether a rate limit is the one of the day, which lifts at midnight UTC. */
export const isDaily = (message: string): boolean => A_DAY.test(message) && !SOONER.test(message)

const A_DAY = /\b(?:daily|QPD|(?:per|a|one|each)[\s_-]?day|today|24\s?h(?:ours?)?)\b/i
/** A message that lists all limits, and does not say which one it was: the sooner ones are waited out, and so is this. */
const SOONER = /\b(?:QPS|QPM|seconds?|minutes?|too (?:high|fast|frequent(?:ly)?))\b/i

/** `data.3.`, `data[3]`, `data/3`, `{'data': {3: ...}}`: an event, by its place. */
const AN_EVENT = /\b(?:data|batch)["'`]?\s*(?:[.[/]|:\s*[{[]?|->)\s*["'`]?(\d{1,4})/i

/** `data` as a field of its own: "Missing data for required field" is an ordinary phrase about an event's field. */
const REQUEST_FIELDS: ReadonlyArray<readonly [RequestField, ReadonlyArray<RegExp>]> = [
  ['event_source', [/\bevent_source(?:_id)?\b/i]],
  ['test_event_code', [/\btest_event_code\b/i]],
  ['token', [/(?<!unexpected )(?:\b|_)token\b/i]],
  [
    'data',
    [
      /^\W*data\b\W*(?::|$)/i,
      /(?:^\W*|\b(?:parameter|param|field)\b:?\s+)data\s+(?:field|parameter|list|array|is|must|should|can|cannot|exceeds|has|length|size)\b/i,
      /\b(?:the|missing|required|no|empty)\s+data\s+(?:field|parameter|list|array)\b/i,
      /\b(?:for|of|parameter|param|field|error)\b:?\s+data\b(?!\.\w|\s+(?:for|in|type)\b)/i,
      /["'`]data["'`]/i,
    ],
  ],
]
