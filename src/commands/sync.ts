import * as E from 'fp-ts/Either'
import type { Capabilities } from '../capabilities'
import { type Failure, sentence } from '../failure'
import type { SyncAccount } from '../report/account'
import { exceeds } from '../rows/limit'
import { styleOf } from '../terminal/style'
import { jsonText, nameText } from '../terminal/text'
import { linkOf } from '../troubleshooting'
import { readFolder } from './reading/folder'
import { stoppable } from './stoppable'
import { accountOf, rejectedIn } from './syncing/account'
import { totalsJson } from './syncing/json'
import { type Lock, NO_LOCK, acquire } from './syncing/lock'
import { type SyncInputs, type Syncing, loadConfigs, openSync } from './syncing/open'
import { tellProgress } from './syncing/progress'
import { accountLines } from './syncing/text'
import type { Ending } from './validate'

export interface SyncCommand extends SyncInputs {
  readonly json: boolean
  readonly report: string | undefined
  readonly maxRejectedPercent: number | undefined
}

/** Reads a file or a folder and delivers it, in one process: what is new since the state, which is saved as it is delivered. */
export const sync =
  (caps: Capabilities) =>
  async (command: SyncCommand): Promise<Ending> => {
    const collision = collisionOf(caps, command)
    if (collision !== undefined) return tellFailure(caps, command, collision)
    const configs = await loadConfigs(caps, command)()
    if (E.isLeft(configs)) return tellFailure(caps, command, configs.left)
    const lock = await lockOf(caps, command)
    if (E.isLeft(lock)) return tellFailure(caps, command, lock.left)
    const opened = await stoppable(caps.stop)(openSync(caps, command, configs.right, lock.right))()
    const account = E.isLeft(opened) ? opened : E.right(await run(caps, opened.right, lock.right, command))
    await lock.right.release()
    return E.isLeft(account) ? tellFailure(caps, command, account.left) : tellAccount(caps, command, account.right)
  }

/** What is written has to have a path of its own: the CSV of the rejects would take the place of a file that is read. */
const collisionOf = ({ disk }: Capabilities, command: SyncCommand): Failure | undefined => {
  const { state } = command
  const written = {
    state,
    lock: state === undefined ? undefined : `${state}.lock`,
    rejects: command.rejects,
    report: command.report,
  }
  const places = new Map<string, string>()
  for (const [name, path] of Object.entries({
    FILE: command.file,
    source: command.source,
    destination: command.destination,
    ...written,
  })) {
    if (path === undefined) continue
    const place = disk.placeOf(path)
    const other = places.get(place)
    // Both configs may lie in one file; nothing else may.
    if (other !== undefined && name in written)
      return {
        _tag: 'UsageInvalid',
        problem: `${flagOf(name)} and ${flagOf(other)} name one file: give each a path of its own.`,
      }
    places.set(place, name)
  }
  return undefined
}

const flagOf = (name: string): string =>
  name === 'FILE' ? name : name === 'lock' ? 'the lock of --state' : `--${name}`

/** A dry run changes nothing, and may look beside a run that does. */
const lockOf = (caps: Capabilities, { isDryRun, state }: SyncCommand): Promise<E.Either<Failure, Lock>> =>
  isDryRun || state === undefined ? Promise.resolve(E.right(NO_LOCK)) : acquire(caps, `${state}.lock`)

/** Reads and delivers. However it ends, what is on its way is settled as far as it can be, and the state saved. */
const run = async (caps: Capabilities, syncing: Syncing, lock: Lock, command: SyncCommand): Promise<SyncAccount> => {
  const { session, writing, saver } = syncing
  const over = new AbortController()
  const beside = [lock.hold(over.signal, writing.fail), tellProgress(caps, session, writing, over.signal)]
  const read = await readFolder(session, () => undefined)
  const settled = await writing.finish(E.isLeft(read) ? read.left : undefined, undefined)
  const agreed = E.isRight(settled) ? agreement(syncing) : settled
  // Files that failed are told of, and pending; the run has come to its end all the same.
  const saved = await saver.close(E.isRight(agreed) || agreed.left._tag === 'FilesFailed')
  over.abort()
  await Promise.all(beside)
  const ended = E.isRight(agreed) ? saved : agreed
  return accountOf(caps, syncing, command, command.maxRejectedPercent, ended)
}

/** Of a run that came to its end every row is accounted for. */
const agreement = ({ session, writing }: Syncing): E.Either<Failure, void> => {
  const { rows, emitted } = session.counts
  const { records, unsettled } = writing.counts()
  return records === emitted && unsettled === 0
    ? E.right(undefined)
    : E.left({
        _tag: 'CountsDisagree',
        counts: `${rows} rows, ${emitted} events, ${records} records, ${unsettled} unsettled`,
      })
}

/** 0, 2 or 1: done, done but for rejected rows, failed; or as a signal ended it. */
const endingOf = (account: SyncAccount): Ending => {
  const { outcome, rows, maxRejectedPercent } = account
  if (outcome._tag === 'failed') return 'failure'
  if (outcome._tag === 'stopped') return 'stopped'
  const rejected = rejectedIn(account)
  if (rejected === 0) return 'success'
  if (maxRejectedPercent === undefined) return 'rejected'
  return exceeds(rejected, rows, maxRejectedPercent) ? 'failure' : 'success'
}

const tellAccount = async (caps: Capabilities, command: SyncCommand, account: SyncAccount): Promise<Ending> => {
  const ending = endingOf(account)
  for (const line of accountLines(account, ending, styleOf(caps.hasColours))) void caps.out.put(line)
  const reported = await writeReport(caps, command, account)
  if (command.json) void caps.out.put(`sync ${jsonText(totalsJson(account, ending))}`)
  const flushed = await caps.out.flush()
  if (E.isLeft(reported)) return tellFailure(caps, { json: false }, reported.left)
  const isLost = E.isLeft(flushed) && flushed.left._tag === 'OutputClosed' && flushed.left.full
  return isLost ? tellFailure(caps, { json: false }, flushed.left) : ending
}

const writeReport = async (
  { disk }: Capabilities,
  { report }: SyncCommand,
  account: SyncAccount,
): Promise<E.Either<Failure, void>> => {
  if (report === undefined) return E.right(undefined)
  // Charts are a large library: it is loaded for a report alone.
  const { reportHtml } = await import('../report/page')
  const written = await disk.replace(report, reportHtml(account))
  return E.isLeft(written) ? E.left({ _tag: 'DiskFailed', file: 'report', trouble: written.left }) : E.right(undefined)
}

/** Tells why there is no account. */
const tellFailure = async (
  caps: Capabilities,
  { json }: Pick<SyncCommand, 'json'>,
  failure: Failure,
): Promise<Ending> => {
  const isStopped = failure._tag === 'Stopped'
  const message = nameText(sentence(failure))
  const see = linkOf(failure)
  if (json)
    void caps.out.put(`sync ${jsonText({ outcome: isStopped ? 'stopped' : 'failed', failure: { message, see } })}`)
  await caps.out.flush()
  caps.lastWord(see === undefined ? message : `${message}\nSee ${see}`)
  return isStopped ? 'stopped' : 'failure'
}
