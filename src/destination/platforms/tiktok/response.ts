import * as E from 'fp-ts/Either'
import type { HttpReply } from '../../../capabilities'
import { isObject, parseJson } from '../../../json'
import { scrub } from '../../delivery/scrub'
import type { Answer, Verdict } from '../../delivery/verdict'
import { BAD_TOKEN, CODES, type Envelope, NO_PERMISSION } from './wire'

/**
 * What an answer means: the body's `code` speaks first, the HTTP status only where there is no readable body. `secrets` are kept
 * out of every reason.
 */
export const newJudge =
  (host: string, secrets: ReadonlyArray<string>) =>
  (answer: Answer): Verdict => {
    if (E.isLeft(answer))
      return answer.left.cause === 'proxy-address'
        ? { _tag: 'Halt', reason: NO_PROXY }
        : again(`no answer: ${answer.left.cause}`)
    const envelope = envelopeOf(answer.right)
    const { status } = answer.right
    // A gateway's page may be JSON with a code of its own: under a failed status only TikTok's failure codes count.
    const foreign = envelope !== undefined && envelope.code < LOWEST_FAILURE && !(status >= 200 && status < 300)
    if (envelope === undefined || foreign) return byStatus(status, host)
    return byCode(envelope, secrets)
  }

/** The envelope of an answer; undefined where the body is none: cut off, or not TikTok's at all. */
export const envelopeOf = ({ body }: HttpReply): Envelope | undefined => {
  const json = parseJson(body)
  if (!isObject(json)) return undefined
  const { code, message, request_id, data } = json
  if (typeof code !== 'number') return undefined
  return {
    code,
    message: typeof message === 'string' ? message : undefined,
    requestId: typeof request_id === 'string' && REQUEST_ID.test(request_id) ? request_id : undefined,
    data,
  }
}

/** A second, and letters or digits: what else stands in its place is not shown. */
const REQUEST_ID = /^20\d{12}[0-9A-Z]{6,50}$/

/** What to tell a user of a code that no retry helps. */
export const haltReason = ({ code, message, requestId }: Envelope, secrets: ReadonlyArray<string>): string => {
  const said = `TikTok answered ${code}: ${scrub(message ?? '', secrets)}${requestId === undefined ? '' : ` (request ${requestId})`}`
  if (BAD_TOKEN.has(code))
    return `platform.access_token: TikTok does not accept the token. Make a new one in Events Manager. ${said}`
  if (NO_PERMISSION.has(code))
    return `platform.access_token: the token may not report events to this event set. Grant it, or make one in the event set's settings. ${said}`
  const field = requestField(message ?? '')
  if (field === 'token') return `platform.access_token: TikTok refuses the token's form. Copy it again. ${said}`
  if (field === 'test_event_code')
    return `platform.test_event_code: TikTok does not take the test event code. Correct it or leave it out. ${said}`
  if (field === 'event_source')
    return `platform.event_set_id: TikTok does not know this offline event set. Give the number of an offline event set, not a pixel code. ${said}`
  return `TikTok refuses the requests. ${said}`
}

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

const NO_PROXY = 'TikTok can not be asked: HTTPS_PROXY or HTTP_PROXY of the environment is no http URL.'

const again = (reason: string, rateLimited = false): Verdict => ({ _tag: 'Again', reason, rateLimited })

const byCode = (envelope: Envelope, secrets: ReadonlyArray<string>): Verdict => {
  const { code, message, requestId } = envelope
  const meaning = CODES[code] ?? (code >= 50_000 ? 'again' : undefined)
  switch (meaning) {
    case 'accepted':
      return { _tag: 'Accepted' }
    case 'duplicate':
      return { _tag: 'Duplicate' }
    case 'again':
      return again(`code ${code}`)
    case 'rate-limit':
      return again(`code ${code}, a rate limit`, true)
    case 'events':
      if (requestField(message ?? '') === undefined)
        return { _tag: 'Refused', message: `${code} ${scrub(message ?? '', secrets)}`.trim(), requestId }
      return { _tag: 'Halt', reason: haltReason(envelope, secrets) }
    case undefined:
      return { _tag: 'Halt', reason: haltReason(envelope, secrets) }
  }
}

/** HTTP 408, 425, 429 and 5xx pass; a 2xx without envelope was cut off; everything else is not TikTok's API. */
const byStatus = (status: number, host: string): Verdict => {
  if (status === 429) return again('HTTP 429', true)
  if (status === 408 || status === 425 || status >= 500) return again(`HTTP ${status}`)
  if (status >= 200 && status < 300) return again('an answer that is not whole')
  return {
    _tag: 'Halt',
    reason: `platform.api_url: HTTP ${status} from ${host}; ${status === 403 || status === 407 ? 'a proxy on the way may refuse it, or ' : ''}TikTok's Events API is not there. Leave api_url out to use TikTok's own.`,
  }
}

/** [CODES] Failures are 4xxxx, 5xxxx and 6xxxx. */
export const LOWEST_FAILURE = 40_000

/** `data.3.`, `data[3]`, `data/3`, `{'data': {3: ...}}`: an event, by its place. */
const AN_EVENT = /\b(?:data|batch)["'`]?\s*(?:[.[/]|:\s*[{[]?|->)\s*["'`]?\d/i

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
