import * as E from 'fp-ts/Either'

/** Bytes that come in pieces; a Left ends them. */
export type Bytes<F> = AsyncIterable<E.Either<F, Buffer>>

/** The same bytes, seen by `tap` as they come. */
export async function* tapped<F>(
  content: Bytes<F>,
  tap: (content: Buffer) => void,
): AsyncGenerator<E.Either<F, Buffer>> {
  for await (const piece of content) {
    if (E.isRight(piece)) tap(piece.right)
    yield piece
  }
}

/** The bytes without the first ones. */
export async function* skipping<F>(content: Bytes<F>, bytes: number): AsyncGenerator<E.Either<F, Buffer>> {
  let left = bytes
  for await (const piece of content) {
    if (E.isLeft(piece) || left === 0) yield piece
    else {
      if (piece.right.length > left) yield E.right(piece.right.subarray(left))
      left = Math.max(0, left - piece.right.length)
    }
  }
}

/** Bytes that can be looked at before they are taken. */
export class Lookahead<F> {
  /** Whether there are no more than were looked at. */
  isAll = false
  private readonly pieces: AsyncIterator<E.Either<F, Buffer>>
  private readonly seen: Array<E.Either<F, Buffer>> = []

  constructor(bytes: Bytes<F>) {
    this.pieces = bytes[Symbol.asyncIterator]()
  }

  /** The first bytes: so many, or all that come before the end or trouble. */
  async look(atLeast: number): Promise<Buffer> {
    const start: Array<Buffer> = []
    let length = 0
    while (length < atLeast) {
      const next = await this.pieces.next()
      if (next.done === true) {
        this.isAll = true
        break
      }
      this.seen.push(next.value)
      if (E.isLeft(next.value)) break
      start.push(next.value.right)
      length += next.value.right.length
    }
    return Buffer.concat(start)
  }

  /** All bytes, also those that were looked at. */
  async *all(): AsyncGenerator<E.Either<F, Buffer>> {
    try {
      yield* this.seen
      this.seen.length = 0
      while (!this.isAll) {
        const next = await this.pieces.next()
        if (next.done === true) return
        yield next.value
      }
    } finally {
      await this.close()
    }
  }

  async close(): Promise<void> {
    await this.pieces.return?.()
  }
}
