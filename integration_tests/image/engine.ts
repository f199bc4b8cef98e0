import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import * as t from 'io-ts'
import { type Message, messagesOf } from '../support/messages'

/** A container engine: how containers are started in it, and what it knows of images. */
export interface Engine {
  readonly run: (image: string, args: ReadonlyArray<string>, options?: Options) => Promise<Said>
  readonly inspect: (image: string) => Promise<Image>
}

export interface Options {
  /** Text for stdin, which is closed after it. */
  readonly input?: string
  /** Runs `sh -c` with the one argument in place of the image's own entry point. */
  readonly shell?: boolean
  readonly cwd?: string
  /** Folders of this machine that the container sees, as the engine words them: `FOLDER:PLACE`, or `FOLDER:PLACE:ro`. */
  readonly volumes?: ReadonlyArray<string>
  readonly memoryMb?: number
  /** Leaves the container's own files writable, as the platform does. */
  readonly writable?: boolean
}

/** How a container ended, and what it said. */
export interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly lines: ReadonlyArray<string>
  readonly messages: ReadonlyArray<Message>
}

const Inspected = t.readonlyArray(
  t.type({
    Size: t.number,
    Architecture: t.string,
    Config: t.intersection([
      t.type({ Env: t.readonlyArray(t.string) }),
      t.partial({
        User: t.string,
        Entrypoint: t.readonlyArray(t.string),
        Labels: t.union([t.null, t.record(t.string, t.string)]),
      }),
    ]),
    RootFS: t.type({ Layers: t.readonlyArray(t.string) }),
  }),
)

/** What an image says of itself. */
export type Image = t.TypeOf<typeof Inspected>[number]

/** No capabilities, no other network than this machine's loopback in use, and files that cannot be written. */
const RUN: ReadonlyArray<string> = [
  ...['run', '--rm', '--interactive', '--pull', 'never', '--http-proxy=false'],
  ...['--network', 'host', '--cgroupns', 'host'],
  ...['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'],
  ...['--cap-drop', 'all', '--security-opt', 'no-new-privileges'],
]

export const saidOf = (code: number | null, stdout: string, stderr: string): Said => {
  const lines = stdout.split('\n').filter((line) => line !== '')
  return { code, stdout, stderr, lines, messages: messagesOf(lines.filter((line) => line.startsWith('{'))) }
}

/** The engine that is called by these words, `podman` and its own flags. */
export const newEngine = ([command = 'podman', ...flags]: ReadonlyArray<string>): Engine => {
  const call = async (args: ReadonlyArray<string>, input = ''): Promise<Said> => {
    const child = spawn(command, [...flags, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    // A container may end before it has taken its input: that is told by how it ended.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
    return saidOf(code, stdout, stderr)
  }
  return {
    run: (image, args, { input, shell = false, cwd = '/mnt', volumes = [], memoryMb, writable = false } = {}) =>
      call(
        [
          ...RUN,
          ...(writable ? [] : ['--read-only']),
          ...['--workdir', cwd],
          ...volumes.flatMap((volume) => ['--volume', volume]),
          ...(memoryMb === undefined ? [] : ['--memory', `${memoryMb}m`, '--memory-swap', `${memoryMb}m`]),
          ...(shell ? ['--entrypoint', 'sh', image, '-c'] : [image]),
          ...args,
        ],
        input,
      ),
    inspect: async (image) => {
      const said = await call(['image', 'inspect', image])
      const decoded = Inspected.decode(JSON.parse(said.code === 0 ? said.stdout : '[]'))
      const [found] = decoded._tag === 'Right' ? decoded.right : []
      if (found === undefined) throw new Error(`the engine knows no image ${image}: ${said.stderr.trim()}`)
      return found
    },
  }
}
