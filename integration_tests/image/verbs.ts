import { deepStrictEqual } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { total, totalsOf } from '../support/messages'
import { type Engine, type Options, type Said, saidOf } from './engine'
import { CATALOG, DESTINATION, LARGE_SOURCE, SOURCE, STATE, type Scene } from './scene'

/** A verb in a container, and what it must have done. */
export interface Verb {
  readonly name: string
  /** What follows the entry point. */
  readonly words: ReadonlyArray<string>
  readonly input?: (scene: Scene) => string
  /** Says what was found; throws where it is wrong. */
  readonly judge: (said: Said, scene: Scene) => string | Promise<string>
}

const config = (name: string): ReadonlyArray<string> => ['--config', `/config/${name}`]
const sync = (name: string): ReadonlyArray<string> => [...config(name), '--catalog', `/config/${CATALOG}`]

/** What `read` printed, for `write`. */
const RECORDS = 'records.jsonl'

const one =
  (type: string) =>
  (said: Said): string => {
    deepStrictEqual(
      said.messages.map((message) => message.type),
      [type],
    )
    const status = said.messages[0]?.connectionStatus?.status
    if (type === 'CONNECTION_STATUS') deepStrictEqual(status, 'SUCCEEDED')
    return status ?? type
  }

const statesIn = ({ lines }: Said): ReadonlyArray<string> => lines.filter((line) => line.startsWith('{"type":"STATE"'))

const spec: Verb = { name: 'spec', words: ['spec'], judge: one('SPEC') }

export const SOURCE_VERBS: ReadonlyArray<Verb> = [
  spec,
  { name: 'check', words: ['check', ...config(SOURCE)], judge: one('CONNECTION_STATUS') },
  { name: 'discover', words: ['discover', ...config(SOURCE)], judge: one('CATALOG') },
  {
    name: 'read',
    words: ['read', ...sync(SOURCE)],
    judge: (said, { keep, small }) => {
      keep(RECORDS, said.stdout)
      const { rows, emitted, rejected } = totalsOf(said)
      deepStrictEqual(
        { rows, emitted, rejected },
        { rows: small.rows, emitted: small.good.length, rejected: small.bad },
      )
      return `${rows} rows, ${emitted} emitted, ${total(rejected)} rejected`
    },
  },
]

export const DESTINATION_VERBS: ReadonlyArray<Verb> = [
  spec,
  { name: 'check', words: ['check', ...config(DESTINATION)], judge: one('CONNECTION_STATUS') },
  { name: 'discover', words: ['discover', ...config(DESTINATION)], judge: one('DESTINATION_CATALOG') },
  {
    name: 'write',
    words: ['write', ...sync(DESTINATION)],
    input: ({ folder }) => readFileSync(join(folder, RECORDS), 'utf8'),
    judge: async (said, { keep, small, platform }) => {
      const states = statesIn(said)
      keep(STATE, states.join('\n'))
      return `${await stored(platform, small.good.length)}, ${states.length} states back`
    },
  },
]

/** After the `write`: nothing is left to do. */
export const READ_ON: Verb = {
  name: 'read from the last states',
  words: ['read', ...sync(SOURCE), '--state', `/config/${STATE}`],
  judge: (said) => {
    const { rows, emitted } = totalsOf(said)
    deepStrictEqual({ rows, emitted }, { rows: 0, emitted: 0 })
    return 'nothing comes twice'
  },
}

export const TEMPLATE: Verb = {
  name: 'template',
  words: ['template'],
  judge: ({ lines }) => {
    const columns = (lines[0] ?? '').split(',')
    deepStrictEqual(columns.slice(0, 2), ['event_name', 'event_time'])
    return `${columns.length} columns`
  },
}

/** The executable of both roles knows the verbs by their role. */
export const inRole = (role: 'source' | 'destination', verb: Verb): Verb => ({
  ...verb,
  name: `${role} ${verb.name}`,
  words: [role, ...verb.words],
})

const stored = async (platform: Scene['platform'], events: number): Promise<string> => {
  const { events: found } = await platform.summary()
  const { received, refused } = found
  deepStrictEqual({ stored: found.stored, received, refused }, { stored: events, received: events, refused: 0 })
  await platform.reset()
  return `${events} events at the platform`
}

/** By the image's entry point: in a directory that it may not write to, with nothing writable but /tmp. */
export const byEntryPoint = async (
  { engine, image, scene, memoryMb }: Place,
  { words, input, judge }: Verb,
): Promise<string> => {
  const said = await engine.run(image, words, {
    ...memory(memoryMb),
    input: input?.(scene) ?? '',
    volumes: [`${scene.folder}:/config:ro`],
  })
  return judged(said, scene, judge)
}

/** As the platform does it: a shell, $AIRBYTE_ENTRYPOINT, and files in a working directory of the platform's own. */
export const byPlatform = async (
  { engine, image, scene, memoryMb }: Place,
  { words, input, judge }: Verb,
): Promise<string> => {
  const folder = scene.newFolder()
  const { code, stderr } = await engine.run(
    image,
    [`eval "$AIRBYTE_ENTRYPOINT ${words.join(' ')}" 2> stderr > stdout`],
    {
      ...memory(memoryMb),
      input: input?.(scene) ?? '',
      shell: true,
      writable: true,
      cwd: '/work',
      volumes: [`${scene.folder}:/config:ro`, `${folder}:/work`],
    },
  )
  deepStrictEqual(stderr, '')
  const printed = (stream: string): string => readFileSync(join(folder, stream), 'utf8')
  return judged(saidOf(code, printed('stdout'), printed('stderr')), scene, judge)
}

/** Many rows through both ends in one container with little memory. */
export const syncInLittle = async ({ engine, image, scene, memoryMb }: Place): Promise<string> => {
  const [read, write] = [sync(LARGE_SOURCE), sync(DESTINATION)].map((words) => words.join(' '))
  const call = `$AIRBYTE_ENTRYPOINT read ${read} | $AIRBYTE_ENTRYPOINT write ${write}`
  const said = await engine.run(image, [call], {
    ...memory(memoryMb),
    shell: true,
    volumes: [`${scene.folder}:/config:ro`],
  })
  return judged(said, scene, async () => {
    const { records, accepted } = totalsOf(said)
    const { rows, good } = scene.large
    deepStrictEqual({ records, accepted }, { records: rows, accepted: good.length })
    return `${rows} rows, ${await stored(scene.platform, good.length)}`
  })
}

/** Where a verb is run. */
export interface Place {
  readonly engine: Engine
  readonly image: string
  readonly scene: Scene
  /** Absent: no limit, where the engine can set none. */
  readonly memoryMb: number | undefined
}

const memory = (memoryMb: number | undefined): Pick<Options, 'memoryMb'> => (memoryMb === undefined ? {} : { memoryMb })

const judged = async (said: Said, scene: Scene, judge: Verb['judge']): Promise<string> => {
  deepStrictEqual({ code: said.code, stderr: said.stderr }, { code: 0, stderr: '' }, explained(said))
  return judge(said, scene)
}

const explained = ({ code, stdout, stderr }: Said): string =>
  `exit ${String(code)}, stderr ${JSON.stringify(stderr.slice(-500))}, stdout ${JSON.stringify(stdout.slice(-1000))}`
