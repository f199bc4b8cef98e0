import * as fs from 'node:fs'
import * as path from 'node:path'

/** Licences, by their SPDX names, under which an image may be passed on with no more than the texts that lie in it. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
  readonly integrity?: string
}

const root = path.join(__dirname, '..')
const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>
}
const shipped = Object.entries(lock.packages).filter(([place, { dev }]) => place !== '' && dev !== true)

/** `MIT`, or one of `(MIT OR CC0-1.0)`; whatever else an expression says is for a person to read. */
const allowed = (expression: string): boolean =>
  expression
    .replace(/^\(|\)$/g, '')
    .split(' OR ')
    .some((licence) => ALLOWED.includes(licence))

test('what is shipped was found', () => {
  expect(shipped.length).toBeGreaterThan(50)
})

test.each(['MIT', '(MIT OR CC0-1.0)', '(GPL-3.0-only OR MIT)'])('%s is allowed', (expression) => {
  expect(allowed(expression)).toBe(true)
})

test.each(['', 'GPL-3.0-only', 'UNLICENSED', 'SEE LICENSE IN LICENSE', '(MIT AND GPL-2.0-only)'])(
  '%j is not',
  (expression) => {
    expect(allowed(expression)).toBe(false)
  },
)

test('every package that is shipped is under a licence that allows it, by the lock file and by its own word', () => {
  const own = (place: string): unknown =>
    (JSON.parse(fs.readFileSync(path.join(root, place, 'package.json'), 'utf8')) as Locked).license
  const bad = shipped
    .map(([place, { license = '' }]) => ({ place, license, own: own(place) }))
    .filter((found) => !allowed(found.license) || found.own !== found.license)
  expect(bad).toEqual([])
})

test('every package that is shipped has a digest, and runs nothing when it is installed', () => {
  const bad = shipped.filter(([, { integrity = '', hasInstallScript = false }]) => integrity === '' || hasInstallScript)
  expect(bad.map(([place]) => place)).toEqual([])
})
