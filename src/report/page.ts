import { VERSION } from '../about'
import { sha256 } from '../template/hash'
import type { SyncAccount } from './account'
import { ages } from './ages'
import { Markup, clipped, element, plain } from './element'
import { events } from './events'
import { files } from './files'
import { identifiers } from './identifiers'
import { rejects, warnings } from './rejects'
import { CSS } from './style'
import { timing } from './timing'
import { totals } from './totals'
import { headline, verdict } from './verdict'

/**
 * The report of a run as one HTML file: opened from a disk, passed on by mail, printed. It needs nothing from anywhere, runs no script,
 * and says nothing of anybody.
 */
export const reportHtml = (account: SyncAccount): string =>
  Markup.page({
    lang: 'en',
    css: CSS,
    head: [
      element('meta', { charset: 'utf-8' }),
      element('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
      element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      element('meta', { name: 'color-scheme', content: 'light dark' }),
      element('meta', { name: 'referrer', content: 'no-referrer' }),
      element('meta', { name: 'robots', content: 'noindex' }),
      plain('title', `${clipped(account.subject, 60)}: ${headline(account)}`),
    ],
    body: plain('body', skip, content(account), foot),
  })

/** Nothing but this style sheet. */
const POLICY = `default-src 'none'; style-src 'sha256-${Buffer.from(sha256(CSS), 'hex').toString('base64')}'; base-uri 'none'; form-action 'none'`

const content = (account: SyncAccount): Markup =>
  element(
    'main',
    { id: 'main' },
    verdict(account),
    contents,
    totals(account),
    events(account),
    rejects(account),
    warnings(account),
    identifiers(account),
    ages(account),
    files(account),
    timing(account),
    remarks(account),
  )

const skip = element('a', { class: 'skip', href: '#totals' }, 'Skip to the totals')

const SECTIONS = [
  ['totals', 'Totals'],
  ['events', 'Events'],
  ['rejected', 'Rejected'],
  ['warnings', 'Warnings'],
  ['identifiers', 'E-mail and phone'],
  ['ages', 'Age'],
  ['files', 'Files'],
  ['timing', 'Time'],
] as const

const contents = element(
  'nav',
  { 'aria-label': 'Sections' },
  plain(
    'ul',
    SECTIONS.map(([id, name]) => plain('li', element('a', { href: `#${id}` }, name))),
  ),
)

const remarks = ({ remarks: found }: SyncAccount): Markup | undefined =>
  found.length === 0
    ? undefined
    : element(
        'section',
        { id: 'remarks', 'aria-labelledby': 'remarks-title' },
        element('h2', { id: 'remarks-title' }, 'Remarks'),
        plain(
          'ul',
          found.slice(0, MOST_REMARKS).map((remark) => plain('li', clipped(remark, 300))),
          found.length > MOST_REMARKS ? plain('li', `and ${found.length - MOST_REMARKS} more`) : undefined,
        ),
      )

const MOST_REMARKS = 50

const foot = plain(
  'footer',
  plain('p', `Made by offline-events ${VERSION}. No identity, plain or hashed, is in this file.`),
)
