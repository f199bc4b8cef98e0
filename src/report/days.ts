import type { DayTotal } from '../figures/figures'

/** Days of a calendar, or what they were gathered to so that they can be taken in. */
export interface Period {
  readonly label: string
  /** For the axis of a chart. */
  readonly short: string
  readonly totals: ReadonlyArray<DayTotal>
}

export interface Calendar {
  readonly unit: Unit['name']
  /** In their order, without gaps. */
  readonly periods: ReadonlyArray<Period>
}

/** Days, or weeks, months, years where days are too many; before the last years all is one. */
export const calendarOf = (byDay: ReadonlyArray<DayTotal>): Calendar => {
  const days = byDay.flatMap(({ day }) => (day === undefined ? [] : [dayNumber(day)]))
  const rest = byDay.filter(({ day }) => day === undefined)
  const others: ReadonlyArray<Period> = rest.length === 0 ? [] : [{ label: 'other days', short: 'other', totals: rest }]
  const [first, ...more] = days
  if (first === undefined) return { unit: 'day', periods: others }
  const earliest = more.reduce((least, day) => Math.min(least, day), first)
  const latest = more.reduce((most, day) => Math.max(most, day), first)
  const unit = UNITS.find(({ of }) => of(latest) - of(earliest) < MOST_PERIODS) ?? YEARS
  const last = unit.of(latest)
  const from = Math.max(unit.of(earliest), last - MOST_PERIODS + 1)
  const groups = new Map<number, Array<DayTotal>>()
  for (let period = from; period <= last; period++) groups.set(period, [])
  for (const total of byDay)
    if (total.day !== undefined) groups.get(Math.max(from, unit.of(dayNumber(total.day))))?.push(total)
  const isCut = unit.of(earliest) < from
  const periods = [...groups].map(([period, totals]) => ({
    label: isCut && period === from ? `${unit.label(period)} and before` : unit.label(period),
    short: unit.short(period),
    totals,
  }))
  return { unit: unit.name, periods: [...periods, ...others] }
}

/** As many columns as a chart has room for: the window of a platform, twice. */
const MOST_PERIODS = 62

interface Unit {
  readonly name: 'day' | 'week' | 'month' | 'year'
  /** The number of the unit that a day belongs to. */
  readonly of: (day: number) => number
  readonly label: (unit: number) => string
  readonly short: (unit: number) => string
}

const DAY_MS = 86_400_000

const dayNumber = (day: string): number => Math.floor(Date.parse(day) / DAY_MS)

const dateText = (day: number): string => new Date(day * DAY_MS).toISOString().replace(/T.*/, '')

const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear()

const YEARS: Unit = { name: 'year', of: yearOf, label: String, short: String }

const monthText = (month: number): string => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`

/** Weeks begin on Monday; day 0 was a Thursday. */
const mondayOf = (week: number): number => week * 7 - 3

const UNITS: ReadonlyArray<Unit> = [
  { name: 'day', of: (day) => day, label: dateText, short: (day) => dateText(day).slice(-5) },
  {
    name: 'week',
    of: (day) => Math.floor((day + 3) / 7),
    label: (week) => `week of ${dateText(mondayOf(week))}`,
    short: (week) => dateText(mondayOf(week)),
  },
  {
    name: 'month',
    of: (day) => yearOf(day) * 12 + new Date(day * DAY_MS).getUTCMonth(),
    label: monthText,
    short: monthText,
  },
  YEARS,
]
