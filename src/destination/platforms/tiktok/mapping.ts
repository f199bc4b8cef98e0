import { type Fault, type WarningCode, fault } from '../../../template/fault'
import { sha256 } from '../../../template/hash'
import type { Content, OfflineEvent } from '../../../template/offline-event'
import { eventNames } from './event-names'
import { CURRENCIES, MAX_FUTURE_SECONDS } from './wire'

export interface MappingOptions {
  readonly additionalEventNames: ReadonlyArray<string>
  readonly maxEventAgeDays: number
}

/**
 * Turns an event in canonical form into TikTok's JSON text, or the fault for which TikTok would not take it. Warnings are added
 * to the list. Encoded once: a retry, and a half of a refused batch, are made of this very text.
 */
export const newEncoder = ({ additionalEventNames, maxEventAgeDays }: MappingOptions) => {
  const nameOf = eventNames(additionalEventNames)
  return (event: OfflineEvent, nowSeconds: number, warnings: Array<WarningCode>): string | Fault => {
    const name = nameOf(event.event_name)
    if (name === undefined) return EVENT_NAME_UNKNOWN
    if (nowSeconds - event.event_time > maxEventAgeDays * 86_400) return EVENT_TOO_OLD
    if (event.event_time - nowSeconds > MAX_FUTURE_SECONDS) return EVENT_IN_FUTURE
    if (event.currency !== undefined && !CURRENCIES.has(event.currency)) warnings.push('CURRENCY_UNLISTED')
    // By hand and not by JSON.stringify of an object: half the time, for every event.
    const head = `{"event":${name},"event_time":${event.event_time}`
    const tail = `,"user":${userOf(event, warnings)}${propertiesOf(event, warnings)}}`
    const id = ownId(event)
    return `${head},"event_id":${id === undefined ? derivedId(head + tail) : JSON.stringify(id)}${tail}`
  }
}

/** The id that an event brings: its own, or its order's. */
export const ownId = ({ event_id, transaction_id }: OfflineEvent): string | undefined => event_id ?? transaction_id

/**
 * The id of an event that brings none, as JSON text: made of the event as it is sent and nothing else, so that the same event has
 * the same id in another file, row or run. Frozen: another derivation would make TikTok count events of earlier runs again.
 */
const derivedId = (eventWithoutId: string): string => `"${sha256(eventWithoutId)}"`

const EVENT_NAME_UNKNOWN = fault('EVENT_NAME_UNKNOWN', 'event_name')
const EVENT_TOO_OLD = fault('EVENT_TOO_OLD', 'event_time')
const EVENT_IN_FUTURE = fault('EVENT_IN_FUTURE', 'event_time')

type Digests = ReadonlyArray<string> | undefined

/** The `user` object as JSON text: digests are hex and need no escaping. */
const userOf = (event: OfflineEvent, warnings: Array<WarningCode>): string => {
  const email = digestsJson('"email":', listOf(event.Email_hashed))
  const phone = digestsJson('"phone":', phonesOf(event, warnings))
  return email !== '' && phone !== '' ? `{${email},${phone}}` : `{${email}${phone}}`
}

const digestsJson = (name: string, digests: Digests): string =>
  digests === undefined ? '' : `${name}["${digests.length === 1 ? digests[0] : digests.join('","')}"]`

const listOf = (digests: string | ReadonlyArray<string> | undefined): Digests => {
  if (typeof digests === 'string') return [digests]
  return digests === undefined ? undefined : [...new Set(digests)]
}

/** TikTok matches phones by the digest of + and digits; of a finished digest nobody can tell which form it has. */
const phonesOf = ({ phone_e164_hashed, Phone_hashed }: OfflineEvent, warnings: Array<WarningCode>): Digests => {
  if (typeof phone_e164_hashed === 'string') return [phone_e164_hashed]
  if (phone_e164_hashed === undefined) {
    const given = listOf(Phone_hashed)
    if (given !== undefined) warnings.push('PHONE_DIGEST_FORM_UNKNOWN')
    return given
  }
  const digests: Array<string> = []
  for (const [i, e164] of phone_e164_hashed.entries()) {
    const digest = e164 ?? Phone_hashed?.[i]
    if (e164 === undefined) warnings.push('PHONE_DIGEST_FORM_UNKNOWN')
    if (digest !== undefined) digests.push(digest)
  }
  return [...new Set(digests)]
}

/** The `properties` member as JSON text with its comma; nothing where the event has none. */
const propertiesOf = (event: OfflineEvent, warnings: Array<WarningCode>): string => {
  let json = ''
  if (event.value !== undefined) json += `,"value":${event.value}`
  if (event.currency !== undefined) json += `,"currency":"${event.currency}"`
  if (event.transaction_id !== undefined) json += `,"order_id":${JSON.stringify(event.transaction_id)}`
  if (event.shop_id !== undefined) json += `,"shop_id":${JSON.stringify(event.shop_id)}`
  if (event.content_type !== undefined) json += `,"content_type":${JSON.stringify(event.content_type)}`
  if (event.contents !== undefined) json += contentsOf(event.contents, warnings)
  if (event.content_ids !== undefined) json += `,"content_ids":${JSON.stringify(event.content_ids)}`
  if (event.num_items !== undefined) json += `,"num_items":${event.num_items}`
  if (event.description !== undefined) json += `,"description":${JSON.stringify(event.description)}`
  if (event.search_string !== undefined) json += `,"search_string":${JSON.stringify(event.search_string)}`
  return json === '' ? '' : `,"properties":{${json.slice(1)}}`
}

/** Items in which TikTok knows nothing are left out: an empty one would say that something was bought. */
const contentsOf = (contents: ReadonlyArray<Content>, warnings: Array<WarningCode>): string => {
  const items = contents.map((content) => JSON.stringify(contentOf(content))).filter((item) => item !== '{}')
  if (items.length < contents.length) warnings.push('CONTENTS_MALFORMED')
  return items.length === 0 ? '' : `,"contents":[${items.join(',')}]`
}

/** An item by TikTok's fields and types; what does not fit them is left out. */
const contentOf = (content: Content): object => ({
  price: numberOf(content['price']),
  quantity: numberOf(content['quantity']),
  content_id: textOf(content['content_id']),
  content_category: textOf(content['content_category']),
  content_name: textOf(content['content_name']),
  brand: textOf(content['brand']),
})

const textOf = (json: unknown): string | undefined =>
  typeof json === 'string' && json !== '' ? json : typeof json === 'number' ? String(json) : undefined

const numberOf = (json: unknown): number | undefined => {
  const number = typeof json === 'string' && DECIMAL.test(json) ? Number(json) : json
  return typeof number === 'number' && number >= 0 && number < Infinity ? number : undefined
}

const DECIMAL = /^\d+(\.\d+)?$/
