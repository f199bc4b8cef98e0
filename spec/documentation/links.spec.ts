import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { DOCS, ROOT, anchorsOf, partsOf } from './pages'

const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'bench/README.md',
  'emulator/README.md',
  'integration_tests/corpus/README.md',
  ...DOCS,
]

/** The targets of a page's links, without what stands in code. */
const linksOf = (page: string): ReadonlyArray<string> =>
  [
    ...partsOf(page)
      .prose.replace(/`[^`]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, target = '']) => target)

test.each(PAGES)('the links of %s lead somewhere', (page) => {
  const broken = linksOf(page).filter((target) => {
    if (/^https:\/\//.test(target)) return false
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path))
    if (!existsSync(join(ROOT, file))) return true
    return anchor !== undefined && !anchorsOf(file).has(anchor)
  })
  expect(broken).toEqual([])
})

test('every page of docs/ is linked from the README', () => {
  expect(DOCS.filter((page) => !linksOf('README.md').some((target) => target.split('#')[0] === page))).toEqual([])
})
