import type { SyncAccount } from '../../report/account'
import type { Style } from '../../terminal/style'
import { countText, durationText, nameText, percentText, tableLines, timeText, wrapped } from '../../terminal/text'
import {
  type Block,
  WIDTH,
  bullet,
  codes,
  failedFiles,
  identifiers,
  joined,
  notes,
  platformName,
  revenue,
} from '../telling/blocks'
import { failedIn, rejectedIn } from './account'
import { LIMIT_SECTION, linkTo } from '../../troubleshooting'
import type { Ending } from '../validate'

/** The account for people: what was done, what not and why, and what to do next; each block is there only where it has something to say. */
export const accountLines = (account: SyncAccount, ending: Ending, style: Style): ReadonlyArray<string> => {
  const failed = account.files.flatMap(failureOf)
  const sent = account.isDryRun ? 'that would be sent' : 'that the platform has'
  return joined([
    headline(account, style),
    overview(account, style),
    failedFiles({ failed, filesFailed: failedIn(account) }, style),
    codes(account.rejected, `Rejected: these rows ${account.isDryRun ? 'would not be' : 'were not'} sent`, style.bad),
    platformMessages(account, style),
    codes(account.warnings, `Warnings: these rows ${account.isDryRun ? 'would be' : 'were'} sent`, style.doubtful),
    identifiers(account, `Identifiers of events ${sent}: the more, the more can be matched`, style),
    revenue(account, `Events and revenue ${sent}`, style),
    notes({ ...account, remarksLeftOut: 0 }, style),
    result(account, ending, style),
  ])
}

const failureOf = ({ key, outcome }: SyncAccount['files'][number]) =>
  outcome._tag === 'failed' ? [{ key, code: outcome.code, detail: outcome.detail }] : []

const headline = (account: SyncAccount, style: Style): Block => {
  const { platform, eventSet, isDryRun, isTest, resumed, subject, startedMs, endedMs } = account
  const seconds = (endedMs - startedMs) / 1000
  return [
    style.title(
      `${nameText(subject)} to ${platformName(platform)}, event set ${eventSet}${isTest ? ', as test events' : ''}, ${timeText(Math.floor(startedMs / 1000))}, ${durationText(seconds)}`,
    ),
    ...(isDryRun ? ['A dry run: nothing was sent, and no state was saved.'] : []),
    ...(resumed === undefined ? [] : wrapped(resumedText(resumed), WIDTH, 0)),
  ]
}

const resumedText = ({ savedAtMs, filesDone, filesOpen }: NonNullable<SyncAccount['resumed']>): string => {
  const when = savedAtMs === undefined ? '' : ` at ${timeText(Math.floor(savedAtMs / 1000))}`
  const open = filesOpen.slice(0, 3).map(({ key, row }) => `${nameText(key)} after row ${countText(row)}`)
  const files = `${countText(filesDone)} ${filesDone === 1 ? 'file' : 'files'} read before`
  return `Resumed: the run before did not come to its end; this one went on from the state that it saved${when} (${[files, ...open].join(', ')}).`
}

const overview = (account: SyncAccount, style: Style): Block => {
  const { rows, accepted, duplicates, unsettled, files, moreFiles, filesIgnored, isDryRun, requests, retries } = account
  const bad = rejectedIn(account)
  const seconds = (account.endedMs - account.startedMs) / 1000
  const shares: ReadonlyArray<readonly [string, number, (text: string) => string]> = [
    [isDryRun ? 'would be sent' : 'sent', accepted, style.good],
    ['duplicates, sent once', duplicates, plain],
    ['rejected', bad, bad > 0 ? style.bad : plain],
    ...(unsettled > 0 ? ([['not settled: the next run sends them', unsettled, style.doubtful]] as const) : []),
  ]
  const failed = failedIn(account)
  const lines = tableLines({
    align: ['left', 'right', 'right'],
    rows: [
      ['files', countText(files.length + moreFiles)],
      ...(failed > 0 ? [['files that failed', countText(failed)]] : []),
      ...(filesIgnored > 0 ? [['files ignored', countText(filesIgnored)]] : []),
      ['rows', countText(rows), seconds > 0 ? `${countText(Math.round(rows / seconds))}/s` : ''],
      ...shares.map(([name, n]) => [name, countText(n), percentText(n, rows)]),
      ...(isDryRun ? [] : [['requests', countText(requests)]]),
      ...(retries > 0 ? [['of them repeats', countText(retries)]] : []),
    ],
  })
  return lines.map((line) => shares.find(([name]) => line.startsWith(`  ${name} `))?.[2](line) ?? line)
}

const plain = (text: string): string => text

const platformMessages = ({ platformMessages: said }: SyncAccount, style: Style): Block =>
  said.length === 0
    ? []
    : [
        style.title('What the platform said of events that it refused'),
        ...said.flatMap(({ message, events }) => bullet(`${countText(events)}: ${nameText(message)}`)),
      ]

/** The last word: what it all comes to, and what to do next. */
const result = (account: SyncAccount, ending: Ending, style: Style): Block => {
  const { outcome, rows, maxRejectedPercent: percent } = account
  const bad = rejectedIn(account)
  const rejected = `${countText(bad)} ${bad === 1 ? 'row' : 'rows'} of ${countText(rows)}`
  switch (outcome._tag) {
    case 'failed':
      return [
        ...wrapped(nameText(`Failed: ${outcome.sentence}`), WIDTH, 0).map(style.bad),
        ...(outcome.see === undefined ? [] : [outcome.see]),
      ]
    case 'stopped':
      return [
        style.doubtful('Stopped by a signal before the work was complete.'),
        'Run again: it goes on from the saved state.',
      ]
    case 'complete':
      switch (ending) {
        case 'success':
          return bad === 0
            ? [
                style.good(
                  rows === 0 ? 'Done: nothing new.' : `Done: every row ${account.isDryRun ? 'would be' : 'was'} sent.`,
                ),
              ]
            : [
                style.good(`Done: ${rejected} rejected, no more than --max-rejected-percent ${percent ?? 100} allows.`),
                MEND,
              ]
        case 'rejected':
          return [style.bad(`Done, but ${rejected} rejected.`), MEND]
        case 'failure':
        case 'stopped':
          return [
            style.bad(`Failed: ${rejected} rejected, more than --max-rejected-percent ${percent ?? 100} allows.`),
            MEND,
            linkTo(LIMIT_SECTION),
          ]
      }
  }
}

const MEND = 'Mend the rejected rows and send them in a file of their own: what was sent is not sent again.'
