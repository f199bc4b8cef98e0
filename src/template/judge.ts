import type { Column, Kind } from './column'
import { contents, integer, list, text } from './judges/content'
import type { Manner, Judge } from './judges/draft'
import { eventId, eventName, eventTime, transactionId } from './judges/event'
import { email, externalId, phone, phoneE164 } from './judges/identity'
import { currency, value } from './judges/money'

/** The judge of a column, by its kind. */
export const judgeOf = (column: Column, manner: Manner): Judge => JUDGES[column.kind](column, manner)

/** Kinds in the order in which a row is judged: the order of the public code list. `identified` runs after the identifiers. */
export const JUDGEMENT_ORDER: ReadonlyArray<Kind> = [
  'event-name',
  'event-time',
  'currency',
  'value',
  'transaction-id',
  'event-id',
  'email',
  'phone',
  'phone-e164',
  'external-id',
  'text',
  'list',
  'objects',
  'integer',
]

const JUDGES: Readonly<Record<Kind, (column: Column, manner: Manner) => Judge>> = {
  'event-name': eventName,
  'event-time': eventTime,
  currency,
  value,
  'transaction-id': transactionId,
  'event-id': eventId,
  email,
  phone,
  'phone-e164': phoneE164,
  'external-id': externalId,
  text,
  list,
  objects: contents,
  integer,
}
