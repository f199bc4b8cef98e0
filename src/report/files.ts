import { countText, timeText } from '../terminal/text'
import { linkOfCode } from '../troubleshooting'
import type { FileAccount, FileCode, FileOutcome, SyncAccount } from './account'
import { fileAdvice } from './advice'
import { type Child, type Markup, clipped, element, plain } from './element'
import { section, table } from './table'
import { bytesText, counted, listed } from './words'

/** File by file, what was read. */
export const files = (account: SyncAccount): Markup => {
  const { files: all, filesIgnored, moreFiles } = account
  const shown = all.slice(0, MOST_FILES)
  const beyond = all.length - shown.length + moreFiles
  return section(
    'files',
    'Files',
    plain(
      'p',
      `${counted(all.length + moreFiles, 'file')} in this run.`,
      filesIgnored > 0
        ? ` ${countText(filesIgnored)} ${filesIgnored === 1 ? 'was' : 'were'} left out, for the pattern, the date or a code.`
        : undefined,
    ),
    codes(account),
    shown.length === 0
      ? undefined
      : table({
          caption: 'What was read, file by file',
          isWide: true,
          columns: [
            { title: 'File' },
            { title: 'Size', isFigure: true },
            { title: 'Last modified' },
            { title: 'From row', isFigure: true },
            { title: 'Rows', isFigure: true },
            { title: 'Rejected', isFigure: true },
            { title: 'Outcome' },
          ],
          rows: shown.map(lineOf),
        }),
    beyond > 0 ? plain('p', `And ${counted(beyond, 'more file', 'more files')}.`) : undefined,
    unknownColumns(account),
  )
}

const MOST_FILES = 200

const lineOf = (file: FileAccount): ReadonlyArray<Child> => [
  plain('code', clipped(file.key)),
  bytesText(file.bytes),
  plain('time', timeText(Math.floor(file.modifiedMs / 1000))),
  String(file.fromRow),
  countText(file.rows),
  countText(file.rejected),
  outcomeOf(file.outcome),
]

const outcomeOf = (outcome: FileOutcome): Child => {
  switch (outcome._tag) {
    case 'read':
      return 'read to the end'
    case 'open':
      return element('strong', { class: 'doubt-text' }, 'read in part')
    case 'failed':
      return [
        element('strong', { class: 'bad-text' }, outcome.code),
        outcome.detail === undefined ? undefined : `: ${clipped(outcome.detail, 200)}`,
      ]
  }
}

/** What to do about files that failed or were left out for a code. */
const codes = ({ filesByCode }: SyncAccount): Markup | undefined => {
  const found = (Object.entries(filesByCode) as ReadonlyArray<[FileCode, number]>).filter(([, count]) => count > 0)
  return found.length === 0
    ? undefined
    : table({
        caption: 'Files that failed or were left out, by code',
        columns: [{ title: 'Code' }, { title: 'Files', isFigure: true }, { title: 'What to do' }],
        rows: found.map(([code, count]) => [
          element('a', { href: linkOfCode(code), rel: 'noreferrer' }, plain('code', code)),
          element('span', { 'data-figure': `file-${code}` }, countText(count)),
          fileAdvice(code),
        ]),
      })
}

const unknownColumns = ({ unknownColumns: names }: SyncAccount): Markup | undefined => {
  if (names.length === 0) return undefined
  const shown = names.slice(0, MOST_COLUMNS).map((name) => clipped(name, 60))
  const beyond = names.length - shown.length
  return plain(
    'p',
    `The template does not know ${names.length === 1 ? 'this column, and its' : 'these columns, and their'} cells were left behind: ${listed(beyond > 0 ? [...shown, `${countText(beyond)} more`] : shown)}.`,
  )
}

const MOST_COLUMNS = 30
