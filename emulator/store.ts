import { hash } from 'node:crypto'
import type { TrackRequest } from './track-request'

/** What has been accepted, deduplicated as TikTok says it does. */
export interface EventStore {
  /** Takes a judged request; `keepTexts` decides whether lines() can show its events. */
  add(request: TrackRequest, requestId: string, receivedAt: string, keepTexts: boolean): void
  counts(): StoreCounts
  /** Accepted events as lines of NDJSON, a request's at a time, oldest first; at most `limit` of them. */
  lines(limit: number): Generator<string>
}

export interface StoreCounts {
  /** Distinct events kept: first of their key, or without event_id. */
  readonly stored: number
  /** Events dropped because their key was there already, and those among them whose text was another. */
  readonly duplicates: number
  readonly differing_repeats: number
  /** Events of requests with a test_event_code; they are in none of the other counts. */
  readonly test_events: number
  readonly stored_by_event: Readonly<Record<string, number>>
  readonly stored_by_event_set: Readonly<Record<string, number>>
}

interface KeptBatch {
  readonly head: string
  readonly texts: readonly string[]
}

/**
 * Repeats are told by event_source_id + event + event_id (Doc 1771101303285761), the first is kept, and an event without
 * event_id is never a repeat. TikTok forgets after 48 hours (ads.tiktok.com/help/article/event-deduplication); a run of the
 * emulator is shorter, so it never does. Test events are set apart: they neither count nor deduplicate.
 */
export function createStore(): EventStore {
  const contents = new Map<string, string>()
  const byEvent = new Map<string, number>()
  const bySet = new Map<string, number>()
  const batches: KeptBatch[] = []
  let stored = 0
  let duplicates = 0
  let differing = 0
  let testEvents = 0

  /** Whether the event is the first of its key; a repeat is counted on the way. */
  const isNew = (setId: string, event: string, id: string, text: string): boolean => {
    const key = fingerprint(`${setId}\n${event}\n${id}`)
    const content = fingerprint(text)
    const known = contents.get(key)
    if (known === undefined) {
      contents.set(key, content)
      return true
    }
    duplicates += 1
    if (known !== content) differing += 1
    return false
  }

  const add: EventStore['add'] = ({ eventSourceId, isTest, events, texts }, requestId, receivedAt, keepTexts) => {
    const kept: string[] = []
    for (let index = 0; index < events.length; index += 1) {
      const event = events[index]
      const text = texts[index]
      if (!event || text === undefined) continue
      if (isTest) testEvents += 1
      else if (event.event_id === undefined || isNew(eventSourceId, event.event, event.event_id, text)) {
        stored += 1
        byEvent.set(event.event, (byEvent.get(event.event) ?? 0) + 1)
        bySet.set(eventSourceId, (bySet.get(eventSourceId) ?? 0) + 1)
      } else continue
      if (keepTexts) kept.push(text)
    }
    if (kept.length > 0) batches.push({ head: lineHead(eventSourceId, receivedAt, requestId, isTest), texts: kept })
  }

  function* lines(limit: number): Generator<string> {
    let left = limit
    for (const { head, texts } of batches) {
      if (left <= 0) return
      yield texts
        .slice(0, left)
        .map((text) => `${head}${oneLine(text)}}\n`)
        .join('')
      left -= texts.length
    }
  }

  const counts = (): StoreCounts => ({
    stored,
    duplicates,
    differing_repeats: differing,
    test_events: testEvents,
    stored_by_event: Object.fromEntries(byEvent),
    stored_by_event_set: Object.fromEntries(bySet),
  })

  return { add, counts, lines }
}

/** 160 bits as 20 characters of one byte: a million events must fit, and nobody here forges digests. */
function fingerprint(text: string): string {
  return hash('sha1', text, 'binary')
}

function lineHead(eventSourceId: string, receivedAt: string, requestId: string, isTest: boolean): string {
  const head = { event_source_id: eventSourceId, received_at: receivedAt, request_id: requestId }
  return `${JSON.stringify(isTest ? { ...head, test: true } : head).slice(0, -1)},"event":`
}

function oneLine(text: string): string {
  return text.includes('\n') || text.includes('\r') ? JSON.stringify(JSON.parse(text)) : text
}
