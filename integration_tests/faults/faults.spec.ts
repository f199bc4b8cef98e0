import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../support/connector'
import { CLASSES } from './classes'
import { SABOTAGES } from './sabotage'

/** The built suite, as `npm run faults` runs it. */
const faults = async (...args: ReadonlyArray<string>): Promise<Said> => {
  const program = join(ROOT, 'build', 'integration_tests', 'faults', 'main.js')
  const child = spawn(process.execPath, [program, ...args], { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  await once(child, 'close')
  return { code: child.exitCode, stdout, stderr }
}

interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Line {
  readonly name: string
  readonly runs: number
  readonly faults: number
  readonly lost: number
  readonly doubled: number
}

/** The lines of classes, and the total. */
const linesOf = ({ stdout }: Said): ReadonlyArray<Line> =>
  [...stdout.matchAll(/^([\w-]+) +(\d+) +(\d+) +\d+ +(\d+) +(\d+) +[\d.]+ /gm)].map(
    ([, name = '', runs, injected, lost, doubled]) => ({
      name,
      runs: Number(runs),
      faults: Number(injected),
      lost: Number(lost),
      doubled: Number(doubled),
    }),
  )

const complaintsOf = ({ stdout }: Said): ReadonlyArray<string> => stdout.match(/^FAILED .*$/gm) ?? []

const SEEDS = 5
const MOST_MS = 400_000

it(
  'no fault of any class loses or doubles an event',
  async () => {
    const said = await faults('--seeds', String(SEEDS))
    expect({ code: said.code, stderr: said.stderr, complaints: complaintsOf(said) }).toEqual({
      code: 0,
      stderr: '',
      complaints: [],
    })
    const lines = linesOf(said)
    expect(lines.map(({ name }) => name)).toEqual([...CLASSES.map(({ name }) => name), 'total'])
    for (const { faults: injected, ...line } of lines) {
      expect(line).toMatchObject({ runs: line.name === 'total' ? SEEDS * CLASSES.length : SEEDS, lost: 0, doubled: 0 })
      expect([line.name, injected > 0]).toEqual([line.name, true])
    }
  },
  MOST_MS,
)

it.each(SABOTAGES)(
  'the sabotage $name is noticed by each class that is said to',
  async ({ name, classes, damage }) => {
    const said = await faults('--sabotage', name, '--seeds', '3')
    const lines = linesOf(said)
    expect({ code: said.code, stderr: said.stderr, names: lines.map((line) => line.name).sort() }).toEqual({
      code: 1,
      stderr: '',
      names: [...classes, 'total'].sort(),
    })
    for (const line of lines) expect([line.name, damage, line[damage] > 0]).toEqual([line.name, damage, true])
  },
  MOST_MS,
)

it(
  'of 20,000 records exactly the refused ones are rejected, with as few requests as promised',
  async () => {
    const { code, stdout, stderr } = await faults('--refused', '20000')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [, refused, rejected, stored, requests, bound] = (
      /(\d+) to be refused, (\d+) rejected, (\d+) stored; (\d+) requests, .* the bound is (\d+);/.exec(stdout) ?? []
    ).map(Number)
    expect({ rejected, stored }).toEqual({ rejected: refused, stored: 20_000 - (refused ?? 0) })
    expect(refused).toBeGreaterThan(100)
    expect(requests).toBeLessThanOrEqual(bound ?? 0)
  },
  MOST_MS,
)

it('a class that is none is refused by name', async () => {
  const { code, stderr } = await faults('--only', 'gremlins')
  expect(code).toBe(1)
  expect(stderr).toContain('gremlins')
})
