import * as E from 'fp-ts/Either'
import type { Capabilities } from '../../capabilities'
import { type Failure, sentence } from '../../failure'
import type { SyncAccount } from '../../report/account'
import { prefixOf } from '../../source/config'
import { rejectCounts, warningCounts } from '../../template/code-counts'
import { linkOf } from '../../troubleshooting'
import { rejectsOf, warningsOf } from './findings'
import { type SyncInputs, type Syncing, nameOf } from './open'

/** The account of a run that has come to its end, however it did. */
export const accountOf = (
  { nowMs, peakRssBytes }: Pick<Capabilities, 'nowMs' | 'peakRssBytes'>,
  { session, writing, findings, configs }: Syncing,
  inputs: SyncInputs,
  maxRejectedPercent: number | undefined,
  ended: E.Either<Failure, void>,
): SyncAccount => {
  const { counts, progress } = session
  const written = writing.counts()
  const { source, destination } = configs
  const { platform } = destination
  return {
    subject: nameOf(inputs) ?? `s3://${source.bucket}/${prefixOf(source)}`,
    platform: platform.type,
    eventSet: platform.event_set_id,
    isTest: platform.test_event_code !== undefined,
    isDryRun: inputs.isDryRun,
    startedMs: findings.startedMs,
    endedMs: nowMs(),
    outcome: E.isRight(ended) ? { _tag: 'complete' } : endingOf(ended.left),
    resumed: findings.resumed,
    files: findings.files.map(({ object, fromRow, rows, rejected, outcome }) => ({
      key: object.key,
      bytes: object.bytes,
      modifiedMs: object.modifiedMs,
      fromRow,
      rows,
      rejected,
      outcome,
    })),
    moreFiles: findings.moreFiles,
    filesIgnored: counts.filesIgnored,
    filesByCode: counts.filesByCode,
    rows: counts.rows,
    accepted: written.accepted,
    duplicates: written.duplicates,
    unsettled: written.unsettled,
    rejected: rejectCounts(rejectsOf(session, written)),
    warnings: warningCounts(warningsOf(session, written)),
    platformMessages: [...written.messages]
      .map(([message, events]) => ({ message, events }))
      .sort((a, b) => b.events - a.events),
    maxRejectedPercent,
    requests: written.requests,
    retries: written.retries,
    mostInFlight: written.mostInFlight,
    bytesRead: progress.bytesRead,
    peakRssBytes: peakRssBytes(),
    figures: findings.gatherer.figures(),
    unknownColumns: [...counts.unknownColumns],
    nextSteps: [],
    remarks: [
      ...findings.remarks,
      ...(findings.remarksLeftOut > 0 ? [`There are ${findings.remarksLeftOut} more of such remarks.`] : []),
    ],
  }
}

const endingOf = (failure: Failure): SyncAccount['outcome'] =>
  failure._tag === 'Stopped'
    ? { _tag: 'stopped' }
    : { _tag: 'failed', sentence: sentence(failure), see: linkOf(failure) }

/** Files that could not be read to their end: those of a code that were not merely passed over. */
export const failedIn = ({ filesByCode }: Pick<SyncAccount, 'filesByCode'>): number =>
  Object.entries(filesByCode).reduce((sum, [code, files]) => (PASSED_OVER.has(code) ? sum : sum + files), 0)

const PASSED_OVER: ReadonlySet<string> = new Set(['FILE_ARCHIVED', 'FILE_TOO_LATE'])

/** Rows that were rejected, by either half. */
export const rejectedIn = ({ rejected }: Pick<SyncAccount, 'rejected'>): number =>
  rejected.reduce((sum, { count }) => sum + count, 0)
