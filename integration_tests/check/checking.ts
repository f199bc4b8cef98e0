import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { type Bin, type Ended, type Folder, type Options, start } from '../support/connector'

export interface Status {
  readonly status: string
  readonly message: string
}

/** Runs `check` with a config. Whatever comes of it, nothing that is secret in the config is said. */
export const check = async (folder: Folder, bin: Bin, config: unknown, options: Options = {}): Promise<Ended> => {
  // Checks run side by side: each has its own file.
  const args = ['check', '--config', folder.file(`config-${runs++}.json`, config)]
  const running = start(bin, args, { input: '', ...options })
  // One that hangs is to fail its own test, not to hold up the others.
  const hung = setTimeout(() => running.child.kill('SIGKILL'), HUNG_MS)
  const ended = await running.ended
  clearTimeout(hung)
  const said = ended.stdout + ended.stderr
  expect(secretsOf(config).filter((secret) => said.includes(secret))).toEqual([])
  return ended
}

export const checkSource = (folder: Folder, config: unknown, options?: Options): Promise<Ended> =>
  check(folder, 'source-s3-offline-events', config, options)

export const checkDestination = (folder: Folder, config: unknown, options?: Options): Promise<Ended> =>
  check(folder, 'destination-offline-events', config, options)

let runs = 0
const HUNG_MS = 50_000

/** The one CONNECTION_STATUS that a check answers where it can tell; '' where it has no message. */
export const statusOf = ({ code, stderr, messages }: Ended): Status => {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(messages.filter(({ type }) => type !== 'LOG').map(({ type }) => type)).toEqual(['CONNECTION_STATUS'])
  const found = messages.find(({ connectionStatus }) => connectionStatus !== undefined)?.connectionStatus
  return { status: found?.status ?? '', message: found?.message ?? '' }
}

export const SUCCEEDED: Status = { status: 'SUCCEEDED', message: '' }

export const failed = (names: RegExp): unknown => ({
  status: 'FAILED',
  message: expect.stringMatching(names) as string,
})

/** The message of a status that is FAILED. */
export const failureOf = (ended: Ended): string => {
  const { status, message } = statusOf(ended)
  expect(status).toBe('FAILED')
  return message
}

/** The one TRACE ERROR of a check that can't tell: exit 1, and no status. */
export const transientOf = ({ code, stderr, messages }: Ended): string => {
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(messages.filter(({ type }) => type !== 'LOG').map(({ type }) => type)).toEqual(['TRACE'])
  const error = messages.find(({ trace }) => trace !== undefined)?.trace?.error
  expect(error?.failure_type).toBe('transient_error')
  return error?.message ?? ''
}

/** A port of the loopback on which nobody listens. */
export const closedPort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const SECRET_KEYS = [
  ...['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token', 'access_token'],
  ...['access_key_id', 'secret_access_key', 'role_arn', 'external_id'],
]

const secretsOf = (config: unknown): ReadonlyArray<string> => {
  if (typeof config !== 'object' || config === null) return []
  return Object.entries(config).flatMap(([key, value]) =>
    SECRET_KEYS.includes(key) && typeof value === 'string' && value.length > 3 ? [value] : secretsOf(value),
  )
}

/**
 * What only the message of one cause says; for telling the causes apart. Words that users know from the set-up guide or from AWS.
 */
export const MARKS = {
  key: /S3 Bucket Access Key/,
  secret: /S3 Bucket Secret/,
  token: /Session token: /,
  bucket: /there is no bucket/,
  region: /Region: the bucket/,
  list: /s3:ListBucket/,
  get: /s3:GetObject/,
  put: /s3:PutObject/,
  remove: /s3:DeleteObject/,
  decrypt: /kms:Decrypt/,
  clock: /clock/,
  refused: /refused the connection/,
  unknown: /host \S+ is unknown/,
  silent: /no answer/,
  broken: /broke off/,
  foreign: /not in S3's words/,
  column: /no column/,
  columns: /two columns/,
} as const

export type Mark = keyof typeof MARKS

/** Which causes a message speaks of. */
export const marksOf = (message: string): ReadonlyArray<string> =>
  Object.entries(MARKS)
    .filter(([, mark]) => mark.test(message))
    .map(([name]) => name)
