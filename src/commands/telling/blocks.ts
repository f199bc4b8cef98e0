import type { Figures } from '../../figures/figures'
import type { Position } from '../../figures/position'
import type { CodeCount } from '../../template/code-counts'
import { type RowCode, type WarningCode, meaning } from '../../template/fault'
import type { Style } from '../../terminal/style'
import { amountText, countText, nameText, percentText, tableLines, wrapped } from '../../terminal/text'
import { linkOfCode } from '../../troubleshooting'

/** Lines that belong together; none where there is nothing to say. */
export type Block = ReadonlyArray<string>

/** Blocks as lines, an empty line between two. */
export const joined = (blocks: ReadonlyArray<Block>): ReadonlyArray<string> =>
  blocks.filter((block) => block.length > 0).flatMap((block, i) => (i === 0 ? block : ['', ...block]))

/** A line has so many characters where its words allow. */
export const WIDTH = 100
/** How many places of a code are named; the JSON has more. */
const PLACES = 5
/** Beyond these, rows of a table are only counted. */
const MOST_LINES = 40

interface Unread {
  readonly key: string
  readonly code: string
  readonly detail: string | undefined
}

/** Files that could not be read, and why; perhaps only the first of them. */
export const failedFiles = (
  { failed, filesFailed }: { readonly failed: ReadonlyArray<Unread>; readonly filesFailed: number },
  style: Style,
): Block =>
  failed.length === 0
    ? []
    : [
        style.bad('Failed: these files could not be read to their end'),
        ...failed
          .slice(0, MOST_LINES)
          .flatMap(({ key, code, detail }) => [
            '',
            `  ${nameText(key)}: ${code}`,
            ...(detail === undefined ? [] : wrapped(`${detail}.`, WIDTH, 4)),
            `    ${linkOfCode(code)}`,
          ]),
        ...more(filesFailed - MOST_LINES, 'files'),
      ]

/** Rejects or warnings by code, with the first places and where to read on. */
export const codes = (
  found: ReadonlyArray<CodeCount<string, Position>>,
  title: string,
  paint: (text: string) => string,
): Block =>
  found.length === 0
    ? []
    : [
        paint(title),
        ...[...found]
          .sort((a, b) => b.count - a.count)
          .flatMap(({ code, count, positions }) => [
            '',
            `  ${code}: ${rowsText(count)}`,
            ...wrapped(`${meaning(code as RowCode | WarningCode)}.`, WIDTH, 4),
            ...wrapped(placesText(positions, count), WIDTH, 4),
            `    ${linkOfCode(code)}`,
          ]),
      ]

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

interface WithFigures {
  readonly figures: Figures
}

/** How many of the events can be matched by what. */
export const identifiers = ({ figures }: WithFigures, title: string, style: Style): Block => {
  const { events, identifiers: found } = figures
  if (events === 0) return []
  return [
    style.title(title),
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

/** Events and revenue by name and currency. */
export const revenue = ({ figures: { byName } }: WithFigures, title: string, style: Style): Block =>
  byName.length === 0
    ? []
    : [
        style.title(title),
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

/** What notes are made of. */
interface Notes {
  readonly remarks: ReadonlyArray<string>
  readonly remarksLeftOut: number
  readonly unknownColumns: ReadonlyArray<string>
  readonly filesByCode: Readonly<Record<string, number>>
}

/** What is to be said although nothing is wrong with a row. */
export const notes = ({ remarks, remarksLeftOut, unknownColumns, filesByCode }: Notes, style: Style): Block => {
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

/** A paragraph behind a dash. */
export const bullet = (text: string): Block =>
  wrapped(text, WIDTH, 4).map((line, i) => (i === 0 ? `  - ${line.slice(4)}` : line))

/** `1 row`, `1,234 rows`. */
export const rowsText = (n: number): string => `${countText(n)} ${n === 1 ? 'row' : 'rows'}`

const PLATFORMS: Readonly<Record<string, string>> = { tiktok: 'TikTok' }

/** A platform as it calls itself. */
export const platformName = (platform: string): string => PLATFORMS[platform] ?? platform
