import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities } from '../capabilities'
import type { Command } from '../cli'
import type { Failure } from '../failure'
import { spec } from './spec'
import { stoppable } from './stoppable'
import { template } from './template'
import type { Ending } from './validate'

/** Runs a command. What only one verb needs is loaded when it is asked for: `spec` is to answer at once. */
export const perform =
  (caps: Capabilities) =>
  (command: Command): TE.TaskEither<Failure, Ending> => {
    switch (command._tag) {
      case 'Text':
        return answer(caps, TE.right(command.text))
      case 'Misused':
        caps.lastWord(command.problem)
        return TE.right('failure')
      case 'Template':
        return answer(caps, TE.right(template(caps.nowMs(), command.format)))
      case 'Validate':
        return lazily(() => import('./validate').then(({ validate }) => TE.fromTask(() => validate(caps)(command))))
      case 'Sync':
        return lazily(() => import('./sync').then(({ sync }) => TE.fromTask(() => sync(caps)(command))))
      case 'Spec':
        return answer(caps, TE.right(spec(command.role)))
      case 'Check':
        return answer(
          caps,
          lazily(() => import('./check').then(({ check }) => check(caps)(command.role, command.config))),
        )
      case 'Discover':
        return answer(
          caps,
          lazily(() => import('./discover').then(({ discover }) => discover(caps)(command.role, command.config))),
        )
      case 'Read':
        return done(lazily(() => import('./read').then(({ read }) => read(caps)(command))))
      case 'Write':
        return done(lazily(() => import('./write').then(({ write }) => write(caps)(command))))
    }
  }

const done = TE.map((): Ending => 'success')

const lazily =
  <A>(load: () => Promise<TE.TaskEither<Failure, A>>): TE.TaskEither<Failure, A> =>
  async () =>
    (await load())()

/** Prints the one thing that a verb answers. That the asker goes away after it has what it wanted is no failure. */
const answer = (caps: Capabilities, text: TE.TaskEither<Failure, string>): TE.TaskEither<Failure, Ending> =>
  pipe(
    stoppable(caps.stop)(text),
    TE.chain((line) => async () => {
      void caps.out.put(line)
      const flushed = await caps.out.flush()
      const lost = E.isLeft(flushed) && flushed.left._tag === 'OutputClosed' && flushed.left.full
      return lost ? flushed : E.right('success' as const)
    }),
  )
