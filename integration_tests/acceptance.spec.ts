import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './support/connector'

/** Airbyte's own code, in Python, judges both executables: acceptance/README.md says how. */
const HERE = join(ROOT, 'integration_tests', 'acceptance')
const RUN = join(HERE, 'run')
const JUDGES = readFileSync(join(HERE, 'judges.txt'), 'utf8').trimEnd().split('\n')

/** What the script ends with where it can run no judge. */
const NONE_COULD_RUN = 77
const RUN_MS = 600_000

/** Installs what is missing: before the tests are named, since a skipped one has to say so by its name. */
const ready = spawnSync('bash', [RUN, '--install'], { encoding: 'utf8' })

/** Runs all judges; resolves to what is printed of each. */
const runJudges = (): Promise<ReadonlyMap<string, string>> =>
  new Promise((resolve, reject) => {
    // In a group of its own, all of which goes should the suite not wait for it.
    const child = spawn('bash', [RUN], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const stop = (): void => {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid)
    }
    process.once('exit', stop)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()))
    child.on('error', reject)
    child.on('close', () => {
      process.removeListener('exit', stop)
      const [first = '', ...judges] = said.split(/^--- /m)
      if (judges.length === 0) reject(new Error(first))
      else resolve(new Map(judges.map((text) => [text.slice(0, text.indexOf(' [')), text])))
    })
  })

const suite = (told: () => ReadonlyMap<string, string>): void => {
  it.each(JUDGES)('%s', (name) => {
    const text = told().get(name) ?? `nothing is told of ${name}`
    expect(text).toContain(`\nPASS ${name}\n`)
  })
}

if (ready.status === NONE_COULD_RUN)
  describe.skip("Airbyte's own code (skipped: Python 3.10 to 3.12 and a package index are needed for the judges)", () =>
    suite(() => new Map()))
else
  describe("Airbyte's own code", () => {
    let told: ReadonlyMap<string, string> = new Map()
    beforeAll(async () => {
      if (ready.status !== 0) throw new Error(ready.stderr)
      told = await runJudges()
    }, RUN_MS)
    suite(() => told)
  })

/** What the script calls before it knows a Python. */
const TOOLS = ['bash', 'dirname', 'grep', 'sed']

describe('the acceptance run', () => {
  let path: string
  beforeAll(() => (path = mkdtempSync(join(tmpdir(), 'no-python-'))))
  afterAll(() => rmSync(path, { recursive: true, force: true }))

  it('skips every judge by name where there is no Python', () => {
    for (const tool of TOOLS) {
      const { stdout } = spawnSync('bash', ['-c', `type -P ${tool}`], { encoding: 'utf8' })
      symlinkSync(stdout.trimEnd(), join(path, tool))
    }
    const { stdout, status } = spawnSync('bash', [RUN], { encoding: 'utf8', env: { PATH: path } })
    expect(stdout.trimEnd().split('\n')).toEqual([
      'skipped: Python 3.10, 3.11 or 3.12 with venv is needed for the judges',
      ...JUDGES.map((name) => `SKIP ${name}`),
      `0 passed, 0 failed, ${JUDGES.length} skipped`,
    ])
    expect(status).toBe(NONE_COULD_RUN)
  })
})
