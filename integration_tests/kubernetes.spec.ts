import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseAllDocuments } from 'yaml'
import { partsOf } from '../spec/documentation/pages'
import { KEY_ID, SECRET } from './support/bucket'
import { BARE_ENV, type Ended, type Running, start } from './support/connector'
import { type Platform, TOKEN, startPlatform } from './support/emulator'
import { type Made, makeFile } from './support/rows'
import { type S3Stub, type StubFile, startS3 } from './support/s3-stub'

type Json = Readonly<Record<string, unknown>>
type Texts = Readonly<Record<string, string>>

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly stringData?: Texts
  readonly spec?: unknown
}

interface JobSpec {
  readonly completions?: number
  readonly template: { readonly spec: PodSpec }
}

interface PodSpec {
  readonly containers: ReadonlyArray<{
    readonly command?: unknown
    readonly args: ReadonlyArray<string>
    readonly env: ReadonlyArray<Variable>
    readonly volumeMounts: ReadonlyArray<{ readonly name: string; readonly mountPath: string }>
  }>
  readonly volumes: ReadonlyArray<{ readonly name: string; readonly secret?: { readonly secretName: string } }>
}

interface Variable {
  readonly name: string
  readonly valueFrom: {
    readonly secretKeyRef?: { readonly name: string; readonly key: string }
    readonly fieldRef?: { readonly fieldPath: string }
  }
}

const MANIFESTS = partsOf('docs/kubernetes.md')
  .blocks.filter(({ info }) => info === 'yaml')
  .flatMap(({ text }) => parseAllDocuments(text).map((document) => document.toJS() as Manifest))

const specOf = (kind: string): unknown => MANIFESTS.find((manifest) => manifest.kind === kind)?.spec
const CRON = (specOf('CronJob') as { readonly jobTemplate: { readonly spec: JobSpec } }).jobTemplate.spec
const INDEXED = specOf('Job') as JobSpec
const PREFIX = 'my folder/this table'

/** The manifests of docs/kubernetes.md as a cluster runs them, with the folders of their volumes elsewhere. */
describe('the pods of the CronJob and of the Indexed Job', () => {
  const root = mkdtempSync(join(tmpdir(), 'offline-events-pod-'))
  const stubs: Array<S3Stub> = []
  let platform: Platform
  let deployments = 0

  beforeAll(async () => void (platform = await startPlatform()))
  beforeEach(() => platform.reset())
  afterAll(async () => {
    for (const stub of stubs) stub.close()
    rmSync(root, { recursive: true, force: true })
    await platform.close()
  })

  interface Deployment {
    readonly stub: S3Stub
    /** Starts a pod: exactly its args, in the environment that it is given. */
    readonly start: (index?: number) => Running
    readonly run: (index?: number) => Promise<Ended>
    /** A file of the volume. */
    readonly path: (name: string) => string
    readonly put: (config: 'source' | 'destination', change: Json) => void
  }

  const deploy = async ({ template }: JobSpec, files: ReadonlyArray<StubFile>): Promise<Deployment> => {
    const stub = await startS3(files)
    stubs.push(stub)
    const base = join(root, String(deployments++))
    const cwd = join(base, 'cwd')
    mkdirSync(cwd, { recursive: true })
    const { containers, volumes } = template.spec
    const [container] = containers
    if (container === undefined) throw new Error('no container')
    // Nothing of the manifest's own is changed but hosts: those of the test's servers are added.
    const hosts: Readonly<Record<string, Json>> = {
      'source.json': { endpoint: stub.url },
      'destination.json': { platform: { api_url: platform.url }, object_storage_config: { s3_endpoint: stub.url } },
    }
    for (const { name, secret } of volumes) {
      mkdirSync(join(base, name))
      for (const [file, text] of Object.entries(secret === undefined ? {} : secretOf(secret.secretName)))
        writeFileSync(join(base, name, file), JSON.stringify(merged(JSON.parse(text) as Json, hosts[file] ?? {})))
    }
    const { volumeMounts } = container
    const inPlace = (text: string): string =>
      volumeMounts.reduce((all, { name, mountPath }) => all.replaceAll(`=${mountPath}/`, `=${join(base, name)}/`), text)
    const startPod = (index?: number): Running => {
      const env = Object.fromEntries(container.env.map((variable) => [variable.name, valueOf(variable, index)]))
      const args = container.args.map((arg) => inPlace(expanded(arg, env)))
      // The role of the service account, which the cluster adds to the environment, is a key here.
      const role = { AWS_ACCESS_KEY_ID: KEY_ID, AWS_SECRET_ACCESS_KEY: SECRET }
      return start('offline-events', args, { cwd, env: { ...BARE_ENV, ...role, ...env }, input: '' })
    }
    return {
      stub,
      start: startPod,
      run: async (index) => {
        const end = await startPod(index).ended
        // The root is read-only.
        expect(readdirSync(cwd)).toEqual([])
        return end
      },
      path: (name) => join(base, 'state', name),
      put: (config, change) => {
        for (const { name } of volumeMounts) {
          const path = join(base, name, `${config}.json`)
          if (!existsSync(path)) continue
          writeFileSync(path, JSON.stringify(merged(JSON.parse(readFileSync(path, 'utf8')) as Json, change)))
        }
      },
    }
  }

  const secretOf = (name: string): Texts => {
    const secret = MANIFESTS.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === name)
    if (secret?.stringData === undefined) throw new Error(`no Secret ${name}`)
    return secret.stringData
  }

  const valueOf = ({ name, valueFrom: { secretKeyRef, fieldRef } }: Variable, index?: number): string => {
    if (secretKeyRef !== undefined) {
      // What is left out on the page.
      expect(secretOf(secretKeyRef.name)[secretKeyRef.key]).toBe('...')
      return TOKEN
    }
    if (fieldRef?.fieldPath === "metadata.annotations['batch.kubernetes.io/job-completion-index']") return String(index)
    throw new Error(`no value for ${name}`)
  }

  /** As Kubernetes does in args: what is no variable of the container stays. */
  const expanded = (arg: string, env: Texts): string =>
    arg.replace(/\$\((\w+)\)/g, (whole, name: string) => env[name] ?? whole)

  const totalsOf = ({ stdout }: Ended): Json => {
    const last = stdout.trimEnd().split('\n').at(-1) ?? ''
    if (!last.startsWith('sync ')) throw new Error(`the last line is ${last}`)
    return JSON.parse(last.slice('sync '.length)) as Json
  }

  const made = (seed: string, rows: number, oneIn = 50): Made =>
    makeFile({ rows, seed, codes: ['VALUE_MALFORMED', 'EVENT_TOO_OLD'], oneIn })
  const fileOf = (name: string, csv: string): StubFile => ({
    key: `${PREFIX}/${name}.csv`,
    content: csv,
    modified: new Date(Date.now() - 3_600_000),
  })

  /** A pod that is ended by a signal when the state of some of what it has to send is saved. */
  const cutOff = async (
    signal: NodeJS.Signals,
  ): Promise<{ pods: Deployment; ids: ReadonlyArray<string>; cut: Ended }> => {
    const { csv, good } = made('long', 12_000)
    const pods = await deploy(CRON, [fileOf('long', csv)])
    pods.put('source', { checkpoint_rows: 250 })
    pods.put('destination', { max_events_per_request: 100, max_requests_in_flight: 4 })
    await platform.set({ latency_ms: 300 })
    const pod = pods.start()
    // A state is saved once the bucket has the rejects before it.
    const isSaved = (): boolean => existsSync(pods.path('state.json')) && statSync(pods.path('state.json')).size > 0
    while (!isSaved() && pod.child.exitCode === null) await wait(20)
    pod.child.kill(signal)
    const cut = await pod.ended
    await platform.set({ latency_ms: 0 })
    return { pods, ids: [...good].sort(), cut }
  }

  const storedIds = async (): Promise<ReadonlyArray<string>> =>
    (await platform.events()).map(({ event_id }) => event_id).sort()

  it('sends what is new, with the rejects on the volume and in the bucket; a few of them do not fail the pod', async () => {
    const { csv, good } = made('a', 400)
    const pods = await deploy(CRON, [fileOf('a', csv)])
    const first = await pods.run()
    expect([first.code, totalsOf(first)]).toEqual([
      0,
      expect.objectContaining({ outcome: 'rejected', rows: 400, accepted: good.length, rejected_rows: 8 }),
    ])
    expect(first.stdout).toContain('no more than --max-rejected-percent 5 allows')
    expect(readdirSync(pods.path('.')).sort()).toEqual(['rejects.csv', 'report.html', 'state.json'])
    expect(readFileSync(pods.path('rejects.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(9)
    expect(pods.stub.asked.filter(({ operation }) => operation === 'put').map(({ key }) => key)).toContainEqual(
      expect.stringContaining('rejected/'),
    )
    expect(first.stdout + first.stderr).not.toContain(TOKEN)

    const { total } = (await platform.summary()).requests
    const second = await pods.run()
    expect([second.code, totalsOf(second)]).toEqual([0, expect.objectContaining({ outcome: 'clean', rows: 0 })])
    expect((await platform.summary()).requests.total).toBe(total)
  })

  it('fails above the limit, with all other rows sent; the pod after it succeeds: it must not come by itself', async () => {
    const { csv, good } = made('bad', 100, 10)
    const pods = await deploy(CRON, [fileOf('bad', csv)])
    const failed = await pods.run()
    expect([failed.code, totalsOf(failed)]).toEqual([1, expect.objectContaining({ outcome: 'failed', rows: 100 })])
    expect(await storedIds()).toEqual([...good].sort())
    const next = await pods.run()
    expect([next.code, totalsOf(next)['rows']]).toEqual([0, 0])
    expect(CRON).toMatchObject({ backoffLimit: 0 })
    expect(INDEXED).toMatchObject({ backoffLimitPerIndex: 0 })
  })

  it('killed, keeps the next pod away for two minutes, which then goes on where it was', async () => {
    const { pods, ids, cut } = await cutOff('SIGKILL')
    expect(cut.signal).toBe('SIGKILL')
    const lock = pods.path('state.json.lock')
    const left = JSON.parse(readFileSync(lock, 'utf8')) as Json
    // Another pod is another host: nobody can look there whether its process lives.
    const beat = (secondsAgo: number): void =>
      writeFileSync(
        lock,
        JSON.stringify({
          ...left,
          host: 'offline-events-29000000-abcde',
          pid: 1,
          heartbeat: new Date(Date.now() - secondsAgo * 1000).toISOString(),
        }),
      )
    const before = (await platform.summary()).requests.total
    beat(60)
    const refused = await pods.run()
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('Another sync works with this state file')
    expect((await platform.summary()).requests.total).toBe(before)

    beat(121)
    const next = await pods.run()
    expect([next.code, totalsOf(next)]).toEqual([0, expect.objectContaining({ resumed: true, unsettled: 0 })])
    expect(totalsOf(next)['rows']).toBeLessThan(12_000)
    expect(await storedIds()).toEqual(ids)
    expect((await platform.summary()).events.differing_repeats).toBe(0)
    expect(existsSync(lock)).toBe(false)
  })

  it('settles what is on its way after a SIGTERM, and the next pod goes on at once, from the last checkpoint', async () => {
    const { pods, ids, cut } = await cutOff('SIGTERM')
    // Of a pod's first process, which a signal does not end, it is exit code 143.
    expect([cut.signal, totalsOf(cut)]).toEqual(['SIGTERM', expect.objectContaining({ outcome: 'stopped' })])
    expect(readdirSync(pods.path('.')).sort()).toEqual(['rejects.csv', 'report.html', 'state.json'])
    const { stored } = (await platform.summary()).events
    expect(stored).toBeGreaterThan(0)
    expect(stored).toBeLessThan(ids.length)
    const next = await pods.run()
    expect([next.code, totalsOf(next)]).toEqual([0, expect.objectContaining({ resumed: true, unsettled: 0 })])
    expect(await storedIds()).toEqual(ids)
    expect((await platform.summary()).events).toMatchObject({ stored: ids.length, differing_repeats: 0 })
    // No state covers the rows since the last checkpoint.
    expect((await platform.summary()).events.duplicates).toBeLessThanOrEqual(250)
  })

  it('as four parts of an Indexed Job reads every file exactly once, into states of their own', async () => {
    const made = Array.from({ length: 12 }, (_, i) => ({ name: `f${i}`, ...makeFile({ rows: 10, seed: `f${i}` }) }))
    const files = made.map(({ name, csv }) => fileOf(name, csv))
    const pods = await deploy(INDEXED, files)
    const parts = Array.from({ length: INDEXED.completions ?? 0 }, (_, index) => index)
    expect(parts).toHaveLength(4)
    const ends = await Promise.all(parts.map((index) => pods.run(index)))
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    const keys = (operation: string): ReadonlyArray<string> =>
      pods.stub.asked.filter((one) => one.operation === operation).map(({ key }) => key)
    expect([...keys('get')].sort()).toEqual(files.map(({ key }) => key).sort())
    expect(await storedIds()).toEqual(made.flatMap(({ good }) => good).sort())
    expect((await platform.summary()).events).toMatchObject({ received: 120, duplicates: 0 })
    expect(readdirSync(pods.path('.')).sort()).toEqual(
      ['rejects', 'report', 'state'].flatMap((name) =>
        parts.map((index) => `${name}-${index}.${{ rejects: 'csv', report: 'html', state: 'json' }[name] ?? ''}`),
      ),
    )
    const again = await Promise.all(parts.map((index) => pods.run(index)))
    expect(again.map((end) => [end.code, totalsOf(end)['rows']])).toEqual(parts.map(() => [0, 0]))
    expect(keys('get')).toHaveLength(files.length)
  })

  it('fails where it can do nothing, and its log says why and where to look', async () => {
    const pods = await deploy(CRON, [])
    pods.put('destination', { platform: { access_token: '${TIKTOK_TOKEN}' } })
    const { code, stderr } = await pods.run()
    expect(code).toBe(1)
    expect(stderr).toMatch(/access_token: the environment has no variable.*docs\/troubleshooting\.md#/s)
  })
})

/** The second's keys beside or instead of the first's, at every depth. */
const merged = (base: Json, change: Json): Json => ({
  ...base,
  ...Object.fromEntries(
    Object.entries(change).map(([key, value]) => {
      const before = base[key]
      return [key, isJson(before) && isJson(value) ? merged(before, value) : value]
    }),
  ),
})

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
