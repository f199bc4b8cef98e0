import * as E from 'fp-ts/Either'
import type { Capabilities } from '../capabilities'
import type { Command } from '../cli'
import { type Failure, failureType, sentence } from '../failure'
import { log, traceError } from '../protocol/message'
import { linkOf } from '../troubleshooting'

type Outside = Pick<Capabilities, 'out' | 'nowMs' | 'lastWord'>

/** Tells why a run ended: one TRACE ERROR, by which the platform decides whether to try again. A signal is no error. */
export const reportFailure = (
  outside: Outside,
  failure: Failure,
  command: E.Either<unknown, Pick<Command, '_tag'>>,
): Promise<void> => {
  if (E.isRight(command) && command.right._tag === 'Template') {
    // Its reader wants a file, and no messages.
    outside.lastWord(withLink(failure))
    return Promise.resolve()
  }
  // Whoever tests settles things by hand: he is told where to read on.
  const said = E.isRight(command) && command.right._tag === 'Check' ? withLink(failure) : sentence(failure)
  return tell(
    outside,
    failure._tag === 'Stopped'
      ? log('WARN', sentence(failure))
      : traceError(failureType(failure), said, outside.nowMs(), failure._tag),
  )
}

/** A failure with where to read on. */
export const withLink = (failure: Failure): string => {
  const link = linkOf(failure)
  return link === undefined ? sentence(failure) : `${sentence(failure)} See ${link}`
}

/** Tells of a throw that nobody expected: a fault of ours. Its message is left out, for it may quote a value; its place is not. */
export const reportCrash = (outside: Outside, error: unknown): Promise<void> => {
  const message = 'The connector failed by a fault of its own. Please report it with the internal message.'
  return tell(outside, traceError('system_error', message, outside.nowMs(), placeOf(error)))
}

/** A reader that went away wants to hear nothing; where the output is full, it is said beside it. */
const tell = async ({ out, lastWord }: Outside, line: string): Promise<void> => {
  void out.put(line)
  const told = await out.flush()
  if (E.isLeft(told) && told.left._tag === 'OutputClosed' && told.left.full) lastWord(line)
}

const placeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'a throw of no error'
  const { stack = '', message } = error
  // The stack begins with the message, whose lines may look like places; and a name may be made of what a server said.
  const at = stack.indexOf(message)
  const frames = (at === -1 ? '' : stack.slice(at + message.length)).split('\n').filter((line) => /^\s+at /.test(line))
  return [error.constructor.name, ...frames.slice(0, 12).map((line) => line.trim())].join(' ')
}
