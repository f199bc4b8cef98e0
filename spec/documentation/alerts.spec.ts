import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Failure, failureType, sentence } from '../../src/failure'
import { ROW_CODES, WARNING_CODES } from '../../src/template/fault'
import { ROOT, cellsOf, sectionOf } from './pages'

const PAGE = 'docs/operations.md'

/** The source's text, with what a template puts in left out. */
const SOURCE = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
  .join('\n')

const codesIn = (cell = ''): ReadonlyArray<string> => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)

/** What the alerts are recognised by: words between which others may stand. */
const ALERTS: ReadonlyArray<{ readonly words: string; readonly type: string }> = cellsOf(sectionOf(PAGE, 'Alerts'))
  .filter((cells) => /error|none/.test(cells[1] ?? '') && cells.length === 3)
  .flatMap(([says, type = '']) => codesIn(says).map((words) => ({ words, type })))

const matches = (words: string, said: string): boolean =>
  new RegExp(words.split('…').map(escaped).join('.*')).test(said)

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const STORAGE = [
  'credentials',
  'assume',
  'access-key',
  'secret',
  'session-token',
  'bucket',
  'region',
  'list',
  'get',
  'put',
  'remove',
  'decrypt',
  'encrypt',
  'clock',
  'foreign',
  'request',
] as const
const SILENCE = [
  'refused',
  'unknown-host',
  'no-answer',
  'certificate',
  'broken',
  'tls',
  'no-route',
  'proxy-address',
  'no-handles',
] as const
const FILE_CODES = [
  'FILE_HEADER_INVALID',
  'FILE_DAMAGED',
  'FILE_UNREADABLE',
  'FILE_CHANGED',
  'FILE_ARCHIVED',
  'FILE_TOO_LATE',
] as const
const file = (code: 'FILE_CHANGED' | 'FILE_DAMAGED') => ({ key: 'a.csv', code, detail: 'why' })

const FAILURES: { readonly [Tag in Failure['_tag']]: ReadonlyArray<Extract<Failure, { _tag: Tag }>> } = {
  UsageInvalid: ['Unknown argument: x', 'Say what to do; x --help lists it.'].map((problem) => ({
    _tag: 'UsageInvalid',
    problem,
  })),
  InputInvalid: (['config', 'destination', 'catalog', 'state'] as const).map((input) => ({
    _tag: 'InputInvalid',
    input,
    problems: ['a: expected b'],
  })),
  StorageRefused: (['files', 'rejects'] as const).flatMap((use) =>
    STORAGE.flatMap((cause) => [
      { _tag: 'StorageRefused', use, cause, bucket: 'acme' } as const,
      { _tag: 'StorageRefused', use, cause, bucket: 'acme', detail: 'eu-west-1', asked: 'STS' } as const,
    ]),
  ),
  StorageUnreachable: SILENCE.map((cause) => ({ _tag: 'StorageUnreachable', use: 'files', cause, host: 'h:443' })),
  StorageFailing: [{ _tag: 'StorageFailing', status: 503 }],
  LocalUnusable: (['missing', 'folder', 'pipe', 'permission', 'unreadable'] as const).map((cause) => ({
    _tag: 'LocalUnusable',
    cause,
  })),
  FileUnusable: [
    { _tag: 'FileUnusable', file: file('FILE_DAMAGED') },
    { _tag: 'FileUnusable', file: file('FILE_CHANGED') },
  ],
  FilesFailed: [
    { _tag: 'FilesFailed', files: [file('FILE_CHANGED')], more: 0, gaveUp: false, passing: true },
    { _tag: 'FilesFailed', files: [file('FILE_DAMAGED')], more: 3, gaveUp: true, passing: false },
  ],
  RowInvalid: [{ _tag: 'RowInvalid', key: 'a.csv', row: 1, code: 'X', column: undefined, meaning: 'm' }],
  TooManyRejected: (['rows', 'records'] as const).map((of) => ({
    _tag: 'TooManyRejected',
    scope: 'a.csv',
    of,
    rejected: 2,
    total: 3,
    percent: 1,
  })),
  DiskFailed: (['state', 'lock', 'rejects', 'report'] as const).map((file) => ({
    _tag: 'DiskFailed',
    file,
    trouble: 'ENOSPC',
  })),
  AlreadyRunning: [{ _tag: 'AlreadyRunning', host: 'h', pid: 1, secondsAgo: 5 }],
  LockLost: [{ _tag: 'LockLost' }],
  PlatformRefused: [{ _tag: 'PlatformRefused', reason: 'TikTok refuses the requests. TikTok answered 40007' }],
  PlatformUnreachable: SILENCE.map((cause) => ({ _tag: 'PlatformUnreachable', cause, host: 'h:443' })),
  PlatformFailing: [{ _tag: 'PlatformFailing', minutes: 30, reason: 'HTTP 503', rateLimited: false }],
  PlatformExhausted: [{ _tag: 'PlatformExhausted', reason: 'code 40100' }],
  CouldNotTell: [{ _tag: 'CouldNotTell', reason: 'S3: HTTP 503' }],
  StdinMalformed: [{ _tag: 'StdinMalformed', line: 3, problem: 'cut off' }],
  SourceIncomplete: [{ _tag: 'SourceIncomplete', streams: ['offline_events'] }],
  OutputClosed: [
    { _tag: 'OutputClosed', full: true },
    { _tag: 'OutputClosed', full: false },
  ],
  CountsDisagree: [{ _tag: 'CountsDisagree', counts: '1, 2' }],
  Stopped: [{ _tag: 'Stopped' }],
}
const SENTENCES = Object.values(FAILURES).flat().map(sentence)

describe('the alerts of docs/operations.md', () => {
  test.each(ALERTS)('$words is said somewhere', ({ words }) => {
    // What a template puts in is not in the source, but in what is made of it.
    const isSaid = SENTENCES.some((said) => matches(words, said))
    expect(isSaid || words.split('…').every((part) => SOURCE.includes(part.trim()))).toBe(true)
  })

  test.each(Object.values(FAILURES).flat())('has a line for this failure, under its type: %j', (failure) => {
    const said = sentence(failure)
    const found = ALERTS.filter(({ words }) => matches(words, said))
    expect({ said, found: found.length > 0 }).toEqual({ said, found: true })
    const type = failure._tag === 'Stopped' ? 'none' : failureType(failure)
    expect({ said, types: found.map((alert) => alert.type) }).toEqual({
      said,
      types: expect.arrayContaining([expect.stringContaining(type) as string]) as string[],
    })
  })

  test('every code of rows, warnings and files has its line', () => {
    const told = new Set(cellsOf(sectionOf(PAGE, 'Alerts')).flatMap(([first]) => codesIn(first)))
    const codes = [...ROW_CODES, ...WARNING_CODES, ...FILE_CODES]
    expect(codes.filter((code) => !told.has(code))).toEqual([])
    const strangers = [...told].filter((code) => /^[A-Z]+_[A-Z_]+$/.test(code) && !codes.includes(code as never))
    expect(strangers.filter((code) => code !== 'RATE_LIMITED')).toEqual([])
  })

  test('every LOG WARN that is quoted is said somewhere', () => {
    const warnings = cellsOf(sectionOf(PAGE, 'Warnings that stand alone')).flatMap(([says]) => codesIn(says))
    expect(warnings.length).toBeGreaterThan(10)
    expect(warnings.flatMap((words) => words.split('…')).filter((part) => !SOURCE.includes(part.trim()))).toEqual([])
  })
})
