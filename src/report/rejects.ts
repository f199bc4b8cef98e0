import { type RowCode, type WarningCode, meaning } from '../template/fault'
import { countText, percentText } from '../terminal/text'
import { linkOfCode } from '../troubleshooting'
import type { CodeCount } from '../template/code-counts'
import type { Position } from '../figures/position'
import type { SyncAccount } from './account'
import { rejectAdvice, warningAdvice } from './advice'
import { type Child, type Markup, clipped, element, plain } from './element'
import { rejectedTotal } from './sums'
import { bar, section, table } from './table'
import { counted, firstClause, listed, platformName } from './words'

/** Rows that were rejected: why, how many, where first, and what to do. */
export const rejects = (account: SyncAccount): Markup => {
  const total = rejectedTotal(account)
  if (total === 0) return section('rejected', 'Rejected rows', plain('p', 'None.'))
  const { isDryRun, maxRejectedPercent, rows } = account
  return section(
    'rejected',
    'Rejected rows',
    plain(
      'p',
      `${counted(total, 'row')} of ${countText(rows)} (${percentText(total, rows)}) ${isDryRun ? 'would be' : total === 1 ? 'was' : 'were'} rejected. A row has one code: the first fault that is found.`,
      maxRejectedPercent === undefined ? undefined : ` The limit of this run is ${maxRejectedPercent} %.`,
    ),
    codeTable('Rejected rows by code', 'bad', account.rejected, total, rejectAdvice),
    words(account),
  )
}

/** What was changed or doubtful in rows that were kept. */
export const warnings = ({ warnings: found }: SyncAccount): Markup => {
  const total = found.reduce((sum, { count }) => sum + count, 0)
  return total === 0
    ? section('warnings', 'Warnings', plain('p', 'None.'))
    : section(
        'warnings',
        'Warnings',
        plain('p', 'These rows were kept. What is said here was changed in them, or is to be looked at.'),
        codeTable('Warnings by code', 'doubt', found, total, warningAdvice),
      )
}

const codeTable = <Code extends RowCode | WarningCode>(
  caption: string,
  look: string,
  found: ReadonlyArray<CodeCount<Code, Position>>,
  total: number,
  adviceOf: (code: Code) => string,
): Markup =>
  table({
    caption,
    columns: [{ title: 'Code' }, { title: 'Number', isFigure: true }, { title: 'What to do, and where' }],
    rows: [...found]
      .sort((a, b) => b.count - a.count)
      .map(({ code, count, positions }) => [
        [element('a', { href: linkOfCode(code), rel: 'noreferrer' }, plain('code', code)), bar(count, total, look)],
        element('span', { 'data-figure': `${look}-${code}` }, countText(count)),
        [
          element('p', { class: 'what' }, firstClause(meaning(code))),
          element('p', {}, plain('strong', adviceOf(code))),
          element('p', { class: 'where' }, placesOf(positions, count)),
        ],
      ]),
  })

/** So many places of a code are named; the file of rejects has them all. */
const MOST_PLACES = 10

/** `orders.csv: rows 3 and 17, column value; more.csv: row 8`. */
const placesOf = (positions: ReadonlyArray<Position>, count: number): ReadonlyArray<Child> => {
  const shown = positions.slice(0, MOST_PLACES)
  const groups = new Map<string, Array<Position>>()
  for (const position of shown) {
    const place = JSON.stringify([position.file, position.column])
    groups.set(place, [...(groups.get(place) ?? []), position])
  }
  const parts = [...groups.values()].map((places, i): Child => [
    i === 0 ? '' : '; ',
    plain('code', clipped(places[0]?.file ?? '')),
    `: ${places.length === 1 ? 'row' : 'rows'} ${listed(places.map(rowText))}`,
    places[0]?.column === undefined ? '' : [', column ', plain('code', clipped(places[0].column, 60))],
  ])
  return count > shown.length ? [...parts, `; and ${countText(count - shown.length)} more`] : parts
}

const rowText = ({ differsFrom, file, row }: Position): string => {
  if (differsFrom === undefined) return String(row)
  const other = differsFrom.file === file ? '' : ` of ${clipped(differsFrom.file)}`
  return `${row} (differs from row ${differsFrom.row}${other})`
}

/** What the platform said, the most frequent first. */
const words = (account: SyncAccount): Markup | undefined => {
  const { platformMessages } = account
  if (platformMessages.length === 0) return undefined
  const shown = platformMessages.slice(0, MOST_MESSAGES)
  return plain(
    'div',
    element('h3', {}, "The platform's words"),
    table({
      caption: `What ${platformName(account)} said of events that it refused`,
      columns: [{ title: 'Message' }, { title: 'Events', isFigure: true }],
      rows: shown.map(({ message, events }) => [
        element('span', { class: 'name' }, clipped(message, 300)),
        countText(events),
      ]),
    }),
    platformMessages.length > shown.length
      ? plain('p', `And ${counted(platformMessages.length - shown.length, 'other message')}.`)
      : undefined,
  )
}

const MOST_MESSAGES = 20
