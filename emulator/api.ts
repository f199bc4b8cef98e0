import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { judgeToken } from './access'
import { envelope, htmlPage, nextRequestId, send, sendCut, sendDripping } from './answers'
import type { Answer } from './answers'
import { firstPiece, readBody } from './body'
import { faultName, messageOf } from './faults'
import type { Endpoint, Fault } from './faults'
import { lookUp } from './lookup'
import { isTooFast } from './state'
import type { EmulatorState } from './state'
import { countOne } from './tally'
import { track } from './track'

interface Route {
  readonly endpoint: Endpoint
  readonly method: string
  readonly name: string
}

/** The trailing slash belongs to the path: without it the gateway answers a plain 404 page. */
const routes = new Map<string, Route>([
  ['/open_api/v1.3/event/track/', { endpoint: 'track', method: 'POST', name: 'event/track' }],
  ['/open_api/v1.3/offline/get/', { endpoint: 'lookup', method: 'GET', name: 'offline/get' }],
])

/** Answers a request to TikTok. It is judged in this order: path, method, token, pace, planned fault, size, body. */
export async function answerApi(
  state: EmulatorState,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const route = routes.get(url.pathname)
  const nowMs = Date.now()
  const requestId = nextRequestId(nowMs)
  const early = refuseEarly(route, request, state, nowMs, requestId)
  const fault = early ? undefined : route && state.plan(route.endpoint)
  const isBrokenOff = fault?.kind === 'reset' && fault.when === 'during'
  // Of a body that is broken off the first piece has come, no more is asked for.
  const body = isBrokenOff ? await firstPiece(request) : await readBody(request, state.settings.max_body_bytes)
  const { settings, tally } = state
  tally.total += 1
  countOne(tally.byPath, route?.name ?? 'other')
  if (route?.endpoint === 'track') tally.bytes += body?.length ?? 0
  if (fault) countOne(tally.faults, faultName(fault))
  const judge = (): Answer => {
    if (!body) return htmlPage(413)
    return route?.endpoint === 'track'
      ? track(state, request.headers['content-type'], body, requestId, nowMs)
      : lookUp(url.searchParams, settings, requestId)
  }

  const isJudged = !early && (!fault || fault.kind === 'slow' || fault.kind === 'drip' || fault.when === 'after')
  const judged = early ?? (isJudged ? judge() : undefined)
  const answer = (fault && faultAnswer(fault, requestId)) ?? judged ?? envelope(requestId, 0, 'OK')
  const isSilent = fault?.kind === 'reset' || fault?.kind === 'hang' || fault?.kind === 'cut'
  countOne(tally.byCode, isSilent ? fault.kind : answer.name)

  const waitMs = settings.latency_ms + (fault?.kind === 'slow' ? fault.ms : 0)
  // Not a reason to stay alive once the server has closed.
  if (waitMs > 0 && !isBrokenOff) await wait(waitMs, undefined, { ref: false })
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'reset') request.socket.resetAndDestroy()
  else if (fault?.kind === 'cut') sendCut(response, answer, requestId)
  else if (fault?.kind === 'drip') await sendDripping(response, answer, requestId, fault.ms)
  else send(response, answer, requestId)
}

/** What can be said no to before the body has come. */
function refuseEarly(
  route: Route | undefined,
  request: IncomingMessage,
  state: EmulatorState,
  nowMs: number,
  requestId: string,
): Answer | undefined {
  if (!route) return htmlPage(404)
  if (request.method !== route.method) return htmlPage(405)
  const refused = judgeToken(request, state.settings, requestId)
  if (refused) return refused
  const isLimited = route.endpoint === 'track' && isTooFast(state, nowMs)
  return isLimited ? envelope(requestId, 40100, messageOf(40100)) : undefined
}

function faultAnswer(fault: Fault, requestId: string): Answer | undefined {
  if (fault.kind === 'code') return envelope(requestId, fault.code, fault.message, fault.data, fault.status)
  return fault.kind === 'html' ? htmlPage(fault.status) : undefined
}
