import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { parse } from 'yaml'
import * as manifest from '../package.json'
import { OFFLINE_EVENT } from '../src/template/offline-event'

const root = path.join(__dirname, '..')
const textOf = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8')

const ROLES = [
  ['source', manifest.airbyte.sourceRepository, 'metadata.source.yaml', 'source-s3-offline-events'],
  ['destination', manifest.airbyte.destinationRepository, 'metadata.yaml', 'destination-offline-events'],
] as const

interface Metadata {
  readonly name: string
  readonly definitionId: string
  readonly connectorType: string
  readonly dockerRepository: string
  readonly dockerImageTag: string
  readonly documentationUrl: string
  readonly githubIssueLabel: string
  readonly license: string
  readonly icon: string
  readonly tags: ReadonlyArray<string>
  readonly allowedHosts: { readonly hosts: ReadonlyArray<string> }
  readonly suggestedStreams?: { readonly streams: ReadonlyArray<string> }
  readonly connectorBuildOptions: { readonly baseImage: string }
  readonly supportsDataActivation: boolean
  readonly supportsRefreshes: boolean
  readonly protocolVersion: string
}

const metadataIn = (file: string): Metadata => (parse(textOf(file)) as { readonly data: Metadata }).data

const specOf = (executable: string): { readonly protocol_version: string; readonly text: string } => {
  const text = execFileSync(path.join(root, 'bin', executable), ['spec'], { encoding: 'utf8' })
  return { ...(JSON.parse(text) as { spec: { protocol_version: string } }).spec, text }
}

const DOCKERFILE = textOf('Dockerfile')

/** The value of a global build argument. */
const argument = (name: string): string | undefined => new RegExp(`^ARG ${name}=(.+)$`, 'm').exec(DOCKERFILE)?.[1]

/** Whether the platform lets a connector of these hosts reach this one. */
const reaches = (hosts: ReadonlyArray<string>, host: string): boolean =>
  hosts.some((allowed) => allowed === host || (allowed.startsWith('*') && host.endsWith(allowed.slice(1))))

describe.each(ROLES)('%s', (role, repository, file, executable) => {
  const metadata = metadataIn(file)

  test('the metadata say what the package says', () => {
    expect(metadata).toMatchObject({
      connectorType: role,
      dockerRepository: repository,
      dockerImageTag: manifest.version,
      documentationUrl: `${manifest.airbyte.documentationBaseUrl}/${role}.md`,
      githubIssueLabel: repository.split('/').pop(),
      license: manifest.license,
      connectorBuildOptions: { baseImage: argument('NODE_IMAGE') },
    })
  })

  test('the metadata say what the executable says', () => {
    const { protocol_version } = specOf(executable)
    expect(metadata.protocolVersion).toBe(protocol_version)
    expect([metadata.supportsDataActivation, metadata.supportsRefreshes]).toEqual(
      role === 'destination' ? [true, true] : [false, false],
    )
    expect(metadata.suggestedStreams?.streams).toEqual(role === 'source' ? ['offline_events'] : undefined)
  })

  test('every tag is a key and a value, the language among them', () => {
    expect(metadata.tags.filter((tag) => !/^[a-z]+:[a-z0-9-]+$/.test(tag))).toEqual([])
    expect(metadata.tags).toContain('language:typescript')
  })

  test('the allowed hosts are hosts, and all that it calls by itself', () => {
    const { hosts } = metadata.allowedHosts
    expect(hosts.filter((host) => !/^(\*|(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+)$/.test(host))).toEqual([])
    const called = ['s3.eu-west-1.amazonaws.com', 'bucket.s3.amazonaws.com', 'sts.us-east-1.amazonaws.com']
    const api = /"default":"(https:[^"]+)"/.exec(specOf(executable).text)?.[1]
    if (role === 'destination') called.push(new URL(api ?? '').host)
    expect(called.filter((host) => !reaches(hosts, host))).toEqual([])
  })

  test('its icon is a square picture of its own, without script or anything from outside', () => {
    const icon = textOf(metadata.icon)
    expect(icon).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 (\d+) \1"/)
    expect(icon).not.toMatch(/<script|href|<image|\bon\w+=/)
  })

  test("the image's labels and entry points agree, absolute and equal", () => {
    const target = DOCKERFILE.split(/^FROM /m).find((stage) => stage.startsWith(`base AS ${role}\n`))
    expect(target).toContain(`LABEL io.airbyte.name=${repository} `)
    expect(target).toContain(`AIRBYTE_ENTRYPOINT=/airbyte/bin/${executable}\n`)
    expect(target).toContain(`ENTRYPOINT ["/airbyte/bin/${executable}"]`)
  })

  test('its documentation is there', () => {
    expect(textOf(`docs/${role}.md`)).toMatch(/^## Prerequisites$/m)
  })
})

test('the image of both roles is the last stage, under a name of its own', () => {
  const last = DOCKERFILE.split(/^FROM /m).at(-1)
  expect(last).toMatch(/^base\n/)
  expect(last).toContain(`LABEL io.airbyte.name=${manifest.airbyte.bothRepository} `)
})

test('the images are labelled with the version, licence and addresses of the package', () => {
  expect(argument('VERSION')).toBe(manifest.version)
  for (const label of ['io.airbyte.version', 'org.opencontainers.image.version'])
    expect(DOCKERFILE).toContain(`${label}=\${VERSION} `)
  expect(DOCKERFILE).toContain(`org.opencontainers.image.licenses=${manifest.license} `)
  expect(DOCKERFILE).toContain(`org.opencontainers.image.documentation=${manifest.airbyte.documentationBaseUrl}\n`)
  const source = /org\.opencontainers\.image\.source=(\S+)/.exec(DOCKERFILE)?.[1]
  expect(manifest.airbyte.documentationBaseUrl.startsWith(`${source ?? ' '}/`)).toBe(true)
})

test("the changelog's newest version is the package's", () => {
  expect(/^## \[?(\S+?)\]?(?: |$)/m.exec(textOf('CHANGELOG.md'))?.[1]).toBe(manifest.version)
})

test('the definitions are two, and stay the ones that were registered', () => {
  expect(metadataIn('metadata.yaml').definitionId).toBe('8f0c2b5e-5a0f-4d5c-9a55-2f0b7a6c1d21')
  expect(metadataIn('metadata.source.yaml').definitionId).toBe('3d1a7c94-0e6b-4c53-b0f4-6a1e9c2f7b58')
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
