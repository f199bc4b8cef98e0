import type { NamedTotal } from '../figures/figures'
import { amountText, countText, percentText } from '../terminal/text'
import type { SyncAccount } from './account'
import { type Look, type Series, columns, legend } from './chart'
import { type Calendar, calendarOf } from './days'
import { type Child, type Markup, clipped, element, plain } from './element'
import { eventsOf, ranked, valueOf } from './sums'
import { BARS, bar, section, table } from './table'
import { counted, listed, platformName } from './words'

/** Events and revenue by day, by name and by currency. */
export const events = (account: SyncAccount): Markup => {
  const { figures } = account
  const calendar = calendarOf(figures.byDay)
  if (figures.events === 0) return section('events', 'Events and revenue', plain('p', 'No event was made of the rows.'))
  return section(
    'events',
    'Events and revenue',
    plain('p', scopeText(account)),
    eventsByDay(account, calendar),
    ranked(
      figures.byDay.filter(({ value }) => value !== undefined),
      ({ currency }) => currency,
    )
      .slice(0, MOST_CURRENCIES)
      .map((currency, i) => revenueByDay(currency, i, calendar)),
    byName(figures.byName),
  )
}

const scopeText = (account: SyncAccount): string => {
  const { accepted, figures, isDryRun } = account
  const events = counted(figures.events, 'event')
  if (isDryRun) return `${events} would be sent to ${platformName(account)}.`
  const others = figures.events === accepted ? '' : ', those among them that it had before'
  return `These are the ${events} that ${platformName(account)} has${others}. Days are days of UTC, by the time of the event.`
}

const MOST_CURRENCIES = 3
const MOST_SERIES = 5
const MOST_LINES = 50

const SERIES: ReadonlyArray<Look> = ['s1', 's2', 's3', 's4', 's5']

interface Named {
  readonly look: Look
  readonly name: string
  readonly holds: (total: NamedTotal) => boolean
}

/** The names with the most events, and the rest as one. */
const seriesOf = (totals: ReadonlyArray<NamedTotal>): ReadonlyArray<Named> => {
  const names = ranked(totals, ({ name }) => name)
  const first = names.slice(0, names.length === MOST_SERIES + 1 ? MOST_SERIES + 1 : MOST_SERIES)
  const known = new Set(first)
  return [
    ...first.map((own, i) => ({
      look: SERIES[i] ?? ('s6' as const),
      name: clipped(own, 60),
      holds: ({ name }: NamedTotal) => name === own,
    })),
    ...(names.length > first.length
      ? [
          {
            look: 'rest' as const,
            name: `${countText(names.length - first.length)} other names`,
            holds: ({ name }: NamedTotal) => !known.has(name),
          },
        ]
      : []),
  ]
}

const eventsByDay = ({ figures }: SyncAccount, calendar: Calendar): Markup => {
  const { periods, unit } = calendar
  const named = seriesOf(figures.byName)
  const cells = named.map(({ holds }) => periods.map(({ totals }) => eventsOf(totals.filter(holds))))
  const sums = periods.map(({ totals }) => eventsOf(totals))
  return chartOf({
    id: 'events-by-day',
    title: `Events by ${unit} and name`,
    calendar,
    named,
    values: cells,
    sums,
    cells: cells.map((counts) => counts.map(countText)),
    sumCells: sums.map(countText),
    last: [
      ...named.map(({ holds }) => countText(eventsOf(figures.byName.filter(holds)))),
      element('span', { 'data-figure': 'events' }, countText(figures.events)),
    ],
  })
}

const revenueByDay = (currency: string, index: number, calendar: Calendar): Markup => {
  const { unit } = calendar
  const periods = calendar.periods.map(({ totals }) =>
    totals.filter((total) => total.currency === currency && total.value !== undefined),
  )
  const all = periods.flat()
  const named = seriesOf(all)
  const cells = named.map(({ holds }) => periods.map((totals) => valueOf(totals.filter(holds))))
  const sums = periods.map(valueOf)
  return chartOf({
    id: `revenue-${index + 1}-by-day`,
    title: `Revenue by ${unit} and name in ${clipped(currency, 12)}`,
    calendar,
    named,
    // Heights of columns need not be exact; what is written is.
    values: cells.map((values) => values.map(heightOf)),
    sums: sums.map(heightOf),
    cells: cells.map((values) => values.map(valueText)),
    sumCells: sums.map(valueText),
    last: [...named.map(({ holds }) => valueText(valueOf(all.filter(holds)))), valueText(valueOf(all))],
  })
}

const heightOf = (decimal: string | undefined): number => Number(decimal ?? 0)

/** A chart by day and name, and the table of its figures. */
interface ByDay {
  readonly id: string
  readonly title: string
  readonly calendar: Calendar
  readonly named: ReadonlyArray<Named>
  /** By name, then by day. */
  readonly values: ReadonlyArray<ReadonlyArray<number>>
  readonly sums: ReadonlyArray<number>
  /** The same as they are written. */
  readonly cells: ReadonlyArray<ReadonlyArray<string>>
  readonly sumCells: ReadonlyArray<string>
  /** Sums of the names, and of all. */
  readonly last: ReadonlyArray<Child>
}

const chartOf = ({ id, title, calendar, named, values, sums, cells, sumCells, last }: ByDay): Markup => {
  const { periods, unit } = calendar
  const series = named.map(({ look }, i): Series => ({ look, values: values[i] ?? [] }))
  return plain(
    'div',
    plain('h3', title),
    plain(
      'figure',
      columns({ id, title, description: peakText(calendar, sums, sumCells), labels: axisOf(periods), series }),
      plain('figcaption', legend(named)),
    ),
    plain(
      'details',
      plain('summary', 'The figures of this chart'),
      table({
        caption: title,
        isWide: true,
        columns: [
          { title: unit },
          ...named.map(({ name }) => ({ title: name, isFigure: true })),
          { title: 'all', isFigure: true },
        ],
        rows: periods.map(({ label }, day) => [label, ...cells.map((texts) => texts[day] ?? ''), sumCells[day] ?? '']),
        sums: ['all', ...last],
      }),
    ),
  )
}

const axisOf = (periods: Calendar['periods']): ReadonlyArray<string> => periods.map(({ short }) => short)

/** What a chart says, in words. */
const peakText = ({ periods, unit }: Calendar, values: ReadonlyArray<number>, texts: ReadonlyArray<string>): string => {
  const at = values.reduce((most, value, i) => (value > (values[most] ?? 0) ? i : most), 0)
  const span = `from ${periods[0]?.label ?? ''} to ${periods.at(-1)?.label ?? ''}`
  return `${counted(periods.length, unit)} ${span}; the most at ${periods[at]?.label ?? ''}: ${texts[at] ?? ''}.`
}

/** Every name and currency, up to a length of the page. */
const byName = (totals: ReadonlyArray<NamedTotal>): Markup => {
  const all = eventsOf(totals)
  const shown = totals.length > MOST_LINES ? totals.slice(0, MOST_LINES - 1) : totals
  const rest = totals.slice(shown.length)
  return plain(
    'div',
    element('h3', {}, 'By name and currency'),
    table({
      caption: 'Events and revenue by name and currency',
      columns: [
        { title: 'Event' },
        { title: 'Currency' },
        { title: 'Events', isFigure: true },
        { title: 'Share', isFigure: true },
        { title: BARS },
        { title: 'Revenue', isFigure: true },
      ],
      isWide: true,
      rows: [
        ...shown.map(({ name, currency, events, value }) => [
          clipped(name, 60),
          currency === undefined ? '–' : clipped(currency, 12),
          countText(events),
          percentText(events, all),
          bar(events, all, 's1'),
          valueText(value),
        ]),
        ...(rest.length > 0 ? [restLine(rest, all)] : []),
      ],
    }),
  )
}

const restLine = (rest: ReadonlyArray<NamedTotal>, all: number): ReadonlyArray<Child> => {
  const events = eventsOf(rest)
  const currencies = ranked(rest, ({ currency }) => currency)
  const few = listed(currencies.slice(0, 5).map((currency) => clipped(currency, 12)))
  return [
    `${countText(rest.length)} others`,
    currencies.length > 5 ? `${few} …` : few,
    countText(events),
    percentText(events, all),
    bar(events, all, 'rest'),
    // Currencies don't add up.
    currencies.length === 1 ? valueText(valueOf(rest)) : '–',
  ]
}

const valueText = (value: string | undefined): string => (value === undefined ? '–' : amountText(value))
