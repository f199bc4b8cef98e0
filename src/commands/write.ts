import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities } from '../capabilities'
import type { Failure } from '../failure'
import { parse } from '../protocol/incoming'
import { stoppable } from './stoppable'
import type { Intake } from './writing/intake'
import { withQuiet } from './writing/quiet'
import { type WritePaths, openWriting } from './writing/open'
import { summarise } from './writing/summary'

/** Records on stdin become events at the platform: open, take in line by line, settle what is on its way, tell what was done. */
export const write =
  (caps: Capabilities) =>
  (paths: WritePaths): TE.TaskEither<Failure, void> =>
    pipe(
      stoppable(caps.stop)(openWriting(caps)(paths)),
      TE.chain((intake) => () => run(caps, intake)),
    )

const run = async (caps: Capabilities, intake: Intake): Promise<E.Either<Failure, void>> => {
  const { writing } = intake
  const trouble = await takeIn(caps, intake)
  const ended = await writing.finish(trouble, intake.incomplete())
  const told = summarise(caps.out, writing.counts(), intake.strays(), E.isRight(ended))
  // Without an output the run was stopped for its sake: that is the reason to tell.
  return pipe(
    await caps.out.flush(),
    E.chain(() => ended),
    E.chain(() => told),
  )
}

/** After so long without input, what was gathered is sent, though it fills no batch. */
const QUIET_MS = 1000

/** Reads stdin to its end, or until something ends the run early; awaits only where delivery or the reader is behind. */
const takeIn = async (caps: Capabilities, { writing, take }: Intake): Promise<Failure | undefined> => {
  let lineNumber = 0
  for await (const lines of withQuiet(caps.lines(writing.halted), () => caps.deadline(QUIET_MS))) {
    writing.tick()
    if (lines.length === 0) await writing.sendGathered()
    for (const line of lines) {
      lineNumber++
      const incoming = parse(line)
      if (incoming._tag === 'Malformed') return { _tag: 'StdinMalformed', line: lineNumber, problem: incoming.problem }
      const busy = take(incoming, line)
      if (busy === undefined) continue
      await busy
      if (caps.stop.aborted) return { _tag: 'Stopped' }
    }
  }
  return caps.stop.aborted ? { _tag: 'Stopped' } : undefined
}
