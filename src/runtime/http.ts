import * as E from 'fp-ts/Either'
import { Agent, EnvHttpProxyAgent, request } from 'undici'
import type { Http, HttpTrouble } from '../capabilities'
import type { Unreachable } from '../failure'

/** HTTP over kept-alive connections; HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured. Redirects are answers like any other. */
export const newHttp = (environment: Readonly<Record<string, string | undefined>>): Http => {
  const proxied = PROXY_VARIABLES.some((name) => (environment[name] ?? '') !== '')
  const dispatcher = proxied ? new EnvHttpProxyAgent() : new Agent()
  return {
    send: async ({ method, url, headers, body, timeoutMs }) => {
      // One clock over the whole exchange; undici's own timeouts are per phase.
      const signal = AbortSignal.timeout(Math.min(timeoutMs, LONGEST_TIMER_MS))
      try {
        const reply = await request(url, {
          method,
          headers,
          body: body ?? null,
          dispatcher,
          signal,
          headersTimeout: 0,
          bodyTimeout: 0,
        })
        return E.right({ status: reply.statusCode, body: await reply.body.text() })
      } catch (error) {
        return E.left(troubleOf(error as Loose, url))
      }
    },
  }
}

/** A timer of 2^31 ms or more would fire at once. */
export const LONGEST_TIMER_MS = 2_147_483_647

export const PROXY_VARIABLES: ReadonlyArray<string> = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']

interface Loose {
  readonly name?: string
  readonly code?: string
}

const troubleOf = (error: Loose, url: string): HttpTrouble => ({ cause: causeOf(error), host: hostOf(url) })

const causeOf = ({ name, code }: Loose): Unreachable => {
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknown-host'
  return name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT' ? 'no-answer' : 'broken'
}

/** Host and port, the port also where it is the scheme's own. */
const hostOf = (url: string): string => {
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port !== '' ? port : protocol === 'http:' ? '80' : '443'}`
}
