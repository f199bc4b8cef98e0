import * as E from 'fp-ts/Either'
import type * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../failure'

/** A task that a signal ends at once: for what has nothing to settle, as the reading of a file that does not come. */
export const stoppable =
  (stop: AbortSignal) =>
  <A>(task: TE.TaskEither<Failure, A>): TE.TaskEither<Failure, A> =>
  () =>
    Promise.race<E.Either<Failure, A>>([
      task(),
      new Promise((resolve) => {
        const end = (): void => resolve(E.left({ _tag: 'Stopped' }))
        if (stop.aborted) end()
        stop.addEventListener('abort', end, { once: true })
      }),
    ])
