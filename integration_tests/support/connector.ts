import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { type Message, messagesOf } from './messages'

/** The checkout, whose folder `build` the compiled tests lie in. */
export const ROOT = existsSync(join(__dirname, '..', '..', 'bin'))
  ? join(__dirname, '..', '..')
  : dirname(join(__dirname, '..', '..'))

export type Bin = 'source-s3-offline-events' | 'destination-offline-events' | 'offline-events'

/** How a process ended, and all it said. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** The whole lines of stdout. */
  readonly lines: ReadonlyArray<string>
  readonly messages: ReadonlyArray<Message>
}

/** A process that runs. */
export interface Running {
  readonly child: Child
  readonly ended: Promise<Ended>
}

export interface Options {
  /** Text for stdin, which is closed after it. Absent: stdin stays open. */
  readonly input?: string
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Runs as this user and group; only root may ask for it. */
  readonly uid?: number
  /** Called for each whole line of stdout as it comes. */
  readonly onLine?: (line: string, child: Child) => void
  /** Leaves stdout unread, so that the process feels back-pressure; resume by `child.stdout.resume()`. */
  readonly unread?: boolean
  /** Modules that the process loads before the executable. */
  readonly preload?: ReadonlyArray<string>
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** Every process of the tests gets no more than this: nothing of the machine's own AWS or proxy set-up. */
export const BARE_ENV: NodeJS.ProcessEnv = { PATH: process.env['PATH'] }

export const binOf = (bin: Bin): string => join(ROOT, 'bin', bin)

/** Starts an executable as a platform would: from outside. */
export const start = (bin: Bin, args: ReadonlyArray<string>, options: Options = {}): Running => {
  const { preload = [] } = options
  const [command, ...before] =
    preload.length === 0 ? [binOf(bin)] : [process.execPath, ...preload.flatMap((file) => ['-r', file]), binOf(bin)]
  const child = spawn(command, [...before, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: options.env ?? BARE_ENV,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  // The process may end before it has taken all of its input: that is told by how it ended.
  child.stdin.on('error', () => undefined)
  if (options.input !== undefined) child.stdin.end(options.input)
  return { child, ended: ended(child, options) }
}

/** Runs an executable to its end. */
export const run = (bin: Bin, args: ReadonlyArray<string>, options: Options = {}): Promise<Ended> =>
  start(bin, args, { input: '', ...options }).ended

/** `read | write`; the reader feels it when the writer goes away. The options are the writer's. */
export const pipe = (
  read: ReadonlyArray<string>,
  write: ReadonlyArray<string>,
  options: Options = {},
): { readonly reader: Running; readonly writer: Running; readonly ended: Promise<{ read: Ended; write: Ended }> } => {
  const reader = start('source-s3-offline-events', ['read', ...read], { input: '' })
  const writer = start('destination-offline-events', ['write', ...write], options)
  reader.child.stdout.pipe(writer.child.stdin)
  writer.child.on('exit', () => reader.child.stdout.destroy())
  const both = Promise.all([reader.ended, writer.ended]).then(([r, w]) => ({ read: r, write: w }))
  return { reader, writer, ended: both }
}

const ended = (child: Child, { onLine, unread }: Options): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const stdout: Array<Buffer> = []
    const stderr: Array<Buffer> = []
    let rest = ''
    child.stdout.on('data', (piece: Buffer) => {
      stdout.push(piece)
      if (onLine === undefined) return
      const lines = (rest + piece.toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine(line, child)
    })
    if (unread === true) child.stdout.pause()
    child.stderr.on('data', (piece: Buffer) => stderr.push(piece))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const text = Buffer.concat(stdout).toString()
      // A killed process may leave half a line: nobody can act on it.
      const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
      lines.pop()
      let messages: ReadonlyArray<Message> | undefined
      resolve({
        code,
        signal,
        stdout: text,
        stderr: Buffer.concat(stderr).toString(),
        lines,
        get messages() {
          return (messages ??= messagesOf(lines))
        },
      })
    })
  })

/** A folder for the files of one suite: configs, catalogs, states. Made at its first use, removed by the suite's afterAll. */
export interface Folder {
  /** Writes a file, JSON unless it is text or bytes, and returns its path. */
  readonly file: (name: string, content: unknown) => string
  readonly remove: () => void
}

export const newFolder = (): Folder => {
  let path: string | undefined
  return {
    file: (name, content) => {
      const file = join((path ??= mkdtempSync(join(tmpdir(), 'offline-events-test-'))), name)
      writeFileSync(file, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content))
      return file
    },
    remove: () => {
      if (path !== undefined) rmSync(path, { recursive: true, force: true })
    },
  }
}
