import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { BARE_ENV, type Bin, type Folder, binOf, newFolder, run } from '../support/connector'
import { isObject } from './json'
import type { Said } from './said'

export const SOURCE: Bin = 'source-s3-offline-events'
export const DESTINATION: Bin = 'destination-offline-events'

/** What a verb is given: JSON, or the text of a file. */
export interface Given {
  readonly config?: unknown
  readonly catalog?: unknown
  readonly state?: unknown
  /** Text for stdin. */
  readonly input?: string
}

/** Runs the executables as Airbyte's pods do: in a directory of its own that is empty, without a home, as uid 1000. */
export interface Guest {
  /** As whom the executables run here. */
  readonly who: string
  readonly uid: number | undefined
  readonly run: (bin: Bin, verb: string, given?: Given) => Promise<Said>
  /** Writes a file that the guest can read, and returns its path. */
  readonly file: (name: string, content: unknown) => string
  readonly remove: () => void
}

const UID = 1000

export const newGuest = (): Guest => {
  const folder = newFolder()
  const file: Guest['file'] = (name, content) => readable(folder, name, content)
  const { uid, who } = (known ??= identity())
  let files = 0
  const pathOf = (name: string, content: unknown): ReadonlyArray<string> =>
    content === undefined ? [] : [`--${name}`, file(`${name}-${String(files++)}.json`, content)]
  return {
    who,
    uid,
    file,
    remove: () => folder.remove(),
    run: async (bin, verb, { config, catalog, state, input = '' } = {}) => {
      const cwd = mkdtempSync(join(tmpdir(), 'offline-events-cwd-'))
      chmodSync(cwd, 0o755)
      const args = [verb, ...pathOf('config', config), ...pathOf('catalog', catalog), ...pathOf('state', state)]
      const startedMs = Date.now()
      try {
        const { stdout, stderr, code, signal } = await run(bin, args, {
          cwd,
          input,
          ...(uid === undefined ? {} : { uid }),
        })
        const secrets = secretsOf(config)
        return { stdout, stderr, code, signal, left: readdirSync(cwd), secrets, startedMs, endedMs: Date.now() }
      } finally {
        rmSync(cwd, { recursive: true, force: true })
      }
    },
  }
}

type Identity = Pick<Guest, 'who' | 'uid'>

let known: Identity | undefined

/** Only root can run something as another user, and a checkout in a private folder is closed to that one: it is tried. */
const identity = (): Identity => {
  if (process.getuid?.() !== 0)
    return { who: `as the present user, for only root may become uid ${UID}`, uid: undefined }
  const folder = newFolder()
  const config = readable(folder, 'probe.json', {
    bucket: 'b',
    path_prefix: '',
    credentials: { auth_type: 'access_key', aws_access_key_id: 'k', aws_secret_access_key: 's' },
  })
  const options = { cwd: tmpdir(), env: BARE_ENV, uid: UID, gid: UID }
  const { status } = spawnSync(binOf(SOURCE), ['discover', '--config', config], options)
  folder.remove()
  return status === 0
    ? { who: `as uid ${UID}`, uid: UID }
    : { who: `as the present user, for uid ${UID} can not read this checkout`, uid: undefined }
}

/** Folders for temporary files are made for their owner alone. */
const readable = (folder: Folder, name: string, content: unknown): string => {
  const path = folder.file(name, content)
  chmodSync(dirname(path), 0o755)
  return path
}

/** Every text of a config whose key says that it is secret. */
const secretsOf = (config: unknown): ReadonlyArray<string> =>
  isObject(config)
    ? Object.entries(config).flatMap(([key, value]) =>
        typeof value === 'string' && /key|secret|token/.test(key) ? [value] : secretsOf(value),
      )
    : []
