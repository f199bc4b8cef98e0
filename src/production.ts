import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import type { Bucket, Capabilities, Http, Objects } from './capabilities'
import type { Failure } from './failure'
import { sleepUntil } from './runtime/process'
import { proxyFor } from './runtime/proxy'
import { linesOf, outOf } from './runtime/stdio'
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
    openBucket: (bucket) => () => openBucket(bucket, stop.signal),
    http: { send: async (request) => (await loadHttp()).send(request) },
    lines: (halt) => linesOf(process.stdin, AbortSignal.any([stop.signal, halt])),
    out: outOf(process.stdout, () => stop.abort()),
    lastWord: (line) => void process.stderr.write(`${line}\n`),
    nowMs: () => Date.now(),
    elapsedMs: () => performance.now(),
    random: () => Math.random(),
    sleep: sleepUntil(stop.signal),
    deadline: (ms) => wait(ms, undefined, { ref: false }),
    stop: stop.signal,
  }
}

const openBucket = async (bucket: Bucket, stop: AbortSignal): Promise<E.Either<Failure, Objects>> => {
  // Of AWS the host has the bucket's name in front.
  const url = bucket.endpoint ?? `https://${bucket.name}.s3.amazonaws.com`
  const proxy = URL.canParse(url) ? proxyFor(url) : undefined
  if (proxy === 'unusable') return E.left({ _tag: 'StorageUnreachable', cause: 'proxy-address', host: hostOf(url) })
  // The SDK warns about Node 20 on stderr, which belongs to failures.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const [s3, agents] = await Promise.all([import('./source/s3'), proxy === undefined ? {} : proxyAgents(proxy)])
  return E.right(s3.openBucket(bucket, agents, stop))
}

const proxyAgents = async (proxy: URL) => {
  const { ProxyAgent } = await import('proxy-agent')
  const agent = new ProxyAgent({ keepAlive: true, getProxyForUrl: () => proxy.href })
  return { httpAgent: agent, httpsAgent: agent }
}
