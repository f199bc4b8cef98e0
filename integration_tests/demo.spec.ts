import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { shiftTimes } from '../demo/sample'

const root = join(__dirname, '..')
const sampleText = readFileSync(join(root, 'demo', 'sample.csv'), 'latin1')
const ONE_RUN_MS = 60_000

interface Result {
  readonly rows: number
  readonly sent: number
  readonly rejected: Readonly<Record<string, number>>
  readonly second_run_requests: number
  readonly emulator_events: number
}

describe('the demo', () => {
  let folder: string
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'offline-events-demo-spec-'))))
  afterEach(() => rm(folder, { recursive: true, force: true }))

  /** Runs the built demo from another folder, with a folder of its own for its temporary files. */
  const demo = async (...args: readonly string[]) => {
    const env = { ...process.env, TMPDIR: folder, HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' }
    const script = join(root, 'build', 'demo', 'main.js')
    const child = spawn(process.execPath, [script, ...args], { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    await once(child, 'close')
    return { exitCode: child.exitCode, stdout, stderr }
  }

  /** The same with a sample of this text; what is left in the folder for temporary files afterwards. */
  const demoOf = async (text: string) => {
    const sample = join(folder, 'changed.csv')
    await writeFile(sample, text, 'latin1')
    const ended = await demo('--sample', sample)
    return { ...ended, left: (await readdir(folder)).filter((name) => name !== 'changed.csv') }
  }

  test(
    'sends the good rows of the sample, rejects the others by the codes they name, and sends nothing twice',
    async () => {
      const { exitCode, stdout, stderr } = await demo()
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(resultIn(stdout)).toEqual(expectedOf(sampleText))
      expect(await readdir(folder)).toEqual([])
    },
    ONE_RUN_MS,
  )

  test(
    'follows a change of the sample',
    async () => {
      const before = expectedOf(sampleText)
      const changed = replaced(sampleText, 'GBP,19.95,LON-20416', ',19.95,LON-20416')
      const { exitCode, stdout, left } = await demoOf(changed)
      expect({ exitCode, left }).toEqual({ exitCode: 0, left: [] })
      const missing = before.rejected['CURRENCY_MISSING'] ?? 0
      expect(resultIn(stdout)).toEqual({
        ...before,
        sent: before.sent - 1,
        emulator_events: before.emulator_events - 1,
        rejected: { ...before.rejected, CURRENCY_MISSING: missing + 1 },
      })
      expect(stdout).toMatch(new RegExp(`^ +CURRENCY_MISSING +${missing + 1}  source$`, 'm'))
    },
    ONE_RUN_MS,
  )

  test(
    'says what went wrong where a verb fails, and cleans up',
    async () => {
      const { exitCode, stderr, left } = await demoOf(replaced(sampleText, 'event_time', 'when'))
      expect({ exitCode, left }).toEqual({ exitCode: 1, left: [] })
      expect(stderr).toMatch(/^demo: check FAILED: .*event_time/)
    },
    ONE_RUN_MS,
  )
})

describe('the shift of times', () => {
  const now = Date.UTC(2030, 0, 31, 12)
  const shift = (...cells: readonly string[]): string[] => {
    const csv = ['event_name,event_time', ...cells.map((cell) => `Lead,${cell}`)].join('\n')
    return shiftTimes(csv, now)
      .csv.split('\n')
      .slice(1)
      .map((line) => line.replace('Lead,', ''))
  }

  test('makes the newest an hour old and keeps distances, in every form of writing', () => {
    expect(
      shift(
        '1700000000',
        '1699999999123',
        '2023-11-14T22:13:18Z',
        '2023-11-14T23:13:17.5+01:00',
        '"2023-11-14 17:13:16-0500"',
        '1699996400.25',
        '2023-11-14T22:00Z',
        '1696976000',
      ),
    ).toEqual([
      '1896087600',
      '1896087599123',
      '2030-01-31T10:59:58Z',
      '2030-01-31T11:59:57.5+01:00',
      '"2030-01-31 05:59:56-0500"',
      '1896084000.25',
      '2030-01-31T10:46:40Z',
      '1893063600',
    ])
  })

  test('leaves alone what is no time', () => {
    const odd = ['', 'yesterday', '14/11/2023 22:13', '2023-11-14 22:13:20', '2023-02-31T10:00:00Z', '12345678901']
    expect(shift('1700000000', ...odd)).toEqual(['1896087600', ...odd])
    expect(shift(...odd)).toEqual(odd)
  })

  test('touches the column of times alone, quotes, line ends and bytes of any encoding included', () => {
    const csv =
      '\u00ef\u00bb\u00bfnote; "Event_Time" ;phone\r\n"1,7\n;""x""";1700000000;1700000000\n\n\u00e9\u00ff;1700000000;x;y\r1;"'
    expect(shiftTimes(csv, now)).toEqual({
      csv: csv.replaceAll(';1700000000;', ';1896087600;').replace('1896087600;1896087600', '1896087600;1700000000'),
      moved: 2,
      seconds: 196_087_600,
    })
  })

  test('reads back, where only the times differ', () => {
    const before = rowsOf(sampleText)
    const after = rowsOf(shiftTimes(sampleText, now).csv)
    expect(after.map(([name, , ...others]) => [name, ...others])).toEqual(
      before.map(([name, , ...others]) => [name, ...others]),
    )
    const unix = after.flatMap(([, time = '']) => (/^\d{10}$/.test(time) ? [Number(time)] : []))
    expect(Math.max(...unix)).toBe(now / 1000 - 3600)
  })
})

/** Data rows, header excluded. */
const rowsOf = (text: string): string[][] =>
  parse(text, { encoding: 'latin1', relax_column_count: true, skip_empty_lines: true, from_line: 2 })

/** The last cell of a bad row says by which code it is rejected: the figures follow from the sample alone. */
const expectedOf = (text: string): Result => {
  const rejected: Record<string, number> = {}
  const rows = rowsOf(text)
  for (const row of rows) {
    const code = /^Rejected: ([A-Z_]+)$/.exec(row.at(-1) ?? '')?.[1]
    if (code !== undefined) rejected[code] = (rejected[code] ?? 0) + 1
  }
  const sent = rows.length - Object.values(rejected).reduce((sum, count) => sum + count, 0)
  return { rows: rows.length, sent, rejected, second_run_requests: 0, emulator_events: sent }
}

const resultIn = (stdout: string): unknown => {
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  expect(last).toMatch(/^demo \{/)
  return JSON.parse(last.slice('demo '.length)) as unknown
}

const replaced = (text: string, one: string, other: string): string => {
  expect(text).toContain(one)
  return text.replace(one, other)
}
