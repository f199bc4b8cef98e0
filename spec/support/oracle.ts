import { createHash } from 'node:crypto'
import * as E from 'fp-ts/Either'
import * as t from 'io-ts'
import { instantOf } from './local-time'

/**
 * What becomes of a row, by the contract's words and not by the code: slow, obvious, one io-ts codec a column. Rows have a header of
 * canonical names; there is no default country, so that no phone library is needed to say what is right.
 */
export interface Verdict {
  readonly code: string | undefined
  /** As it is emitted: with the columns that are passed through. */
  readonly event: Readonly<Record<string, unknown>>
  /** Sorted. */
  readonly warnings: ReadonlyArray<string>
}

/** What the user says of his rows. */
export interface Settings {
  readonly eventName: string | undefined
  readonly currency: string | undefined
  readonly timeZone: string | undefined
  readonly decimal: '.' | ','
  readonly asIs: boolean
  /** Whether columns that the template does not know are passed through. */
  readonly passThrough: boolean
}

export const judgeByContract = (
  header: ReadonlyArray<string>,
  cells: ReadonlyArray<string>,
  settings: Settings,
): Verdict => {
  if (!countFits(header, cells, settings)) return rejected('COLUMN_COUNT_MISMATCH')
  const cell = (name: string): string => spaceless(cells[header.indexOf(name)] ?? '')
  const otherwise = (text: string, standard: string | undefined): string => (text === '' ? (standard ?? '') : text)
  const EventTime = eventTimeIn(settings.timeZone)
  const Value = valueWith(settings.decimal)
  const name = otherwise(cell('event_name'), settings.eventName)
  const currency = otherwise(cell('currency'), settings.currency)
  const purchase = ['purchase', 'completepayment'].includes(name.toLowerCase())
  const time = cell('event_time')
  const email = identifier(cell('Email_hashed'), Email)
  const phone = identifier(cell('Phone_hashed'), Phone)
  const identifiers = [codeOf('EMAIL', email), codeOf('PHONE', phone)].filter((code) => code !== undefined)
  const usable = typeof email === 'object' || typeof phone === 'object'
  // The order of the public list: the first that holds is the row's code.
  const codes: ReadonlyArray<readonly [boolean, string]> = [
    [name === '', 'EVENT_NAME_MISSING'],
    [isAddressed(name), 'EVENT_NAME_MALFORMED'],
    [time === '', 'EVENT_TIME_MISSING'],
    [!is(EventTime, time), 'EVENT_TIME_MALFORMED'],
    [purchase && currency === '', 'CURRENCY_MISSING'],
    [currency !== '' && !is(Currency, currency), 'CURRENCY_MALFORMED'],
    [purchase && cell('value') === '', 'VALUE_MISSING'],
    [cell('value') !== '' && !is(Value, cell('value')), 'VALUE_MALFORMED'],
    [purchase && cell('transaction_id') === '', 'TRANSACTION_ID_MISSING'],
    [isNoId(cell('transaction_id')), 'TRANSACTION_ID_MALFORMED'],
    [isNoId(cell('event_id')), 'EVENT_ID_MALFORMED'],
    [email === 'empty' && phone === 'empty', 'IDENTIFIER_MISSING'],
    [!usable, identifiers[0] ?? ''],
  ]
  const code = codes.find(([holds]) => holds)?.[1]
  if (code !== undefined) return rejected(code)

  const warnings = [...identifiers]
  if (!/^\d{1,10}$/.test(time)) warnings.push('EVENT_TIME_CONVERTED')
  if (typeof phone === 'object' && phone.plain !== undefined && !/^\D*(\+|00)/.test(cell('Phone_hashed')))
    warnings.push('PHONE_COUNTRY_ASSUMED')
  const kept = (text: string): string | undefined => {
    if (!isAddressed(text)) return text === '' ? undefined : text
    warnings.push('PLAIN_IDENTITY_DROPPED')
    return undefined
  }
  const ids = cell('content_ids')
    .split('|')
    .map((id) => kept(spaceless(id)))
    .filter((id) => id !== undefined)
  const identities = settings.asIs
    ? {
        Email_hashed: typeof email === 'object' ? cell('Email_hashed') : undefined,
        Phone_hashed: typeof phone === 'object' ? cell('Phone_hashed') : undefined,
        external_id: cell('external_id') || undefined,
      }
    : {
        Email_hashed: typeof email === 'object' ? (email.digest ?? sha(email.plain ?? '')) : undefined,
        Phone_hashed: typeof phone === 'object' ? (phone.digest ?? sha(phone.plain ?? '')) : undefined,
        phone_e164_hashed: typeof phone === 'object' && phone.plain !== undefined ? sha(`+${phone.plain}`) : undefined,
        external_id: externalId(cell('external_id')),
      }
  const extras = header.filter((one) => settings.passThrough && !CANONICAL.includes(one))
  const event: Record<string, unknown> = {
    event_name: name,
    event_time: decoded(EventTime, time),
    currency: decoded(Currency, currency),
    value: decoded(Value, cell('value')),
    transaction_id: cell('transaction_id') || undefined,
    ...identities,
    event_id: cell('event_id') || undefined,
    shop_id: kept(cell('shop_id')),
    content_type: kept(cell('content_type')),
    content_ids: ids.length > 0 ? ids : undefined,
    contents: contentsOf(cell('contents'), warnings),
    num_items: decoded(NumItems, cell('num_items')),
    description: kept(cell('description')),
    search_string: kept(cell('search_string')),
    ...Object.fromEntries(extras.map((extra) => [extra, kept(cell(extra))])),
  }
  if (cell('num_items') !== '' && !is(NumItems, cell('num_items'))) warnings.push('NUM_ITEMS_MALFORMED')
  return {
    code: undefined,
    event: Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined)),
    warnings: warnings.sort(),
  }
}

const rejected = (code: string): Verdict => ({ code, event: {}, warnings: [] })

const NEEDED = 'event_name event_time currency value transaction_id Email_hashed Phone_hashed'.split(' ')
const OPTIONAL =
  'event_id external_id shop_id content_type content_ids contents num_items description search_string'.split(' ')
const CANONICAL = [...NEEDED, ...OPTIONAL]

const countFits = (header: ReadonlyArray<string>, cells: ReadonlyArray<string>, settings: Settings) => {
  const defaulted = [
    ...(settings.eventName === undefined ? [] : ['event_name']),
    ...(settings.currency === undefined ? [] : ['currency']),
  ]
  const missing = header.slice(cells.length)
  const extra = cells.slice(header.length)
  return (
    missing.every((name) => !NEEDED.includes(name) || defaulted.includes(name)) &&
    extra.every((cell) => spaceless(cell) === '')
  )
}

/** A codec from a cell's text to its canonical value; undefined from `read` is malformed. */
const codec = <A>(name: string, read: (text: string) => A | undefined) =>
  new t.Type<A, string, string>(
    name,
    (json): json is A => json !== undefined,
    (text, context) => {
      const value = read(text)
      return value === undefined ? t.failure(text, context) : t.success(value)
    },
    String,
  )

const is = <A>(type: t.Type<A, string, string>, text: string): boolean => E.isRight(type.decode(text))
const decoded = <A>(type: t.Type<A, string, string>, text: string): A | undefined => {
  const either = type.decode(text)
  return E.isRight(either) ? either.right : undefined
}

const eventTimeIn = (timeZone: string | undefined) =>
  codec('event_time', (text) => {
    if (/^\d{1,10}(\.\d+)?$/.test(text)) return Number.parseInt(text, 10)
    if (/^\d{13}(\.\d+)?$/.test(text)) return Number.parseInt(text.slice(0, 10), 10)
    const parts = /^(\d{4}-\d\d)-(\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(text)
    if (parts === null) return undefined
    const [, month = '', day = '', clock = '', zone] = parts
    // A day that the month has not is one that moves when it is printed again.
    const noon = new Date(`${month}-${day}T12:00:00Z`)
    if (Number.isNaN(noon.getTime()) || noon.toISOString().slice(0, 10) !== `${month}-${day}`) return undefined
    const ms = Date.parse(`${month}-${day}T${clock}${zone ?? 'Z'}`)
    if (Number.isNaN(ms) || (zone === undefined && timeZone === undefined)) return undefined
    const seconds = (zone === undefined && timeZone !== undefined ? instantOf(timeZone, ms) : ms) / 1000
    return seconds < 0 ? undefined : seconds
  })
const Currency = codec('currency', (text) => (/^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : undefined))
const valueWith = (decimal: '.' | ',') =>
  codec('value', (text) => {
    const [whole = '', fraction, ...more] = text.split(decimal)
    const parts = fraction === undefined ? [whole] : [whole, fraction]
    if (more.length > 0 || !parts.every((part) => /^\d+$/.test(part))) return undefined
    const value = Number(parts.join('.'))
    return Number.isFinite(value) ? value : undefined
  })
const NumItems = codec('num_items', (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined))
const Email = codec('email', (text) => {
  const address = text.toLowerCase()
  const [local, domain, ...more] = address.split('@')
  if (!local || domain?.includes('.') !== true || more.length > 0 || address.length > 254) return undefined
  return /\s|\p{Cc}/u.test(address) ? undefined : address
})
const Phone = codec('phone', (text) => {
  if (!/^[\d\s+()./-]*$/.test(text) || /\d\D*\+/.test(text) || /\+.*\+/.test(text)) return undefined
  const digits = text.replace(/\D/g, '')
  const number = text.includes('+') || !digits.startsWith('00') ? digits : digits.slice(2)
  return /^[1-9]\d{6,14}$/.test(number) ? number : undefined
})

type Identifier = 'empty' | 'malformed' | 'wrong-digest' | { readonly digest?: string; readonly plain?: string }

const identifier = (text: string, plain: t.Type<string, string, string>): Identifier => {
  if (text === '') return 'empty'
  if (/^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{96}|[0-9a-f]{128})$/i.test(text)) return 'wrong-digest'
  if (/^[0-9a-f]{64}$/i.test(text))
    return text.toLowerCase() === sha('') ? 'wrong-digest' : { digest: text.toLowerCase() }
  const either = plain.decode(text)
  return E.isRight(either) ? { plain: either.right } : 'malformed'
}

const codeOf = (which: string, found: Identifier): string | undefined =>
  found === 'malformed' ? `${which}_MALFORMED` : found === 'wrong-digest' ? `${which}_WRONG_DIGEST` : undefined

const externalId = (text: string): string | undefined => {
  if (text === '') return undefined
  return /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : sha(text)
}

const contentsOf = (text: string, warnings: Array<string>): unknown => {
  if (text === '') return undefined
  const Contents = t.array(t.UnknownRecord)
  const json = E.tryCatch(() => JSON.parse(text) as unknown, String)
  const contents = Contents.decode(E.isRight(json) ? json.right : undefined)
  if (E.isLeft(contents)) {
    warnings.push('CONTENTS_MALFORMED')
    return undefined
  }
  if (isAddressed(text)) {
    warnings.push('PLAIN_IDENTITY_DROPPED')
    return undefined
  }
  const items = contents.right.map((item) =>
    typeof item['content_id'] === 'number' ? { ...item, content_id: String(item['content_id']) } : item,
  )
  return items.length > 0 ? items : undefined
}

const isAddressed = (text: string): boolean => /\S+@\S+\.\S+/.test(text)
const isNoId = (text: string): boolean => isAddressed(text) || /^\d(\.\d+)?E\+\d+$/i.test(text)
/** Without outer space of any Unicode kind. */
export const spaceless = (text: string): string => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '')
const sha = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Headers that mean a field of the template, canonical name first, as the contract's table has them; without case. */
const NAMES: Readonly<Record<string, ReadonlyArray<string>>> = {
  ...Object.fromEntries(CANONICAL.map((name) => [name, [name.toLowerCase()]])),
  event_name: ['event_name', 'event', 'event_type'],
  event_time: ['event_time', 'timestamp'],
  transaction_id: ['transaction_id', 'order_id'],
  Email_hashed: ['email_hashed', 'email'],
  Phone_hashed: ['phone_hashed', 'phone', 'phone_number'],
}

/** What a header is worth: fields that two columns claim, fields that are missing, or where each field stands. */
export interface HeaderVerdict {
  readonly twice: ReadonlyArray<string>
  readonly missing: ReadonlyArray<string>
  readonly at: Readonly<Record<string, number>>
  /** Headers that the template does not know, by names that may be shown: passed through, and dropped. */
  readonly passed: ReadonlyArray<string>
  readonly dropped: ReadonlyArray<string>
}

export const matchByContract = (
  header: ReadonlyArray<string>,
  mapping: ReadonlyArray<{ readonly column: string; readonly field: string }>,
  { eventName, passThrough }: Pick<Settings, 'eventName' | 'passThrough'>,
): HeaderVerdict => {
  const fieldNamed = (name: string) => CANONICAL.find((field) => NAMES[field]?.includes(folded(name)))
  const mappedTo = (name: string) => mapping.filter(({ column }) => folded(column) === folded(name))
  const columnsOf = (field: string): ReadonlyArray<number> => {
    const all = [...header.keys()]
    const mapped = all.filter((i) => mappedTo(header[i] ?? '').some((one) => fieldNamed(one.field) === field))
    if (mapped.length > 0) return mapped
    return all.filter((i) => mappedTo(header[i] ?? '').length === 0 && fieldNamed(header[i] ?? '') === field)
  }
  const claims = CANONICAL.map((field) => [field, columnsOf(field)] as const)
  const stands = (field: string): boolean => columnsOf(field).length > 0
  const at = Object.fromEntries(claims.flatMap(([field, [first]]) => (first === undefined ? [] : [[field, first]])))
  const passed: Array<string> = []
  const dropped: Array<string> = []
  for (const [i, cell] of header.entries()) {
    if (Object.values(at).includes(i)) continue
    const name = spaceless(cell.replace(/^\uFEFF/, ''))
    const mayBeShown = /^\p{L}[\p{L}\d_. -]{0,39}$/u.test(name) && !/\d{5}/.test(name)
    const isTheTemplates = fieldNamed(name) !== undefined || folded(name) === 'phone_e164_hashed'
    if (passThrough && mayBeShown && !isTheTemplates && !passed.some((one) => one.toLowerCase() === name.toLowerCase()))
      passed.push(name)
    else dropped.push(mayBeShown ? name : `column ${i + 1}`)
  }
  return {
    twice: claims.filter(([, columns]) => columns.length > 1).map(([field]) => field),
    missing: [
      ...(stands('event_name') || eventName !== undefined ? [] : ['event_name']),
      ...(stands('event_time') ? [] : ['event_time']),
      ...(stands('Email_hashed') || stands('Phone_hashed') ? [] : ['Email_hashed or Phone_hashed']),
    ],
    at,
    passed,
    dropped,
  }
}

const folded = (name: string): string => spaceless(name.replace(/^\uFEFF/, '')).toLowerCase()
