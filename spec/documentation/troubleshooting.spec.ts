import type { Failure } from '../../src/failure'
import { ROW_CODES, WARNING_CODES } from '../../src/template/fault'
import { LIMIT_SECTION, linkOf, linkOfCode, linkTo, sectionOf } from '../../src/troubleshooting'
import { DOCUMENTATION } from '../../src/about'
import { anchorOf } from '../../tools/configuration'
import { headingsOf, sectionOf as textOfSection } from './pages'

const PAGE = 'docs/troubleshooting.md'
const TITLES = headingsOf(PAGE).flatMap(({ depth, title }) => (depth === 3 ? [title] : []))

/** Of every kind of failure that leads to a section; a new one does not compile without its line. */
const SECTIONED: { readonly [Tag in Failure['_tag']]: ReadonlyArray<Failure> } = {
  UsageInvalid: [{ _tag: 'UsageInvalid', problem: 'x' }],
  InputInvalid: (['config', 'source', 'destination', 'catalog', 'state'] as const).map((input) => ({
    _tag: 'InputInvalid',
    input,
    problems: [],
  })),
  LocalUnusable: [{ _tag: 'LocalUnusable', cause: 'missing' }],
  StorageRefused: (
    [
      ...(['credentials', 'assume', 'access-key', 'secret', 'session-token', 'bucket', 'region', 'list'] as const),
      ...(['get', 'put', 'remove', 'decrypt', 'encrypt', 'clock', 'foreign', 'request'] as const),
    ] as const
  ).map((cause) => ({ _tag: 'StorageRefused', use: 'files', cause, bucket: 'b' })),
  StorageUnreachable: (
    [
      ...(['refused', 'unknown-host', 'no-answer', 'certificate', 'broken'] as const),
      ...(['tls', 'no-route', 'proxy-address', 'no-handles'] as const),
    ] as const
  ).map((cause) => ({ _tag: 'StorageUnreachable', use: 'files', cause, host: 'h:1' })),
  StorageFailing: [{ _tag: 'StorageFailing', status: 503 }],
  FileUnusable: (
    ['FILE_HEADER_INVALID', 'FILE_DAMAGED', 'FILE_CHANGED', 'FILE_ARCHIVED', 'FILE_UNREADABLE'] as const
  ).map((code) => ({ _tag: 'FileUnusable', file: { key: 'a.csv', code, detail: 'why' } })),
  FilesFailed: [],
  RowInvalid: [],
  TooManyRejected: [{ _tag: 'TooManyRejected', scope: 'a.csv', of: 'rows', rejected: 2, total: 3, percent: 50 }],
  DiskFailed: (['state', 'lock', 'rejects', 'report'] as const).map((file) => ({
    _tag: 'DiskFailed',
    file,
    trouble: 'EIO',
  })),
  AlreadyRunning: [{ _tag: 'AlreadyRunning', host: 'h', pid: 1, secondsAgo: 5 }],
  LockLost: [{ _tag: 'LockLost' }],
  PlatformRefused: ['access_token', 'event_set_id', 'advertiser_id', 'test_event_code', 'api_url', 'x'].map((key) => ({
    _tag: 'PlatformRefused',
    reason: `platform.${key}: no`,
  })),
  PlatformUnreachable: [{ _tag: 'PlatformUnreachable', cause: 'refused', host: 'h:1' }],
  PlatformFailing: [{ _tag: 'PlatformFailing', minutes: 30, reason: 'r', rateLimited: false }],
  PlatformExhausted: [{ _tag: 'PlatformExhausted', reason: 'r' }],
  CouldNotTell: [{ _tag: 'CouldNotTell', reason: 'r' }],
  StdinMalformed: [],
  SourceIncomplete: [],
  OutputClosed: [{ _tag: 'OutputClosed', full: true }],
  CountsDisagree: [{ _tag: 'CountsDisagree', counts: '' }],
  Stopped: [{ _tag: 'Stopped' }],
}

const ANCHORS = new Set([
  ...Object.values(SECTIONED)
    .flat()
    .flatMap((failure) => sectionOf(failure) ?? []),
  ...[...ROW_CODES, ...WARNING_CODES].map((code) => code.toLowerCase()),
  LIMIT_SECTION,
])

test('every failure and code that is told with a link has its section, and every section has what leads to it', () => {
  expect(TITLES.map(anchorOf).sort()).toEqual([...ANCHORS].sort())
})

test('links go to the page, at its section', () => {
  const page = `${DOCUMENTATION}/troubleshooting.md`
  expect(linkTo('x')).toBe(`${page}#x`)
  expect(linkOfCode('VALUE_MALFORMED')).toBe(`${page}#value_malformed`)
  expect(linkOf({ _tag: 'LocalUnusable', cause: 'missing' })).toBe(`${page}#the-file-on-the-command-line`)
  expect(linkOf({ _tag: 'StdinMalformed', line: 1, problem: '' })).toBeUndefined()
})

test.each(TITLES)('%s says what happened, where to look, and what to do', (title) => {
  const said = [...textOfSection(PAGE, title).matchAll(/^- \*\*(.+?)\*\*: \S/gm)].map(([, what]) => what)
  expect(said).toEqual(['What happened', 'Where to look', 'What to do'])
})
