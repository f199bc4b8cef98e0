/** A time of the sample: when it is, and how it is written when it is moved. */
export interface Time {
  readonly seconds: number
  readonly movedBy: (seconds: number) => string
}

/** Reads what the connector reads: Unix seconds or milliseconds, or an ISO 8601 date-time with Z or an offset. */
export const timeOf = (text: string): Time | undefined => unixTimeOf(text) ?? dateTimeOf(text)

const UNIX = /^(\d{1,10}|\d{13})(\.\d+)?$/
const DATE_TIME = /^(\d{4}-\d\d-\d\d)([Tt ])(\d\d:\d\d)(?:(:\d\d)([.,]\d+)?)?(\s?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?))$/

const unixTimeOf = (text: string): Time | undefined => {
  const found = UNIX.exec(text)
  if (found === null) return undefined
  const [, digits = '', fraction = ''] = found
  const perSecond = digits.length === 13 ? 1000 : 1
  const units = Number(digits)
  return {
    seconds: Math.floor(units / perSecond),
    movedBy: (seconds) => `${Math.max(0, units + seconds * perSecond)}${fraction}`,
  }
}

const dateTimeOf = (text: string): Time | undefined => {
  const found = DATE_TIME.exec(text)
  if (found === null) return undefined
  const [, date = '', separator = '', minute = '', second = '', fraction = '', zone = '', sign, hours, minutes] = found
  const local = Date.parse(`${date}T${minute}${second === '' ? ':00' : second}Z`) / 1000
  // A date that does not come back as it went in, such as 31 February, is none; nor is one for which there is no Unix time.
  if (Number.isNaN(local) || !isoOf(local).startsWith(`${date}T${minute}`)) return undefined
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60
  const seconds = local - (sign === '-' ? -offset : offset)
  if (seconds < 0 || Number(hours ?? 0) > 23 || Number(minutes ?? 0) > 59) return undefined
  const movedBy = (by: number): string => {
    const iso = isoOf(Math.max(0, local + by))
    const movedSecond = iso.slice(16, 19)
    const written = second === '' && movedSecond === ':00' ? '' : `${movedSecond}${fraction}`
    return `${iso.slice(0, 10)}${separator}${iso.slice(11, 16)}${written}${zone}`
  }
  return { seconds, movedBy }
}

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString()
