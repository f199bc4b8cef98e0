import { isUtf8 } from 'node:buffer'
import { judgeEvent } from './event-rules'
import type { EventRules } from './event-rules'
import { isJsonObject, parseJson } from './json'
import type { JsonObject } from './json'
import type { Settings } from './settings'
import { eventTexts } from './spans'

/** A body of event/track that is as documented: who it is for, its events, and their texts as received. */
export interface TrackRequest {
  readonly eventSourceId: string
  readonly isTest: boolean
  readonly events: readonly OfflineEvent[]
  readonly texts: readonly string[]
}

/** The keys of a judged event that later steps read. */
export interface OfflineEvent {
  readonly event: string
  readonly event_id?: string
}

/** Why a request was refused, and how many events went with it. The message names the field and never shows its value. */
export interface Refusal {
  readonly message: string
  readonly events: number
}

/** 1 to 1000 events, else the whole request is refused (Doc 1771101303285761). */
const maxEvents = 1000

const topLevel = new Set(['event_source', 'event_source_id', 'data', 'test_event_code'])

/** Reads and judges a body: the request as a whole first, then its events in order; the first fault found is the answer. */
export function readTrackRequest(body: Buffer, settings: Settings, nowMs: number): TrackRequest | Refusal {
  const text = isUtf8(body) ? body.toString('utf8') : ''
  const request = parseJson(text)
  if (!isJsonObject(request)) return { message: 'Request body: Not a valid JSON object', events: 0 }
  const { data } = request
  const message = judgeTopLevel(request, settings) ?? judgeEvents(data as unknown[], eventRules(settings, nowMs))
  if (message !== undefined) return { message, events: Array.isArray(data) ? data.length : 0 }
  const events = data as OfflineEvent[]
  const texts = eventTexts(text)
  return {
    eventSourceId: request['event_source_id'] as string,
    isTest: request['test_event_code'] !== undefined,
    events,
    texts: texts.length === events.length ? texts : events.map((event) => JSON.stringify(event)),
  }
}

function judgeTopLevel(request: JsonObject, settings: Settings): string | undefined {
  const { event_source: source, event_source_id: id, test_event_code: testCode, data } = request
  if (settings.unknown_fields === 'refuse') {
    for (const key in request) if (!topLevel.has(key)) return `${key}: Unknown field.`
  }
  if (source === undefined) return 'event_source: Missing data for required field.'
  if (source !== 'offline')
    return 'event_source: Not a source this emulator knows; it is a stand-in for offline events only'
  if (id === undefined) return 'event_source_id: Missing data for required field.'
  // A pixel code in its place gets the same words as a number: stape-io/tiktok-tag issues #33 and #10.
  if (typeof id !== 'string' || !isDecimal(id)) return 'Invalid value for event_source_id: not a valid string.'
  if (!settings.event_sets.includes(id)) return 'Invalid value for event_source_id: the event set does not exist.'
  if (testCode !== undefined && (typeof testCode !== 'string' || testCode === '')) {
    return 'test_event_code: Not a valid string'
  }
  if (data === undefined) return 'data: Missing data for required field.'
  if (!Array.isArray(data)) return 'data: Not a valid list'
  if (data.length === 0) return 'data: Shorter than minimum length 1.'
  return data.length > maxEvents ? `data: Longer than maximum length ${maxEvents}.` : undefined
}

function judgeEvents(events: readonly unknown[], rules: EventRules): string | undefined {
  for (let index = 0; index < events.length; index += 1) {
    const fault = judgeEvent(events[index], rules)
    if (fault !== undefined) return `data.${index}${fault}`
  }
  return undefined
}

function eventRules(settings: Settings, nowMs: number): EventRules {
  const now = Math.floor(nowMs / 1000)
  const { max_event_age_days: days, max_future_seconds: ahead } = settings
  return {
    names: new Set(settings.event_names),
    refuseUnknown: settings.unknown_fields === 'refuse',
    oldest: days === null ? 0 : now - days * 86_400,
    newest: ahead === null ? Infinity : now + ahead,
  }
}

function isDecimal(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code < 48 || code > 57) return false
  }
  return value !== ''
}
