import { countText, percentText } from '../terminal/text'
import type { SyncAccount } from './account'
import { type Child, type Markup, element, plain } from './element'
import { BARS, bar, section, table } from './table'
import { platformName } from './words'

/** By what events can be matched. */
export const identifiers = (account: SyncAccount): Markup => {
  const { events, identifiers: found } = account.figures
  const { both, email, phone } = found
  const platform = platformName(account)
  return section(
    'identifiers',
    'E-mail and phone',
    plain(
      'p',
      plain('strong', 'This is not a match rate.'),
      ` Only ${platform} knows how many of these people it can find, and it does not say so here. But an event with e-mail and phone can be found by either: the more of both, the better the chance.`,
    ),
    table({
      caption: 'Events by what they can be matched with',
      columns: [
        { title: 'With' },
        { title: 'Events', isFigure: true },
        { title: 'Share', isFigure: true },
        { title: BARS },
      ],
      rows: [
        line('e-mail and phone', 'both', both, events, 's1'),
        line('e-mail alone', 'email-alone', email - both, events, 's2'),
        line('phone alone', 'phone-alone', phone - both, events, 's3'),
      ],
      sums: ['all events', countText(events), percentText(events, events), ''],
    }),
    element(
      'p',
      { class: 'note' },
      `With e-mail at all: ${countText(email)} (${percentText(email, events)}). With phone at all: ${countText(phone)} (${percentText(phone, events)}).`,
    ),
  )
}

const line = (name: string, figure: string, part: number, all: number, look: string): ReadonlyArray<Child> => [
  name,
  element('span', { 'data-figure': figure }, countText(part)),
  percentText(part, all),
  bar(part, all, look),
]
