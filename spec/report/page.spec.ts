import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { Figures } from '../../src/figures/figures'
import type { SyncAccount } from '../../src/report/account'
import { fileAdvice, rejectAdvice, warningAdvice } from '../../src/report/advice'
import { rejectCounts, warningCounts } from '../../src/template/code-counts'
import { reportHtml } from '../../src/report/page'
import { headline } from '../../src/report/verdict'
import { ROW_CODES, WARNING_CODES } from '../../src/template/fault'
import { count, newTally } from '../../src/template/tally'
import { countText } from '../../src/terminal/text'
import { law } from '../support/laws'
import { nothing, shop } from './accounts'
import { figuresOn, takenApart } from './html'

/** Every text of an account that comes from outside, replaced. */
const withTexts = (account: SyncAccount, textOf: (text: string) => string): SyncAccount => {
  const replaced = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return OWN.has(key) ? value : textOf(value)
    if (Array.isArray(value)) return value.map((one) => replaced(one, key))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replaced(one, name)]))
  }
  return replaced(account, '') as SyncAccount
}

/** Closed lists, and what the program makes itself. */
const OWN = new Set(['platform', '_tag', 'code', 'day', 'value'])

/** An account in which everything is present that can be. */
const full = (): SyncAccount => ({
  ...shop(),
  outcome: { _tag: 'failed', sentence: 'The bucket said no.', see: 'https://example.com/docs#bucket' },
  files: [
    ...shop().files,
    {
      key: 'broken.csv.gz',
      bytes: 10,
      modifiedMs: 0,
      fromRow: 1,
      rows: 0,
      rejected: 0,
      outcome: { _tag: 'failed', code: 'FILE_DAMAGED', detail: 'it ends too early' },
    },
  ],
  nextSteps: ['Ask the owner of the bucket.'],
})

/** What a hostile name is made of. */
const PIECES = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</style><style>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '<!--',
  ']]>',
  '&lt;b&gt;',
  '&#60;',
  '\u202e',
  '\u0000',
  '\u2028',
  '\ud800',
  'anna@example.com',
  'a'.repeat(64),
  '{a|b}',
  '<',
  '>',
  '"',
  '=',
  'javascript:alert(1)',
]

const hostile = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary' })), {
  minLength: 1,
  maxLength: 6,
})

test('no name, header or message gets through as markup, nor anybody by it', () => {
  const plainTags = takenApart(reportHtml(withTexts(full(), (own) => `plain ${own}`))).tags
  law(
    [hostile],
    (pieces) => {
      const { tags, text } = takenApart(reportHtml(withTexts(full(), (own) => `${pieces.join('')}${own}`)))
      expect(tags).toEqual(plainTags)
      expect(text).not.toMatch(/@|[0-9a-f]{64}|(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/iu)
    },
    60,
  )
})

test('the same account makes the same page, whatever was made before', () => {
  const first = reportHtml(shop())
  reportHtml(nothing())
  expect(reportHtml(shop())).toBe(first)
})

test('it allows its own style sheet and nothing else', () => {
  const html = reportHtml(shop())
  const css = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''
  const digest = createHash('sha256').update(css).digest('base64')
  expect(html).toContain(
    `content="default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
  )
  expect(html.match(/<style/g)).toHaveLength(1)
  expect(html).not.toMatch(/ (style|src|srcset|on\w+)=|url\(|@import|<(script|link|img|iframe|object|base)/i)
})

test('figures are those of the account', () => {
  const account = shop()
  const { both, email, phone } = account.figures.identifiers
  const counted = Object.fromEntries([
    ...account.rejected.map(({ code, count: n }) => [`bad-${code}`, countText(n)]),
    ...account.warnings.map(({ code, count: n }) => [`doubt-${code}`, countText(n)]),
  ]) as Record<string, string>
  expect(figuresOn(reportHtml(account))).toMatchObject({
    ...counted,
    rows: countText(account.rows),
    accepted: countText(account.accepted),
    rejected: '131',
    events: countText(account.figures.events),
    both: countText(both),
    'email-alone': countText(email - both),
    'phone-alone': countText(phone - both),
    'file-FILE_ARCHIVED': '1',
    requests: '13',
    retries: '1',
    'in-flight': '8',
  })
})

/** The cells of a table's body, by its caption. */
const cellsOf = (html: string, caption: string): ReadonlyArray<ReadonlyArray<string>> => {
  const start = html.indexOf(`<caption>${caption}</caption>`)
  expect(start).toBeGreaterThan(0)
  const body = html.slice(html.indexOf('<tbody>', start), html.indexOf('</tbody>', start))
  return [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, '')),
  )
}

const numberIn = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''))

test('tables by day and by name add up to all', () => {
  const { figures } = shop()
  const html = reportHtml(shop())
  const days = cellsOf(html, 'Events by day and name')
  const revenue = cellsOf(html, 'Revenue by day and name in GBP')
  const names = cellsOf(html, 'Events and revenue by name and currency')
  expect(days).toHaveLength(new Set(figures.byDay.map(({ day }) => day)).size)
  expect(days.reduce((sum, cells) => sum + numberIn(cells.at(-1)), 0)).toBe(figures.events)
  for (const cells of days)
    expect(cells.slice(1, -1).reduce((sum, cell) => sum + numberIn(cell), 0)).toBe(numberIn(cells.at(-1)))
  expect(revenue.reduce((sum, cells) => sum + Math.round(numberIn(cells.at(-1)) * 100), 0)).toBe(
    Math.round(Number(figures.byName.find(({ currency }) => currency === 'GBP')?.value) * 100),
  )
  expect(names.map(([name, currency, events]) => [name, currency, numberIn(events)])).toEqual(
    figures.byName.map(({ name, currency, events }) => [name, currency ?? '–', events]),
  )
})

/** All that a run can come to, and more than a page should hold. */
const huge = (): SyncAccount => {
  const nasty = (n: number): string => `${'\u202e<"&\u0000'.repeat(200)}${n}`
  const byDay: Figures['byDay'] = Array.from({ length: 50_000 }, (_, i) => ({
    day:
      i % 1000 === 999
        ? undefined
        : new Date(Date.parse('1990-01-01') + (i % 1000) * 86_400_000 * 13).toISOString().slice(0, 10),
    name: nasty(i % 500),
    currency: `${String.fromCharCode(65 + (i % 26))}AA`,
    events: 1_000_000_000,
    value: '123456789012345678901234567890.123456',
  }))
  const positions = Array.from({ length: 20 }, (_, i) => ({
    file: nasty(i),
    row: 1e15 + i,
    column: nasty(i),
    differsFrom: { file: nasty(i + 100), row: 1e15 },
  }))
  const texts = Array.from({ length: 5000 }, (_, i) => nasty(i))
  return {
    ...shop(),
    subject: nasty(0),
    eventSet: nasty(0),
    outcome: { _tag: 'failed', sentence: nasty(0).repeat(20), see: undefined },
    resumed: { savedAtMs: 0, filesDone: 1e9, filesOpen: texts.map((key) => ({ key, row: 1e15 })) },
    files: texts.map((key) => ({
      key,
      bytes: 1e15,
      modifiedMs: 0,
      fromRow: 1e15,
      rows: 1e15,
      rejected: 1e15,
      outcome: { _tag: 'failed', code: 'FILE_DAMAGED', detail: key.repeat(10) },
    })),
    rejected: ROW_CODES.map((code) => ({ code, count: 1e15, positions })),
    warnings: WARNING_CODES.map((code) => ({ code, count: 1e15, positions })),
    platformMessages: texts.map((message) => ({ message, events: 1e15 })),
    figures: { ...shop().figures, events: 5e13, byDay, byName: byDay.map((total) => total) },
    unknownColumns: texts,
    nextSteps: texts,
    remarks: texts,
  }
}

test('it stays small, whatever the run', () => {
  expect(Buffer.byteLength(reportHtml(huge()))).toBeLessThan(2_000_000)
})

const base = nothing()
const some: SyncAccount = {
  ...base,
  rows: 10,
  accepted: 7,
  duplicates: 1,
  rejected: [{ code: 'VALUE_MISSING', count: 2, positions: [] }],
}

test.each<[string, SyncAccount]>([
  ['There was nothing new to send.', base],
  ['Dry run: there is nothing new to send.', { ...base, isDryRun: true }],
  ['TikTok accepted the events of the one row.', { ...base, rows: 1, accepted: 1 }],
  ['TikTok accepted the events of all 1,000 rows.', { ...base, rows: 1000, accepted: 1000 }],
  ['TikTok accepted 7 of 10 rows (70.0 %); 2 rejected and 1 duplicate.', some],
  ['Dry run: 7 of 10 rows (70.0 %) would be sent to TikTok; 2 rejected and 1 duplicate.', { ...some, isDryRun: true }],
  [
    'The run was stopped: TikTok accepted 7 of 13 rows (53.8 %) read; 2 rejected, 1 duplicate and 3 not settled.',
    { ...some, rows: 13, unsettled: 3, outcome: { _tag: 'stopped' } },
  ],
  [
    'The run failed before any row was read.',
    { ...base, outcome: { _tag: 'failed', sentence: 'No.', see: undefined } },
  ],
])('%s', (sentence, account) => {
  expect(headline(account)).toBe(sentence)
  expect(reportHtml(account)).toContain(`<h1>${sentence}</h1>`)
})

test.each<[string, SyncAccount]>([
  ['Nothing. The next run takes what is new.', base],
  ['Run it again without --dry-run to send.', { ...some, isDryRun: true }],
  ['it goes on where this run ended', { ...some, outcome: { _tag: 'stopped' } }],
  ['Remove test_event_code', { ...some, isTest: true }],
  ['Ask the owner of the bucket.', full()],
])('it says what to do next: %s', (step, account) => {
  const html = reportHtml(account)
  expect(html.slice(0, html.indexOf('<nav'))).toContain(step)
})

test('it says that the run went on, and where', () => {
  expect(reportHtml(shop())).toContain('It went on where an earlier run ended')
  expect(reportHtml(shop())).toContain('online-orders.csv</code> from row 4001')
  expect(reportHtml(nothing())).not.toContain('It went on')
})

test('every code says what to do, in a sentence', () => {
  const advice = [
    ...ROW_CODES.map(rejectAdvice),
    ...WARNING_CODES.map(warningAdvice),
    ...(['FILE_HEADER_INVALID', 'FILE_DAMAGED', 'FILE_CHANGED', 'FILE_TOO_LATE'] as const).map(fileAdvice),
    ...(['FILE_ARCHIVED', 'FILE_UNREADABLE'] as const).map(fileAdvice),
  ]
  for (const sentence of advice) expect(sentence).toMatch(/^[A-Z“].*\.$/)
})

test('tallies become counts in the order of judgement, with all positions that were kept', () => {
  const tally = newTally<{ file: string; row: number; column: undefined }>()
  for (const [row, code] of ['EVENT_TOO_OLD', 'VALUE_MISSING', 'EVENT_TOO_OLD'].entries())
    count(tally, code, () => ({ file: 'a.csv', row, column: undefined }))
  expect(rejectCounts(tally).map(({ code, count: n, positions }) => [code, n, positions.length])).toEqual([
    ['VALUE_MISSING', 1, 1],
    ['EVENT_TOO_OLD', 2, 2],
  ])
  expect(warningCounts(tally)).toEqual([])
})
