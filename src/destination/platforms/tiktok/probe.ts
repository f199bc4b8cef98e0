import * as E from 'fp-ts/Either'
import type { Capabilities, HttpRequest } from '../../../capabilities'
import type { Failure } from '../../../failure'
import { isHopeless } from '../../../unreachable'
import { type Pacing, waitMs } from '../../delivery/backoff'
import type { TikTokConfig } from './config'
import type { Requests } from './request'
import { LOWEST_FAILURE, envelopeOf, haltReason, newJudge, requestField } from './response'
import type { Envelope } from './wire'

type Outside = Pick<Capabilities, 'http' | 'nowMs' | 'random' | 'sleep' | 'stop'>

/** What a test of the connection proved. */
export type Probe = 'token and event set' | 'token'

const PROBE_TIMEOUT_MS = 10_000
/** Rate limits and TikTok's own trouble are waited out for so long. */
const PATIENCE_MS = 30_000

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
  if (config.advertiser_id !== undefined) {
    const looked = await ask(caps, pacing, config, requests.lookup(config.advertiser_id, PROBE_TIMEOUT_MS))
    if (E.isLeft(looked)) return looked
    if (looked.right.code === 0) return judgeLookup(looked.right, config)
    if (looked.right.code !== LACKS_SCOPE) return refusedBy(looked.right, config)
  }
  const tried = await ask(caps, pacing, config, requests.track([], PROBE_TIMEOUT_MS))
  if (E.isLeft(tried)) return tried
  const { code, message = '' } = tried.right
  const field = requestField(message)
  const overData = (code === 40000 || code === 40002) && (field === undefined || field === 'data')
  return code === 0 || overData ? E.right('token') : refusedBy(tried.right, config)
}

/** [CODES] No permission for the operation: here, a token that may report events but not list event sets. */
const LACKS_SCOPE = 40001

const refusedBy = (envelope: Envelope, { access_token }: TikTokConfig): E.Either<Failure, never> =>
  E.left({ _tag: 'PlatformRefused', reason: haltReason(envelope, [access_token]) })

const judgeLookup = (envelope: Envelope, config: TikTokConfig): E.Either<Failure, Probe> => {
  const sets = (envelope.data as { readonly event_set_list?: unknown } | null | undefined)?.event_set_list
  const found =
    Array.isArray(sets) &&
    sets.some((set: { readonly event_set_id?: unknown } | null) => String(set?.event_set_id) === config.event_set_id)
  if (found) return E.right('token and event set')
  return E.left({
    _tag: 'PlatformRefused',
    reason:
      'platform.event_set_id: this advertiser has no such offline event set. Give the number of an offline event set, not a pixel code, and the advertiser that owns it.',
  })
}

/** An envelope whose code is no passing trouble. */
const ask = async (
  caps: Outside,
  pacing: Pacing,
  { api_url, access_token }: TikTokConfig,
  request: HttpRequest,
): Promise<E.Either<Failure, Envelope>> => {
  const judge = newJudge(new URL(api_url).host, [access_token])
  const startMs = caps.nowMs()
  for (let attempt = 0; ; attempt++) {
    const answer = await caps.http.send(request)
    const verdict = judge(answer)
    const envelope = E.isRight(answer) ? envelopeOf(answer.right) : undefined
    if (verdict._tag !== 'Again') {
      const foreign = envelope === undefined || (verdict._tag === 'Halt' && envelope.code < LOWEST_FAILURE)
      if (!foreign) return E.right(envelope)
      return E.left({ _tag: 'PlatformRefused', reason: verdict._tag === 'Halt' ? verdict.reason : '' })
    }
    const leftMs = PATIENCE_MS - (caps.nowMs() - startMs)
    const over = leftMs <= 0 || caps.stop.aborted
    if (E.isLeft(answer) && (over || isHopeless(answer.left.cause)))
      return E.left({ _tag: 'PlatformUnreachable', ...answer.left })
    if (over) return E.left({ _tag: 'CouldNotTell', reason: verdict.reason })
    await caps.sleep(Math.min(leftMs, waitMs(pacing, attempt, caps.random(), 0)))
  }
}
