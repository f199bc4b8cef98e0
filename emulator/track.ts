import { envelope } from './answers'
import type { Answer } from './answers'
import { messageOf } from './faults'
import { refusedIn } from './refusal'
import type { Settings } from './settings'
import type { EmulatorState } from './state'
import { readTrackRequest } from './track-request'
import type { TrackRequest } from './track-request'

/** Judges a body of POST event/track with a good token, and stores it: whole or not at all, unless refuse_mode says otherwise. */
export function track(
  state: EmulatorState,
  contentType: string | undefined,
  body: Buffer,
  requestId: string,
  nowMs: number,
): Answer {
  const { settings, store, tally } = state
  const refuse = (code: number, message: string, events: number, data = {}): Answer => {
    tally.refusedRequests += 1
    tally.refusedEvents += events
    return envelope(requestId, code, message, data)
  }
  const keep = (request: TrackRequest): void =>
    store.add(request, requestId, new Date(nowMs).toISOString(), settings.keep === 'events')
  if (!isJson(contentType)) return refuse(40002, 'Content-Type: Not application/json', 0)
  const request = readTrackRequest(body, settings, nowMs)
  if ('message' in request) return refuse(40002, request.message, request.events)
  const refused = refusedIn(request.events, settings)
  const [first] = refused
  if (first === undefined) {
    keep(request)
    return envelope(requestId, 0, 'OK')
  }
  const messageFor = (index: number): string => settings.refuse_message.replaceAll('{index}', String(index))
  if (settings.refuse_mode === 'whole') return refuse(settings.refuse_code, messageFor(first), request.events.length)
  keep(without(refused, request))
  const failed = listedOf(refused, settings).map((index) => ({ index, message: messageFor(index) }))
  return refuse(20001, messageOf(20001), refused.length, failed.length === 0 ? {} : { failed_events: failed })
}

/** Which of the refused events an answer 20001 names. */
function listedOf(refused: readonly number[], { refuse_mode: mode }: Settings): readonly number[] {
  if (mode === 'partial') return []
  return mode === 'partial_listed_short' ? refused.slice(0, 1) : refused
}

function without(places: readonly number[], request: TrackRequest): TrackRequest {
  const gone = new Set(places)
  const stays = (_: unknown, index: number): boolean => !gone.has(index)
  return { ...request, events: request.events.filter(stays), texts: request.texts.filter(stays) }
}

/** `Content-Type: application/json` is a documented header of the call (Doc 1771101303285761); parameters may follow it. */
function isJson(contentType = ''): boolean {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() === 'application/json'
}
