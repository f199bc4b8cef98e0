import type { RowCode, WarningCode } from '../template/fault'
import type { FileCode } from './account'

/** What to do about rows that are rejected for a code, said to whoever made the file. */
export const rejectAdvice = (code: RowCode): string => REJECTS[code]

/** What to do about a warning. */
export const warningAdvice = (code: WarningCode): string => WARNINGS[code]

/** What to do about a file. */
export const fileAdvice = (code: FileCode): string => FILES[code]

const REJECTS: Readonly<Record<RowCode, string>> = {
  COLUMN_COUNT_MISMATCH:
    'Put quotes round cells that hold the delimiter or a line break, and see that no line is cut in two.',
  ROW_TOO_LONG:
    'Look for a missing line end or an unclosed quote near the row; if rows are that long, raise max_row_bytes.',
  BAD_ENCODING: 'Export the file as UTF-8, or name its encoding in csv.encoding of the source.',
  QUOTE_UNCLOSED: 'Close the quote, or double it where it belongs to the text (5"" pipe).',
  EVENT_NAME_MISSING: 'Fill in event_name, or set default_event_name if all rows are of one kind.',
  EVENT_NAME_MALFORMED:
    'Look whether the columns have shifted in this row: event_name must name what happened, as Purchase.',
  EVENT_TIME_MISSING: 'Fill in when the event happened; without its time no platform takes it.',
  EVENT_TIME_MALFORMED:
    'Give Unix seconds, or a date-time with Z or an offset; for local times without one set default_time_zone.',
  CURRENCY_MISSING: 'Fill in the three-letter currency, or set default_currency if all rows share one.',
  CURRENCY_MALFORMED: 'Write the currency as three letters, as EUR or USD, not as a sign or a name.',
  VALUE_MISSING: 'Fill in what the order came to; write 0 if it came to nothing.',
  VALUE_MALFORMED:
    'Write the amount as 1234.50, without sign, symbol or thousands separator; for a decimal comma set csv.decimal.',
  TRANSACTION_ID_MISSING: 'Fill in the order number: by it the platform tells repeats from new orders.',
  TRANSACTION_ID_MALFORMED:
    'Format the column as text before a spreadsheet saves it (1.2E+11 is damage), and look whether columns have shifted.',
  EVENT_ID_MALFORMED:
    'Format the column as text before a spreadsheet saves it (1.2E+11 is damage), and look whether columns have shifted.',
  IDENTIFIER_MISSING: 'Add the e-mail address or the phone number; an event without either can be matched to nobody.',
  EMAIL_MALFORMED: 'Give the whole address, or its SHA-256 digest in hexadecimal.',
  EMAIL_WRONG_DIGEST:
    'Hash trimmed, lower-cased addresses with SHA-256 (not MD5 or SHA-1), or give them plain: they are hashed here.',
  PHONE_MALFORMED: 'Give the number with + and country code, as text: a spreadsheet turns long numbers into 1.2E+11.',
  PHONE_WRONG_DIGEST: 'Hash with SHA-256 (not MD5 or SHA-1), or give the numbers plain: they are hashed here.',
  EVENT_NAME_UNKNOWN: "Use one of the platform's names for offline events, or add yours to additional_event_names.",
  EVENT_TOO_OLD:
    'Upload sooner: the platform measures nothing by events beyond its window, so there is no use in sending these.',
  EVENT_IN_FUTURE: 'See whether local times were exported as UTC, and whether the clock of the till is right.',
  EVENT_TOO_LARGE: 'Shorten contents or description, or raise max_request_bytes.',
  REFUSED_BY_PLATFORM: "Read what the platform said, under “The platform's words”, and mend the rows accordingly.",
}

const WARNINGS: Readonly<Record<WarningCode, string>> = {
  EVENT_TIME_CONVERTED: 'Nothing to do if the days above look right; Unix seconds need no conversion.',
  NUM_ITEMS_MALFORMED: 'Write the number of items as a whole number; the event was sent without it.',
  CONTENTS_MALFORMED: 'Write contents as a JSON array of objects; what could not be used was left out.',
  TEXT_MALFORMED: 'Give text in text columns; the event was sent without what was none.',
  PLAIN_IDENTITY_DROPPED:
    'Look whether columns have shifted: an e-mail address stood where none belongs, and was left out.',
  PHONE_COUNTRY_ASSUMED:
    'Write numbers with +, or set default_country: a number taken for another country matches nobody.',
  EMAIL_MALFORMED: 'Mend the address; the event was sent with its phone number alone.',
  EMAIL_WRONG_DIGEST: 'Hash with SHA-256, or give addresses plain; the event was sent with its phone number alone.',
  PHONE_MALFORMED: 'Mend the number; the event was sent with its e-mail address alone.',
  PHONE_WRONG_DIGEST: 'Hash with SHA-256, or give numbers plain; the event was sent with its e-mail address alone.',
  CURRENCY_UNLISTED: 'See whether the currency is mistyped: the platform may not count its amounts.',
  PHONE_DIGEST_FORM_UNKNOWN:
    'Give phone numbers plain, with +: a finished digest can not be checked, and one made of digits only matches nobody.',
  EVENT_ID_CONFLICT: 'Give each event an event_id of its own: of several with one id the platform keeps the first.',
}

const FILES: Readonly<Record<FileCode, string>> = {
  FILE_HEADER_INVALID: 'Name the columns in the first line as in the template; “offline-events template” prints it.',
  FILE_DAMAGED: 'Upload the file again: it ends too early, or its compression is broken.',
  FILE_CHANGED: 'Run again when the file is complete, and write files under another name until they are.',
  FILE_ARCHIVED: 'Restore the file from its archived storage class if it is to be sent.',
  FILE_UNREADABLE: 'Look at the detail: a permission is missing, or the file is of a kind that can not be read.',
  FILE_TOO_LATE: 'Upload the file again under a new name if it is to be sent, or raise lookback_hours.',
}
