import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities } from '../capabilities'
import type { Failure } from '../failure'
import { readFolder } from './reading/folder'
import { type ReadPaths, openSession } from './reading/open'
import { type Session, emitStatus } from './reading/session'
import { summarise } from './reading/summary'
import { stoppable } from './stoppable'

/** Files in the bucket become records: open, list, read each file, tell what was done. */
export const read =
  (caps: Capabilities) =>
  (paths: ReadPaths): TE.TaskEither<Failure, void> =>
    pipe(
      stoppable(caps.stop)(openSession(caps)(paths)),
      TE.chain((session) => () => run(session)),
    )

/** However it ends, every stream gets its last status, and the totals are told. */
const run = async (session: Session): Promise<E.Either<Failure, void>> => {
  emitStatus(session, 'STARTED')
  const outcome = await readFolder(session, () => emitStatus(session, 'RUNNING'))
  const told = pipe(
    summarise(session),
    E.chain(() => outcome),
  )
  emitStatus(session, E.isRight(told) ? 'COMPLETE' : 'INCOMPLETE')
  // Without an output the run was stopped for its sake: that is the reason to tell.
  return pipe(
    await session.outlet.flush(),
    E.chain(() => told),
  )
}
