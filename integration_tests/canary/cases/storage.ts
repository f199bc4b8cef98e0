import { HEADER } from '../../support/rows'
import { EMAIL, KEY_ID, PHONE, SECRET, SESSION, TOKEN } from '../canaries'
import {
  type Reply,
  type StoredObject,
  XML,
  answer,
  breakOff,
  closedPort,
  listing,
  oneObject,
  s3Error,
} from '../servers'
import { ALL, CREDENTIALS, type Case, SOURCE, type Stage, against, check, nowish, read, sourceConfig } from './case'

/** What S3 would have to say to give everything away. */
const QUOTING = `${ALL}, ${encodeURIComponent(SECRET)}, ${Buffer.from(SECRET).toString('base64')}`
const FIELDS = [
  `<AWSAccessKeyId>${KEY_ID}</AWSAccessKeyId>`,
  `<StringToSign>${SECRET}</StringToSign>`,
  `<SignatureProvided>${SECRET}</SignatureProvided>`,
  `<Token-0>${SESSION}</Token-0>`,
  `<Region>${SECRET}</Region>`,
  `<Endpoint>${SECRET}</Endpoint>`,
  `<BucketName>${TOKEN}</BucketName>`,
  `<Key>${EMAIL}</Key>`,
  `<HostId>${PHONE}</HostId>`,
].join('')

const HTML = `<!DOCTYPE html><html><head><title>${ALL}</title></head><body>${QUOTING}</body></html>`

const at = (stage: Stage, url: string, over: Readonly<Record<string, unknown>> = {}): unknown =>
  sourceConfig(stage, { endpoint: url, ...over })

type Env = Readonly<Record<string, string>>

interface Refusal {
  readonly name: string
  readonly reply: Reply
  /** What the message of check says, and the error of read. */
  readonly says: RegExp
  readonly over?: Readonly<Record<string, unknown>>
  /** Of most it is enough to see them in check: read tells them in the same words. */
  readonly inRead?: boolean
}

/** Each of S3's codes that the connector knows, and some that nobody does. */
const REFUSALS: ReadonlyArray<Refusal> = [
  {
    name: 'a bad key',
    reply: s3Error(403, 'InvalidAccessKeyId', QUOTING, FIELDS),
    says: /S3 Bucket Access Key/,
    inRead: true,
  },
  {
    name: 'a bad secret',
    reply: s3Error(403, 'SignatureDoesNotMatch', QUOTING, FIELDS),
    says: /S3 Bucket Secret/,
    inRead: true,
  },
  { name: 'an expired session', reply: s3Error(400, 'ExpiredToken', QUOTING, FIELDS), says: /Session token/ },
  { name: 'no permission', reply: s3Error(403, 'AccessDenied', QUOTING, FIELDS), says: /s3:ListBucket/ },
  { name: 'no permission to decrypt', reply: s3Error(403, 'KMS.Disabled', QUOTING, FIELDS), says: /kms:Decrypt/ },
  { name: 'no bucket', reply: s3Error(404, 'NoSuchBucket', QUOTING, FIELDS), says: /S3 Bucket Name/ },
  { name: 'a wrong clock', reply: s3Error(403, 'RequestTimeTooSkewed', QUOTING, FIELDS), says: /clock/ },
  {
    name: 'another region, in the body',
    reply: s3Error(400, 'AuthorizationHeaderMalformed', QUOTING, FIELDS),
    says: /Region: the bucket/,
    over: { region: 'eu-west-1' },
  },
  {
    name: 'another region, in a header',
    reply: answer(301, XML, `<Error><Code>PermanentRedirect</Code>${FIELDS}</Error>`, {
      'x-amz-bucket-region': KEY_ID.toLowerCase(),
      Location: `http://127.0.0.1:9/${encodeURIComponent(QUOTING)}`,
    }),
    says: /Region: the bucket/,
    over: { region: 'eu-west-1' },
  },
  { name: 'a code that nobody knows', reply: s3Error(400, 'MalformedCanary', QUOTING, FIELDS), says: /S3 refused/ },
  { name: 'an access key for a code', reply: s3Error(400, KEY_ID, QUOTING, FIELDS), says: /S3 refused/, inRead: true },
  { name: 'a secret for a code', reply: s3Error(400, SECRET, QUOTING, FIELDS), says: /S3 refused/ },
  {
    name: 'a redirect to an address that holds keys',
    reply: answer(307, 'text/html', HTML, {
      Location: `http://127.0.0.1:9/?${new URLSearchParams({ q: ALL }).toString()}`,
    }),
    says: /what answers is not S3/,
  },
  { name: 'a web page', reply: answer(403, 'text/html', HTML), says: /S3|bucket/, inRead: true },
  { name: 'a web page that is not found', reply: answer(404, 'text/html', HTML), says: /what answers is not S3/ },
  { name: 'a text', reply: answer(400, 'text/plain', QUOTING), says: /what answers is not S3/ },
  {
    name: 'an error with headers that quote',
    reply: answer(403, XML, '', { 'x-amz-request-id': SECRET, Server: EMAIL }),
    says: /S3|bucket/,
  },
]

const refusalCases = ({ name, reply, says, over, inRead = false }: Refusal): ReadonlyArray<Case> => [
  {
    name: `${SOURCE} check of an S3 that answers ${name}`,
    reaches: new RegExp(`"status":"FAILED".*(${says.source})`),
    end: '0',
    play: (stage) => against(reply, ({ url }) => check(SOURCE, stage, at(stage, url, over))),
  },
  ...(inRead
    ? [
        {
          name: `${SOURCE} read of an S3 that answers ${name}`,
          reaches: new RegExp(`"ERROR".*(${says.source})`),
          end: '1' as const,
          play: (stage: Stage) => against(reply, ({ url }) => read(stage, { config: at(stage, url, over) })),
        },
      ]
    : []),
]

/** Half a minute of retries each. */
const LASTING: ReadonlyArray<readonly [name: string, reply: Reply, reaches: RegExp, end: Case['end']]> = [
  ['SlowDown', s3Error(503, 'SlowDown', QUOTING, FIELDS), /"transient_error"/, '1'],
  ['a web page under 200', answer(200, 'text/html', HTML), /FAILED|SUCCEEDED/, '0'],
  [
    'a listing that is cut',
    breakOff(200, XML, `<?xml version="1.0"?><ListBucketResult><Prefix>${ALL}</Prefix>`),
    /FAILED/,
    '0',
  ],
  ['nothing', () => undefined, /FAILED/, '0'],
]

const lastingCase = ([name, reply, reaches, end]: (typeof LASTING)[number]): Case => ({
  name: `${SOURCE} check of an S3 that answers ${name}`,
  reaches,
  end,
  slow: true,
  play: (stage) => against(reply, ({ url }) => check(SOURCE, stage, at(stage, url))),
})

const rows = (n: number): string => `${HEADER}\n${`Lead,${nowish()},,,order,${EMAIL},${PHONE},,,,,,\n`.repeat(n)}`

const FILE: StoredObject = { key: 'data/orders.csv', body: rows(100) }

interface Download {
  readonly name: string
  readonly get: Reply
  readonly says: RegExp
  readonly end?: Case['end']
}

const cutBody: Reply = (_, response) => {
  response.writeHead(200, { ETag: '"0"', 'Content-Length': String(Buffer.byteLength(FILE.body)) })
  response.write(FILE.body.slice(0, 500), () => response.destroy())
}

/** The file's beginning, and then nothing but connections that break. */
const cutForGood: Reply = (asked, response) => {
  if (asked.headers.range === undefined) cutBody(asked, response)
  else {
    const from = Number(/\d+/.exec(asked.headers.range)?.[0])
    const total = Buffer.byteLength(FILE.body)
    response.writeHead(206, {
      ETag: '"0"',
      'Content-Range': `bytes ${from}-${total - 1}/${total}`,
      'Content-Length': String(total - from),
      'x-amz-meta-canary': encodeURIComponent(ALL),
    })
    response.flushHeaders()
    setImmediate(() => response.destroy())
  }
}

const DOWNLOADS: ReadonlyArray<Download> = [
  { name: 'refused', get: s3Error(403, 'AccessDenied', QUOTING, FIELDS), says: /s3:GetObject/ },
  {
    name: 'refused for its key',
    get: s3Error(403, 'AccessDenied', `${QUOTING} kms:Decrypt`, FIELDS),
    says: /kms:Decrypt/,
  },
  { name: 'archived', get: s3Error(403, 'InvalidObjectState', QUOTING, FIELDS), says: /FILE_ARCHIVED/, end: '0' },
  { name: 'gone', get: s3Error(404, 'NoSuchKey', QUOTING, FIELDS), says: /FILE_CHANGED/ },
  { name: 'changed', get: s3Error(412, 'PreconditionFailed', QUOTING, FIELDS), says: /FILE_CHANGED/ },
  {
    name: 'another by its ETag',
    get: answer(200, 'text/csv', FILE.body, { ETag: `"${TOKEN}"` }),
    says: /FILE_CHANGED/,
  },
  { name: 'a refusal that nobody knows', get: s3Error(400, SECRET, QUOTING, FIELDS), says: /S3 refused/ },
  { name: 'broken off again and again', get: cutForGood, says: /"transient_error"/ },
]

const downloadCase = ({ name, get, says, end = '1' }: Download): Case => ({
  name: `${SOURCE} read of a file whose download is ${name}`,
  reaches: says,
  end,
  emitsDigests: true,
  play: (stage) => against(oneObject(FILE, get), ({ url }) => read(stage, { config: at(stage, url) })),
})

const OTHER: ReadonlyArray<Case> = [
  {
    name: `${SOURCE} check of a file whose download is refused`,
    reaches: /FAILED.*s3:GetObject/,
    end: '0',
    play: (stage) =>
      against(oneObject(FILE, s3Error(403, 'AccessDenied', QUOTING, FIELDS)), ({ url }) =>
        check(SOURCE, stage, at(stage, url)),
      ),
  },
  {
    name: `${SOURCE} check of an endpoint with credentials in its address`,
    reaches: /FAILED.*refused the connection at 127\.0\.0\.1/,
    end: '0',
    play: async (stage) =>
      check(SOURCE, stage, at(stage, `http://${KEY_ID}:${encodeURIComponent(SECRET)}@127.0.0.1:${await closedPort()}`)),
  },
  {
    name: `${SOURCE} check of an endpoint with credentials in its address, which answers`,
    reaches: /"status":"SUCCEEDED".*no matching file/,
    end: '0',
    play: (stage) =>
      against(listing([]), ({ port }) =>
        check(SOURCE, stage, at(stage, `http://${KEY_ID}:${encodeURIComponent(SECRET)}@127.0.0.1:${port}/?${TOKEN}`)),
      ),
  },
  {
    name: `${SOURCE} check of a host that nobody knows`,
    reaches: /FAILED/,
    end: '0',
    play: (stage) => check(SOURCE, stage, at(stage, `http://user:${encodeURIComponent(SECRET)}@nowhere.invalid`)),
  },
  {
    name: `${SOURCE} check with https of a server without`,
    reaches: /FAILED|transient_error/,
    end: '0',
    slow: true,
    play: (stage) =>
      against(listing([]), ({ port }) => check(SOURCE, stage, at(stage, `https://${KEY_ID}@127.0.0.1:${port}`))),
  },
]

/** Proxies whose address holds a password. */
const PROXIES: ReadonlyArray<readonly [name: string, env: (port: number) => Env]> = [
  ['HTTP_PROXY', (port) => ({ HTTP_PROXY: `http://user:${encodeURIComponent(SECRET)}@127.0.0.1:${port}` })],
  [
    'http_proxy',
    (port) => ({ http_proxy: `http://${encodeURIComponent(EMAIL)}:${encodeURIComponent(TOKEN)}@127.0.0.1:${port}` }),
  ],
  ['HTTP_PROXY without a scheme', (port) => ({ HTTP_PROXY: `user:${encodeURIComponent(SECRET)}@127.0.0.1:${port}` })],
  ['HTTP_PROXY that is no address', () => ({ HTTP_PROXY: `http://user:${SECRET}@:no-port` })],
  [
    'HTTP_PROXY of another kind',
    (port) => ({ HTTP_PROXY: `canary://user:${encodeURIComponent(SECRET)}@127.0.0.1:${port}` }),
  ],
]

/** How far a proxy brings anybody is not told here, but that its address is not said. */
export const proxied = (
  name: string,
  play: (stage: Stage, env: Env) => ReturnType<Case['play']>,
): ReadonlyArray<Case> =>
  PROXIES.map(([variable, env]) => ({
    name: `${name} by a proxy that refuses, ${variable}`,
    reaches: /FAILED|"failure_type"/,
    end: 'any',
    play: async (stage) => play(stage, env(await closedPort())),
  }))

const demandsPassword: Reply = answer(407, 'text/html', HTML, {
  'Proxy-Authenticate': `Basic realm="${encodeURIComponent(ALL)}"`,
})

export const STORAGE: ReadonlyArray<Case> = [
  ...REFUSALS.flatMap(refusalCases),
  ...LASTING.map(lastingCase),
  ...DOWNLOADS.map(downloadCase),
  ...OTHER,
  ...proxied(`${SOURCE} check`, (stage, env) => check(SOURCE, stage, sourceConfig(stage), { env })),
  {
    name: `${SOURCE} check by a proxy that wants another password`,
    reaches: /FAILED/,
    end: '0',
    play: (stage) =>
      against(demandsPassword, ({ port }) =>
        check(SOURCE, stage, sourceConfig(stage), {
          env: { HTTP_PROXY: `http://user:${encodeURIComponent(SECRET)}@127.0.0.1:${port}` },
        }),
      ),
  },
]

/** While no key is known but one that was just made, and its secret is another. */
export const LOCKED: ReadonlyArray<Case> = [
  {
    name: `${SOURCE} check with a key that a real S3 does not know`,
    reaches: /FAILED.*S3 Bucket Access Key/,
    end: '0',
    play: (stage) => check(SOURCE, stage, sourceConfig(stage)),
  },
  {
    name: `${SOURCE} read with a key that a real S3 does not know`,
    reaches: /S3 Bucket Access Key.*"config_error"/,
    end: '1',
    play: (stage) => read(stage, { config: sourceConfig(stage) }),
  },
  {
    name: `${SOURCE} check with another key's secret`,
    reaches: /FAILED.*S3 Bucket Secret/,
    end: '0',
    play: (stage) => check(SOURCE, stage, sourceConfig(stage, { credentials: known(stage, undefined) })),
  },
  {
    name: `${SOURCE} check with another's session token`,
    reaches: /FAILED.*Session token/,
    end: '0',
    play: (stage) => check(SOURCE, stage, sourceConfig(stage, { credentials: known(stage, SESSION) })),
  },
]

const known = ({ knownKeyId }: Stage, aws_session_token: string | undefined) => ({
  ...CREDENTIALS,
  aws_access_key_id: knownKeyId,
  aws_session_token,
})
