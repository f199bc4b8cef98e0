import type { Column } from './column'

/** The template of offline events. A column is added here, and in one golden file. */
export const OFFLINE_EVENT: ReadonlyArray<Column> = [
  {
    name: 'event_name',
    aliases: ['event', 'event_type'],
    need: 'required',
    kind: 'event-name',
    schema: { type: ['null', 'string'] },
    description: 'What happened: Purchase, Lead, Subscribe, ... May be left out if a default event name is configured.',
    inFile: true,
  },
  {
    name: 'event_time',
    aliases: ['timestamp'],
    need: 'required',
    kind: 'event-time',
    schema: { type: ['null', 'integer'] },
    description: 'When: Unix seconds, Unix milliseconds, or ISO 8601 date-time with Z or an offset.',
    inFile: true,
  },
  {
    name: 'currency',
    aliases: [],
    need: 'purchase',
    kind: 'currency',
    schema: { type: ['null', 'string'] },
    description: 'Three-letter ISO 4217 code. Required for purchases.',
    inFile: true,
  },
  {
    name: 'value',
    aliases: [],
    need: 'purchase',
    kind: 'value',
    schema: { type: ['null', 'number'] },
    description: 'Total as a plain decimal number; 0 is a value. Required for purchases.',
    inFile: true,
  },
  {
    name: 'transaction_id',
    aliases: ['order_id'],
    need: 'purchase',
    kind: 'transaction-id',
    schema: { type: ['null', 'string'] },
    description: 'The order, as text. Required for purchases; with the event name it is what repeats are told by.',
    inFile: true,
  },
  {
    name: 'Email_hashed',
    aliases: ['email', 'email_hashed'],
    need: 'identifier',
    kind: 'email',
    schema: { type: ['null', 'string'] },
    description: 'E-mail address, or its SHA-256 (trimmed, lower-cased). At least one of e-mail and phone is required.',
    inFile: true,
  },
  {
    name: 'Phone_hashed',
    aliases: ['phone', 'phone_number', 'phone_hashed'],
    need: 'identifier',
    kind: 'phone',
    schema: { type: ['null', 'string'] },
    description: 'Phone with country code, or the SHA-256 of its digits. Plain phones match on more platforms.',
    inFile: true,
  },
  {
    name: 'phone_e164_hashed',
    aliases: [],
    need: 'identifier',
    kind: 'phone-e164',
    schema: { type: ['null', 'string'] },
    description: 'SHA-256 of + and digits, made from a plain phone: the form that TikTok and Google match.',
    inFile: false,
  },
  {
    name: 'event_id',
    aliases: [],
    need: 'optional',
    kind: 'event-id',
    schema: { type: ['null', 'string'] },
    description: 'Your own id of the event; without it the transaction_id stands in.',
    inFile: true,
  },
  {
    name: 'external_id',
    aliases: [],
    need: 'optional',
    kind: 'external-id',
    schema: { type: ['null', 'string'] },
    description: 'Your id of the customer, hashed unless it is a SHA-256 already.',
    inFile: true,
  },
  {
    name: 'shop_id',
    aliases: [],
    need: 'optional',
    kind: 'text',
    schema: { type: ['null', 'string'] },
    description: 'The shop or branch.',
    inFile: true,
  },
  {
    name: 'content_type',
    aliases: [],
    need: 'optional',
    kind: 'text',
    schema: { type: ['null', 'string'] },
    description: 'product where the content ids are SKUs, product_group where they are item groups.',
    inFile: true,
  },
  {
    name: 'content_ids',
    aliases: [],
    need: 'optional',
    kind: 'list',
    schema: { type: ['null', 'array'], items: { type: 'string' } },
    description: 'Product ids, separated by |.',
    inFile: true,
  },
  {
    name: 'contents',
    aliases: [],
    need: 'optional',
    kind: 'objects',
    schema: { type: ['null', 'array'], items: { type: 'object' } },
    description: 'A JSON array of items: content_id, content_name, content_category, brand, price, quantity.',
    inFile: true,
  },
  {
    name: 'num_items',
    aliases: [],
    need: 'optional',
    kind: 'integer',
    schema: { type: ['null', 'integer'] },
    description: 'Number of items, a whole number.',
    inFile: true,
  },
  {
    name: 'description',
    aliases: [],
    need: 'optional',
    kind: 'text',
    schema: { type: ['null', 'string'] },
    description: 'Free text. Do not put personal data here.',
    inFile: true,
  },
  {
    name: 'search_string',
    aliases: [],
    need: 'optional',
    kind: 'text',
    schema: { type: ['null', 'string'] },
    description: 'What was searched for.',
    inFile: true,
  },
]

/** A JSON object of `contents`, ids as text. */
export type Content = Readonly<Record<string, unknown>>

/** Digests of one person or, where a record lists several values, of all of them. */
export type Digests = string | ReadonlyArray<string> | undefined

/**
 * An event in canonical form: the properties stand in the order of the template and are undefined where absent, so that
 * JSON.stringify leaves them out. One object is filled again for every row: encode it before the next.
 */
export interface OfflineEvent {
  event_name: string
  /** Unix seconds. */
  event_time: number
  currency: string | undefined
  value: number | undefined
  transaction_id: string | undefined
  Email_hashed: Digests
  /** Of digits only where the phone was plain; else the digest as given. */
  Phone_hashed: Digests
  /** Of `+` and digits; undefined, as a whole or for one of several, where only a finished digest was given. */
  phone_e164_hashed: string | ReadonlyArray<string | undefined> | undefined
  event_id: string | undefined
  external_id: string | undefined
  shop_id: string | undefined
  content_type: string | undefined
  content_ids: ReadonlyArray<string> | undefined
  contents: ReadonlyArray<Content> | undefined
  num_items: number | undefined
  description: string | undefined
  search_string: string | undefined
}

/** An event with nothing in it; the order of its properties is that of the template. */
export const emptyEvent = (): OfflineEvent => ({
  event_name: '',
  event_time: 0,
  currency: undefined,
  value: undefined,
  transaction_id: undefined,
  Email_hashed: undefined,
  Phone_hashed: undefined,
  phone_e164_hashed: undefined,
  event_id: undefined,
  external_id: undefined,
  shop_id: undefined,
  content_type: undefined,
  content_ids: undefined,
  contents: undefined,
  num_items: undefined,
  description: undefined,
  search_string: undefined,
})

/** Purchases need currency, value and transaction_id: `Purchase` and its old name, without case. */
export const isPurchase = (eventName: string): boolean => {
  if (eventName === 'Purchase') return true
  const name = eventName.toLowerCase()
  return name === 'purchase' || name === 'completepayment'
}
