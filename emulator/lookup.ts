import { envelope } from './answers'
import type { Answer } from './answers'
import { parseJson } from './json'
import type { Settings } from './settings'

/**
 * Answers GET offline/get with a good token: the event sets of an advertiser, all or those asked for by id or name.
 * Shapes from tiktok/tiktok-business-api-sdk, yml_files/offline_get.yml. A set that does not exist is simply not listed.
 */
export function lookUp(query: URLSearchParams, settings: Settings, requestId: string): Answer {
  if (!settings.lookup_permitted) return envelope(requestId, 40001, 'No permission to operate: offline/get')
  const advertiser = query.get('advertiser_id')
  if (!advertiser) return envelope(requestId, 40002, 'advertiser_id: Missing data for required field.')
  if (!settings.advertisers.includes(advertiser)) return envelope(requestId, 40300, 'The advertiser does not exist.')
  const asked = query.get('event_set_ids')
  const ids = asked === null ? settings.event_sets : idList(parseJson(asked))
  if (!ids) return envelope(requestId, 40002, 'event_set_ids: Not a valid list of strings')
  const name = query.get('name')
  const sets = settings.event_sets
    .map((id, index) => eventSet(advertiser, id, index))
    .filter((set) => ids.includes(set.event_set_id) && (name === null || set.name === name))
  return envelope(requestId, 0, 'OK', { event_set_list: sets })
}

function eventSet(advertiser: string, id: string, index: number) {
  return {
    advertiser_id: advertiser,
    event_set_id: id,
    name: `Event set ${index + 1}`,
    description: '',
    auto_tracking: false,
    create_time: '2026-01-01 00:00:00',
    update_time: '2026-01-01 00:00:00',
  }
}

function idList(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((id) => typeof id === 'string') ? value : undefined
}
