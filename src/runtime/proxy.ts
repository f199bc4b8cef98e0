import { getProxyForUrl } from 'proxy-from-env'

/**
 * The proxy through which the environment wants a URL asked: HTTPS_PROXY or HTTP_PROXY by its scheme, unless NO_PROXY names its
 * host; undefined where there is none. An address without scheme is an http one, as curl takes it. 'unusable': it is no http URL.
 */
export const proxyFor = (url: string): URL | 'unusable' | undefined => {
  const { protocol } = new URL(url)
  const variable = protocol === 'http:' ? 'HTTP_PROXY' : 'HTTPS_PROXY'
  const named = process.env[variable.toLowerCase()] ?? process.env[variable] ?? ''
  if (named === '' || getProxyForUrl(url) === '') return undefined
  const address = named.includes('://') ? named : `http://${named}`
  return isUsable(address) ? new URL(address) : 'unusable'
}

const isUsable = (address: string): boolean => {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return false
  const { username, password } = new URL(address)
  try {
    decodeURIComponent(`${username}:${password}`)
    return true
  } catch {
    return false
  }
}
