import * as t from 'io-ts'
import { integerWithin, optional, otherwise, refined } from '../setting'
import { type Column, columnLookup } from '../template/column'
import type { Defaults } from '../template/judges/draft'
import { isTimeZone } from '../template/local-time'
import { isCountry } from '../template/normalise'
import { trim } from '../template/trim'

/** A text that is more than space. */
export const Worded = textLike('a text that is not empty', (text) => trim(text) !== '')

/** What a user says of rows, at the source and at the destination alike. Its JSON Schema stands in specification.ts. */
export const ROW_SETTINGS = {
  default_event_name: optional(Worded),
  default_country: optional(textLike('an ISO 3166 country code of two capital letters', isCountry)),
  default_currency: optional(textLike('an ISO 4217 code of three letters', (text) => /^[A-Za-z]{3}$/.test(text))),
  default_time_zone: optional(textLike('an IANA time zone such as Europe/Madrid', isTimeZone)),
  max_rejected_percent: otherwise(integerWithin(0, 100), 100),
}

type RowSettings = t.TypeOf<t.TypeC<typeof ROW_SETTINGS>>

/** The settings as the template's judges take them. */
export const defaultsOf = (config: RowSettings): Defaults => ({
  eventName: config.default_event_name === undefined ? undefined : trim(config.default_event_name),
  country: config.default_country,
  currency: config.default_currency?.toUpperCase(),
  timeZone: config.default_time_zone,
})

/** The name of a column of a template, or one of its aliases. */
export const columnOf = (columns: ReadonlyArray<Column>): t.Type<string, unknown> => {
  const columnCalled = columnLookup(columns)
  return textLike('a column of the template', (text) => columnCalled(text) !== undefined)
}

function textLike(name: string, holds: (text: string) => boolean): t.Type<string, unknown> {
  return refined(name, (json): json is string => typeof json === 'string' && holds(json))
}
