import { type StorageFailure, storageSentence } from './storage-failure'
import { type Unreachable, unreachableSentence } from './unreachable'

/**
 * Everything that can end a run, as data; a switch over it is complete. A row's trouble is a `Fault`, a file's a `FileFault`.
 * Sentences are made here, at the edge, and hold no value of a config, a file or a record but what may be shown: bucket, folder,
 * region, hosts, numeric ids, keys of files.
 */
export type Failure =
  | { readonly _tag: 'UsageInvalid'; readonly problem: string }
  | {
      readonly _tag: 'InputInvalid'
      /** `destination`: its config, where it is given beside that of the source. */
      readonly input: 'config' | 'source' | 'destination' | 'catalog' | 'state'
      readonly problems: ReadonlyArray<string>
    }
  | StorageFailure
  /** The file on the command line. Its path is not told: a key may have been pasted in its place. */
  | {
      readonly _tag: 'LocalUnusable'
      readonly cause: 'missing' | 'folder' | 'pipe' | 'permission' | 'unreadable'
    }
  | { readonly _tag: 'FileUnusable'; readonly file: FailedFile }
  | {
      readonly _tag: 'FilesFailed'
      readonly files: ReadonlyArray<FailedFile>
      readonly more: number
      readonly gaveUp: boolean
      /** Whether all of them may be well by the next run. */
      readonly passing: boolean
    }
  /** A limit of the user's was passed: the first bad row, or too many of them. `scope`: a file's key, or the run. */
  | {
      readonly _tag: 'RowInvalid'
      readonly key: string
      readonly row: number
      readonly code: string
      readonly column: string | undefined
      readonly meaning: string
    }
  | {
      readonly _tag: 'TooManyRejected'
      readonly scope: string
      readonly of: 'rows' | 'records'
      readonly rejected: number
      readonly total: number
      readonly percent: number
    }
  /** A file that a sync keeps could not be read or written; `trouble`: errno's name. Its path is not told either. */
  | { readonly _tag: 'DiskFailed'; readonly file: 'state' | 'lock' | 'rejects' | 'report'; readonly trouble: string }
  /** Another sync works with the same state file. */
  | { readonly _tag: 'AlreadyRunning'; readonly host: string; readonly pid: number; readonly secondsAgo: number }
  /** Another sync took over while this one did not give a sign of life. */
  | { readonly _tag: 'LockLost' }
  | { readonly _tag: 'PlatformRefused'; readonly reason: string }
  | { readonly _tag: 'PlatformUnreachable'; readonly cause: Unreachable; readonly host: string }
  | {
      readonly _tag: 'PlatformFailing'
      readonly minutes: number
      readonly reason: string
      readonly rateLimited: boolean
    }
  /** A limit that lifts with the day. */
  | { readonly _tag: 'PlatformExhausted'; readonly reason: string }
  | { readonly _tag: 'CouldNotTell'; readonly reason: string }
  | { readonly _tag: 'StdinMalformed'; readonly line: number; readonly problem: string }
  | { readonly _tag: 'SourceIncomplete'; readonly streams: ReadonlyArray<string> }
  /** `full`: not for want of a reader, but of space. */
  | { readonly _tag: 'OutputClosed'; readonly full: boolean }
  | { readonly _tag: 'CountsDisagree'; readonly counts: string }
  | { readonly _tag: 'Stopped' }

/** Why one file can't be read on; the other files are read all the same. Codes of the contract's list. */
export interface FileFault {
  readonly code: 'FILE_HEADER_INVALID' | 'FILE_DAMAGED' | 'FILE_CHANGED' | 'FILE_ARCHIVED' | 'FILE_UNREADABLE'
  readonly detail: string
}

export interface FailedFile extends FileFault {
  readonly key: string
}

/** Airbyte's classes of blame: config_error only where a retry can't help. */
export type FailureType = 'config_error' | 'transient_error' | 'system_error'

export const failureType = (failure: Failure): FailureType => {
  switch (failure._tag) {
    case 'UsageInvalid':
    case 'InputInvalid':
    case 'StorageRefused':
    case 'LocalUnusable':
    case 'RowInvalid':
    case 'TooManyRejected':
    case 'PlatformRefused':
      return 'config_error'
    case 'FileUnusable':
      return failure.file.code === 'FILE_CHANGED' ? 'transient_error' : 'config_error'
    case 'FilesFailed':
      return failure.passing ? 'transient_error' : 'config_error'
    case 'StorageUnreachable':
    case 'PlatformUnreachable':
      return BLAME[failure.cause] ?? 'transient_error'
    case 'StorageFailing':
    case 'PlatformFailing':
    case 'PlatformExhausted':
    case 'CouldNotTell':
    case 'SourceIncomplete':
    case 'AlreadyRunning':
    case 'LockLost':
      return 'transient_error'
    case 'DiskFailed':
    case 'StdinMalformed':
    case 'OutputClosed':
    case 'CountsDisagree':
    case 'Stopped':
      return 'system_error'
  }
}

/** Where a connection fails for a reason on this side, a retry alone helps little. */
const BLAME: Partial<Record<Unreachable, FailureType>> = {
  'proxy-address': 'config_error',
  'no-handles': 'system_error',
}

/** What happened, where, and what to do next. */
export const sentence = (failure: Failure): string => {
  switch (failure._tag) {
    case 'UsageInvalid':
      return failure.problem
    case 'InputInvalid':
      return `The ${INPUTS[failure.input] ?? failure.input} can't be used: ${failure.problems.join('; ')}.`
    case 'StorageRefused':
    case 'StorageUnreachable':
    case 'StorageFailing':
      return storageSentence(failure)
    case 'LocalUnusable':
      return LOCAL[failure.cause]
    case 'FileUnusable':
      return `The newest file can't be read. ${failure.file.key}: ${failure.file.code}, ${failure.file.detail}.`
    case 'FilesFailed':
      return filesFailed(failure)
    case 'RowInvalid':
      return `A bad row ended the run, for on_invalid_row is "fail": ${failure.key} row ${failure.row}${failure.column === undefined ? '' : ` column ${failure.column}`}, ${failure.code} (${failure.meaning}). The rows before it were emitted. Mend the file, or set on_invalid_row to "reject", and run again.`
    case 'TooManyRejected':
      return `Of ${failure.scope}, ${failure.rejected} of ${failure.total} ${failure.of} were rejected, more than max_rejected_percent (${failure.percent}) allows. ${failure.of === 'rows' ? AFTER_ROWS : AFTER_RECORDS}`
    case 'DiskFailed':
      return diskFailed(failure)
    case 'AlreadyRunning':
      return `Another sync works with this state file: process ${failure.pid} of ${nameOf(failure.host)}, which gave a sign of life ${failure.secondsAgo} seconds ago. Nothing was read or sent. Wait for it to end; should it be dead, its lock is void two minutes after its last sign of life.`
    case 'LockLost':
      return 'Another sync has taken over the state file: this one gave no sign of life for two minutes, or its lock was removed. It has stopped; what it had delivered since its last saved state is sent again by the other, under the same event ids. See that only one sync runs.'
    case 'PlatformRefused':
      return failure.reason
    case 'PlatformUnreachable':
      return unreachableSentence('The platform', failure, 'api_url and the network')
    case 'PlatformFailing':
      return `The platform did not take the events within ${failure.minutes} minutes (${failure.reason}).${failure.rateLimited ? ' Should this be the limit of the day, it lifts at 00:00 UTC.' : ''} ${AFTER_PLATFORM}`
    case 'PlatformExhausted':
      return `The platform's limit of requests for the day is used up (${failure.reason}). It lifts at 00:00 UTC. ${AFTER_PLATFORM}`
    case 'CouldNotTell':
      return `Whether the config works could not be told: the other side was busy or in trouble (${failure.reason}). Try again later.`
    case 'StdinMalformed':
      return `Line ${failure.line} of the input is ${failure.problem}. Nothing after it was read.`
    case 'SourceIncomplete':
      return `The input ended before every stream was complete: ${failure.streams.join(', ')}. What arrived is delivered; run the sync again.`
    case 'OutputClosed':
      return failure.full
        ? 'The output could not be written: no space is left, perhaps.'
        : 'The reader of the output went away.'
    case 'CountsDisagree':
      return `The counts do not add up (${failure.counts}). This is a fault of the connector: please report it.`
    case 'Stopped':
      return 'Stopped by a signal before the work was complete. Run again: it goes on from the last state.'
  }
}

const LOCAL: Readonly<Record<Extract<Failure, { _tag: 'LocalUnusable' }>['cause'], string>> = {
  missing: 'The file on the command line is not there. Check its name and folder for typing errors.',
  folder: 'What the command line names is a folder. Name one file in it; a folder of a bucket is named by --config.',
  pipe: 'What the command line names is a pipe: of what was sent of it nothing could be remembered. Save it as a file first; validate and --dry-run take pipes.',
  permission: 'The file on the command line may not be read by this user. Change its permissions, or run as its owner.',
  unreadable: 'The file on the command line could not be opened. See that the disk or share is there.',
}
/** What a flag names, where it is not called so. */
const INPUTS: Readonly<Record<string, string>> = { source: "source's config", destination: "destination's config" }

const diskFailed = ({ file, trouble }: Extract<Failure, { _tag: 'DiskFailed' }>): string => {
  const [what, flag] = DISK[file]
  const why = ERRNO[trouble] ?? `the system says ${trouble}`
  return `${what} can't be read or written: ${why}. See to the path given with ${flag}.${file === 'state' ? ' What was delivered since the last saved state is sent again by the next run, under the same event ids.' : ''}`
}

const DISK: Readonly<Record<Extract<Failure, { _tag: 'DiskFailed' }>['file'], readonly [string, string]>> = {
  state: ['The state file', '--state'],
  lock: ['The lock beside the state file', '--state'],
  rejects: ['The file of the rejects', '--rejects'],
  report: ['The report', '--report'],
}

const ERRNO: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is not there',
  ENOTDIR: 'its folder is not there',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the disk can only be read',
  ENOSPC: 'no space is left',
  EDQUOT: 'the quota is used up',
  ENAMETOOLONG: 'its name is too long',
  EBUSY: 'it is mounted by itself, so that it can not be replaced: mount its folder',
}

/** A host's name as the lock has it: letters, digits, points and hyphens. */
const nameOf = (host: string): string => (/^[\w.-]{1,253}$/.test(host) ? `host ${host}` : 'a host')

const AFTER_ROWS =
  'Mend the file and upload it again; or raise the limit to go on without these rows. After a change of settings reset the stream, to have all of its rows read again.'
const AFTER_PLATFORM = 'What it had accepted is acknowledged; the rest is sent by the next run.'
const AFTER_RECORDS =
  'The log says why and where. Nothing past that point is acknowledged: mend the data, or raise the limit, and run again.'

const filesFailed = ({ files, more, gaveUp }: Extract<Failure, { _tag: 'FilesFailed' }>): string => {
  const named = files.map(({ key, code, detail }) => `${key}: ${code}, ${detail}`).join('; ')
  const count = files.length + more
  const others = more > 0 ? ` (and ${more} more, see the log)` : ''
  const rest = gaveUp ? 'with so many the rest was not tried' : 'all others were'
  return `${count === 1 ? 'A file' : `${count} files`} could not be read to the end, ${rest}: ${named}${others}. They stay pending: mend or remove them and run again.`
}
