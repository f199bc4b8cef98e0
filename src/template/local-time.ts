import { tzOffset } from '@date-fns/tz'

/** Turns a local date-time, in milliseconds as if it were UTC, into milliseconds since 1970. */
export type LocalClock = (localMs: number) => number

/** Whether a name is an IANA time zone that this runtime knows, as `Europe/Madrid`. */
export const isTimeZone = (name: string): boolean => {
  // Newer runtimes take offsets too, which are no zones, and all take abbreviations of their own: BST as Bangladesh's.
  if (!/^[A-Za-z]/.test(name) || (name.length <= 3 && !IANA_OF_THREE.has(name.toUpperCase()))) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/**
 * The clock of a zone, by the rule of RFC 5545: a time that comes twice when clocks go back is its first, one that is skipped
 * when they go forward is read with the offset before.
 */
export const localClock = (timeZone: string): LocalClock => {
  const offsetAt = (utcMs: number): number => tzOffset(timeZone, new Date(utcMs)) * 60_000
  const convert: LocalClock = (localMs) => {
    const before = offsetAt(localMs - DAY_MS)
    const candidates = [before, offsetAt(localMs + DAY_MS)].filter((offset) => offsetAt(localMs - offset) === offset)
    return localMs - Math.max(...(candidates.length > 0 ? candidates : [before]))
  }
  // An offset costs as much as a row does, and nearly all days have only one.
  const days = new Map<number, number | undefined>()
  const offsetOfDay = (day: number): number | undefined => {
    const startMs = day * DAY_MS
    const offset = offsetAt(startMs - DAY_MS)
    return offsetAt(startMs + 2 * DAY_MS) === offset ? offset : undefined
  }
  return (localMs) => {
    const day = Math.floor(localMs / DAY_MS)
    if (!days.has(day)) {
      if (days.size === MOST_DAYS) days.clear()
      days.set(day, offsetOfDay(day))
    }
    const offset = days.get(day)
    return offset === undefined ? convert(localMs) : localMs - offset
  }
}

/** The names of IANA's list that are as short as an abbreviation. */
const IANA_OF_THREE: ReadonlySet<string> = new Set(
  'CET EET EST GB GMT HST MET MST NZ PRC ROC ROK UCT UTC WET'.split(' '),
)
const DAY_MS = 86_400_000
const MOST_DAYS = 10_000
