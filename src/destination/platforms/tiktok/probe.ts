import * as E from 'fp-ts/Either'
import type { Capabilities, HttpReply, HttpRequest } from '../../../capabilities'
import type { Failure } from '../../../failure'
import { hostOf, isHopeless } from '../../../unreachable'
import { type Pacing, waitMs } from '../../delivery/backoff'
import { scrub } from '../../delivery/scrub'
import type { Answer } from '../../delivery/verdict'
import { type TikTokConfig, secretsOf } from './config'
import type { Requests } from './request'
import { LOWEST_FAILURE, isTikToks, meaningOf } from './codes'
import { requestField } from './message'
import { envelopeOf, haltReason, newJudge } from './response'
import type { Envelope } from './wire'

type Outside = Pick<Capabilities, 'http' | 'elapsedMs' | 'random' | 'sleep' | 'stop'>

/** What a test of the connection proved. */
export type Probe = 'token and event set' | 'token'

/** Rate limits, TikTok's own trouble and silence are waited out for so long, all requests together. */
const PATIENCE_MS = 30_000
/** The first request is given so long, the next twice that: a lost answer costs no more than this, a slow one is heard yet. */
const FIRST_TIMEOUT_MS = 10_000
/** The last request begins as patience ends, and is given this. */
const LAST_ANSWER_MS = 2_000

/**
 * Proves the token and, where an advertiser is given and the token may look it up, the event set, without writing an event: the
 * look-up, else a request with no events, which TikTok refuses over its data only after it has taken the token.
 */
export const probe = async (
  caps: Outside,
  pacing: Pacing,
  config: TikTokConfig,
  requests: Requests,
): Promise<E.Either<Failure, Probe>> => {
  const ask = asker(caps, pacing, config)
  const { advertiser_id } = config
  if (advertiser_id !== undefined) {
    const looked = await ask((timeoutMs) => requests.lookup(advertiser_id, timeoutMs))
    if (E.isLeft(looked)) return looked
    const found = judgeLookup(looked.right, config)
    if (found !== undefined) return found
  }
  const tried = await ask((timeoutMs) => requests.track([], timeoutMs))
  if (E.isLeft(tried)) return tried
  const { code, message = '' } = tried.right
  const field = requestField(message)
  const overData = (code === 40000 || code === 40002) && (field === undefined || field === 'data')
  return code === 0 || overData ? E.right('token') : refused(haltReason(tried.right, secretsOf(config)))
}

const refused = (reason: string): E.Either<Failure, never> => E.left({ _tag: 'PlatformRefused', reason })

/**
 * What the look-up tells; undefined where it tells nothing of the config, as where the token may report events but not list event
 * sets: the other way of asking is left.
 */
const judgeLookup = (envelope: Envelope, config: TikTokConfig): E.Either<Failure, Probe> | undefined => {
  const { code, message = '', data } = envelope
  if (code === 0) return listed(data, config.event_set_id) ? E.right('token and event set') : refused(NOT_THERE)
  const secrets = secretsOf(config)
  if (meaningOf(code).class === 'token') return refused(haltReason(envelope, secrets))
  const said = `TikTok answered ${code}: ${scrub(message, secrets)}`
  if (/\bevent_set/i.test(message)) return refused(`${NOT_THERE} ${said}`)
  if (NO_ADVERTISER.has(code) || /\badvertiser_id/i.test(message)) return refused(`${NO_SUCH_ADVERTISER} ${said}`)
  return undefined
}

const listed = (data: unknown, id: string): boolean => {
  const sets = (data as { readonly event_set_list?: unknown } | null | undefined)?.event_set_list
  return (
    Array.isArray(sets) &&
    sets.some((set: { readonly event_set_id?: unknown } | null) => String(set?.event_set_id) === id)
  )
}

const NOT_THERE =
  'platform.event_set_id: this advertiser has no such offline event set. Give the number of an offline event set, not a pixel code, and the advertiser that owns it.'

const NO_SUCH_ADVERTISER =
  'platform.advertiser_id: TikTok does not look event sets up for it. Give the number of the ad account that owns the event set, or leave it out.'

/** [CODES] The advertiser does not exist, or does not match. */
const NO_ADVERTISER: ReadonlySet<number> = new Set([40300, 40301])

type Ask = (request: (timeoutMs: number) => HttpRequest) => Promise<E.Either<Failure, Envelope>>

/** Asks until there is an envelope whose code is no passing trouble, or patience ends. */
const asker = (caps: Outside, pacing: Pacing, config: TikTokConfig): Ask => {
  const host = hostOf(config.api_url)
  const judge = newJudge(host, secretsOf(config))
  const untilMs = caps.elapsedMs() + PATIENCE_MS
  return async (request) => {
    // TikTok's trouble outweighs a silence after it: that it is there is known by then.
    let trouble: string | undefined
    for (let attempt = 0; ; attempt++) {
      const longestMs = Math.max(untilMs - caps.elapsedMs(), LAST_ANSWER_MS)
      const answer = await caps.http.send(request(Math.min(longestMs, FIRST_TIMEOUT_MS * 2 ** attempt)))
      const verdict = judge(answer, [])
      const envelope = E.isRight(answer) ? envelopeOf(answer.right) : undefined
      if (verdict._tag === 'Exhausted') return E.left({ _tag: 'CouldNotTell', reason: verdict.reason })
      if (verdict._tag === 'Crowded') return E.left({ ...verdict, _tag: 'PlatformUnreachable' })
      if (verdict._tag !== 'Again') {
        const foreign = envelope === undefined || (verdict._tag === 'Halt' && envelope.code < LOWEST_FAILURE)
        if (!foreign) return E.right(envelope)
        return refused(verdict._tag === 'Halt' ? verdict.reason : '')
      }
      if (E.isRight(answer) && !isPage(answer.right)) trouble = verdict.reason
      const leftMs = untilMs - caps.elapsedMs()
      const hopeless = E.isLeft(answer) && isHopeless(answer.left.cause) && trouble === undefined
      if (hopeless || leftMs <= 0 || caps.stop.aborted) return given(answer, trouble, host)
      await caps.sleep(Math.min(leftMs, waitMs(pacing, attempt, caps.random(), 0)))
    }
  }
}

/** What to say when patience has ended. */
const given = (answer: Answer, trouble: string | undefined, host: string): E.Either<Failure, never> => {
  if (trouble !== undefined) return E.left({ _tag: 'CouldNotTell', reason: trouble })
  if (E.isLeft(answer)) return E.left({ _tag: 'PlatformUnreachable', ...answer.left })
  return refused(
    `platform.api_url: HTTP ${answer.right.status} from ${host}, and not in TikTok's words: another web server answers there, or a proxy on the way. Leave api_url out to use TikTok's own.`,
  )
}

/**
 * A whole answer of success that is none of the API's: a web page, as a proxy's log-in, or another API's. What else begins like the
 * API's was cut off.
 */
const isPage = (reply: HttpReply): boolean => {
  const code = envelopeOf(reply)?.code
  const isWhole = !/^\s*\{/.test(reply.body) || (code !== undefined && !isTikToks(code))
  return reply.status >= 200 && reply.status < 300 && isWhole
}
