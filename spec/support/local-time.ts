/**
 * Local time by looking it up: what a clock on the wall of a zone shows at an instant is asked of Intl, and the instant of a local
 * time is searched for. It shares nothing with the code under test but the time zone database.
 */

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  formats.set(zone, format)
  return format
}

/** The local date-time at an instant, in milliseconds as if it were UTC. */
export const wallClock = (zone: string, utcMs: number): number => {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(utcMs)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? NaN
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
}

const offsets = new Map<string, number>()

/** How far the zone's clocks are ahead of UTC at an instant. */
export const offsetAt = (zone: string, utcMs: number): number => {
  const name = `${zone} ${utcMs}`
  const known = offsets.get(name)
  if (known !== undefined) return known
  const offset = wallClock(zone, utcMs) - utcMs
  if (offsets.size > 100_000) offsets.clear()
  offsets.set(name, offset)
  return offset
}

/** All instants at which the zone's clocks show a local time, earliest first: one, two in an overlap, none in a gap. */
export const instantsOf = (zone: string, localMs: number): ReadonlyArray<number> => {
  const hour = Math.floor(localMs / HOUR_MS) * HOUR_MS
  const around = Array.from({ length: 57 }, (_, i) => offsetAt(zone, hour + (i - 28) * HOUR_MS))
  const candidates = [...new Set(around)].map((offset) => localMs - offset)
  return candidates.filter((utcMs) => wallClock(zone, utcMs) === localMs).sort((a, b) => a - b)
}

/**
 * The instant of a local time by RFC 5545, section 3.3.5: the first of two; a time that clocks skip is read with the offset that
 * was in force before the gap.
 */
export const instantOf = (zone: string, localMs: number): number => {
  const [first] = instantsOf(zone, localMs)
  if (first !== undefined) return first
  return localMs - offsetAt(zone, lastBefore(zone, localMs))
}

/** The last second at which the clocks had not yet come to a local time that they skip. */
const lastBefore = (zone: string, localMs: number): number => {
  let before = localMs - 28 * HOUR_MS
  let after = localMs + 28 * HOUR_MS
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000
    if (wallClock(zone, middle) < localMs) before = middle
    else after = middle
  }
  return before
}

/** The instants of a year at which the zone's clocks were put forward or back: the first second with the new offset. */
export const transitionsOf = (zone: string, year: number): ReadonlyArray<number> => {
  const days = Array.from({ length: 366 }, (_, i) => Date.UTC(year, 0, 1) + i * DAY_MS)
  return days
    .filter((day) => offsetAt(zone, day) !== offsetAt(zone, day + DAY_MS))
    .map((day) => {
      let before = day
      let after = day + DAY_MS
      while (after - before > 1000) {
        const middle = Math.floor((before + after) / 2000) * 1000
        if (offsetAt(zone, middle) === offsetAt(zone, day)) before = middle
        else after = middle
      }
      return after
    })
}
