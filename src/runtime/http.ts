import * as E from 'fp-ts/Either'
import { Agent, EnvHttpProxyAgent, request } from 'undici'
import type { Http } from '../capabilities'
import { LONGEST_TIMER_MS, causeOf, hostOf } from '../unreachable'
import { proxyIn } from './proxy'

/**
 * HTTP over kept-alive connections; HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured. Redirects are answers like any other.
 * `quit` cuts off what is still on its way when the process is to end.
 */
export const newHttp = (environment: Readonly<Record<string, string | undefined>>, quit: AbortSignal): Http => {
  const proxy = proxyIn(environment)
  const dispatcher = proxy === 'usable' ? new EnvHttpProxyAgent() : new Agent()
  const inFlight = new Set<AbortController>()
  quit.addEventListener('abort', () => inFlight.forEach((one) => one.abort()))
  return {
    send: async ({ method, url, headers, body, timeoutMs }) => {
      // To go around the proxy would be against the user's word.
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
          dispatcher,
          signal: abort.signal,
          headersTimeout: 0,
          bodyTimeout: 0,
        })
        return E.right({ status: reply.statusCode, body: await reply.body.text() })
      } catch (error) {
        return E.left({ cause: causeOf(error as { name?: string; code?: string }), host: hostOf(url) })
      } finally {
        clearTimeout(timer)
        inFlight.delete(abort)
      }
    },
  }
}
