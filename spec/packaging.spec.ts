import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import * as manifest from '../package.json'
import { OFFLINE_EVENT } from '../src/template/offline-event'

const root = path.join(__dirname, '..')
const textOf = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8')

const ROLES = [
  ['source', manifest.airbyte.sourceRepository, 'metadata.source.yaml', 'source-s3-offline-events'],
  ['destination', manifest.airbyte.destinationRepository, 'metadata.yaml', 'destination-offline-events'],
] as const

describe.each(ROLES)('%s', (role, repository, metadata, executable) => {
  test('the metadata say what the package says', () => {
    const text = textOf(metadata)
    expect(text).toContain(`dockerRepository: ${repository}\n`)
    expect(text).toContain(`dockerImageTag: ${manifest.version}\n`)
    expect(text).toContain(`documentationUrl: ${manifest.airbyte.documentationBaseUrl}/${role}.md\n`)
    expect(text).toContain(`connectorType: ${role}\n`)
  })

  test("the image's labels and entry points agree, absolute and equal", () => {
    const target = textOf('Dockerfile')
      .split(/^FROM /m)
      .find((stage) => stage.startsWith(`base AS ${role}\n`))
    expect(target).toContain(`io.airbyte.name=${repository} io.airbyte.version=${manifest.version}`)
    expect(target).toContain(`AIRBYTE_ENTRYPOINT=/airbyte/bin/${executable}\n`)
    expect(target).toContain(`ENTRYPOINT ["/airbyte/bin/${executable}"]`)
  })

  test('its documentation is there', () => {
    expect(textOf(`docs/${role}.md`)).toMatch(/^## Prerequisites$/m)
  })
})

test('the linked template has the columns that are read', () => {
  const columns = OFFLINE_EVENT.filter(({ inFile }) => inFile).map(({ name }) => name)
  expect(textOf('docs/template.csv')).toBe(`${columns.join(',')}\n`)
})

test('every tracked file that is linked from the README exists', () => {
  const links = [...textOf('README.md').matchAll(/\]\((?!https?:|#)([^)#]+)\)/g)].map(([, link]) => link ?? '')
  expect(links.length).toBeGreaterThan(4)
  for (const link of links) expect([link, fs.existsSync(path.join(root, link))]).toEqual([link, true])
})

test('bin/ is executable', () => {
  const modes = execFileSync('git', ['ls-files', '--stage', 'bin'], { cwd: root, encoding: 'utf8' })
  expect(
    modes
      .trim()
      .split('\n')
      .map((line) => line.slice(0, 6)),
  ).toEqual(['100755', '100755', '100755'])
})
