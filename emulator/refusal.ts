import { hash } from 'node:crypto'
import type { Settings } from './settings'
import type { OfflineEvent } from './track-request'

/**
 * The places of the events that the settings single out for refusal. One in `one_in` ids is chosen, the same ids in every run:
 * those where the first 4 bytes of SHA-256(seed + event_id), big-endian, are a multiple of `one_in`.
 */
export function refusedIn(events: readonly OfflineEvent[], settings: Settings): readonly number[] {
  const { refuse, refuse_event_ids: listed } = settings
  if (!refuse && listed.length === 0) return []
  const ids = new Set(listed)
  const isRefused = (id: string): boolean =>
    ids.has(id) ||
    (refuse !== null && Number.parseInt(hash('sha256', refuse.seed + id).slice(0, 8), 16) % refuse.one_in === 0)
  return events.flatMap(({ event_id: id }, index) => (id !== undefined && isRefused(id) ? [index] : []))
}
