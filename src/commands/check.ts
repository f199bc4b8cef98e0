import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities } from '../capabilities'
import { type Failure, failureType } from '../failure'
import { type Line, connectionStatus } from '../protocol/message'
import { askedOf } from '../storage-failure'
import { checkDestination } from './checking/destination'
import { checkSource } from './checking/source'
import { withLink } from './report'

/**
 * Tests whether the config works, as one CONNECTION_STATUS: FAILED for whatever the user can mend, with what to do; a remark may
 * stand beside SUCCEEDED. Left: it could not be told, for the other side is in passing trouble.
 */
export const check =
  (caps: Capabilities) =>
  (role: 'source' | 'destination', config: string): TE.TaskEither<Failure, Line> =>
    pipe(
      role === 'source' ? checkSource(caps)(config) : checkDestination(caps)(config),
      TE.match(
        (failure) =>
          mendable(failure) ? E.right(connectionStatus('FAILED', withLink(failure))) : E.left(untold(failure)),
        (remark) => E.right(connectionStatus('SUCCEEDED', remark)),
      ),
    )

/** S3's own trouble says nothing of the config. */
const untold = (failure: Failure): Failure =>
  failure._tag === 'StorageFailing'
    ? { _tag: 'CouldNotTell', reason: `${askedOf(failure)}: HTTP ${failure.status ?? 'unknown'}` }
    : failure

/** A wrong host or a closed port is in the config more often than not. */
const mendable = (failure: Failure): boolean =>
  failureType(failure) === 'config_error' ||
  failure._tag === 'StorageUnreachable' ||
  failure._tag === 'PlatformUnreachable'
