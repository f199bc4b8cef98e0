import type { Capabilities } from '../capabilities'
import { type Failure, failureType, sentence } from '../failure'
import { log, traceError } from '../protocol/message'

type Outside = Pick<Capabilities, 'out' | 'nowMs'>

/** Tells why a run ended: one TRACE ERROR, by which the platform decides whether to try again. A signal is no error. */
export const reportFailure = async ({ out, nowMs }: Outside, failure: Failure): Promise<void> => {
  void out.put(
    failure._tag === 'Stopped'
      ? log('WARN', sentence(failure))
      : traceError(failureType(failure), sentence(failure), nowMs(), failure._tag),
  )
  await out.flush()
}

/** Tells of a throw that nobody expected: a fault of ours. Its message is left out, for it may quote a value; its place is not. */
export const reportCrash = async ({ out, nowMs }: Outside, error: unknown): Promise<void> => {
  const message = 'The connector failed by a fault of its own. Please report it with the internal message.'
  void out.put(traceError('system_error', message, nowMs(), placeOf(error)))
  await out.flush()
}

const placeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'a throw of no error'
  const { stack = '', message } = error
  // The stack begins with the message, whose lines may look like places; and a name may be made of what a server said.
  const at = stack.indexOf(message)
  const frames = (at === -1 ? '' : stack.slice(at + message.length)).split('\n').filter((line) => /^\s+at /.test(line))
  return [error.constructor.name, ...frames.slice(0, 12).map((line) => line.trim())].join(' ')
}
