import Ajv from 'ajv'
import * as E from 'fp-ts/Either'
import { parseAllDocuments } from 'yaml'
import * as manifest from '../../package.json'
import { decode as decodeDestination } from '../../src/destination/config'
import { JSONL, type Reject } from '../../src/destination/delivery/reject-file'
import { destinationSpecification } from '../../src/destination/specification'
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
  const allOf = (kind: string): ReadonlyArray<Json> => manifests.filter((one) => one['kind'] === kind)
  const only = (kind: string): Json => allOf(kind)[0] ?? {}
  const JOB = only('Job')['spec'] as JobSpec
  const CRON = only('CronJob')['spec'] as {
    readonly concurrencyPolicy: string
    readonly jobTemplate: { spec: JobSpec }
  }
  const JOBS = [CRON.jobTemplate.spec, JOB]
  const PODS = [...JOBS.map(({ template }) => template.spec), only('Pod')['spec'] as PodSpec]

  test('are YAML without a fault, of the kinds that are told', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([])
    expect(manifests.map(({ kind }) => kind)).toEqual([
      'Secret',
      'Secret',
      'PersistentVolumeClaim',
      'CronJob',
      'Pod',
      'Secret',
      'PersistentVolumeClaim',
      'Job',
    ])
  })

  const CONFIGS = allOf('Secret').flatMap(({ stringData }) =>
    Object.entries(stringData as Readonly<Record<string, string>>).filter(([name]) => name.endsWith('.json')),
  )

  test('there are three configs', () => {
    expect(CONFIGS.map(([name]) => name)).toEqual(['source.json', 'destination.json', 'source.json'])
  })

  test.each(CONFIGS)('the %s in a Secret is good, and holds no secret', (name, text) => {
    // A reference that is a number's stands there as one.
    const config = JSON.parse(text.replace('"${JOB_COMPLETION_INDEX}"', '3')) as Json
    expect(judged(name === 'source.json' ? 'source' : 'destination', config)).toEqual(GOOD)
    expect(text).not.toMatch(/"(access_token|[a-z_]*(secret|key)[a-z_]*)": "(?!\$\{[A-Z_]+\}")/)
  })

  test('there is no more than one run at a time, and none that is tried again by itself', () => {
    expect(CRON.concurrencyPolicy).toBe('Forbid')
    expect([CRON.jobTemplate.spec.backoffLimit, JOB.backoffLimitPerIndex]).toEqual([0, 0])
    for (const { podFailurePolicy, template } of JOBS) {
      // What Kubernetes wants of pods with such a policy.
      expect(template.spec.restartPolicy).toBe('Never')
      expect(podFailurePolicy).toEqual({
        rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }],
      })
    }
  })

  test('there are as many parts as pods, each with files of its own', () => {
    const source = JSON.parse(CONFIGS[2]?.[1] ?? '') as { readonly partition: Json }
    expect(source.partition).toEqual({ index: '${JOB_COMPLETION_INDEX}', count: JOB.completions })
    expect(JOB).toMatchObject({ completionMode: 'Indexed', parallelism: JOB.completions })
    const args = JOB.template.spec.containers[0]?.args ?? []
    for (const flag of ['state', 'report', 'rejects'])
      expect(args.find((arg) => arg.startsWith(`--${flag}=`))).toContain('-$(JOB_COMPLETION_INDEX).')
  })

  test.each(JOBS)('a pod has 60 seconds to stop, and the image as it is', ({ template: { spec } }) => {
    expect(spec.terminationGracePeriodSeconds).toBe(60)
    expect(spec.containers.map(({ command }) => command)).toEqual([undefined])
    expect(spec.containers[0]?.args?.[0]).toBe('sync')
  })

  test.each(PODS)('a pod is of this version, runs as uid 1000 and writes to its volume only', (spec) => {
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 })
    expect(spec.containers).toHaveLength(1)
    for (const { image, securityContext, volumeMounts } of spec.containers) {
      expect(image).toBe(`registry.example.com/offline-events:${manifest.version}`)
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      expect(volumeMounts.filter(({ readOnly }) => readOnly !== true).map(({ name }) => name)).toEqual(['state'])
      expect(volumeMounts.map(({ name }) => name)).toEqual(spec.volumes.map(({ name }) => name))
    }
  })

  test('every Secret and claim that a pod names is on the page', () => {
    const named = (kind: string): ReadonlyArray<string> =>
      allOf(kind).map(({ metadata }) => (metadata as { readonly name: string }).name)
    for (const { volumes, containers } of PODS) {
      const secrets = volumes.flatMap(({ secret }) => secret?.secretName ?? [])
      const referred = containers.flatMap(({ env = [] }) =>
        env.flatMap((one) => one.valueFrom.secretKeyRef?.name ?? []),
      )
      expect(named('Secret')).toEqual(expect.arrayContaining([...secrets, ...referred]))
      expect(named('PersistentVolumeClaim')).toEqual(
        expect.arrayContaining(volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [])),
      )
    }
  })
})

interface JobSpec {
  readonly completions?: number
  readonly backoffLimit?: number
  readonly backoffLimitPerIndex?: number
  readonly podFailurePolicy: Json
  readonly template: { readonly spec: PodSpec }
}

interface PodSpec {
  readonly restartPolicy: string
  readonly terminationGracePeriodSeconds: number
  readonly securityContext: Json
  readonly containers: ReadonlyArray<{
    readonly image: string
    readonly command?: unknown
    readonly args?: ReadonlyArray<string>
    readonly env?: ReadonlyArray<{ readonly valueFrom: { readonly secretKeyRef?: { readonly name: string } } }>
    readonly securityContext: Json
    readonly volumeMounts: ReadonlyArray<{ readonly name: string; readonly readOnly?: boolean }>
  }>
  readonly volumes: ReadonlyArray<{
    readonly name: string
    readonly secret?: { readonly secretName: string }
    readonly persistentVolumeClaim?: { readonly claimName: string }
  }>
}
