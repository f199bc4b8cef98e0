import { BOTH, catalogOf } from './catalogs'
import { BARE_ENV, type Ended, type Folder, type Options, type Running, start } from './connector'

export interface Reading {
  readonly config: Readonly<Record<string, unknown>>
  readonly streams?: ReadonlyArray<string>
  /** STATE lines of earlier runs, or what else a state file may hold. */
  readonly state?: ReadonlyArray<string>
  /** Keys of every stream in the catalog, beside those of an incremental append. */
  readonly catalogOver?: Readonly<Record<string, unknown>>
  /** Leaves stdout unread at first. */
  readonly unread?: boolean
  /** Absent: nothing but the path. */
  readonly env?: NodeJS.ProcessEnv
  /** Called for each whole line of stdout as it comes. */
  readonly onLine?: Options['onLine']
}

/** Starts `read`, with an incremental catalog of both streams unless others are asked for. */
export const startRead = (
  folder: Folder,
  { config, streams = BOTH, state, catalogOver, unread = false, env = BARE_ENV, onLine }: Reading,
): Running => {
  // Readers run side by side: each has its own files.
  const id = String(runs++)
  const args = [
    ...['--config', folder.file(`config-${id}.json`, config)],
    ...['--catalog', folder.file(`catalog-${id}.json`, catalogOf(streams, catalogOver))],
    ...(state === undefined ? [] : ['--state', folder.file(`state-${id}.jsonl`, state.join('\n'))]),
  ]
  return start('source-s3-offline-events', ['read', ...args], {
    input: '',
    unread,
    env,
    ...(onLine === undefined ? {} : { onLine }),
  })
}

export const read = (folder: Folder, reading: Reading): Promise<Ended> => startRead(folder, reading).ended

let runs = 0

/** Runs jobs a few at a time; their results in order. */
export const atATime = async <A, B>(
  most: number,
  jobs: ReadonlyArray<A>,
  work: (job: A) => Promise<B>,
): Promise<ReadonlyArray<B>> => {
  const results: Array<B> = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let i = next++; i < jobs.length; i = next++) results[i] = await work(jobs[i] as A)
  }
  await Promise.all(Array.from({ length: most }, worker))
  return results
}
