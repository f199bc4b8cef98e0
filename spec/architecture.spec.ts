import * as fs from 'node:fs'
import * as path from 'node:path'

/**
 * Arrows point from effects to data: main knows everything, template and protocol know nothing; a platform never knows the
 * protocol, and the protocol never knows a platform. This is that sentence as a table; a new folder needs a line here.
 */
const ROOMS: ReadonlyArray<{ room: string; may: ReadonlyArray<string> }> = [
  { room: 'main', may: ['cli', 'production', 'commands', 'runtime'] },
  { room: 'cli', may: ['about', 'manual'] },
  // What --help says.
  { room: 'manual', may: ['about'] },
  { room: 'production', may: ['runtime', 'storage', 'capabilities'] },
  { room: 'about', may: [] },
  { room: 'capabilities', may: [] },
  { room: 'failure', may: ['storage-failure'] },
  { room: 'storage-failure', may: [] },
  { room: 'json', may: [] },
  { room: 'unreachable', may: [] },
  { room: 'explain', may: [] },
  { room: 'setting', may: [] },
  { room: 'protocol', may: ['protocol'] },
  { room: 'template', may: ['template'] },
  // What events amount to, for people.
  { room: 'figures', may: ['figures', 'template'] },
  // What a sync came to, as a page of HTML.
  { room: 'report', may: ['report', 'figures', 'template', 'terminal', 'troubleshooting', 'about'] },
  // Text for a terminal.
  { room: 'terminal', may: ['terminal'] },
  // What a run of sync came to, as a page to open and to pass on.
  { room: 'report', may: ['report', 'figures', 'template', 'terminal', 'troubleshooting', 'about'] },
  // Where docs/ tells what to do about a failure or a code.
  { room: 'troubleshooting', may: ['about'] },
  // What both roles let a user say of rows.
  { room: 'rows', may: ['rows', 'setting', 'template'] },
  // A bucket, whichever role opens it.
  { room: 'storage', may: ['storage', 'capabilities'] },
  { room: 'source', may: ['source', 'capabilities', 'template', 'rows', 'setting'] },
  { room: 'destination/delivery', may: ['destination/delivery', 'capabilities', 'figures'] },
  {
    room: 'destination/platforms/tiktok',
    may: ['destination/platforms/tiktok', 'destination/delivery', 'template', 'setting', 'capabilities'],
  },
  { room: 'destination', may: ['destination', 'template', 'rows', 'setting'] },
  { room: 'runtime', may: ['runtime', 'capabilities'] },
  {
    room: 'commands',
    may: [
      'commands',
      'protocol',
      'template',
      'rows',
      'source',
      'destination',
      'capabilities',
      'setting',
      'about',
      'cli',
      'figures',
      'report',
      'terminal',
      'troubleshooting',
      'report',
    ],
  },
]

/** What everything may import. */
const PUBLIC = ['failure', 'storage-failure', 'explain', 'json', 'unreachable']

/** The only places of node's own modules, SDKs and the process. */
const EDGE = [
  'main',
  'production',
  'runtime/',
  'storage/local',
  'storage/s3',
  'storage/s3-access',
  'storage/s3-credentials',
  'source/content',
  'source/bytes',
  'source/digest',
  'source/encoding',
  'source/inflater',
  'source/signature',
  'source/splitter',
  'source/zstd',
  'template/hash',
]

const PACKAGES: Readonly<Record<string, ReadonlyArray<string>>> = {
  '@aws-sdk/client-s3': ['storage/s3', 'storage/s3-access', 'storage/s3-credentials'],
  '@aws-sdk/credential-providers': ['storage/s3-credentials'],
  '@date-fns/tz': ['template/local-time'],
  '@smithy/node-http-handler': ['storage/s3-access'],
  'cli-progress': ['runtime/bar'],
  'echarts/dist/echarts.common.min': ['report/chart'],
  'csv-parse': ['source/splitter'],
  'csv-parse/sync': ['source/separator'],
  'csv-stringify/sync': ['destination/delivery/reject-file'],
  fzstd: ['source/zstd'],
  'fastest-levenshtein': ['cli'],
  'libphonenumber-js/min': ['template/normalise'],
  picomatch: ['source/selection'],
  'proxy-agent': ['production'],
  'proxy-from-env': ['runtime/proxy'],
  undici: ['runtime/http'],
  yargs: ['cli'],
}

const SRC = path.join(__dirname, '..', 'src')

const filesBelow = (folder: string): ReadonlyArray<string> =>
  fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(file) : [file]
  })

interface Module {
  readonly name: string
  readonly text: string
  readonly imports: ReadonlyArray<{ readonly from: string; readonly typeOnly: boolean }>
}

const modules: ReadonlyArray<Module> = filesBelow(SRC).map((file) => {
  const text = fs.readFileSync(file, 'utf8')
  const name = path.relative(SRC, file).replace(/\.ts$/, '')
  const found = [...text.matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/gms)]
  const imports = found.map((match) => ({ from: match[2] ?? match[3] ?? '', typeOnly: match[1] !== undefined }))
  return { name, text, imports }
})

const inside = (module: string, room: string): boolean => module === room || module.startsWith(`${room}/`)

/** The most specific room of a module. */
const roomOf = (module: string): (typeof ROOMS)[number] | undefined =>
  ROOMS.filter(({ room }) => inside(module, room)).sort((a, b) => b.room.length - a.room.length)[0]

/** An import as a module of src, or undefined for a package. */
const target = (module: Module, from: string): string | undefined =>
  from.startsWith('.') && !from.endsWith('package.json')
    ? path.relative(SRC, path.join(SRC, path.dirname(module.name), from))
    : undefined

/** Comments and strings may speak of anything. */
const code = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")

test('the sources were found', () => {
  expect(modules.length).toBeGreaterThan(40)
  expect(modules.flatMap(({ imports }) => imports).length).toBeGreaterThan(100)
})

test.each(modules.map((module) => [module.name, module] as const))(
  '%s imports only what its room may',
  (name, module) => {
    const room = roomOf(name)
    expect(room).toBeDefined()
    const strangers = module.imports
      .map(({ from }) => target(module, from))
      .filter((to) => to !== undefined)
      .filter((to) => !PUBLIC.includes(to) && room?.may.some((allowed) => inside(to, allowed)) !== true)
    expect(strangers).toEqual([])
  },
)

test.each(modules.map((module) => [module.name, module] as const))(
  '%s imports packages only where they live',
  (name, module) => {
    const strangers = module.imports
      .filter(({ from }) => !from.startsWith('.'))
      .filter(({ from }) => !/^(fp-ts|io-ts)(\/|$)/.test(from))
      .filter(({ from }) =>
        from.startsWith('node:')
          ? !EDGE.some((edge) => name === edge || (edge.endsWith('/') && name.startsWith(edge)))
          : PACKAGES[from]?.includes(name) !== true,
      )
    expect(strangers).toEqual([])
  },
)

test.each(
  modules.filter(({ name }) => !EDGE.some((edge) => name.startsWith(edge))).map(({ name, text }) => [name, text]),
)('%s has no clock, chance, process or console of its own', (_, text) => {
  const found = code(text).match(/\b(Date\.now|Math\.random|process\.|console\.|fetch\(|setTimeout|setInterval)/g)
  expect(found ?? []).toEqual([])
})

test('a platform never knows the protocol, and no platform another', () => {
  const platforms = modules.filter(({ name }) => name.startsWith('destination/platforms/'))
  const strangers = platforms.flatMap((module) => {
    const own = module.name.split('/').slice(0, 3).join('/')
    return module.imports
      .map(({ from }) => target(module, from))
      .filter((to) => to !== undefined)
      .filter((to) => inside(to, 'protocol') || (inside(to, 'destination/platforms') && !inside(to, own)))
  })
  expect(platforms.length).toBeGreaterThan(0)
  expect(strangers).toEqual([])
})

test('what leads to a verb that needs no bucket and makes no report loads neither the AWS SDK nor charts', () => {
  const loaded = new Set<string>()
  const follow = (name: string): void => {
    if (loaded.has(name)) return
    loaded.add(name)
    const module = modules.find((candidate) => candidate.name === name)
    const eager = [...(module?.text ?? '').matchAll(/^import (?!type)[^'"]*?from '(\.[^']+)'/gms)]
    for (const [, from] of eager) if (module !== undefined && from !== undefined) follow(target(module, from) ?? '')
  }
  follow('main')
  expect(loaded).toContain('commands/spec')
  expect([...loaded].filter((name) => name.startsWith('storage/') || name === 'report/chart')).toEqual([])
})
