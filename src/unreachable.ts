/** Why there was no answer. */
export type Unreachable =
  | 'refused'
  | 'unknown-host'
  | 'no-answer'
  | 'certificate'
  | 'broken'
  | 'tls'
  | 'no-route'
  | 'proxy-address'
  /** This process may open no more files or connections. */
  | 'no-handles'

/** The cause, by the name or code of what an HTTP client throws (Node's system errors, undici's and TLS's codes). */
export const causeOf = ({ name, code = '' }: { readonly name?: string; readonly code?: string }): Unreachable => {
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknown-host'
  if (code === 'EMFILE' || code === 'ENFILE') return 'no-handles'
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'no-route'
  // By a test and no method: a DOMException's code is a number.
  if (/^(EPROTO$|ERR_SSL_)/.test(code)) return 'tls'
  if (/CERT|SELF_SIGNED|LEAF_SIGNATURE/.test(code)) return 'certificate'
  const late =
    name === 'TimeoutError' || name === 'AbortError' || code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT'
  return late ? 'no-answer' : 'broken'
}

/** Whether waiting helps little: there is nobody at that address, or not whom we trust. */
export const isHopeless = (cause: Unreachable): boolean =>
  cause === 'refused' ||
  cause === 'unknown-host' ||
  cause === 'certificate' ||
  cause === 'tls' ||
  cause === 'no-route' ||
  cause === 'no-handles' ||
  cause === 'proxy-address'

/** Host and port of a URL, the port also where it is the scheme's own. */
export const hostOf = (url: string): string => {
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port !== '' ? port : protocol === 'http:' ? '80' : '443'}`
}

/** A timer of 2^31 ms or more would fire at once. */
export const LONGEST_TIMER_MS = 2_147_483_647
