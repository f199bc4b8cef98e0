import { amountText, countText, percentText } from '../terminal/text'
import type { SyncAccount } from './account'
import { type Child, type Markup, element, plain } from './element'
import { ranked, rejectedTotal, valueOf } from './sums'
import { BARS, bar, section, table } from './table'
import { durationText, rateText } from './words'

/** The run in a few figures, and how they add up. */
export const totals = (account: SyncAccount): Markup => {
  const { accepted, duplicates, endedMs, isDryRun, rows, startedMs, unsettled } = account
  const rejected = rejectedTotal(account)
  const took = endedMs - startedMs
  const rate = rateText(rows, took)
  const tiles = [
    tile('Rows read', 'rows', countText(rows)),
    tile(isDryRun ? 'Would be sent' : 'Accepted', 'accepted', countText(accepted), percentText(accepted, rows)),
    tile('Rejected', 'rejected', countText(rejected), percentText(rejected, rows)),
    ...revenueTiles(account),
    tile('Time', 'time', durationText(took), rate === undefined ? undefined : `${rate} rows/s`),
  ]
  return section(
    'totals',
    'Totals',
    element('dl', { class: `tiles of-${tiles.length}` }, tiles),
    table({
      caption: 'What became of the rows',
      columns: [
        { title: 'Rows' },
        { title: 'Number', isFigure: true },
        { title: 'Share', isFigure: true },
        { title: BARS },
      ],
      rows: [
        share(isDryRun ? 'would be sent' : 'accepted by the platform', accepted, rows, 'good'),
        share('duplicates, of this run or of what the platform has', duplicates, rows, 'rest'),
        share('rejected', rejected, rows, 'bad'),
        share('not settled: the next run reads them again', unsettled, rows, 'rest'),
      ],
      sums: ['all that were read', countText(rows), percentText(rows, rows), ''],
    }),
  )
}

const tile = (name: string, figure: string, value: string, note?: string): Markup =>
  plain(
    'div',
    plain('dt', name),
    element(
      'dd',
      {},
      element('strong', { 'data-figure': figure }, value),
      note === undefined ? undefined : element('span', { class: 'note' }, note),
    ),
  )

/** What was bought, and not what lay in carts. Currencies don't add up: the two that most purchases have. */
const revenueTiles = ({ figures }: SyncAccount): ReadonlyArray<Markup> => {
  const bought = figures.byName.filter(({ name, value }) => name === 'Purchase' && value !== undefined)
  return ranked(bought, ({ currency }) => currency)
    .slice(0, 2)
    .map((currency) => {
      const value = valueOf(bought.filter((total) => total.currency === currency)) ?? '0'
      return tile(`Purchases, ${currency}`, `revenue-${currency}`, amountText(value))
    })
}

const share = (name: string, part: number, all: number, look: string): ReadonlyArray<Child> => [
  name,
  countText(part),
  percentText(part, all),
  bar(part, all, look),
]
