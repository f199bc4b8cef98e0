import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What lends keys to whoever asks: STS for a role or a web identity, the service of a container, and that of a machine. */
export interface SignInStub {
  readonly url: string
  /** Host and port. */
  readonly host: string
  /** What was asked, oldest first: of STS the parameters, of the others the path. */
  readonly asked: ReadonlyArray<Readonly<Record<string, string>>>
  readonly close: () => void
}

export interface Lending {
  /** For how long a key may be used; absent: an hour. */
  readonly forMs?: number
  /** STS lends a role to nobody but who brings this. */
  readonly externalId?: string
  /** What a web identity has to bring. */
  readonly webToken?: string
  /** The code of STS's refusal of everything. */
  readonly refuses?: string
}

/** Of the n-th key that was lent, from 1. */
export const lentKey = (n: number): string => `ASIAIOSFODNN7LENT${String(n).padStart(3, '0')}`

export const startSignIn = async ({
  forMs = 3_600_000,
  externalId,
  webToken,
  refuses,
}: Lending = {}): Promise<SignInStub> => {
  const asked: Array<Readonly<Record<string, string>>> = []
  let lent = 0
  const lend = () => ({
    AccessKeyId: lentKey(++lent),
    SecretAccessKey: 'canary-lent-secret',
    Token: 'canary-lent-token',
    Expiration: new Date(Date.now() + forMs).toISOString(),
  })
  const server = createServer((request, response) => {
    const { method = '', url = '/' } = request
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    const json = (content: unknown): void =>
      void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(content))
    const sts = (parameters: Readonly<Record<string, string>>): void => {
      const code = refusalOf(parameters)
      if (code === undefined) response.writeHead(200, XML).end(lentBySts(parameters['Action'] ?? '', lend()))
      else response.writeHead(403, XML).end(errorOf(code))
    }
    const refusalOf = (parameters: Readonly<Record<string, string>>): string | undefined => {
      if (refuses !== undefined) return refuses
      if (externalId !== undefined && parameters['ExternalId'] !== externalId) return 'AccessDenied'
      return webToken !== undefined && parameters['WebIdentityToken'] !== webToken
        ? 'InvalidIdentityTokenException'
        : undefined
    }
    request.on('end', () => {
      if (method === 'POST') {
        const parameters = Object.fromEntries(new URLSearchParams(body))
        asked.push(parameters)
        sts(parameters)
        return
      }
      asked.push({ path: url })
      if (url === MACHINE_TOKEN) response.writeHead(200).end('machine-token')
      else if (url === MACHINE_ROLES) response.writeHead(200).end('reader')
      else if (url === `${MACHINE_ROLES}reader`) json({ Code: 'Success', ...lend() })
      else if (url === CONTAINER) json(lend())
      else response.writeHead(404).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}`,
    host,
    asked,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** The path of a container's credentials. */
export const CONTAINER = '/container'
/** Paths of the service of a machine. */
const MACHINE_TOKEN = '/latest/api/token'
const MACHINE_ROLES = '/latest/meta-data/iam/security-credentials/'

const XML = { 'Content-Type': 'text/xml' }

const lentBySts = (action: string, lent: Readonly<Record<string, string>>): string =>
  `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials><AccessKeyId>${lent['AccessKeyId']}</AccessKeyId><SecretAccessKey>${lent['SecretAccessKey']}</SecretAccessKey><SessionToken>${lent['Token']}</SessionToken><Expiration>${lent['Expiration']}</Expiration></Credentials></${action}Result></${action}Response>`

/** What STS's messages may quote, and no message of ours may, is there too. */
const errorOf = (code: string): string =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>canary-quoted</Message></Error></ErrorResponse>`
