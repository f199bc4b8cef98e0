import { hash } from 'node:crypto'
import type { Settings } from './settings'
import type { OfflineEvent } from './track-request'

/**
 * The place of the first event that the settings single out for refusal, or -1. One in `one_in` ids is chosen, the same ids
 * in every run: those where the first 4 bytes of SHA-256(seed + event_id), big-endian, are a multiple of `one_in`.
 */
export function firstRefused(events: readonly OfflineEvent[], settings: Settings): number {
  const { refuse, refuse_event_ids: listed } = settings
  if (!refuse && listed.length === 0) return -1
  const ids = new Set(listed)
  return events.findIndex(({ event_id: id }) => {
    if (id === undefined) return false
    if (ids.has(id)) return true
    return refuse !== null && Number.parseInt(hash('sha256', refuse.seed + id).slice(0, 8), 16) % refuse.one_in === 0
  })
}
