import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { bytesOf, etagOf, indexOf, keyOf, modifiedMsOf, objectBytes, rowsIn } from '../bench/pattern'
import { BARE_ENV, ROOT } from './support/connector'

const MAIN = join(ROOT, 'build', 'bench', 'main.js')

/** The figures that a run of the bench prints, by their names. */
const bench = (...args: ReadonlyArray<string>): Promise<Readonly<Record<string, string>>> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, [MAIN, ...args], { env: BARE_ENV }, (error, stdout) => {
      if (error !== null) reject(new Error(`${error.message}\n${stdout}`))
      else
        resolve(
          Object.fromEntries(
            [...stdout.matchAll(/^(\S.*?)(?: {2,}(.*))?$/gm)].map(([, name = '', figure = '']) => [name, figure]),
          ),
        )
    })
  })

describe('the bench for size', () => {
  it('reads many objects, each row once, a page and an object at a time', async () => {
    const figures = await bench('objects', '--objects', '1100', '--rows', '3')
    expect(figures).toMatchObject({
      objects: '1100',
      'rows at sink': '3300',
      'list requests': '2',
      'get requests': '1100',
      note: '',
    })
    expect(Number(figures['states'])).toBeGreaterThanOrEqual(2)
    expect(Number(figures['largest state bytes'])).toBeGreaterThan(100)
  })

  it('reads one large object, with states inside it', async () => {
    const figures = await bench('file', '--bytes', '5000000')
    expect(figures).toMatchObject({ 'rows at sink': String(rowsIn(5_000_000)), 'list requests': '1', note: '' })
    expect(Number(figures['states'])).toBeGreaterThanOrEqual(2 * Math.floor(rowsIn(5_000_000) / 10_000))
  })

  it('tells of an executable that is not there', async () => {
    await expect(bench('objects', '--objects', '1', '--bin', join(ROOT, 'build'))).rejects.toThrow(
      /^Command failed: .*\nbench: .*source-s3-offline-events ENOENT/,
    )
  })
})

describe("the bench's objects", () => {
  const pattern = { objects: 40, rows: 25 }
  const bytes = objectBytes(pattern)
  const whole = bytesOf(pattern, 7, 0, bytes)

  it('hold rows of their own', () => {
    const rows = Array.from({ length: pattern.objects }, (_, index) =>
      bytesOf(pattern, index, 0, bytes).toString().trimEnd().split('\n').slice(1),
    )
    expect(rows.map(({ length }) => length)).toEqual(rows.map(() => 25))
    expect(new Set(rows.flat()).size).toBe(1_000)
    for (const row of rows.flat())
      expect(row).toMatch(
        /^Purchase,1767\d{6},EUR,\d{3}\.\d\d,ORD-\d{9},buyer\d{9}@example\.com,\+1[2-9]\d\d55501\d\d$/,
      )
  })

  it('have the same bytes by any range', () => {
    for (let from = 0; from < bytes; from += 37)
      for (const to of [from + 1, from + 64, bytes].filter((end) => end <= bytes))
        expect(bytesOf(pattern, 7, from, to).equals(whole.subarray(from, to))).toBe(true)
  })

  it('have keys in the order of their numbers, ETags and times of their own', () => {
    const indexes = Array.from({ length: pattern.objects }, (_, index) => index)
    const keys = indexes.map(keyOf)
    expect([...keys].sort()).toEqual(keys)
    expect(keys.map((key) => indexOf(pattern, key))).toEqual(indexes)
    expect([keyOf(40), `${keyOf(1)}.gz`, 'data/', ''].map((key) => indexOf(pattern, key))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(new Set(keys.map((key) => etagOf(pattern, key))).size).toBe(40)
    expect(new Set(indexes.map((index) => modifiedMsOf(pattern, index))).size).toBe(40)
  })
})
