import type { AgeBand } from '../figures/ages'
import { countText, percentText, timeText } from '../terminal/text'
import type { SyncAccount } from './account'
import { columns, legend } from './chart'
import { type Markup, element, plain } from './element'
import { section, table } from './table'
import { counted, platformName } from './words'

/** How old events are against what the platform takes. */
export const ages = (account: SyncAccount): Markup => {
  const { bands, events, newest, oldest } = account.figures.ages
  if (events === 0 || oldest === undefined || newest === undefined)
    return section('ages', 'Age of the events', plain('p', 'No row had a time that could be judged.'))
  const taken = bands.filter(({ isTaken }) => isTaken)
  const past = taken.at(-1)?.to ?? 0
  const outside = bands.filter(({ isTaken }) => !isTaken).reduce((sum, band) => sum + band.events, 0)
  const labels = bands.map(labelOf)
  const title = 'Events by age'
  return section(
    'ages',
    'Age of the events',
    plain(
      'p',
      `${platformName(account)} takes events of the last ${counted(Math.floor(past / DAY_SECONDS), 'day')}. ${outsideText(outside, events)} `,
      ' Oldest: ',
      plain('time', timeText(oldest)),
      '; newest: ',
      plain('time', timeText(newest)),
      '.',
    ),
    plain(
      'figure',
      columns({
        id: 'ages-chart',
        title,
        description: `${countText(events - outside)} events are within the window, ${countText(outside)} are not.`,
        labels,
        series: [
          { look: 'good', values: bands.map(({ isTaken, events: count }) => (isTaken ? count : 0)) },
          { look: 'bad', values: bands.map(({ isTaken, events: count }) => (isTaken ? 0 : count)) },
        ],
      }),
      plain(
        'figcaption',
        legend([
          { look: 'good', name: 'within the window' },
          { look: 'bad', name: 'outside: rejected' },
        ]),
      ),
    ),
    element(
      'details',
      {},
      plain('summary', 'The figures of this chart'),
      table({
        caption: title,
        columns: [
          { title: 'Age in days' },
          { title: 'Events', isFigure: true },
          { title: 'Share', isFigure: true },
          { title: 'Taken' },
        ],
        rows: bands.map((band) => [
          labelOf(band),
          countText(band.events),
          percentText(band.events, events),
          band.isTaken ? 'yes' : 'no',
        ]),
        sums: ['all', countText(events), percentText(events, events), ''],
      }),
    ),
  )
}

const outsideText = (outside: number, events: number): string =>
  outside === 0
    ? `${events === 1 ? 'The one here lies' : `All ${countText(events)} lie`} within.`
    : `${countText(outside)} of ${counted(events, 'event')} (${percentText(outside, events)}) ${outside === 1 ? 'lies' : 'lie'} outside.`

const DAY_SECONDS = 86_400

/** In days. */
const labelOf = ({ from, to }: AgeBand): string => {
  if (from === -Infinity) return 'ahead'
  if (to === Infinity) return `over ${days(from)}`
  return from < 0 ? `up to ${days(to)}` : `${days(from)}–${days(to)}`
}

const days = (seconds: number): string => countText(Math.round(seconds / DAY_SECONDS))
