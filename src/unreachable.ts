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

/** Says of somebody that he could not be reached, and what is to be checked. */
export const unreachableSentence = (
  who: string,
  { cause, host }: { readonly cause: Unreachable; readonly host: string },
  check: string,
): string =>
  cause === 'no-handles'
    ? `${who} can't be asked at ${host}: this process may open no more files or connections. Raise its limit of open files (ulimit -n).`
    : `${who} ${phrase(cause, host)}. Check ${check}.`

const phrase = (cause: Exclude<Unreachable, 'no-handles'>, host: string): string => {
  switch (cause) {
    case 'refused':
      return `refused the connection at ${host}`
    case 'unknown-host':
      return `can't be found: the host ${host} is unknown`
    case 'no-answer':
      return `gave no answer at ${host} in time`
    case 'broken':
      return `broke off the connection at ${host}`
    case 'tls':
      return `at ${host} speaks no TLS, or another version of it (a URL without TLS begins with http://)`
    case 'no-route':
      return `can't be reached at ${host}: there is no route to it`
    case 'proxy-address':
      return `at ${host} can't be asked: HTTPS_PROXY or HTTP_PROXY of the environment is no http URL`
    case 'certificate':
      return `shows a certificate at ${host} that is not trusted (an authority of your own is made known by NODE_EXTRA_CA_CERTS)`
  }
}

/** Host and port of a URL, the port also where it is the scheme's own. */
export const hostOf = (url: string): string => {
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port !== '' ? port : protocol === 'http:' ? '80' : '443'}`
}

/** A timer of 2^31 ms or more would fire at once. */
export const LONGEST_TIMER_MS = 2_147_483_647
