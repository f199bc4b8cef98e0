import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { devNull, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { BARE_ENV, type Bin, type Options, type Running, binOf, newFolder, start } from '../support/connector'

/** What one process gave away, by the ways it could. */
export interface Heard {
  readonly stdout: string
  readonly stderr: string
  /** Names and contents of all files that it left in its working directory, its home and its temporary folder. */
  readonly files: string
  /** How it ended, by number or signal. */
  readonly end: string
}

/** Runs an executable in folders of its own, which are looked through afterwards. `during` may interfere with it. */
export const listen = (
  bin: Bin,
  args: ReadonlyArray<string>,
  options: Options = {},
  during: (child: Running['child']) => void = () => undefined,
): Promise<Heard> =>
  inSandbox(async (cwd, env) => {
    const { child, ended } = start(bin, args, { input: '', ...options, cwd, env: { ...env, ...options.env } })
    during(child)
    const { stdout, stderr, code, signal } = await ended
    return { stdout, stderr, end: String(signal ?? code) }
  })

/** Like `listen`, with a stdin that is open for writing only: to read it is an error that no code expects. */
export const listenWithDeadStdin = async (bin: Bin, args: ReadonlyArray<string>): Promise<Heard> => {
  const stdin = openSync(devNull, 'w')
  return listenTo(binOf(bin), args, stdin).finally(() => closeSync(stdin))
}

/** Like `listen`, to any program. */
export const listenTo = (
  program: string,
  args: ReadonlyArray<string>,
  stdin: 'ignore' | number = 'ignore',
): Promise<Heard> =>
  inSandbox(
    (cwd, env) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, [...args], { cwd, env, stdio: [stdin, 'pipe', 'pipe'] })
        const said = { stdout: [] as Array<Buffer>, stderr: [] as Array<Buffer> }
        child.stdout?.on('data', (piece: Buffer) => said.stdout.push(piece))
        child.stderr?.on('data', (piece: Buffer) => said.stderr.push(piece))
        child.on('error', reject)
        child.on('close', (code, signal) =>
          resolve({
            stdout: Buffer.concat(said.stdout).toString('latin1'),
            stderr: Buffer.concat(said.stderr).toString('latin1'),
            end: String(signal ?? code),
          }),
        )
      }),
  )

const inSandbox = async (
  run: (cwd: string, env: NodeJS.ProcessEnv) => Promise<Omit<Heard, 'files'>>,
): Promise<Heard> => {
  const root = mkdtempSync(join(tmpdir(), 'offline-events-listen-'))
  try {
    const [cwd = '', home = '', temporary = ''] = ['cwd', 'home', 'tmp'].map((name) => join(root, name))
    for (const folder of [cwd, home, temporary]) mkdirSync(folder)
    const said = await run(cwd, { ...BARE_ENV, HOME: home, TMPDIR: temporary })
    return { ...said, files: filesBelow(root) }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

const filesBelow = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}\n`)
    .join('')

/** The files that runs are given: outside of what is looked through, each under a name of its own. */
export const newInputs = () => {
  const folder = newFolder()
  let files = 0
  return {
    file: (content: unknown): string => folder.file(`input-${++files}`, content),
    beside: (path: string, ending: string, content: unknown): string => {
      folder.file(`${basename(path)}${ending}`, content)
      return path
    },
    remove: () => folder.remove(),
  }
}
