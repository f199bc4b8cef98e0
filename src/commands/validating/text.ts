import { rejectCounts, warningCounts } from '../../template/code-counts'
import { total } from '../../template/tally'
import type { Style } from '../../terminal/style'
import { countText, nameText, percentText, tableLines, timeText, wrapped } from '../../terminal/text'
import { LIMIT_SECTION, linkTo } from '../../troubleshooting'
import {
  type Block,
  WIDTH,
  codes,
  failedFiles,
  identifiers,
  joined,
  notes,
  platformName,
  revenue,
  rowsText,
} from '../telling/blocks'
import type { Account } from './account'

/** The account for people: what was found, where, and what to do next; each block is there only where it has something to say. */
export const accountLines = (account: Account, style: Style): ReadonlyArray<string> =>
  joined([
    headline(account, style),
    overview(account, style),
    failedFiles(account, style),
    codes(rejectCounts(account.rejected), 'Rejected: these rows are not sent', style.bad),
    codes(warningCounts(account.warnings), 'Warnings: these rows are sent', style.doubtful),
    identifiers(account, 'Identifiers of what would be sent: the more, the more can be matched', style),
    ages(account, style),
    revenue(account, 'Events and revenue that would be sent', style),
    notes(account, style),
    result(account, style),
  ])

const headline = (account: Account, style: Style): Block => [
  style.title(
    `${nameText(account.subject)}, judged for ${platformName(account.platform)} at ${timeText(account.atSeconds)}`,
  ),
  'Nothing was sent.',
]

const overview = (account: Account, style: Style): Block => {
  const { rows, wouldSend, duplicates, rejected, files, filesFailed, filesIgnored } = account
  const bad = total(rejected.counts)
  const shares: ReadonlyArray<readonly [string, number, (text: string) => string]> = [
    ['would be sent', wouldSend, style.good],
    ['rejected', bad, bad > 0 ? style.bad : plain],
    ['duplicates, sent once', duplicates, plain],
  ]
  const lines = tableLines({
    align: ['left', 'right', 'right'],
    rows: [
      ['files', countText(files)],
      ...(filesFailed > 0 ? [['files that failed', countText(filesFailed)]] : []),
      ...(filesIgnored > 0 ? [['files ignored', countText(filesIgnored)]] : []),
      ['rows', countText(rows)],
      ...shares.map(([name, n]) => [name, countText(n), percentText(n, rows)]),
    ],
  })
  const before = lines.length - shares.length
  return lines.map((line, i) => shares[i - before]?.[2](line) ?? line)
}

const plain = (text: string): string => text

const ages = (account: Account, style: Style): Block => {
  const { figures, window } = account
  const { ages: found } = figures
  if (found.oldest === undefined || found.newest === undefined) return []
  const days = window.pastSeconds / DAY_SECONDS
  return [
    style.title(
      `Age of events: ${platformName(account.platform)} takes those of the last ${days} ${days === 1 ? 'day' : 'days'}`,
    ),
    ...tableLines({
      align: ['left', 'right', 'right', 'left'],
      rows: found.bands
        .filter(({ isTaken, events }) => isTaken || events > 0)
        .map(({ from, to, isTaken, events }) => [
          ageText(from, to),
          countText(events),
          percentText(events, found.events),
          isTaken ? '' : 'rejected',
        ]),
    }),
    `  oldest ${timeText(found.oldest)}, newest ${timeText(found.newest)}`,
  ]
}

const DAY_SECONDS = 86_400

const ageText = (from: number, to: number): string => {
  if (from === -Infinity) return 'in the future'
  if (to === Infinity) return `older than ${from / DAY_SECONDS} days`
  return from < 0 ? `up to ${daysText(to)}` : `${from / DAY_SECONDS} to ${daysText(to)}`
}

const daysText = (seconds: number): string => (seconds === DAY_SECONDS ? '1 day' : `${seconds / DAY_SECONDS} days`)

/** The last word: what it all comes to, and what to do next. */
const result = (account: Account, style: Style): Block => {
  const { outcome, rejected, rows, filesFailed, wouldSend } = account
  const bad = total(rejected.counts)
  switch (outcome._tag) {
    case 'clean':
      return [style.good(rows === 0 ? 'Clean, and without rows.' : `Clean: every row can be sent.`)]
    case 'rejected':
      return [
        style.bad(`${rowsText(bad)} would be rejected, ${countText(wouldSend)} sent.`),
        ...wrapped(MEND, WIDTH, 0),
      ]
    case 'tolerable':
      return [
        style.good(
          `${rowsText(bad)} would be rejected: no more than --max-rejected-percent ${outcome.percent} allows.`,
        ),
        ...wrapped(MEND, WIDTH, 0),
      ]
    case 'intolerable':
      return [
        style.bad(
          `Failed: ${rowsText(bad)} of ${countText(rows)} would be rejected, more than --max-rejected-percent ${outcome.percent} allows.`,
        ),
        ...wrapped(MEND, WIDTH, 0),
        linkTo(LIMIT_SECTION),
      ]
    case 'files-failed':
      return [
        style.bad(
          `Failed: ${filesFailed === 1 ? 'a file' : `${countText(filesFailed)} files`} could not be read to the end.`,
        ),
        'Mend or remove what is named under Failed, and validate again.',
      ]
  }
}

const MEND =
  'Mend the rejected rows and validate again: row 1 is the first after the header, blank lines do not count. Sent as it is, only they are left out.'
