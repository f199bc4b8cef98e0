import * as E from 'fp-ts/Either'
import type { HttpReply, HttpTrouble } from '../../../capabilities'
import { isObject, parseJson } from '../../../json'
import { scrub } from '../../delivery/scrub'
import type { Answer, Verdict } from '../../delivery/verdict'
import { LOWEST_FAILURE, type Meaning, isTikToks, meaningOf, statusMeaning } from './codes'
import { isDaily, requestField, suspectOf } from './message'
import { listedFailures } from './partial'
import type { Envelope } from './wire'

/**
 * What an answer to a request of these events means: the body's `code` speaks first, the HTTP status only where there is no
 * readable body. `secrets` are kept out of every reason.
 */
export const newJudge =
  (host: string, secrets: ReadonlyArray<string>) =>
  (answer: Answer, events: ReadonlyArray<string>): Verdict => {
    if (E.isLeft(answer)) return withoutAnswer(answer.left)
    const envelope = envelopeOf(answer.right)
    const { status } = answer.right
    if (envelope === undefined || isForeign(envelope, status)) return byStatus(status, host)
    return byCode(envelope, secrets, events)
  }

/** A gateway's page may be JSON with a code of its own: under a failed status only TikTok's failure codes count. */
const isForeign = ({ code }: Envelope, status: number): boolean =>
  !isTikToks(code) || (code < LOWEST_FAILURE && !(status >= 200 && status < 300))

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
  const meaning = meaningOf(code)
  const said = `TikTok answered ${code} (${meaning.reason}): ${scrub(message ?? '', secrets)}${requestId === undefined ? '' : ` (request ${requestId})`}`
  if (meaning.class === 'token')
    return `platform.access_token: TikTok does not accept the token. Make a new one in Events Manager. ${said}`
  if (meaning.class === 'permission')
    return `platform.access_token: the token may not report events to this event set. Grant it, or make one in the event set's settings. ${said}`
  const field = requestField(message ?? '')
  if (field === 'token') return `platform.access_token: TikTok refuses the token's form. Copy it again. ${said}`
  if (field === 'test_event_code')
    return `platform.test_event_code: TikTok does not take the test event code. Correct it or leave it out. ${said}`
  if (field === 'event_source')
    return `platform.event_set_id: TikTok does not know this offline event set. Give the number of an offline event set, not a pixel code. ${said}`
  return `TikTok refuses the requests. ${said}`
}

const NO_PROXY = 'TikTok can not be asked: HTTPS_PROXY or HTTP_PROXY of the environment is no http URL.'

const withoutAnswer = (trouble: HttpTrouble): Verdict => {
  if (trouble.cause === 'proxy-address') return { _tag: 'Halt', reason: NO_PROXY }
  return trouble.cause === 'no-handles' ? { _tag: 'Crowded', ...trouble } : again(`no answer: ${trouble.cause}`)
}

const again = (reason: string, cause: 'trouble' | 'rate-limit' = 'trouble'): Verdict => ({
  _tag: 'Again',
  reason,
  cause,
})

const byCode = (envelope: Envelope, secrets: ReadonlyArray<string>, events: ReadonlyArray<string>): Verdict => {
  const { code, message = '', requestId, data } = envelope
  const meaning = meaningOf(code)
  const said = { message: `${code} ${scrub(message, secrets)}`.trim(), requestId }
  switch (meaning.class) {
    case 'accepted':
      return { _tag: 'Accepted' }
    case 'duplicate':
      return { _tag: 'Duplicate' }
    case 'again':
      return again(told(`code ${code}`, meaning))
    case 'rate-limit':
      return isDaily(message)
        ? { _tag: 'Exhausted', reason: told(`code ${code}`, meaning) }
        : again(told(`code ${code}`, meaning), 'rate-limit')
    case 'events':
      return requestField(message) === undefined
        ? { _tag: 'Refused', ...said, suspect: suspectOf(message) }
        : { _tag: 'Halt', reason: haltReason(envelope, secrets) }
    case 'partial': {
      const failed = listedFailures(data, events)
      return failed.length === 0 || failed.length === events.length
        ? { _tag: 'Refused', ...said, suspect: undefined }
        : { _tag: 'Partial', ...said, failed }
    }
    case 'token':
    case 'permission':
    case 'request':
      return { _tag: 'Halt', reason: haltReason(envelope, secrets) }
  }
}

const told = (what: string, { reason }: Meaning): string => `${what}, ${reason}`

const byStatus = (status: number, host: string): Verdict => {
  const meaning = statusMeaning(status)
  if (meaning.class === 'again' || meaning.class === 'rate-limit')
    return again(told(`HTTP ${status}`, meaning), meaning.class === 'rate-limit' ? 'rate-limit' : 'trouble')
  return {
    _tag: 'Halt',
    reason: `platform.api_url: HTTP ${status} from ${host}; ${meaning.reason}. Leave api_url out to use TikTok's own.`,
  }
}
