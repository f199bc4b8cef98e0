import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { errorIn } from './messages'

/** A call of one of the executables, with the files of `folder` by their names. */
export interface Call {
  readonly executable: 'source-s3-offline-events' | 'destination-offline-events'
  readonly verb: string
  readonly files: Readonly<Record<string, string>>
}

/** How the calls are run: the folder with their files, and what stops them. */
export interface Stage {
  readonly folder: string
  readonly stop: AbortSignal
}

const binFolder = join(__dirname, '..', '..', 'bin')
const proxyName = /^(https?|no|all)_proxy$/i
const recordStart = '{"type":"RECORD"'

/** The call as one would type it. */
export const commandOf = ({ executable, verb, files }: Call): string =>
  [`bin/${executable}`, verb, ...Object.entries(files).map(([flag, file]) => `--${flag} ${file}`)].join(' ')

/** Runs a verb to its end; its messages without the records. */
export const runVerb = async (stage: Stage, call: Call): Promise<readonly string[]> => {
  const child = start(stage, call)
  child.stdin.end()
  const outcome = await outcomeOf(call, child)
  stage.stop.throwIfAborted()
  assertSound([outcome])
  return outcome.lines
}

/** Runs `from | to`, as a platform does; the messages of both without the records. */
export const runPipe = async (stage: Stage, from: Call, to: Call) => {
  const [reader, writer] = [start(stage, from), start(stage, to)]
  const [read, written] = await Promise.all([
    outcomeOf(from, reader),
    outcomeOf(to, writer),
    // A pipe that breaks ends both: their own last words tell why.
    pipeline(reader.stdout, writer.stdin).catch(() => undefined),
  ])
  stage.stop.throwIfAborted()
  assertSound([read, written])
  return { read: read.lines, written: written.lines }
}

type Child = ChildProcessByStdio<Writable, Readable, null>

interface Outcome {
  readonly call: Call
  readonly end: string | undefined
  readonly lines: readonly string[]
}

const start = ({ folder, stop }: Stage, { executable, verb, files }: Call): Child => {
  const flags = Object.entries(files).flatMap(([flag, file]) => [`--${flag}`, join(folder, file)])
  stop.throwIfAborted()
  const child = spawn(process.execPath, [join(binFolder, executable), verb, ...flags], {
    // All of it is on this machine: a proxy would only be in the way.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !proxyName.test(name))),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  stop.addEventListener('abort', () => child.kill())
  return child
}

const outcomeOf = async (call: Call, child: Child): Promise<Outcome> => {
  const lines: string[] = []
  const told = createInterface({ input: child.stdout })
  told.on('line', (line) => {
    if (!line.startsWith(recordStart)) lines.push(line)
  })
  // A broken pipe is one here too; the exit codes tell of it.
  told.on('error', () => undefined)
  await once(child, 'close')
  const { exitCode, signalCode } = child
  return { call, lines, end: exitCode === 0 ? undefined : (signalCode ?? `exit ${String(exitCode)}`) }
}

const assertSound = (outcomes: readonly Outcome[]): void => {
  const failed = outcomes.flatMap(({ call, end, lines }) =>
    end === undefined ? [] : [`${call.executable} ${call.verb} failed (${end}): ${errorIn(lines) ?? 'no message'}`],
  )
  if (failed.length > 0) throw new Error(failed.join('\n'))
}
