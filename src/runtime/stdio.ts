import type { Readable, Writable } from 'node:stream'
import * as E from 'fp-ts/Either'
import type { Out } from '../capabilities'

/**
 * The one writer of stdout: lines are gathered to pieces that a pipe takes at once, and the caller waits while the reader is
 * behind. `onGone` is called once when nobody reads any more; what is put after that is dropped.
 */
export const outOf = (stream: Writable, onGone: () => void): Out => {
  let pending = ''
  let gone = false
  let full = false
  let drained: Promise<void> | undefined
  let release: (() => void) | undefined
  const settle = (): void => {
    drained = undefined
    release?.()
  }
  stream.on('drain', settle)
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (gone) return
    gone = true
    full = code !== 'EPIPE'
    pending = ''
    onGone()
    settle()
  })
  const write = (): Promise<void> | undefined => {
    const piece = pending
    pending = ''
    if (piece === '' || gone || stream.write(piece)) return drained
    drained ??= new Promise((resolve) => (release = resolve))
    return drained
  }
  return {
    put: (line) => {
      if (gone) return undefined
      pending += line
      pending += '\n'
      return pending.length < PIECE_CHARS ? undefined : write()
    },
    flush: async () => {
      await write()
      if (!gone) await new Promise<void>((resolve) => stream.write('', () => resolve()))
      return gone ? E.left({ _tag: 'OutputClosed', full }) : E.right(undefined)
    },
  }
}

/** As much as a Linux pipe holds. */
const PIECE_CHARS = 65_536

/**
 * A text stream's lines, a chunk at a time; a last line without newline counts. When `stop` is aborted it ends at once, and what
 * was not yet a whole line is not given out.
 */
export async function* linesOf(stream: Readable, stop: AbortSignal): AsyncGenerator<ReadonlyArray<string>, void, void> {
  const end = (): void => void stream.destroy()
  stop.addEventListener('abort', end, { once: true })
  stream.setEncoding('utf8')
  let rest = ''
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      if (stop.aborted) return
      // A chunk inside one long line is only appended: splitting it again and again would cost the square of its length.
      if (!chunk.includes('\n')) {
        rest += chunk
        continue
      }
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      yield lines
    }
  } catch (error) {
    if (!stop.aborted) throw error
  } finally {
    stop.removeEventListener('abort', end)
  }
  if (rest !== '' && !stop.aborted) yield [rest]
}
