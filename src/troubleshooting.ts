import { DOCUMENTATION } from './about'
import type { Failure } from './failure'
import type { StorageRefusal } from './storage-failure'
import type { Unreachable } from './unreachable'

/** Where docs/troubleshooting.md tells what to do about a code of rows, warnings or files. */
export const linkOfCode = (code: string): string => linkTo(code.toLowerCase())

/** The same of a failure that `check` or `validate` can end in; undefined for one that only other verbs meet. */
export const linkOf = (failure: Failure): string | undefined => {
  const section = sectionOf(failure)
  return section === undefined ? undefined : linkTo(section)
}

/** Where it tells of a limit of the user's that was passed. */
export const LIMIT_SECTION = 'too-many-rows-rejected'

/** The address of a section. */
export const linkTo = (section: string): string => `${DOCUMENTATION}/troubleshooting.md#${section}`

/** The anchor of a failure's section. */
export const sectionOf = (failure: Failure): string | undefined => {
  switch (failure._tag) {
    case 'UsageInvalid':
      return 'the-command-line'
    case 'InputInvalid':
      return failure.input === 'state' ? 'the-state' : failure.input === 'catalog' ? undefined : 'the-config'
    case 'DiskFailed':
      return 'the-files-of-a-sync'
    case 'AlreadyRunning':
    case 'LockLost':
      return 'another-sync'
    case 'LocalUnusable':
      return 'the-file-on-the-command-line'
    case 'StorageRefused':
      return REFUSALS[failure.cause]
    case 'StorageUnreachable':
    case 'PlatformUnreachable':
      return SILENCES[failure.cause]
    case 'StorageFailing':
    case 'CouldNotTell':
    case 'PlatformExhausted':
    case 'PlatformFailing':
      return 'the-other-side-is-in-trouble'
    case 'FileUnusable':
      return failure.file.code.toLowerCase()
    case 'TooManyRejected':
      return LIMIT_SECTION
    case 'PlatformRefused':
      return PLATFORM[/^platform\.(\w+)/.exec(failure.reason)?.[1] ?? ''] ?? 'tiktok-refuses-the-request'
    case 'OutputClosed':
      return 'the-output'
    case 'CountsDisagree':
      return 'counts-that-do-not-add-up'
    case 'Stopped':
      return 'stopped-by-a-signal'
    case 'FilesFailed':
    case 'RowInvalid':
    case 'StdinMalformed':
    case 'SourceIncomplete':
      return undefined
  }
}

const REFUSALS: Readonly<Record<StorageRefusal, string>> = {
  credentials: 'no-credentials',
  assume: 'role',
  'access-key': 'access-key',
  secret: 'secret-of-the-access-key',
  'session-token': 'session-token',
  bucket: 'no-such-bucket',
  region: 'region',
  list: 'permission-to-list',
  get: 'permission-to-read',
  put: 'permission-to-write',
  remove: 'permission-to-delete',
  decrypt: 'permission-to-decrypt',
  encrypt: 'permission-to-encrypt',
  clock: 'clock-of-this-machine',
  foreign: 'not-s3',
  request: 's3-refuses-the-request',
}

const SILENCES: Readonly<Record<Unreachable, string>> = {
  refused: 'connection-refused',
  'unknown-host': 'unknown-host',
  'no-answer': 'no-answer',
  certificate: 'certificate',
  broken: 'connection-broken-off',
  tls: 'no-tls',
  'no-route': 'no-route',
  'proxy-address': 'address-of-the-proxy',
  'no-handles': 'too-many-open-files',
}

/** By the key of the config with which a reason begins. */
const PLATFORM: Readonly<Record<string, string>> = {
  access_token: 'access-token',
  event_set_id: 'offline-event-set-id',
  advertiser_id: 'advertiser-id',
  test_event_code: 'test-event-code',
  api_url: 'api_url',
}
