import * as E from 'fp-ts/Either'
import type { HttpReply } from '../../../capabilities'
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
    if (E.isLeft(answer)) return again(`no answer: ${answer.left.cause}`)
    const envelope = envelopeOf(answer.right)
    return envelope === undefined ? byStatus(answer.right.status, host) : byCode(envelope, secrets)
  }

/** The envelope of an answer; undefined where the body is none: cut off, or not TikTok's at all. */
export const envelopeOf = ({ body }: HttpReply): Envelope | undefined => {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof json !== 'object' || json === null) return undefined
  const { code, message, request_id, data } = json as Readonly<Record<string, unknown>>
  if (typeof code !== 'number') return undefined
  return {
    code,
    message: typeof message === 'string' ? message : undefined,
    requestId: typeof request_id === 'string' ? request_id : undefined,
    data,
  }
}

/** What to tell a user of a code that no retry helps. */
export const haltReason = ({ code, message, requestId }: Envelope, secrets: ReadonlyArray<string>): string => {
  const said = `TikTok answered ${code}: ${scrub(message ?? '', secrets)}${requestId === undefined ? '' : ` (request ${requestId})`}`
  if (BAD_TOKEN.has(code))
    return `platform.access_token: TikTok does not accept the token. Make a new one in Events Manager. ${said}`
  if (NO_PERMISSION.has(code))
    return `platform.access_token: the token may not report events to this event set. Grant it, or make one in the event set's settings. ${said}`
  if (message?.includes('event_source_id') === true)
    return `platform.event_set_id: TikTok does not know this offline event set. Give the number of an offline event set, not a pixel code. ${said}`
  return `TikTok refuses the requests. ${said}`
}

/** Whether a message speaks of the request and not of one of its events: `data.3.event` and `Batch.3.` are an event's. */
export const namesRequest = (message: string): boolean =>
  !AN_EVENT.test(message) && (A_REQUEST_FIELD.test(message) || DATA_AS_A_WHOLE.test(message))

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
      if (message === undefined || !namesRequest(message))
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
    reason: `platform.api_url: HTTP ${status} from ${host}; TikTok's Events API is not there. Leave api_url out to use TikTok's own.`,
  }
}

const AN_EVENT = /\b(?:data|batch)\s*[.[]\s*\d/i
const A_REQUEST_FIELD = /\bevent_source(?:_id)?\b|\btest_event_code\b|\btoken\b/i
/** `data` as a field: "Missing data for required field" is an ordinary phrase about an event's field. */
const DATA_AS_A_WHOLE =
  /^\W*data\b\W*(?::|$|is\b|must\b|should\b|can\b|cannot\b|exceeds\b|has\b|length\b|size\b)|["'`]data["'`]/i
