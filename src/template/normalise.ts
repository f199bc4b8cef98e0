import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { trim } from './trim'

/**
 * A plain e-mail address in the form that is hashed: outer Unicode space removed, lower-cased; undefined where it is no address.
 * No provider-specific rewriting (dots, plus tags): TikTok, Meta and Snap hash addresses as they are.
 */
export const email = (raw: string): string | undefined => {
  const text = trim(raw).toLowerCase()
  const at = text.indexOf('@')
  if (at < 1 || text.length > 254 || text.indexOf('@', at + 1) !== -1 || text.indexOf('.', at) === -1) return undefined
  return PRINTABLE.test(text) || !UNPRINTABLE.test(text) ? text : undefined
}

/** A phone: its digits with country code, and whether that country code is only an assumption. */
export interface Phone {
  readonly digits: string
  readonly assumed: boolean
}

/**
 * A plain phone as E.164 digits without the plus; undefined where it is none.
 * With `+` or `00`, or without a default country, the digits are taken as they stand (7 to 15, the first not 0) and never judged
 * for being assigned, so that fictional numbers survive. A number without prefix is national to `country` where the phone
 * library finds that possible.
 */
export const phone = (raw: string, country: string | undefined): Phone | undefined => {
  // Most phones: nothing to take away but the plus.
  if (PLAIN.test(raw)) return { digits: raw.slice(1), assumed: false }
  const text = plainAscii(raw)
  if (text === undefined || !PHONE.test(text) || FLOAT.test(text)) return undefined
  const digits = text.replace(NOT_DIGITS, '')
  if (LEADING_PLUS.test(text)) return international(text, digits, false)
  if (digits.startsWith('00')) return international(text.replace(LEADING_ZEROS, '+'), digits.slice(2), false)
  if (country === undefined) return international(text, digits, true)
  return national(text, country) ?? international(text, digits, false)
}

/** Whether the phone library knows the country by this ISO 3166 two-letter code. */
export const isCountry = (code: string): boolean => isSupportedCountry(code)

/** Whether an e-mail address stands anywhere in a text: the sign of shifted columns. */
export const holdsEmail = (text: string): boolean => text.indexOf('@') !== -1 && ADDRESS.test(text)

/** Whether a spreadsheet has turned an id into a rounded number (1.2E+11), which makes many ids one. */
export const isSpreadsheetDamage = (text: string): boolean => ROUNDED.test(text)

const international = (text: string, digits: string, assumed: boolean): Phone | undefined => {
  const kept = TRUNK_ZERO.test(text) ? withoutTrunkZero(text) : digits
  return kept.length >= 7 && kept.length <= 15 && !kept.startsWith('0') ? { digits: kept, assumed } : undefined
}

const national = (text: string, country: string): Phone | undefined => {
  const parsed = parsePhoneNumberFromString(text, country as CountryCode)
  return parsed?.isPossible() === true ? { digits: parsed.number.slice(1), assumed: false } : undefined
}

/** `+44 (0)20 ...`: the zero in brackets goes unless numbers of that country keep it, as Italy's do; the library knows. */
const withoutTrunkZero = (text: string): string => {
  const bare = (form: string): string => form.replace(NOT_DIGITS, '')
  const kept = bare(text)
  const parsed = parsePhoneNumberFromString(`+${kept}`)
  const keepsZero = parsed?.nationalNumber.startsWith('0') === true && parsed.isValid()
  return keepsZero ? kept : bare(text.replace(TRUNK_ZERO, ''))
}

/** Full-width digits and the invisible marks that copying from web pages leaves are folded; most phones take the first line. */
const plainAscii = (raw: string): string | undefined => {
  // Before the folding, which is slow on what was made to be so.
  if (raw.length > LONGEST_RAW) return undefined
  const text = ASCII.test(raw)
    ? raw
    : raw.normalize('NFKC').replace(MARKS, '').replace(DASHES, '-').replace(SPACES, ' ')
  return text.length > 64 ? undefined : text.trim()
}

const LONGEST_RAW = 256
/** ASCII without space and control characters: most addresses, told at a fraction of the Unicode test's cost. */
const PRINTABLE = /^[!-~]+$/
const UNPRINTABLE = /[\s\p{Cc}]/u
const ADDRESS = /[^\s@]@[^\s@]+\.[^\s@]/
const ROUNDED = /^\d(\.\d+)?E\+\d+$/i
const ASCII = /^[\t-~]*$/
const MARKS = /\p{Cf}/gu
const DASHES = /\p{Pd}/gu
const SPACES = /\s/gu
const PLAIN = /^\+[1-9]\d{6,14}$/
const PHONE = /^[(\s]*\+?[\d\s()./-]+$/
/** 14155550100.0: what a data frame makes of a column of numbers; its digits would be another phone. */
const FLOAT = /\d{7}\.0$/
const LEADING_PLUS = /^[(\s]*\+/
const LEADING_ZEROS = /^[^\d]*0[^\d]*0/
const NOT_DIGITS = /[^\d]/g
/** Only after a country code: a number that begins with it is a national one. */
const TRUNK_ZERO = /(?<=\d[\s().-]*)\(\s*0\s*\)/
