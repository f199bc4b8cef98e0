import * as E from 'fp-ts/Either'
import type { Capabilities } from '../capabilities'
import { type Failure, failureType, sentence } from '../failure'
import { log, traceError } from '../protocol/message'

type Outside = Pick<Capabilities, 'out' | 'nowMs' | 'lastWord'>

/** Tells why a run ended: one TRACE ERROR, by which the platform decides whether to try again. A signal is no error. */
export const reportFailure = (outside: Outside, failure: Failure): Promise<void> =>
  tell(
    outside,
    failure._tag === 'Stopped'
      ? log('WARN', sentence(failure))
      : traceError(failureType(failure), sentence(failure), outside.nowMs(), failure._tag),
  )

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
