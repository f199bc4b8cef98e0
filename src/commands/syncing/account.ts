import * as E from 'fp-ts/Either'
import type { Capabilities } from '../../capabilities'
import { type Failure, sentence } from '../../failure'
import type { SyncAccount } from '../../report/account'
import { prefixOf } from '../../source/config'
import { rejectCounts, warningCounts } from '../../template/code-counts'
import { linkOf } from '../../troubleshooting'
import { rejectsOf, warningsOf } from './findings'
import type { SyncInputs, Syncing } from './open'

/** The account of a run that has come to its end, however it did. */
export const accountOf = (
  { nowMs, peakRssBytes }: Pick<Capabilities, 'nowMs' | 'peakRssBytes'>,
  { session, writing, findings, configs }: Syncing,
  { file, isDryRun }: SyncInputs,
  maxRejectedPercent: number | undefined,
  ended: E.Either<Failure, void>,
): SyncAccount => {
  const { counts, progress } = session
  const written = writing.counts()
  const { source, destination } = configs
  const { platform } = destination
  return {
    subject: file === undefined ? `s3://${source.bucket}/${prefixOf(source)}` : nameOf(file),
    platform: platform.type,
    eventSet: platform.event_set_id,
    isTest: platform.test_event_code !== undefined,
    isDryRun,
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

/** A file's name without its folders. */
const nameOf = (path: string): string => path.split('/').at(-1) ?? path

const endingOf = (failure: Failure): SyncAccount['outcome'] =>
  failure._tag === 'Stopped'
    ? { _tag: 'stopped' }
    : { _tag: 'failed', sentence: sentence(failure), see: linkOf(failure) }

/** Rows that were rejected, by either half. */
export const rejectedIn = ({ rejected }: Pick<SyncAccount, 'rejected'>): number =>
  rejected.reduce((sum, { count }) => sum + count, 0)
