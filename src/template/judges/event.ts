import type { Column } from '../column'
import { fault } from '../fault'
import { type LocalClock, localClock } from '../local-time'
import * as Normalise from '../normalise'
import { isPurchase } from '../offline-event'
import { type Defaults, type Judge, textOf } from './draft'

/** EVENT_NAME_*: text as found; the default for an empty cell. */
export const eventName = (column: Column, defaults: Defaults): Judge => {
  const missing = fault('EVENT_NAME_MISSING', column.name)
  const malformed = fault('EVENT_NAME_MALFORMED', column.name)
  return (draft, cell) => {
    const text = typeof cell === 'number' ? null : textOf(cell)
    const name = text === undefined ? defaults.eventName : text
    if (name === undefined) return missing
    if (name === null || Normalise.holdsEmail(name)) return malformed
    draft.event.event_name = name
    draft.purchase = isPurchase(name)
    return undefined
  }
}

/** EVENT_TIME_*: Unix seconds, or what can be converted to them. */
export const eventTime = (column: Column, { timeZone }: Defaults): Judge => {
  const clock = timeZone === undefined ? undefined : localClock(timeZone)
  const missing = fault('EVENT_TIME_MISSING', column.name)
  const malformed = fault('EVENT_TIME_MALFORMED', column.name)
  return (draft, cell) => {
    if (typeof cell === 'number' && Number.isInteger(cell) && cell >= 0 && cell < 1e10) {
      draft.event.event_time = cell
      return undefined
    }
    const text = textOf(cell)
    if (text === undefined) return missing
    if (text === null) return malformed
    if (SECONDS.test(text)) {
      draft.event.event_time = Number(text)
      return undefined
    }
    const seconds = secondsOf(text, clock)
    if (seconds === undefined) return malformed
    draft.event.event_time = seconds
    draft.warnings.push('EVENT_TIME_CONVERTED')
    return undefined
  }
}

/** Unix seconds of milliseconds, of a number with a fraction, or of an ISO 8601 date-time with an offset or a clock for it. */
const secondsOf = (text: string, clock: LocalClock | undefined): number | undefined => {
  const found = NUMBER.exec(text)
  if (found === null) return secondsOfDateTime(text, clock)
  const digits = found[1]?.length ?? 0
  if (digits <= 10) return Math.floor(Number(text))
  return digits === 13 ? Math.floor(Number(text) / 1000) : undefined
}

const secondsOfDateTime = (text: string, clock: LocalClock | undefined): number | undefined => {
  const found = DATE_TIME.exec(text)
  if (found === null) return undefined
  const isLocal = found[7] === undefined
  if (isLocal && clock === undefined) return undefined
  const part = (group: number): number => Number(found[group] ?? '0')
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)]
  const utc = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  // Date.UTC rolls 31 February over into March, and the year 75 into 1975: a date that does not come back as it went in is none.
  const real = utc.getUTCFullYear() === year && utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day
  if (!real || hour > 23 || minute > 59 || second > 59 || part(9) > 23 || part(10) > 59) return undefined
  const offset = (part(9) * 60 + part(10)) * 60
  const seconds =
    isLocal && clock !== undefined
      ? clock(utc.getTime()) / 1000
      : utc.getTime() / 1000 - (found[8] === '-' ? -offset : offset)
  return seconds >= 0 ? seconds : undefined
}

/** Ids are text and stay what they are: an e-mail address or a rounded number in their place rejects the row. */
const idOf = (cell: unknown): string | undefined | null => {
  const text = textOf(cell)
  if (text === undefined || text === null) return text
  return Normalise.holdsEmail(text) || Normalise.isSpreadsheetDamage(text) ? null : text
}

/** TRANSACTION_ID_*: required for purchases. */
export const transactionId = (column: Column): Judge => {
  const missing = fault('TRANSACTION_ID_MISSING', column.name)
  const malformed = fault('TRANSACTION_ID_MALFORMED', column.name)
  return (draft, cell) => {
    const id = idOf(cell)
    if (id === undefined && draft.purchase) return missing
    if (id === null) return malformed
    draft.event.transaction_id = id
    return undefined
  }
}

/** EVENT_ID_MALFORMED: text, never a number that was rounded. */
export const eventId = (column: Column): Judge => {
  const malformed = fault('EVENT_ID_MALFORMED', column.name)
  return (draft, cell) => {
    const id = idOf(cell)
    if (id === null) return malformed
    draft.event.event_id = id
    return undefined
  }
}

const SECONDS = /^\d{1,10}$/
const NUMBER = /^(\d+)(?:\.\d+)?$/
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s?([Zz]|([+-])(\d\d)(?::?(\d\d))?)?$/
