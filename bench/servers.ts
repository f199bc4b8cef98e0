import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Pattern } from './pattern'

/** A server in a process of its own, so that its memory and time are nobody else's. */
export type Server = Readonly<{ url: string; stop: () => Promise<void> }>

/** What the sink has taken since it started. */
export type Arrived = Readonly<{ requests: number; events: number; bytes: number }>

/** What the S3 of computed objects was asked since it started. */
export type Asked = Readonly<{ lists: number; gets: number }>

const proxyNames = /^(https?|no|all)_proxy$/i

/** Everything runs on the loopback: a proxy in the environment would only be in the way. */
export const childEnv = (): Record<string, string | undefined> => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !proxyNames.test(name))),
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
})

const start = async (
  script: string,
  args: readonly string[],
  env: Record<string, string | undefined>,
): Promise<Server> => {
  const stdio = ['ignore', 'pipe', 'inherit', 'ipc'] as const
  const child = spawn(process.execPath, [join(__dirname, script), ...args], { env, stdio: [...stdio] })
  const exited = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exited
  }
  if (child.stdout === null) throw new Error(`${script} has no stdout`)
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([once(lines, 'line'), exited.then(() => undefined)])
  if (first === undefined) throw new Error(`${script} ended before it was ready`)
  const { url } = JSON.parse(String(first[0])) as { url: string }
  return { url, stop }
}

/** Starts an S3 that holds one object, read from a file. */
export const startS3 = (
  load: Readonly<{ file: string; bucket: string; key: string }>,
  env: Record<string, string | undefined>,
): Promise<Server> => start('s3.js', ['--file', load.file, '--bucket', load.bucket, '--key', load.key], env)

/** Starts an S3 whose objects are computed as they are asked for. */
export const startPatternS3 = ({ objects, rows }: Pattern, env: Record<string, string | undefined>): Promise<Server> =>
  start('pattern-s3.js', ['--objects', String(objects), '--rows', String(rows)], env)

/** Starts the sink that takes the events of `write`. */
export const startSink = (env: Record<string, string | undefined>): Promise<Server> => start('sink.js', [], env)

/** Starts the emulator of TikTok's API. */
export const startEmulator = (env: Record<string, string | undefined>): Promise<Server> =>
  start(join('..', 'emulator', 'main.js'), ['--port', '0'], env)

/** Asks the sink what has arrived so far. */
export const arrivedAt = async (sinkUrl: string): Promise<Arrived> =>
  (await (await fetch(`${sinkUrl}/count`)).json()) as Arrived

/** Asks the S3 of computed objects what it was asked so far. */
export const askedOf = async (s3Url: string): Promise<Asked> => (await (await fetch(`${s3Url}/count`)).json()) as Asked
