import type { OfflineEvent } from '../template/offline-event'
import { type AgesFound, type Window, newAges } from './ages'
import { type Sum, newSum } from './sum'

/** What a set of events amounts to: for the summary at a terminal, and for a report. It holds no identity, hashed or plain. */
export interface Figures {
  /** Events that were added. */
  readonly events: number
  readonly identifiers: Identifiers
  readonly ages: AgesFound
  /** Events and revenue by name and currency, the most events first. */
  readonly byName: ReadonlyArray<NamedTotal>
  /** The same by day (UTC) as well, the days in their order. */
  readonly byDay: ReadonlyArray<DayTotal>
}

/** How many events can be matched by what: the nearest thing to a forecast of the match rate. */
export interface Identifiers {
  readonly email: number
  readonly phone: number
  /** Those of them that have both. */
  readonly both: number
}

/** Events of one name and currency. */
export interface NamedTotal {
  readonly name: string
  /** undefined: the events name none. */
  readonly currency: string | undefined
  readonly events: number
  /** The exact sum of their values as decimal text; undefined where none has a value. */
  readonly value: string | undefined
}

export interface DayTotal extends NamedTotal {
  /** `2026-01-31`; undefined for days beyond the number that is kept apart. */
  readonly day: string | undefined
}

/** Gathers figures, event by event. */
export interface Gatherer {
  /** The time of an event, whether it is to be sent or not. */
  readonly addTime: (eventTime: number) => void
  /** Adds an event of which nothing else is needed. */
  readonly add: (sample: Sample) => void
  readonly figures: () => Figures
}

/** What figures need of one event. */
export interface Sample {
  /** The name that the platform has for it. */
  readonly name: string
  /** Days since 1970, UTC. */
  readonly day: number
  readonly currency: string | undefined
  readonly value: number | undefined
  readonly hasEmail: boolean
  readonly hasPhone: boolean
}

/** The sample of an event, by the name that the platform has for it. */
export const sampleOf = (name: string, event: OfflineEvent): Sample => ({
  name,
  day: Math.floor(event.event_time / DAY_SECONDS),
  currency: event.currency,
  value: event.value,
  hasEmail: event.Email_hashed !== undefined,
  hasPhone: event.Phone_hashed !== undefined || event.phone_e164_hashed !== undefined,
})

/** A gatherer. `nowSeconds` is what ages are counted from, `window` what the platform takes. */
export const newGatherer = (nowSeconds: number, window: Window): Gatherer => {
  const ages = newAges(nowSeconds, window)
  const cells = new Map<string, Cell>()
  let events = 0
  let email = 0
  let phone = 0
  let both = 0
  return {
    addTime: ages.add,
    add: ({ name, day, currency, value, hasEmail, hasPhone }) => {
      events++
      if (hasEmail) email++
      if (hasPhone) phone++
      if (hasEmail && hasPhone) both++
      const cell = cellOf(cells, day, name, currency)
      cell.events++
      if (value === undefined) return
      cell.value ??= newSum()
      cell.value.add(value)
    },
    figures: () => ({
      events,
      identifiers: { email, phone, both },
      ages: ages.found(),
      byName: byName(cells.values()),
      byDay: [...cells.values()].map(dayTotal).sort(inOrderOfDays),
    }),
  }
}

interface Cell {
  readonly day: number | undefined
  readonly name: string
  readonly currency: string | undefined
  events: number
  value: Sum | undefined
}

const DAY_SECONDS = 86_400

/** So many days, names and currencies are told apart; a window of 28 days has a few hundred. */
const MOST_CELLS = 50_000

const cellOf = (cells: Map<string, Cell>, day: number, name: string, currency: string | undefined): Cell => {
  const key = `${day} ${currency ?? ''} ${name}`
  const known = cells.get(key)
  if (known !== undefined) return known
  if (cells.size < MOST_CELLS) return added(cells, key, { day, name, currency, events: 0, value: undefined })
  // Names and currencies are fewer than days can be: their sums stay exact.
  const rest = ` ${currency ?? ''} ${name}`
  return cells.get(rest) ?? added(cells, rest, { day: undefined, name, currency, events: 0, value: undefined })
}

const added = (cells: Map<string, Cell>, key: string, cell: Cell): Cell => {
  cells.set(key, cell)
  return cell
}

const byName = (cells: Iterable<Cell>): ReadonlyArray<NamedTotal> => {
  const groups = new Map<string, Cell>()
  for (const { name, currency, events, value } of cells) {
    const key = `${currency ?? ''} ${name}`
    const group = groups.get(key) ?? added(groups, key, { day: undefined, name, currency, events: 0, value: undefined })
    group.events += events
    if (value !== undefined) (group.value ??= newSum()).addText(value.text())
  }
  return [...groups.values()].map(totalOf).sort(inOrderOfEvents)
}

const totalOf = ({ name, currency, events, value }: Cell): NamedTotal => ({
  name,
  currency,
  events,
  value: value?.text(),
})

const dayTotal = (cell: Cell): DayTotal => ({
  day: cell.day === undefined ? undefined : dateOf(cell.day),
  ...totalOf(cell),
})

const dateOf = (day: number): string => new Date(day * DAY_SECONDS * 1000).toISOString().replace(/T.*/, '')

const inOrderOfEvents = (a: NamedTotal, b: NamedTotal): number =>
  b.events - a.events || compare(a.name, b.name) || compare(a.currency ?? '', b.currency ?? '')

const inOrderOfDays = (a: DayTotal, b: DayTotal): number =>
  compare(a.day ?? '~', b.day ?? '~') || compare(a.name, b.name) || compare(a.currency ?? '', b.currency ?? '')

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
