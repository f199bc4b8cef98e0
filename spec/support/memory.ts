import * as crypto from 'node:crypto'
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities, Disk, HttpRequest, ObjectRef, Objects } from '../../src/capabilities'

/** A bucket in memory, with what lies in it by key. */
export interface MemoryObjects extends Objects {
  readonly contents: ReadonlyMap<string, string | Buffer>
}

/** A bucket in memory: file contents by key, last modified at one time or at one each, read in pieces of a few bytes. */
export const memoryObjects = (
  files: Readonly<Record<string, string | Buffer>>,
  modifiedMs: number | ((key: string) => number),
): MemoryObjects => {
  const contents = new Map(Object.entries(files))
  const refOf = ([key, text]: readonly [string, string | Buffer]): ObjectRef => ({
    key,
    etag: `"${crypto.createHash('md5').update(text).digest('hex')}"`,
    bytes: Buffer.from(text).length,
    modifiedMs: typeof modifiedMs === 'number' ? modifiedMs : modifiedMs(key),
    archived: false,
  })
  return {
    contents,
    page: (prefix) =>
      TE.right({ objects: [...contents].filter(([key]) => key.startsWith(prefix)).map(refOf), next: undefined }),
    find: (key) => {
      const text = contents.get(key)
      return TE.right(text === undefined ? undefined : refOf([key, text]))
    },
    read: async function* ({ key }, fromByte) {
      const bytes = Buffer.from(contents.get(key) ?? '')
      for (let at = fromByte; at < bytes.length; at += 97) {
        await Promise.resolve()
        yield E.right(bytes.subarray(at, at + 97))
      }
    },
    put: (key, body) => {
      contents.set(key, body)
      return TE.right(undefined)
    },
    remove: (key) => {
      contents.delete(key)
      return TE.right(undefined)
    },
  }
}

export interface Memory {
  readonly caps: Capabilities
  readonly lines: Array<string>
  /** What was said on stderr. */
  readonly lastWords: Array<string>
  readonly requests: Array<HttpRequest>
  /** What lies on the disk, by path. */
  readonly files: Map<string, string>
}

export interface MemoryWorld {
  /** Small files by path: config, catalog, state. */
  readonly texts?: Readonly<Record<string, string>>
  /** The environment. */
  readonly variables?: Readonly<Record<string, string>>
  readonly objects?: Objects
  readonly stdin?: ReadonlyArray<string>
  readonly answer?: (request: HttpRequest) => string
  readonly nowMs: number
}

/** A disk in memory: texts by path. */
export const memoryDisk = (files: Map<string, string>, nowMs: () => number): Disk => ({
  read: (path) => {
    const text = files.get(path)
    return Promise.resolve(E.right(text === undefined ? undefined : { text, modifiedMs: nowMs() }))
  },
  replace: (path, text) => Promise.resolve(E.right(void files.set(path, text))),
  create: (path, text) => {
    if (files.has(path)) return Promise.resolve(E.right(false))
    files.set(path, text)
    return Promise.resolve(E.right(true))
  },
  append: (path, text) => Promise.resolve(E.right(void files.set(path, (files.get(path) ?? '') + text))),
  remove: (path) => Promise.resolve(E.right(void files.delete(path))),
  placeOf: (path) => path,
})

/** All capabilities without an outside: what is written is gathered, the clock stands still, chance is even. */
export const memory = ({ texts = {}, variables = {}, objects, stdin = [], answer, nowMs }: MemoryWorld): Memory => {
  const lines: Array<string> = []
  const files = new Map<string, string>()
  const requests: Array<HttpRequest> = []
  const lastWords: Array<string> = []
  const stop = new AbortController()
  const caps: Capabilities = {
    readText: (path) => {
      const text = texts[path]
      return text === undefined ? TE.left('unreadable') : TE.right(text)
    },
    environment: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    openBucket: () => TE.right(objects ?? memoryObjects({}, 0)),
    disk: memoryDisk(files, () => nowMs),
    self: { host: 'here', machine: 'm', pid: 7, isAlive: () => false },
    openBar: undefined,
    peakRssBytes: () => 100 * 1024 * 1024,
    openLocal: () => TE.right(objects ?? memoryObjects({}, 0)),
    http: {
      send: (request) => {
        requests.push(request)
        return Promise.resolve(E.right({ status: 200, body: answer?.(request) ?? '{"code":0,"message":"OK"}' }))
      },
    },
    lines: async function* () {
      await Promise.resolve()
      yield stdin
    },
    out: {
      put: (line) => {
        lines.push(line)
        return undefined
      },
      flush: () => Promise.resolve(E.right(undefined)),
    },
    lastWord: (line) => void lastWords.push(line),
    hasColours: false,
    nowMs: () => nowMs,
    elapsedMs: () => 0,
    random: () => 0.5,
    sleep: () => Promise.resolve(),
    repeat: () => Promise.resolve(),
    deadline: () => new Promise(() => undefined),
    stop: stop.signal,
  }
  return { caps, files, lines, lastWords, requests }
}
