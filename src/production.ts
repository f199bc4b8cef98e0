import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import type { Bucket, Capabilities, Http, Objects } from './capabilities'
import type { Failure } from './failure'
import { newDisk } from './runtime/disk'
import { isAlive, machineOf, repeatUntil, sleepUntil } from './runtime/process'
import { openBar } from './runtime/bar'
import { proxyFor } from './runtime/proxy'
import { linesOf, outOf } from './runtime/stdio'
import type { Agents } from './storage/s3-access'
import { hostOf } from './unreachable'

/** The real outside world. Libraries that not every verb needs are loaded when they are first used. */
export const production = (stop: AbortController, quit: AbortSignal): Capabilities => {
  let http: Promise<Http> | undefined
  const loadHttp = (): Promise<Http> => (http ??= import('./runtime/http').then(({ newHttp }) => newHttp(quit)))
  return {
    readText: (path) =>
      TE.tryCatch(
        () => readFile(path, 'utf8'),
        () => 'unreadable' as const,
      ),
    // What objects inherit, as toString, is no variable.
    environment: (name) => (Object.hasOwn(process.env, name) ? process.env[name] : undefined),
    openBucket: (bucket) => () => openBucket(bucket, bucket.use === 'files' ? stop.signal : quit),
    openLocal: (path, use) => async () => (await import('./storage/local')).openLocal(path, use, stop.signal),
    http: { send: async (request) => (await loadHttp()).send(request) },
    disk: newDisk(`${process.pid}-${Math.random().toString(36).slice(2, 10)}`),
    self: { host: hostname(), machine: machineOf(), pid: process.pid, isAlive },
    lines: (halt) => linesOf(process.stdin, AbortSignal.any([stop.signal, halt])),
    out: outOf(process.stdout, () => stop.abort()),
    lastWord: (line) => void process.stderr.write(`${line}\n`),
    openBar: process.stderr.isTTY ? openBar : undefined,
    // Linux and macOS differ in the unit; node tells kilobytes on both.
    peakRssBytes: () => process.resourceUsage().maxRSS * 1024,
    // By NO_COLOR, TERM and their fellows too.
    hasColours: process.stdout.isTTY && process.stdout.hasColors(),
    nowMs: () => Date.now(),
    elapsedMs: () => performance.now(),
    random: () => Math.random(),
    sleep: sleepUntil(stop.signal),
    repeat: repeatUntil(stop.signal),
    deadline: (ms) => wait(ms, undefined, { ref: false }),
    stop: stop.signal,
  }
}

const openBucket = async (bucket: Bucket, stop: AbortSignal): Promise<E.Either<Failure, Objects>> => {
  // Of AWS the host has the bucket's name in front.
  const url = bucket.endpoint ?? `https://${bucket.name}.s3.amazonaws.com`
  const stsUrl = stsUrlOf(bucket)
  const s3 = await agentsFor(bucket, url)
  if (E.isLeft(s3)) return s3
  const signIn = bucket.credentials._tag === 'AccessKey' ? DIRECT : await agentsFor(bucket, stsUrl)
  if (E.isLeft(signIn)) return signIn
  // The SDK warns about Node 20 on stderr, which belongs to failures.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const storage = await import('./storage/s3')
  return E.right(storage.openBucket(bucket, { s3: s3.right, signIn: signIn.right, stsUrl }, stop))
}

/** The STS that a role is asked for: the config's, the environment's, or the region's own; of a web identity the environment's region. */
const stsUrlOf = ({ credentials, region: configured = 'us-east-1' }: Bucket): string => {
  const region = (credentials._tag === 'Environment' ? process.env['AWS_REGION'] : undefined) ?? configured
  const own = credentials._tag === 'AssumedRole' ? credentials.stsEndpoint : undefined
  const named = own ?? process.env['AWS_ENDPOINT_URL_STS'] ?? ''
  return URL.canParse(named) ? named : `https://sts.${region}.amazonaws.com`
}

const DIRECT = E.right<Failure, Agents>({})

/** Agents for the proxy that the environment names for a URL, where it does. */
const agentsFor = async ({ use }: Bucket, url: string): Promise<E.Either<Failure, Agents>> => {
  const proxy = URL.canParse(url) ? proxyFor(url) : undefined
  if (proxy === 'unusable')
    return E.left({ _tag: 'StorageUnreachable', use, cause: 'proxy-address', host: hostOf(url) })
  if (proxy === undefined) return DIRECT
  const { ProxyAgent } = await import('proxy-agent')
  const agent = new ProxyAgent({ keepAlive: true, getProxyForUrl: () => proxy.href })
  return E.right({ httpAgent: agent, httpsAgent: agent })
}
