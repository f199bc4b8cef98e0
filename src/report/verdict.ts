import { countText, percentText } from '../terminal/text'
import type { SyncAccount } from './account'
import { type Child, type Markup, clipped, element, plain } from './element'
import { counted, durationText, listed, momentText, platformName } from './words'
import { rejectedTotal } from './sums'

/** What happened, in one sentence; whether it is a part of more; what to do next. */
export const verdict = (account: SyncAccount): Markup =>
  element(
    'header',
    { class: `verdict ${toneOf(account)}` },
    element('p', { class: 'kind' }, kindText(account)),
    plain('h1', headline(account)),
    account.outcome._tag === 'failed' ? failure(account.outcome.sentence, account.outcome.see) : undefined,
    resumption(account),
    element(
      'div',
      { class: 'next' },
      element('h2', { id: 'next' }, 'What to do next'),
      plain(
        'ul',
        nextSteps(account).map((step) => plain('li', step)),
      ),
    ),
    element(
      'p',
      { class: 'about' },
      plain('strong', clipped(account.subject)),
      ` to event set ${clipped(account.eventSet)} of ${platformName(account)} · `,
      moment(account.startedMs),
      ` · took ${durationText(account.endedMs - account.startedMs)}`,
    ),
  )

/** For the title of the window, and the top of the page. */
export const headline = (account: SyncAccount): string => {
  const { accepted, isDryRun, outcome, rows } = account
  const platform = platformName(account)
  const rest = restOf(account)
  if (isDryRun) {
    const would =
      rows === 0 ? 'there is nothing new to send' : `${shareOf(accepted, rows)} would be sent to ${platform}${rest}`
    return outcome._tag === 'complete' ? `Dry run: ${would}.` : `The dry run ${ENDS[outcome._tag]}: so far ${would}.`
  }
  if (outcome._tag !== 'complete')
    return rows === 0
      ? `The run ${ENDS[outcome._tag]} before any row was read.`
      : `The run ${ENDS[outcome._tag]}: ${platform} accepted ${shareOf(accepted, rows)} read${rest}.`
  if (rows === 0) return 'There was nothing new to send.'
  return accepted === rows
    ? `${platform} accepted the events of ${rows === 1 ? 'the one row' : `all ${countText(rows)} rows`}.`
    : `${platform} accepted ${shareOf(accepted, rows)}${rest}.`
}

const ENDS: Readonly<Record<'stopped' | 'failed', string>> = { stopped: 'was stopped', failed: 'failed' }

const shareOf = (part: number, rows: number): string =>
  `${countText(part)} of ${counted(rows, 'row')} (${percentText(part, rows)})`

const restOf = (account: SyncAccount): string => {
  const rejected = rejectedTotal(account)
  const { duplicates, unsettled } = account
  const parts = [
    ...(rejected > 0 ? [`${countText(rejected)} rejected`] : []),
    ...(duplicates > 0 ? [counted(duplicates, 'duplicate')] : []),
    ...(unsettled > 0 ? [`${countText(unsettled)} not settled`] : []),
  ]
  return parts.length === 0 ? '' : `; ${listed(parts)}`
}

const toneOf = (account: SyncAccount): 'good' | 'bad' | 'doubtful' => {
  if (account.outcome._tag === 'failed') return 'bad'
  if (account.outcome._tag === 'stopped' || rejectedTotal(account) > 0 || account.isTest) return 'doubtful'
  return 'good'
}

const kindText = ({ isDryRun, isTest, outcome }: SyncAccount): string =>
  [KINDS[outcome._tag], isDryRun ? 'dry run' : undefined, isTest ? 'test events' : undefined]
    .filter((word) => word !== undefined)
    .join(' · ')

const KINDS: Readonly<Record<SyncAccount['outcome']['_tag'], string>> = {
  complete: 'Complete',
  stopped: 'Stopped',
  failed: 'Failed',
}

const failure = (sentence: string, see: string | undefined): Markup =>
  element('p', { class: 'failure' }, clipped(sentence, LONG), see === undefined ? undefined : [' ', seeLink(see)])

/** Of sentences that come from elsewhere. */
const LONG = 500

const seeLink = (see: string): Markup => element('a', { href: see, rel: 'noreferrer' }, 'What to do about it')

const resumption = ({ resumed }: SyncAccount): Markup | undefined => {
  if (resumed === undefined) return undefined
  const { filesDone, filesOpen, savedAtMs } = resumed
  const when = savedAtMs === undefined ? '' : [', saved ', moment(savedAtMs)]
  const shown = filesOpen.slice(0, MOST_OPEN)
  return element(
    'div',
    { class: 'resumed', 'data-figure': 'resumed' },
    plain(
      'p',
      plain('strong', 'It went on where an earlier run ended'),
      ': from the state',
      when,
      `, in which ${counted(filesDone, 'file')} ${filesDone === 1 ? 'was' : 'were'} read to the end${
        filesOpen.length === 0 ? '' : ` and ${countText(filesOpen.length)} in part`
      }. What follows is of this run alone.`,
    ),
    shown.length === 0
      ? undefined
      : plain(
          'ul',
          shown.map(({ key, row }) => plain('li', plain('code', clipped(key)), ` from row ${row + 1}`)),
          filesOpen.length > shown.length
            ? plain('li', `and ${counted(filesOpen.length - shown.length, 'more file', 'more files')}`)
            : undefined,
        ),
  )
}

const MOST_OPEN = 10

/** What the run's own account says, and what follows from its figures. */
const nextSteps = (account: SyncAccount): ReadonlyArray<Child> => {
  const { isDryRun, isTest, nextSteps: own, outcome, rows } = account
  const rejected = rejectedTotal(account)
  const steps: Array<Child> = own.slice(0, MOST_STEPS).map((step) => clipped(step, LONG))
  if (outcome._tag === 'stopped' && !isDryRun)
    steps.push(
      'Start the same command again: it goes on where this run ended, and what it had sent since its last saved state goes again under the same event ids, which the platform tells apart.',
    )
  if (outcome._tag === 'failed' && !isDryRun)
    steps.push('When the cause is mended, start the same command again: it goes on where this run ended.')
  if (rejected > 0)
    steps.push([
      'Mend the rows ',
      element('a', { href: '#rejected' }, isDryRun ? 'that would be rejected' : 'that were rejected'),
      isDryRun ? ' before they are sent.' : ', and send them in a new file: files that were read are not read again.',
    ])
  if (account.warnings.length > 0) steps.push(['Look at the ', element('a', { href: '#warnings' }, 'warnings'), '.'])
  if (isTest) steps.push('Remove test_event_code from the config when the tests are done: test events measure nothing.')
  if (isDryRun && outcome._tag === 'complete' && rows > 0) steps.push('Run it again without --dry-run to send.')
  return steps.length === 0 ? ['Nothing. The next run takes what is new.'] : steps
}

const MOST_STEPS = 20

/** A moment as people read it, and as programs do. */
const moment = (ms: number): Markup => element('time', { datetime: new Date(ms).toISOString() }, momentText(ms))
