import { deepStrictEqual, ok } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as manifest from '../../package.json'
import { ROOT } from '../support/connector'
import type { Engine, Image, Options } from './engine'
import type { Scene } from './scene'
import {
  DESTINATION_VERBS,
  type Place,
  READ_ON,
  SOURCE_VERBS,
  TEMPLATE,
  byEntryPoint,
  byPlatform,
  inRole,
  syncInLittle,
} from './verbs'

/** The images by their roles, as the engine names them. */
export interface Images {
  readonly base: string
  /** The source once more, built without anything of the first build. */
  readonly again: string
  readonly source: string
  readonly destination: string
  readonly both: string
}

export interface Stage {
  readonly engine: Engine
  readonly images: Images
  readonly scene: Scene
  /** The engine can limit a container's memory. */
  readonly limits: boolean
}

export interface Check {
  readonly name: string
  /** Says what was found; throws where it is wrong. */
  readonly run: (stage: Stage) => Promise<string>
  /** Cannot be run where the engine cannot limit memory. */
  readonly needsLimits?: true
}

/** What images may weigh beyond their base. */
const MOST_BYTES = 60_000_000
/** What a verb runs in, and what a sync of many rows does, both ends together. */
const VERB_MB = 256
const SYNC_MB = 256
/** Least and most of a container's memory that the heap may take: below it is idle, above it the rest has no room. */
const HEAP = { least: 0.5, most: 0.75 }

const TARGETS = [
  { target: 'source', bin: 'source-s3-offline-events', repository: manifest.airbyte.sourceRepository },
  { target: 'destination', bin: 'destination-offline-events', repository: manifest.airbyte.destinationRepository },
  { target: 'both', bin: 'offline-events', repository: manifest.airbyte.bothRepository },
] as const

type Target = (typeof TARGETS)[number]

const labelsOf = ({ Config: { Labels } }: Image): Readonly<Record<string, string>> => Labels ?? {}

const byTarget = ({ target, bin, repository }: Target): ReadonlyArray<Check> => [
  {
    name: `${target}: weighs under 60 MB beyond the base`,
    run: async ({ engine, images }) => {
      const [image, base] = [await engine.inspect(images[target]), await engine.inspect(images.base)]
      const bytes = image.Size - base.Size
      deepStrictEqual(image.RootFS.Layers.slice(0, base.RootFS.Layers.length), base.RootFS.Layers)
      ok(bytes > 0 && bytes < MOST_BYTES, `${bytes} bytes`)
      return `${(bytes / 1e6).toFixed(1)} MB for ${image.Architecture}`
    },
  },
  {
    name: `${target}: runs as airbyte, uid 1000, owner of /airbyte`,
    run: async ({ engine, images }) => {
      const call = 'id -u; id -un; stat -c %U /airbyte; pwd'
      const { lines } = await engine.run(images[target], [call], { shell: true })
      deepStrictEqual(lines, ['1000', 'airbyte', 'airbyte', '/mnt'])
      deepStrictEqual((await engine.inspect(images[target])).Config.User, 'airbyte')
      return `uid ${lines[0] ?? ''}`
    },
  },
  {
    name: `${target}: has its labels`,
    run: async ({ engine, images }) => {
      const labels = labelsOf(await engine.inspect(images[target]))
      const name = labels['io.airbyte.name']
      deepStrictEqual(name, repository)
      deepStrictEqual(labels['io.airbyte.version'], manifest.version)
      deepStrictEqual(labels['org.opencontainers.image.version'], manifest.version)
      for (const key of ['title', 'description', 'licenses', 'source', 'documentation', 'revision'])
        ok((labels[`org.opencontainers.image.${key}`] ?? '') !== '', `no label ${key}`)
      return `${name} ${manifest.version}`
    },
  },
  {
    name: `${target}: ENTRYPOINT equals AIRBYTE_ENTRYPOINT`,
    run: async ({ engine, images }) => {
      const { Env, Entrypoint } = (await engine.inspect(images[target])).Config
      const entryPoint = `/airbyte/bin/${bin}`
      deepStrictEqual(Entrypoint, [entryPoint])
      deepStrictEqual(
        Env.filter((variable) => variable.startsWith('AIRBYTE_ENTRYPOINT=')),
        [`AIRBYTE_ENTRYPOINT=${entryPoint}`],
      )
      return entryPoint
    },
  },
]

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>
}

/** Where the packages lie that are needed to run, as the lock file has them. */
const production = (): ReadonlyArray<string> =>
  Object.entries((JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock).packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path]) => path)
    .sort()

const WHOLE: ReadonlyArray<Check> = [
  {
    name: 'the platform finds sh, sleep, mv and kill',
    run: async ({ engine, images }) => {
      const { lines } = await engine.run(images.source, ['for tool in sh sleep mv kill; do command -v $tool; done'], {
        shell: true,
      })
      deepStrictEqual(lines.length, 4)
      return lines.join(' ')
    },
  },
  {
    name: 'holds the dependencies of production and no others',
    run: async ({ engine, images }) => {
      const call = 'cd /airbyte; find node_modules -name package.json'
      const { lines } = await engine.run(images.source, [call], { shell: true })
      // A package may hold further manifests, for its kinds of modules.
      const packages = lines
        .map((line) => line.replace(/\/package\.json$/, ''))
        .filter((path) => /(^|\/)node_modules\/(@[^/]+\/)?[^/@]+$/.test(path))
      deepStrictEqual(packages.sort(), production())
      return `${packages.length} packages`
    },
  },
  {
    name: 'built again from nothing: the same layers',
    run: async ({ engine, images }) => {
      const [first, second] = [await engine.inspect(images.source), await engine.inspect(images.again)]
      deepStrictEqual(second.RootFS.Layers, first.RootFS.Layers)
      return first.RootFS.Layers.at(-1)?.slice(0, 19) ?? ''
    },
  },
  ...[256, 2048].map((mb): Check => ({
    name: `heap by the container's limit of ${mb} MB`,
    needsLimits: true,
    run: async ({ engine, images }) => {
      const heap = await heapMb(engine, images.source, { memoryMb: mb })
      ok(heap >= HEAP.least * mb && heap <= HEAP.most * mb, `${heap} MB of heap`)
      return `${heap} MB`
    },
  })),
]

const heapMb = async (engine: Engine, image: string, options: Options): Promise<number> => {
  const call = `node -p 'Math.round(v8.getHeapStatistics().heap_size_limit / 1048576)'`
  const { stdout } = await engine.run(image, [call], { ...options, shell: true })
  return Number(stdout)
}

const placeIn = (stage: Stage, target: Target['target'], memoryMb: number): Place => ({
  engine: stage.engine,
  image: stage.images[target],
  scene: stage.scene,
  memoryMb: stage.limits ? memoryMb : undefined,
})

const VERBS: ReadonlyArray<Check> = [
  { target: 'source', verbs: SOURCE_VERBS },
  { target: 'destination', verbs: DESTINATION_VERBS },
  { target: 'source', verbs: [READ_ON] },
  {
    target: 'both',
    verbs: [
      ...SOURCE_VERBS.map((verb) => inRole('source', verb)),
      ...DESTINATION_VERBS.map((verb) => inRole('destination', verb)),
      TEMPLATE,
    ],
  },
].flatMap(({ target, verbs }) =>
  verbs.flatMap((verb): ReadonlyArray<Check> => {
    const at = target as Target['target']
    return [
      { name: `${at} ${verb.name}`, run: (stage) => byEntryPoint(placeIn(stage, at, VERB_MB), verb) },
      {
        name: `${at} ${verb.name}, as the platform calls it`,
        run: (stage) => byPlatform(placeIn(stage, at, VERB_MB), verb),
      },
    ]
  }),
)

/** In this order: `write` takes what `read` has left. */
export const CHECKS: ReadonlyArray<Check> = [
  ...TARGETS.flatMap(byTarget),
  ...WHOLE,
  ...VERBS,
  {
    name: `both read | write of 200,000 rows in ${SYNC_MB} MB for both`,
    needsLimits: true,
    run: (stage) => syncInLittle(placeIn(stage, 'both', SYNC_MB)),
  },
]
