import { type RowCode, type WarningCode, meaning } from '../../template/fault'
import { type Tally, total } from '../../template/tally'
import type { Style } from '../../terminal/style'
import { amountText, countText, nameText, percentText, tableLines, timeText, wrapped } from '../../terminal/text'
import { LIMIT_SECTION, linkOfCode, linkTo } from '../../troubleshooting'
import type { Account, Position } from './account'

/** The account for people: what was found, where, and what to do next; each block is there only where it has something to say. */
export const accountLines = (account: Account, style: Style): ReadonlyArray<string> =>
  [
    headline(account, style),
    overview(account, style),
    failedFiles(account, style),
    codes(account.rejected, 'Rejected: these rows are not sent', style.bad),
    codes(account.warnings, 'Warnings: these rows are sent', style.doubtful),
    identifiers(account, style),
    ages(account, style),
    revenue(account, style),
    notes(account, style),
    result(account, style),
  ]
    .filter((block) => block.length > 0)
    .flatMap((block, i) => (i === 0 ? block : ['', ...block]))

type Block = ReadonlyArray<string>

const WIDTH = 100
/** How many places of a code are named; the JSON has more. */
const PLACES = 5
/** Beyond these, rows of a table are only counted. */
const MOST_LINES = 40

const PLATFORMS: Readonly<Record<string, string>> = { tiktok: 'TikTok' }
const platformOf = ({ platform }: Account): string => PLATFORMS[platform] ?? platform

const headline = (account: Account, style: Style): Block => [
  style.title(`${nameText(account.subject)}, judged for ${platformOf(account)} at ${timeText(account.atSeconds)}`),
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

const failedFiles = ({ failed, filesFailed }: Account, style: Style): Block =>
  failed.length === 0
    ? []
    : [
        style.bad('Failed: these files could not be read to their end'),
        ...failed
          .slice(0, MOST_LINES)
          .flatMap(({ key, code, detail }) => [
            '',
            `  ${nameText(key)}: ${code}`,
            ...wrapped(`${detail}.`, WIDTH, 4),
            `    ${linkOfCode(code)}`,
          ]),
        ...more(filesFailed - MOST_LINES, 'files'),
      ]

const codes = (tally: Tally<Position>, title: string, paint: (text: string) => string): Block => {
  const found = Object.entries(tally.counts).sort(([, a], [, b]) => b - a)
  if (found.length === 0) return []
  return [
    paint(title),
    ...found.flatMap(([code, n]) => [
      '',
      `  ${code}: ${rowsText(n)}`,
      ...wrapped(`${meaning(code as RowCode | WarningCode)}.`, WIDTH, 4),
      ...wrapped(placesText(tally.positions.get(code) ?? [], n), WIDTH, 4),
      `    ${linkOfCode(code)}`,
    ]),
  ]
}

const placesText = (positions: ReadonlyArray<Position>, n: number): string => {
  const shown = positions.slice(0, PLACES)
  const where = shown.map((position, i) => placeText(position, shown[i - 1]?.file))
  return `${n > shown.length ? `First ${shown.length}` : 'In'}: ${where.join('; ')}.`
}

/** A file is named where it is another one than before. */
const placeText = ({ file, row, column, differsFrom }: Position, before: string | undefined): string => {
  const place = `${file === before ? '' : `${nameText(file)} `}row ${row}${column === undefined ? '' : ` column ${column}`}`
  if (differsFrom === undefined) return place
  const other = differsFrom.file === file ? '' : `${nameText(differsFrom.file)} `
  return `${place} (differs from ${other}row ${differsFrom.row})`
}

const identifiers = ({ figures }: Account, style: Style): Block => {
  const { events, identifiers: found } = figures
  if (events === 0) return []
  return [
    style.title('Identifiers of what would be sent: the more, the more can be matched'),
    ...tableLines({
      align: ['left', 'right', 'right'],
      rows: [
        ['e-mail', countText(found.email), percentText(found.email, events)],
        ['phone', countText(found.phone), percentText(found.phone, events)],
        ['both', countText(found.both), percentText(found.both, events)],
      ],
    }),
  ]
}

const ages = (account: Account, style: Style): Block => {
  const { figures, window } = account
  const { ages: found } = figures
  if (found.oldest === undefined || found.newest === undefined) return []
  const days = window.pastSeconds / DAY_SECONDS
  return [
    style.title(`Age of events: ${platformOf(account)} takes those of the last ${days} ${days === 1 ? 'day' : 'days'}`),
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

const revenue = ({ figures: { byName } }: Account, style: Style): Block =>
  byName.length === 0
    ? []
    : [
        style.title('Events and revenue that would be sent'),
        ...tableLines({
          align: ['left', 'right', 'right', 'left'],
          rows: [
            ['event', 'events', 'revenue', 'currency'],
            ...byName
              .slice(0, MOST_LINES)
              .map(({ name, currency, events, value }) => [
                nameText(name),
                countText(events),
                value === undefined ? '-' : amountText(value),
                currency ?? (value === undefined ? '' : 'none given'),
              ]),
          ],
        }),
        ...more(byName.length - MOST_LINES, 'names and currencies'),
      ]

const more = (n: number, what: string): Block => (n > 0 ? [`  and ${countText(n)} more ${what}`] : [])

const notes = ({ remarks, remarksLeftOut, unknownColumns, filesByCode }: Account, style: Style): Block => {
  const archived = filesByCode['FILE_ARCHIVED'] ?? 0
  const all = [
    ...remarks.map(nameText),
    ...(archived > 0
      ? [`FILE_ARCHIVED: ${archived} in an archived storage class, not read. See ${linkOfCode('FILE_ARCHIVED')}`]
      : []),
    ...(unknownColumns.length > 0
      ? [`Columns that the template does not know are not sent: ${unknownText(unknownColumns)}.`]
      : []),
  ]
  return all.length === 0
    ? []
    : [
        style.title('Notes'),
        ...all.slice(0, MOST_LINES).flatMap((note) => bullet(note)),
        ...more(all.length + remarksLeftOut - MOST_LINES, 'notes'),
      ]
}

const unknownText = (names: ReadonlyArray<string>): string =>
  `${names.slice(0, 50).join(', ')}${names.length > 50 ? ` and ${names.length - 50} more` : ''}`

const bullet = (text: string): Block =>
  wrapped(text, WIDTH, 4).map((line, i) => (i === 0 ? `  - ${line.slice(4)}` : line))

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

const rowsText = (n: number): string => `${countText(n)} ${n === 1 ? 'row' : 'rows'}`
