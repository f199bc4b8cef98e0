import { type ChildProcess, spawn } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { partsOf } from '../spec/documentation/pages'
import { BARE_ENV, ROOT } from './support/connector'
import { type Platform, destinationConfig, startPlatform } from './support/emulator'
import { makeFile } from './support/rows'
import { type S3Stub, type StubFile, startS3 } from './support/s3-stub'

type Json = Readonly<Record<string, unknown>>

const MANIFESTS = partsOf('docs/kubernetes.md')
  .blocks.filter(({ info }) => info === 'yaml')
  .flatMap(({ text }) => parseAllDocuments(text).map((document) => document.toJS() as Json))
const only = (kind: string, part: string): Readonly<Record<string, string>> =>
  (MANIFESTS.find((manifest) => manifest['kind'] === kind)?.[part] ?? {}) as Readonly<Record<string, string>>
const SECRET = only('Secret', 'stringData')
const SCRIPT = only('ConfigMap', 'data')['sync.sh'] ?? ''

/** The script of docs/kubernetes.md as a pod runs it, with the folders of its volumes elsewhere. */
describe('the script of the CronJob and of the Indexed Job', () => {
  const root = mkdtempSync(join(tmpdir(), 'offline-events-pod-'))
  const stubs: Array<S3Stub> = []
  let platform: Platform
  let pods = 0

  beforeAll(async () => void (platform = await startPlatform()))
  beforeEach(() => platform.reset())
  afterAll(async () => {
    for (const stub of stubs) stub.close()
    rmSync(root, { recursive: true, force: true })
    await platform.close()
  })

  /** The volumes of a deployment, with the Secret's configs for the test's servers. */
  const deploy = async (files: ReadonlyArray<StubFile>, over: Json = {}): Promise<string> => {
    const stub = await startS3(files)
    stubs.push(stub)
    const volumes = join(root, String(pods++))
    for (const name of ['config', 'state', 'tmp']) mkdirSync(join(volumes, name), { recursive: true })
    const put = (name: string, json: Json): void =>
      writeFileSync(join(volumes, 'config', name), JSON.stringify(json, undefined, 2))
    const { endpoint, credentials, bucket, path_prefix } = stub.config()
    const source = JSON.parse(SECRET['source.json'] ?? '') as Json
    put('source.json', { ...source, endpoint, credentials, bucket, path_prefix, ...over })
    const { platform: tiktok } = destinationConfig(platform)
    put('destination.json', {
      ...(JSON.parse(SECRET['destination.json'] ?? '') as Json),
      platform: tiktok,
      object_storage_config: stub.storage(),
    })
    put('catalog.json', JSON.parse(SECRET['catalog.json'] ?? '') as Json)
    return volumes
  }

  const start = (volumes: string, env: NodeJS.ProcessEnv = {}): ChildProcess => {
    const script = SCRIPT.replaceAll('/airbyte/bin/', join(ROOT, 'bin/'))
      .replaceAll('/config/', join(volumes, 'config/'))
      .replaceAll('/state/', join(volumes, 'state/'))
    return spawn('/bin/sh', ['-c', script], {
      env: { ...BARE_ENV, TMPDIR: join(volumes, 'tmp'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  const ended = (pod: ChildProcess): Promise<{ readonly code: number | null; readonly said: string }> =>
    new Promise((resolve) => {
      let said = ''
      for (const stream of [pod.stdout, pod.stderr]) stream?.on('data', (piece: Buffer) => (said += piece.toString()))
      pod.on('close', (code) => resolve({ code, said }))
    })

  const run = (volumes: string, env?: NodeJS.ProcessEnv) => ended(start(volumes, env))

  const totalsIn = (said: string): ReadonlyArray<Json> =>
    [...said.matchAll(/"message":"totals (\{.*?\})"\}/g)].map(
      ([, json = '']) => JSON.parse(json.replaceAll('\\"', '"')) as Json,
    )

  const fileOf = (name: string, rows: number): StubFile => ({
    key: `data/${name}.csv`,
    content: makeFile({ rows, seed: name, codes: ['VALUE_MALFORMED'], oneIn: 10 }).csv,
    modified: new Date(Date.now() - 3_600_000),
  })

  it('keeps the state: the second run sends nothing; records and states are not printed', async () => {
    const volumes = await deploy([fileOf('a', 100)])
    const first = await run(volumes)
    expect(first.code).toBe(0)
    expect(totalsIn(first.said)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ rows: 100, emitted: 90 }),
        expect.objectContaining({ records: 90, accepted: 90 }),
      ]),
    )
    expect(first.said).toContain('VALUE_MALFORMED')
    expect(first.said).not.toMatch(/"type":"(RECORD|STATE)"/)
    const second = await run(volumes)
    expect({ code: second.code, totals: totalsIn(second.said) }).toMatchObject({ code: 0, totals: [{}, {}] })
    expect((await platform.summary()).requests.total).toBe(1)
  })

  it('goes on where a writer was killed that left half a line', async () => {
    const volumes = await deploy([fileOf('a', 100)], { checkpoint_rows: 10 })
    await run(volumes)
    const said = join(volumes, 'state', 'all', 'said.jsonl')
    const lines = readFileSync(said, 'utf8').split('\n')
    const states = lines.filter((line) => line.startsWith('{"type":"STATE"'))
    writeFileSync(said, states.slice(0, 3).join('\n') + '\n')
    appendFileSync(said, states[3] ?? '')
    truncateSync(said, readFileSync(said).length - 20)
    await platform.reset()
    const second = await run(volumes)
    expect(second.code).toBe(0)
    // The third state stands after 30 rows, 3 of them rejected.
    expect((await platform.summary()).events).toMatchObject({ received: 63, stored: 63 })
  })

  it('hands a SIGTERM on, fails, and the next run sends the rest: nothing is lost, nothing counted twice', async () => {
    const volumes = await deploy([fileOf('a', 60_000)], { checkpoint_rows: 500 })
    await platform.set({ latency_ms: 100 })
    const pod = start(volumes)
    const end = ended(pod)
    await platform.requests(3)
    const sinceMs = Date.now()
    pod.kill('SIGTERM')
    expect((await end).code).toBe(1)
    expect(Date.now() - sinceMs).toBeLessThan(35_000)
    const before = (await platform.summary()).events.stored
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(54_000)
    await platform.set({ latency_ms: 0 })
    expect((await run(volumes)).code).toBe(0)
    const { events } = await platform.summary()
    expect(events).toMatchObject({ stored: 54_000, differing_repeats: 0 })
    // What was settled by the first run is covered by its last state, but for the rows since that.
    expect(events.duplicates).toBeLessThan(2_000)
  })

  it('each pod of an indexed job reads its part, into a state of its own', async () => {
    const files = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => fileOf(name, 10))
    const volumes = await deploy(files)
    const ends = await Promise.all(['0', '1'].map((index) => run(volumes, { PARTS: '2', JOB_COMPLETION_INDEX: index })))
    expect(ends.map(({ code }) => code)).toEqual([0, 0])
    expect((await platform.summary()).events).toMatchObject({ received: 54, stored: 54 })
    expect(readdirSync(join(volumes, 'state')).sort()).toEqual(['0', '1'])
    await run(volumes, { PARTS: '2', JOB_COMPLETION_INDEX: '1' })
    expect((await platform.summary()).events.received).toBe(54)
  })

  it('fails where a side does, and its log says why', async () => {
    const volumes = await deploy([], { region: 'not a region' })
    const { code, said } = await run(volumes)
    expect(code).toBe(1)
    expect(said).toMatch(/"type":"TRACE".*region/)
  })
})
