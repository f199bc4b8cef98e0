import * as E from 'fp-ts/Either'
import { type Executable, parse } from './cli'
import { perform } from './commands/perform'
import { reportCrash, reportFailure } from './commands/report'
import { production } from './production'
import { keepMemorySmall, onSignals } from './runtime/process'

/** An executable's run: arguments to a command, the command to an outcome, the outcome to the end of the process. */
export const main = async (executable: Executable, args: ReadonlyArray<string>): Promise<void> => {
  // Until the end is reached: should the event loop run dry before, that is no success.
  process.exitCode = 1
  keepMemorySmall()
  const stop = new AbortController()
  const quit = new AbortController()
  const end = onSignals(stop, quit)
  const caps = production(stop, quit.signal)
  const fate = { crashed: false }
  const crash = (error: unknown): void => {
    if (!fate.crashed) void reportCrash(caps, error).then(() => end('failure'))
    fate.crashed = true
    stop.abort()
  }
  process.on('uncaughtException', crash).on('unhandledRejection', crash)
  const command = parse(executable, args)
  const outcome = E.isLeft(command) ? command : await perform(caps)(command.right)()
  if (fate.crashed) return
  if (E.isLeft(outcome)) await reportFailure(caps, outcome.left, command)
  end(E.isRight(outcome) ? outcome.right : outcome.left._tag === 'Stopped' ? 'stopped' : 'failure')
}
