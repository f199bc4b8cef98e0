/**
 * Why a row is rejected, or what was dropped from a kept one. The list is closed and public: codes are added, never renamed.
 * `ROW_CODES` stands in the order of judgement: a row has one fault, the first it meets.
 */
export const ROW_CODES = [
  'COLUMN_COUNT_MISMATCH',
  'ROW_TOO_LONG',
  'BAD_ENCODING',
  'QUOTE_UNCLOSED',
  'EVENT_NAME_MISSING',
  'EVENT_NAME_MALFORMED',
  'EVENT_TIME_MISSING',
  'EVENT_TIME_MALFORMED',
  'CURRENCY_MISSING',
  'CURRENCY_MALFORMED',
  'VALUE_MISSING',
  'VALUE_MALFORMED',
  'TRANSACTION_ID_MISSING',
  'TRANSACTION_ID_MALFORMED',
  'EVENT_ID_MALFORMED',
  'IDENTIFIER_MISSING',
  'EMAIL_MALFORMED',
  'EMAIL_WRONG_DIGEST',
  'PHONE_MALFORMED',
  'PHONE_WRONG_DIGEST',
  'EVENT_NAME_UNKNOWN',
  'EVENT_TOO_OLD',
  'EVENT_IN_FUTURE',
  'EVENT_TOO_LARGE',
  'REFUSED_BY_PLATFORM',
] as const

export const WARNING_CODES = [
  'EVENT_TIME_CONVERTED',
  'NUM_ITEMS_MALFORMED',
  'CONTENTS_MALFORMED',
  'TEXT_MALFORMED',
  'PLAIN_IDENTITY_DROPPED',
  'PHONE_COUNTRY_ASSUMED',
  'EMAIL_MALFORMED',
  'EMAIL_WRONG_DIGEST',
  'PHONE_MALFORMED',
  'PHONE_WRONG_DIGEST',
  'CURRENCY_UNLISTED',
  'PHONE_DIGEST_FORM_UNKNOWN',
  'EVENT_ID_CONFLICT',
] as const

export type RowCode = (typeof ROW_CODES)[number]
export type WarningCode = (typeof WARNING_CODES)[number]

/** A rejected row: its code and the column at fault. Built when the plan is compiled; it never holds a cell. */
export interface Fault {
  readonly code: RowCode
  readonly column: string | undefined
}

/** A fault, made once when a plan is compiled. */
export const fault = (code: RowCode, column?: string): Fault => ({ code, column })

/** What a code means and what to do about it, for logs and reject records. No value of the row can be part of it. */
export const meaning = (code: RowCode | WarningCode): string => MEANINGS[code]

const MEANINGS: Readonly<Record<RowCode | WarningCode, string>> = {
  COLUMN_COUNT_MISMATCH:
    'the row has fewer or more cells than the header; check for an unquoted comma or a broken line',
  ROW_TOO_LONG: 'the row is longer than max_row_bytes; check for missing line ends, or raise it',
  BAD_ENCODING:
    'the row holds bytes that are no text in the encoding of the file; export it as UTF-8, or set csv.encoding',
  QUOTE_UNCLOSED: 'a quote is opened and not closed within max_row_bytes or the file; the lines after it were read',
  EVENT_NAME_MISSING: 'event_name is empty; fill it in or set default_event_name',
  EVENT_NAME_MALFORMED: 'event_name is no text or holds an e-mail address; check for shifted columns',
  EVENT_TIME_MISSING: 'event_time is empty',
  EVENT_TIME_MALFORMED:
    'event_time is neither Unix seconds, Unix milliseconds nor an ISO 8601 date-time with Z or an offset (a time without offset needs default_time_zone)',
  CURRENCY_MISSING: 'a purchase needs a currency; fill it in or set default_currency',
  CURRENCY_MALFORMED: 'currency is not a three-letter ISO 4217 code',
  VALUE_MISSING: 'a purchase needs a value; 0 is one',
  VALUE_MALFORMED:
    'value is not a plain decimal number such as 1234.50 (no sign, symbol, exponent or thousands separator; for a decimal comma see csv.decimal of the source)',
  TRANSACTION_ID_MISSING: 'a purchase needs a transaction_id',
  TRANSACTION_ID_MALFORMED:
    'transaction_id holds an e-mail address or was turned into a number by a spreadsheet; export it as text',
  EVENT_ID_MALFORMED:
    'event_id holds an e-mail address or was turned into a number by a spreadsheet; export it as text',
  IDENTIFIER_MISSING: 'neither e-mail nor phone is given; the platform needs one to match the event',
  EMAIL_MALFORMED: 'the e-mail is neither an address nor a SHA-256 digest',
  EMAIL_WRONG_DIGEST:
    'the e-mail is a digest, but not the SHA-256 of an address; hash with SHA-256 or give the address',
  PHONE_MALFORMED: 'the phone is neither a number of 7 to 15 digits with country code nor a SHA-256 digest',
  PHONE_WRONG_DIGEST: 'the phone is a digest, but not the SHA-256 of a number; hash with SHA-256 or give the number',
  EVENT_NAME_UNKNOWN: 'the platform knows no such offline event; see additional_event_names',
  EVENT_TOO_OLD: 'the event is older than max_event_age_days',
  EVENT_IN_FUTURE: 'the event lies more than 300 seconds in the future; check the time zone',
  EVENT_TOO_LARGE: 'the event alone is larger than max_request_bytes',
  REFUSED_BY_PLATFORM: 'the platform refused the event',
  EVENT_TIME_CONVERTED: 'event_time was converted to Unix seconds',
  NUM_ITEMS_MALFORMED: 'num_items is not a whole number and was dropped',
  CONTENTS_MALFORMED: 'contents is not a JSON array of usable objects; what is none was dropped',
  TEXT_MALFORMED:
    'a text field held no text (a list, an object, a truth value, a rounded number, the digest of nothing) and was dropped',
  PLAIN_IDENTITY_DROPPED: 'a text field held an e-mail address and was dropped; check for shifted columns',
  PHONE_COUNTRY_ASSUMED:
    'a phone without + was taken to start with its country code; set default_country if it does not',
  CURRENCY_UNLISTED: 'the currency is not in the list that the platform publishes; it was sent',
  PHONE_DIGEST_FORM_UNKNOWN:
    'a finished phone digest was passed on; the platform matches only digests of + and digits, so give plain phones if you can',
  EVENT_ID_CONFLICT:
    'an event differs from another of this run with the same name and id (an order over several rows?); it was sent, and the platform keeps the first; give each an event_id of its own',
}
