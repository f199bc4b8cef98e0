import { isJsonObject } from './json'

/** What an event is judged by besides its shape: names, the keys it may have, and the seconds its time may lie in. */
export interface EventRules {
  readonly names: ReadonlySet<string>
  readonly refuseUnknown: boolean
  readonly oldest: number
  readonly newest: number
}

/** Judges one value; what is wrong as a suffix of the path (`: Not a valid string`, `.user.email.0: ...`), never the value. */
type Rule = (value: unknown, rules: EventRules) => string | undefined

const required = ': Missing data for required field.'
const unknownField = ': Unknown field.'
const notNull = ': Field may not be null.'
const notObject = ': Not a valid object'
const notList = ': Not a valid list'
const notString = ': Not a valid string'
const notNumber = ': Not a valid number'
const notInteger = ': Not a valid integer'
const tooShort = ': Shorter than minimum length 1.'

/** Largest event_time taken for seconds. Strictness of ours: 13 digits are milliseconds, which the reference rules out. */
const largestSeconds = 9_999_999_999

/** The fields of an event whose source is offline (Doc 1771101303285761, "Report App, Web, Offline, or CRM Events"). */
const contentFields = new Map<string, Rule>([
  ['price', amount],
  ['quantity', amount],
  ['content_id', text],
  ['content_category', text],
  ['content_name', text],
  ['brand', text],
])
const propertyFields = new Map<string, Rule>([
  ['value', amount],
  ['currency', currency],
  ['contents', (value, rules) => list(value, content, rules)],
  ['content_ids', (value, rules) => list(value, text, rules)],
  ['content_type', text],
  ['num_items', integer],
  ['search_string', text],
  ['description', text],
  ['order_id', text],
  ['shop_id', text],
])
const userFields = new Map<string, Rule>([
  ['email', digests],
  ['phone', digests],
])
const eventFields = new Map<string, Rule>([
  ['event', eventName],
  ['event_time', eventTime],
  ['event_id', text],
  ['user', user],
  ['properties', (value, rules) => fields(value, propertyFields, rules)],
])

/** What is wrong with one member of `data`, as the rest of the path after `data.N`; undefined when nothing is. */
export function judgeEvent(event: unknown, rules: EventRules): string | undefined {
  const fault = fields(event, eventFields, rules)
  if (fault !== undefined) return fault
  const { event: name, event_time: time, user } = event as Record<string, unknown>
  if (name === undefined) return `.event${required}`
  if (time === undefined) return `.event_time${required}`
  return user === undefined ? `.user${required}` : undefined
}

function fields(value: unknown, table: ReadonlyMap<string, Rule>, rules: EventRules): string | undefined {
  if (!isJsonObject(value)) return value === null ? notNull : notObject
  for (const key in value) {
    const rule = table.get(key)
    if (!rule) {
      if (rules.refuseUnknown) return `.${key}${unknownField}`
      continue
    }
    const fault = rule(value[key], rules)
    if (fault !== undefined) return `.${key}${fault}`
  }
  return undefined
}

function list(value: unknown, rule: Rule, rules: EventRules): string | undefined {
  if (!Array.isArray(value)) return value === null ? notNull : notList
  if (value.length === 0) return tooShort
  for (let index = 0; index < value.length; index += 1) {
    const fault = rule(value[index], rules)
    if (fault !== undefined) return `.${index}${fault}`
  }
  return undefined
}

function content(value: unknown, rules: EventRules): string | undefined {
  return fields(value, contentFields, rules)
}

/** At least one identifier: without one nothing can match. Strictness of ours; the reference calls `user` optional. */
function user(value: unknown, rules: EventRules): string | undefined {
  const fault = fields(value, userFields, rules)
  if (fault !== undefined) return fault
  const { email, phone } = value as Record<string, unknown>
  return email === undefined && phone === undefined ? ': Missing email or phone.' : undefined
}

/** One digest or a list of them. How many a list may hold is not public. */
function digests(value: unknown, rules: EventRules): string | undefined {
  return Array.isArray(value) ? list(value, digest, rules) : digest(value)
}

function digest(value: unknown): string | undefined {
  if (typeof value !== 'string') return value === null ? notNull : notString
  return isSha256(value) ? undefined : ': Not a valid SHA-256 digest'
}

function isSha256(value: string): boolean {
  if (value.length !== 64) return false
  for (let index = 0; index < 64; index += 1) {
    const code = value.charCodeAt(index)
    if (code < 48 || code > 102 || (code > 57 && code < 97)) return false
  }
  return true
}

/** Non-empty: optional fields that are empty or null are refused in practice (VictorValar/python-tiktok-events-api). */
function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return value === null ? notNull : notString
  return value === '' ? tooShort : undefined
}

function eventName(value: unknown, rules: EventRules): string | undefined {
  if (typeof value !== 'string') return value === null ? notNull : notString
  return rules.names.has(value) ? undefined : ': Not a standard event of offline event sets'
}

function eventTime(value: unknown, rules: EventRules): string | undefined {
  const fault = integer(value)
  if (fault !== undefined) return fault
  const seconds = value as number
  if (seconds > largestSeconds) return ': Not a time in Unix seconds'
  if (seconds < rules.oldest) return ': Too old'
  return seconds > rules.newest ? ': In the future' : undefined
}

function integer(value: unknown): string | undefined {
  if (typeof value !== 'number') return value === null ? notNull : notInteger
  return Number.isSafeInteger(value) && value >= 0 ? undefined : notInteger
}

/** A JSON number without a sign: "integer or decimal only, no symbols or commas". 0 is an amount. */
function amount(value: unknown): string | undefined {
  if (typeof value !== 'number') return value === null ? notNull : notNumber
  return Number.isFinite(value) && value >= 0 ? undefined : notNumber
}

/** The shape of ISO 4217. Whether a code that TikTok does not list is refused is not public. */
function currency(value: unknown): string | undefined {
  if (typeof value !== 'string') return value === null ? notNull : notString
  if (value.length !== 3) return ': Not a valid currency'
  for (let index = 0; index < 3; index += 1) {
    const code = value.charCodeAt(index)
    if (code < 65 || code > 90) return ': Not a valid currency'
  }
  return undefined
}
