import { envelope } from './answers'
import type { Answer } from './answers'
import { firstRefused } from './refusal'
import type { EmulatorState } from './state'
import { readTrackRequest } from './track-request'

/** Judges a body of POST event/track with a good token, and stores it whole or not at all. */
export function track(
  state: EmulatorState,
  contentType: string | undefined,
  body: Buffer,
  requestId: string,
  nowMs: number,
): Answer {
  const { settings, store, tally } = state
  const refuse = (code: number, message: string, events: number): Answer => {
    tally.refusedRequests += 1
    tally.refusedEvents += events
    return envelope(requestId, code, message)
  }
  if (!isJson(contentType)) return refuse(40002, 'Content-Type: Not application/json', 0)
  const request = readTrackRequest(body, settings, nowMs)
  if ('message' in request) return refuse(40002, request.message, request.events)
  const index = firstRefused(request.events, settings)
  if (index >= 0) {
    const message = settings.refuse_message.replaceAll('{index}', String(index))
    return refuse(settings.refuse_code, message, request.events.length)
  }
  store.add(request, requestId, new Date(nowMs).toISOString(), settings.keep === 'events')
  return envelope(requestId, 0, 'OK')
}

/** `Content-Type: application/json` is a documented header of the call (Doc 1771101303285761); parameters may follow it. */
function isJson(contentType = ''): boolean {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() === 'application/json'
}
