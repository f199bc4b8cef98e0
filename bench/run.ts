import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { noOutput, outputCounter } from './count'
import type { Output } from './count'
import { watch } from './watch'
import type { Usage } from './watch'

/** A program to measure: what to start, and the file it takes on stdin, if any. */
export type Job = Readonly<{
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  stdin?: string
}>

/** What one run of a program took, and what it said on stdout. `failure` is absent when it exited with 0. */
export type Run = Usage & Readonly<{ seconds: number; stdout: Output; failure?: string }>

const tailChars = 300

const failureOf = (child: ChildProcess, stdout: Output, stderr: string): string | undefined => {
  if (child.exitCode === 0) return undefined
  const end = child.signalCode ?? `exit ${child.exitCode ?? 'unknown'}`
  const said = `${stdout.last.toString('utf8').slice(-tailChars)} ${stderr.slice(-tailChars)}`.trim()
  return said === '' ? end : `${end}: ${said}`
}

/** Runs a program to its end, takes its stdout as fast as it comes, and measures it from start to close. */
export const run = async ({ command, args, env, stdin }: Job): Promise<Run> => {
  const input = stdin === undefined ? undefined : await open(stdin, 'r')
  try {
    const stdout = noOutput()
    let stderr = ''
    const start = process.hrtime.bigint()
    const child = spawn(command, args, { env, stdio: [input?.fd ?? 'ignore', 'pipe', 'pipe'] })
    const closed = once(child, 'close')
    const endWatch = child.pid === undefined ? () => ({}) : watch(child.pid)
    child.stdout?.on('data', outputCounter(stdout))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-tailChars)))
    const usage = await closed.then(endWatch)
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    const failure = failureOf(child, stdout, stderr)
    return { seconds, stdout, ...usage, ...(failure === undefined ? {} : { failure }) }
  } finally {
    await input?.close()
  }
}
