import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import { purchase, request, trackPath } from './support'

const source = join(__dirname, '../../emulator')
let built: string

beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), 'emulator-'))
  for (const file of readdirSync(source).filter((name) => name.endsWith('.ts'))) {
    const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 }
    const { outputText } = transpileModule(readFileSync(join(source, file), 'utf8'), { compilerOptions })
    writeFileSync(join(built, file.replace('.ts', '.js')), outputText)
  }
})
afterAll(() => rmSync(built, { recursive: true }))

interface Run {
  readonly child: ChildProcess
  readonly output: { stdout: string; stderr: string }
  readonly firstLine: Promise<string>
  readonly exit: Promise<[number | null, NodeJS.Signals | null]>
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, [join(built, 'main.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output.stdout += chunk.toString()
      if (output.stdout.includes('\n')) resolve(output.stdout)
    })
  })
  const exit = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (code, signal) => resolve([code, signal]))
  })
  return { child, output, firstLine, exit }
}

test.each(['SIGTERM', 'SIGINT'] as const)('prints its URL once, serves, and ends well on %s', async (signal) => {
  const { child, output, firstLine, exit } = run('--port', '0', '--set', '{"faults":[{"kind":"hang"}]}')
  const { url } = JSON.parse(await firstLine) as { url: string }
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const headers = { 'Access-Token': 'emulator-token', 'Content-Type': 'application/json' }
  const hanging = fetch(url + trackPath, { method: 'POST', headers, body: JSON.stringify(request([purchase()])) })
  const outcome = expect(hanging).rejects.toThrow()
  const hangs = async () => (await (await fetch(`${url}/__admin/summary`)).text()).includes('"hang":1')
  while (!(await hangs()));
  child.kill(signal)
  expect(await exit).toEqual([0, null])
  await outcome
  expect(output).toEqual({ stdout: `{"url":"${url}"}\n`, stderr: '' })
})

test.each([
  [['--set', '{"colour":1}'], 'unknown setting: colour'],
  [['--porto', '1'], '--porto'],
  [['--port', 'http'], 'port'],
])('%j ends with 1 and says why', async (args, reason) => {
  const { output, exit } = run(...args)
  expect(await exit).toEqual([1, null])
  expect(output.stderr).toContain(reason)
  expect(output.stdout).toBe('')
})
