import Ajv from 'ajv'
import * as E from 'fp-ts/Either'
import { parseAllDocuments } from 'yaml'
import * as manifest from '../../package.json'
import { decode as decodeDestination } from '../../src/destination/config'
import { JSONL, type Reject } from '../../src/destination/delivery/reject-file'
import { destinationSpecification } from '../../src/destination/specification'
import { ConfiguredCatalog } from '../../src/protocol/catalog'
import { decode as decodeSource } from '../../src/source/config'
import { sourceSpecification } from '../../src/source/specification'
import type { Failure } from '../../src/failure'
import type { Decoded } from '../../src/setting'
import { type Block, DOCS, partsOf } from './pages'

type Json = Readonly<Record<string, unknown>>

/** The words after a fence: `json source`, `json destination part`, `json policy trust`, `yaml`, `sh`, ... */
const BLOCKS: ReadonlyArray<Block> = DOCS.flatMap((page) => partsOf(page).blocks)
const of = (...infos: ReadonlyArray<string>): ReadonlyArray<Block> =>
  BLOCKS.filter(({ info }) => infos.some((one) => info === one || info.startsWith(`${one} `)))

interface Role {
  readonly isValid: (config: unknown) => boolean
  readonly decode: (config: unknown) => E.Either<Failure, Decoded<unknown>>
  /** What a part stands in. */
  readonly least: Json
}

const validator = (schema: Json) =>
  new Ajv({ strict: true, strictRequired: false, keywords: ['order', 'airbyte_secret', 'airbyte_hidden'] }).compile(
    schema,
  )

const ROLES: Readonly<Record<'source' | 'destination', Role>> = {
  source: {
    isValid: validator(sourceSpecification('.')),
    decode: decodeSource,
    least: { bucket: 'acme-offline', path_prefix: '', credentials: { auth_type: 'default_chain' } },
  },
  destination: {
    isValid: validator(destinationSpecification()),
    decode: decodeDestination,
    least: { platform: { type: 'tiktok', access_token: '...', event_set_id: '7312345678901234567' } },
  },
}

/** A config is good if the form takes it, the connector does, and nothing in it is unknown or warned of. */
const judged = (role: keyof typeof ROLES, config: unknown): Json => {
  const { isValid, decode } = ROLES[role]
  const decoded = decode(config)
  return E.isLeft(decoded)
    ? { valid: isValid(config), failure: decoded.left }
    : { valid: isValid(config), unknown: decoded.right.unknown, warnings: decoded.right.warnings }
}

const GOOD = { valid: true, unknown: [], warnings: [] }

test('every block says what it is, and what is checked of it', () => {
  const KNOWN =
    /^(json (source|destination)( part)?|json policy( read| rejects| trust| statement)?|json reject|yaml|sh|sql|terraform|text|)$/
  expect(
    BLOCKS.filter(({ info }) => !KNOWN.test(info)).map(({ page, line, info }) => `${page}:${line} ${info}`),
  ).toEqual([])
})

test.each(of('json source', 'json destination'))('$page:$line, a config: $info', ({ info, text }) => {
  const [, role, part] = info.split(' ') as [string, keyof typeof ROLES, string?]
  const json = JSON.parse(text) as Json
  expect(judged(role, part === 'part' ? { ...ROLES[role].least, ...json } : json)).toEqual(GOOD)
})

test.each(of('json policy'))('$page:$line, a policy of AWS: $info', ({ info, text }) => {
  const json = JSON.parse(text) as { readonly Version?: string; readonly Statement?: ReadonlyArray<Json> }
  const statements = info.endsWith('statement') ? [json as Json] : (json.Statement ?? [])
  if (!info.endsWith('statement')) expect(json.Version).toBe('2012-10-17')
  expect(statements.length).toBeGreaterThan(0)
  for (const statement of statements)
    expect(
      Object.keys(statement)
        .filter((key) => key !== 'Condition')
        .sort(),
    ).toEqual(['Action', 'Effect', info.endsWith('trust') ? 'Principal' : 'Resource'].sort())
})

test.each(of('json reject'))('$page:$line, a row of rejects, is as one is written', ({ text }) => {
  const { transaction_id: transactionId, event_name: eventName, ...rest } = JSON.parse(text) as Written
  expect(JSONL.line({ ...rest, transactionId, eventName, namespace: undefined, requestId: undefined })).toBe(
    `${text}\n`,
  )
})

/** A reject as it is written, without what that of the page does not have. */
type Written = Omit<Reject, 'namespace' | 'transactionId' | 'eventName' | 'requestId'> & {
  readonly transaction_id: string
  readonly event_name: string
}

describe('the manifests of docs/kubernetes.md', () => {
  const documents = of('yaml').flatMap(({ text }) => parseAllDocuments(text))
  const manifests = documents.map((document) => document.toJS() as Json)
  const only = (kind: string): Json => manifests.find((one) => one['kind'] === kind) ?? {}

  test('are YAML without a fault, of the kinds that are told', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([])
    expect(manifests.map(({ kind }) => kind)).toEqual([
      'Secret',
      'ConfigMap',
      'PersistentVolumeClaim',
      'CronJob',
      'PersistentVolumeClaim',
      'Job',
    ])
  })

  test('the configs and the catalog in the Secret are good', () => {
    const files = only('Secret')['stringData'] as Readonly<Record<string, string>>
    for (const role of ['source', 'destination'] as const)
      expect(judged(role, JSON.parse(files[`${role}.json`] ?? 'null'))).toEqual(GOOD)
    expect(ConfiguredCatalog.decode(JSON.parse(files['catalog.json'] ?? 'null'))._tag).toBe('Right')
  })

  test('pods have 60 seconds to stop, and this version; as many parts as pods', () => {
    const job = only('Job')['spec'] as JobSpec
    const cron = (only('CronJob')['spec'] as { readonly jobTemplate: { readonly spec: JobSpec } }).jobTemplate.spec
    for (const { template } of [job, cron]) {
      expect(template.spec.terminationGracePeriodSeconds).toBe(60)
      expect(template.spec.containers.map(({ image }) => image)).toEqual([
        `registry.example.com/offline-events:${manifest.version}`,
      ])
    }
    const parts = job.template.spec.containers[0]?.env?.find(({ name }) => name === 'PARTS')?.value
    expect(parts).toBe(String(job.completions))
  })
})

interface JobSpec {
  readonly completions?: number
  readonly template: {
    readonly spec: {
      readonly terminationGracePeriodSeconds: number
      readonly containers: ReadonlyArray<{
        readonly image: string
        readonly env?: ReadonlyArray<{ readonly name: string; readonly value: string }>
      }>
    }
  }
}
