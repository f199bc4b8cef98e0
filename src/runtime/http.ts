import type { Readable } from 'node:stream'
import * as E from 'fp-ts/Either'
import { Agent, ProxyAgent, request } from 'undici'
import type { Http } from '../capabilities'
import { LONGEST_TIMER_MS, causeOf, hostOf } from '../unreachable'
import { proxyFor } from './proxy'

/**
 * HTTP over kept-alive connections, through the proxy that the environment names for a URL. Redirects are answers like any other.
 * `quit` cuts off what is still on its way when the process is to end.
 */
export const newHttp = (quit: AbortSignal): Http => {
  const direct = new Agent()
  const proxies = new Map<string, ProxyAgent>()
  const through = (proxy: URL): ProxyAgent => {
    const known = proxies.get(proxy.href) ?? new ProxyAgent(proxy.href)
    proxies.set(proxy.href, known)
    return known
  }
  const inFlight = new Set<AbortController>()
  quit.addEventListener('abort', () => inFlight.forEach((one) => one.abort()))
  return {
    send: async ({ method, url, headers, body, timeoutMs }) => {
      const proxy = proxyFor(url)
      // To go around it would be against the user's word.
      if (proxy === 'unusable') return E.left({ cause: 'proxy-address', host: hostOf(url) })
      // One clock over the whole exchange; undici's own are per phase. AbortSignal.any of a timeout is lost to the garbage
      // collector on Node 20, so the two ends are joined by hand.
      const abort = new AbortController()
      inFlight.add(abort)
      const timer = setTimeout(() => abort.abort(), Math.min(timeoutMs, LONGEST_TIMER_MS))
      try {
        const reply = await request(url, {
          method,
          headers,
          body: body ?? null,
          dispatcher: proxy === undefined ? direct : through(proxy),
          signal: abort.signal,
          headersTimeout: 0,
          bodyTimeout: 0,
        })
        return E.right({ status: reply.statusCode, body: await textOf(reply.body) })
      } catch (error) {
        return E.left({ cause: causeOf(error as { name?: string; code?: string }), host: hostOf(url) })
      } finally {
        clearTimeout(timer)
        inFlight.delete(abort)
      }
    },
  }
}

/** No answer that is ours to read is longer: of one without end the rest is not waited for. */
const LONGEST_BODY_BYTES = 8 * 1024 * 1024

const textOf = async (body: Readable): Promise<string> => {
  const pieces: Array<Buffer> = []
  let bytes = 0
  for await (const piece of body as AsyncIterable<Buffer>) {
    pieces.push(piece)
    bytes += piece.length
    // To leave the loop closes the body, and its connection.
    if (bytes > LONGEST_BODY_BYTES) break
  }
  return Buffer.concat(pieces).toString()
}
