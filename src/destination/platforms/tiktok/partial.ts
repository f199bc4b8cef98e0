import { isObject, parseJson } from '../../../json'

/**
 * The places of the events that an answer 20001 lists as failed, counted from 0; empty where it lists none that can be told for
 * sure. In what form it lists them is not public: a list named for failures is looked for, of places, of event ids, or of objects
 * with one of them. Delivery takes the list for a hint, and sends each listed event again.
 */
export const listedFailures = (data: unknown, events: ReadonlyArray<string>): ReadonlyArray<number> => {
  if (!isObject(data)) return NONE
  const lists = Object.entries(data).filter(([name, value]) => OF_FAILURES.test(name) && Array.isArray(value))
  // Two lists that contradict each other are no help.
  if (lists.length !== 1) return NONE
  const items = lists[0]?.[1] as ReadonlyArray<unknown>
  const ids = placesById(events)
  const places = items.map((item) => placeOf(item, ids))
  const all = places.filter((place) => place !== undefined && place < events.length)
  return all.length === items.length ? [...new Set(all)].map(Number) : NONE
}

const NONE: ReadonlyArray<number> = []

const OF_FAILURES = /fail|error|invalid|reject/i

type Ids = ReadonlyMap<unknown, number | undefined>

/** Where each id stands; one that stands twice, under other names, says nothing. */
const placesById = (events: ReadonlyArray<string>): Ids => {
  const places = new Map<unknown, number | undefined>()
  for (const [place, json] of events.entries()) {
    const id = idOf(json)
    places.set(id, places.has(id) ? undefined : place)
  }
  return places
}

const placeOf = (item: unknown, ids: Ids): number | undefined => {
  if (typeof item === 'number') return Number.isInteger(item) && item >= 0 ? item : undefined
  if (typeof item === 'string') return ids.get(item)
  if (!isObject(item)) return undefined
  const { event_id, index, idx, row, position } = item
  return ids.get(event_id) ?? placeOf(index ?? idx ?? row ?? position, NO_IDS)
}

const NO_IDS: Ids = new Map()

const idOf = (json: string): unknown => {
  const event = parseJson(json)
  return isObject(event) ? event['event_id'] : undefined
}
