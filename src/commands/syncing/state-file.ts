import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import type { Disk } from '../../capabilities'
import type { Failure } from '../../failure'
import { parseJson } from '../../json'
import { type StreamStates, parseStates } from '../../protocol/state'
import { rfc3339 } from '../../source/cursor'
import { invalid } from '../inputs'
import { LOST, type Lock } from './lock'

/** What the state file knew when the run began: nothing of a first run. */
export interface Known {
  readonly streams: StreamStates
  /** Of the run that saved it, where that was a sync. */
  readonly run: SavedBy | undefined
}

export interface SavedBy {
  readonly savedAtMs: number
  /** Whether that run came to its end. */
  readonly isComplete: boolean
}

/** What to do about a state that can't be used. */
export const ANEW = 'name the state file of this sync, or one that is not there yet, to read everything again'

/** The states of the file that `--state` names, those of the piped connectors too; none where it does not exist yet. */
export const loadKnown = async (disk: Disk, path: string): Promise<E.Either<Failure, Known>> => {
  const file = await disk.read(path)
  if (E.isLeft(file)) return E.left({ _tag: 'DiskFailed', file: 'state', trouble: file.left })
  const text = (file.right?.text ?? '').replace(/^\uFEFF/, '')
  if (text.trim() === '') return E.right({ streams: new Map(), run: undefined })
  return pipe(
    parseStates(text),
    E.bimap(
      (problem) => invalid('state', [`${problem}; ${ANEW}`]),
      (streams) => ({ streams, run: savedBy(text) }),
    ),
  )
}

/** Writes the file as it is: what can't be written is found out before anything is sent. */
export const probe = async (disk: Disk, path: string): Promise<E.Either<Failure, void>> => {
  const file = await disk.read(path)
  const written = E.isLeft(file) ? file : await disk.replace(path, file.right?.text ?? '')
  return E.isLeft(written) ? E.left({ _tag: 'DiskFailed', file: 'state', trouble: written.left }) : E.right(undefined)
}

/** Beside a STATE message of a sync's stands what is known of its run: readers of states pass over what they don't know. */
const Marked = t.type({ sync: t.type({ saved_at: t.string, complete: t.boolean }) })

const savedBy = (text: string): SavedBy | undefined => {
  const found = text.split('\n').map(parseJson).filter(Marked.is).at(-1)
  const savedAtMs = Date.parse(found?.sync.saved_at ?? '')
  return found === undefined || Number.isNaN(savedAtMs) ? undefined : { savedAtMs, isComplete: found.sync.complete }
}

/** Saves the states of a run, one at a time: of several that come while one is written only the last is. */
export interface Saver {
  /** Takes a STATE message: all before it is delivered. */
  readonly take: (line: string) => void
  /** Resolves when the last one is on the disk; `isComplete`: and the run has come to its end, which is written too. */
  readonly close: (isComplete: boolean) => Promise<E.Either<Failure, void>>
}

/** Saves nothing. */
export const NO_SAVER: Saver = { take: () => undefined, close: () => Promise.resolve(E.right(undefined)) }

/** The saver of one run. What the file knows of other streams than `stream` stays in it; `fail` is told that no state can be saved. */
export const newSaver = (
  { disk, nowMs }: { readonly disk: Disk; readonly nowMs: () => number },
  path: string,
  stream: string,
  known: StreamStates,
  lock: Pick<Lock, 'isHeld'>,
  fail: (why: Failure) => void,
): Saver => {
  const others = [...known].filter(([name]) => name !== stream).map(([name, state]) => `${lineOf(name, state)}\n`)
  let last: string | undefined
  let next: string | undefined
  let writing: Promise<void> | undefined
  let failure: Failure | undefined

  const stop = (why: Failure): void => {
    failure = why
    fail(why)
  }

  const save = async (line: string, isComplete: boolean): Promise<void> => {
    const mark = JSON.stringify({ saved_at: rfc3339(nowMs()), complete: isComplete })
    // A run that was asleep may have been given up: the state is then that of the run that took over.
    if (!(await lock.isHeld())) {
      stop(LOST)
      return
    }
    const saved = await disk.replace(path, `${others.join('')}${line.slice(0, -1)},"sync":${mark}}\n`)
    if (E.isLeft(saved)) stop({ _tag: 'DiskFailed', file: 'state', trouble: saved.left })
  }

  const saveAll = async (): Promise<void> => {
    while (next !== undefined && failure === undefined) {
      last = next
      next = undefined
      await save(last, false)
    }
    writing = undefined
  }

  return {
    take: (line) => {
      next = line
      // What it throws is a bug, and reaches the crash hook.
      writing ??= saveAll()
    },
    close: async (isComplete) => {
      await writing
      if (isComplete && failure === undefined && last !== undefined) await save(last, true)
      return failure === undefined ? E.right(undefined) : E.left(failure)
    },
  }
}

const lineOf = (name: string, state: unknown): string =>
  JSON.stringify({
    type: 'STATE',
    state: { type: 'STREAM', stream: { stream_descriptor: { name }, stream_state: state } },
  })
