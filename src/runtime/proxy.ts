/** What names a proxy; of each the lower-case form counts too, as everywhere. */
const PROXY_VARIABLES: ReadonlyArray<string> = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']

/** Whether the environment names a proxy, and one that can be asked: its libraries throw at anything but an http URL. */
export const proxyIn = (
  environment: Readonly<Record<string, string | undefined>>,
): 'absent' | 'usable' | 'unusable' => {
  const named = PROXY_VARIABLES.map((name) => environment[name] ?? '').filter((address) => address !== '')
  if (named.length === 0) return 'absent'
  return named.every(isUsable) ? 'usable' : 'unusable'
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
