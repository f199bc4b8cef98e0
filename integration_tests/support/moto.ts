import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ROOT } from './connector'

/** A running S3 (and IAM) on a free loopback port. */
export interface Moto {
  readonly url: string
  /** From now on every request needs a known key, its secret and a policy; `false` lets all pass again. */
  readonly requireAuth: (required: boolean) => Promise<void>
  /** One call of the IAM API, while authentication is off. */
  readonly iam: (action: string, parameters: Readonly<Record<string, string>>) => Promise<string>
  readonly stop: () => Promise<void>
}

/** A suite that needs an S3: skipped by name where there is no python3 to run it with. */
export const describeWithMoto = (name: string, suite: (moto: () => Moto) => void): void => {
  if (!PYTHON) {
    describe.skip(`${name} (skipped: python3 with venv is needed for the S3 server)`, () => suite(() => never()))
    return
  }
  describe(name, () => {
    let moto: Moto | undefined
    beforeAll(async () => (moto = await startMoto()), INSTALL_MS)
    afterAll(() => moto?.stop())
    suite(() => moto ?? never())
  })
}

const never = (): never => {
  throw new Error('the S3 server is not running')
}

const VERSION = '5.2.5'
const HOME = join(ROOT, '.venv', `moto-${VERSION}`)
const READY = join(HOME, 'ready')
const LOCK = `${HOME}.lock`
const INSTALL_MS = 300_000

const PYTHON = spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0

/** Installed once into the checkout, however many workers ask for it at a time: the one that makes the lock does it. */
const install = async (): Promise<void> => {
  const deadline = Date.now() + INSTALL_MS
  while (!existsSync(READY)) {
    if (Date.now() > deadline) throw new Error(`moto was not installed in time; remove ${LOCK} if nobody is at it`)
    if (!locked()) await wait(100)
    else
      try {
        if (!existsSync(READY)) await build()
      } finally {
        rmSync(LOCK, { recursive: true, force: true })
      }
  }
}

const build = async (): Promise<void> => {
  await command('python3', ['-m', 'venv', '--clear', HOME])
  await command(join(HOME, 'bin', 'pip'), [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    `moto[server]==${VERSION}`,
  ])
  writeFileSync(READY, '')
}

const locked = (): boolean => {
  try {
    mkdirSync(join(ROOT, '.venv'), { recursive: true })
    mkdirSync(LOCK)
    writeFileSync(join(LOCK, 'pid'), String(process.pid))
    return true
  } catch {
    if (abandoned()) rmSync(LOCK, { recursive: true, force: true })
    return false
  }
}

/** Whether the process that made the lock is gone without taking it away. */
const abandoned = (): boolean => {
  try {
    process.kill(Number(readFileSync(join(LOCK, 'pid'), 'utf8')), 0)
    return false
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true
    // Made, but its pid not yet written.
    return existsSync(LOCK) && Date.now() - statSync(LOCK).mtimeMs > 10_000
  }
}

const command = (file: string, args: ReadonlyArray<string>): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = ''
    const child = spawn(file, [...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()))
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${file} ${args.join(' ')}: ${said}`))))
  })

/** A key of a user who may do this anywhere; authentication must still be off. */
export const makeUser = (
  moto: Moto,
  name: string,
  actions: ReadonlyArray<string>,
): Promise<{ readonly id: string; readonly secret: string }> => makeUserOf(moto, name, policyOf(actions))

/** A key of a user with this policy, as JSON text; authentication must still be off. */
export const makeUserOf = async (
  { iam }: Moto,
  name: string,
  policy: string,
): Promise<{ readonly id: string; readonly secret: string }> => {
  await iam('CreateUser', { UserName: name })
  await iam('PutUserPolicy', { UserName: name, PolicyName: 'p', PolicyDocument: policy })
  const xml = await iam('CreateAccessKey', { UserName: name })
  const of = (tag: string): string => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(xml)?.[1] ?? ''
  return { id: of('AccessKeyId'), secret: of('SecretAccessKey') }
}

/** A role that may do this anywhere, for anybody who may sts:AssumeRole; authentication must still be off. */
export const makeRole = async ({ iam }: Moto, name: string, actions: ReadonlyArray<string>): Promise<void> => {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
  }
  await iam('CreateRole', { RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) })
  await iam('PutRolePolicy', { RoleName: name, PolicyName: 'p', PolicyDocument: policyOf(actions) })
}

const policyOf = (actions: ReadonlyArray<string>): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] })

const startMoto = async (): Promise<Moto> => {
  await install()
  const child = spawn(join(HOME, 'bin', 'moto_server'), ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: ROOT, AWS_DEFAULT_REGION: 'us-east-1' },
  })
  // Should the suite not come to its afterAll.
  process.once('exit', () => child.kill('SIGKILL'))
  const url = await urlOf(child)
  const post = async (path: string, body: string, headers: Readonly<Record<string, string>>): Promise<string> => {
    const reply = await fetch(url + path, { method: 'POST', body, headers })
    const text = await reply.text()
    if (!reply.ok) throw new Error(`moto: ${text}`)
    return text
  }
  return {
    url,
    requireAuth: async (required) => {
      await post('/moto-api/reset-auth', required ? '0' : 'inf', { 'Content-Type': 'text/plain' })
    },
    iam: (action, parameters) =>
      post('/', new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters }).toString(), {
        'Content-Type': 'application/x-www-form-urlencoded',
        Authorization:
          'AWS4-HMAC-SHA256 Credential=test/20200101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x',
      }),
    stop: async () => {
      const gone = new Promise((resolve) => child.on('exit', resolve))
      if (child.kill('SIGKILL')) await gone
    },
  }
}

/** The server says on stderr, among other things, where it listens once it does. */
const urlOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = ''
    let found = false
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`moto_server ended with ${String(code)}: ${said}`)))
    // Read to the end: a server whose log nobody takes would stall.
    child.stderr?.on('data', (piece: Buffer) => {
      if (found) return
      said += piece.toString()
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1]
      if (url === undefined) return
      found = true
      resolve(url)
    })
  })
