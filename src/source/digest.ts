import { createHash } from 'node:crypto'
import * as E from 'fp-ts/Either'

/** A stretch of a file's content: from where the one before it ends up to `to`, by the first 128 bits of its SHA-256. */
export interface Stretch {
  readonly to: number
  readonly digest: string
}

/**
 * What was read of a file's content from its first byte on. More than one stretch where the reading was resumed, for a digest that was
 * begun in another process can't be gone on with.
 */
export type Stretches = ReadonlyArray<Stretch>

/** A first stretch of its own tells most files that were overwritten without reading all of them. */
const FIRST_BYTES = 65_536

/** Of more the state would become large: the content is then read once more, to be one stretch again. */
export const MOST_STRETCHES = 8

const digestOf = (hash: ReturnType<typeof createHash>): string => hash.digest('base64url').slice(0, 22)

/** The digest of content as it is read, which may be ahead of the place up to which it is wanted. */
export class ContentDigest {
  private readonly closed: Array<Stretch>
  private hash = createHash('sha256')
  /** Bytes behind those that are hashed. */
  private held: Array<Buffer> = []
  private heldBytes = 0
  private hashedTo: number
  private goneTo: number
  /** What is known up to `goneTo`, where more is hashed already. */
  private behind: Stretches | undefined
  private isKnown: boolean

  /**
   * `before`: what is known of the content before the byte that is read next; undefined for nothing. It is never gone to a place
   * further than `mostHeld` bytes before the newest piece: what lies before that need not be held.
   */
  constructor(
    before: Stretches | undefined,
    from: number,
    private readonly mostHeld = Infinity,
  ) {
    this.closed = [...(before ?? [])]
    this.isKnown = before !== undefined
    this.hashedTo = from
    this.goneTo = from
  }

  /** Takes the content's next bytes. */
  readonly take = (content: Buffer): void => {
    if (!this.isKnown || content.length === 0) return
    for (let [oldest] = this.held; oldest !== undefined; [oldest] = this.held) {
      if (this.heldBytes - oldest.length < this.mostHeld) break
      this.behind ??= this.stretchesHashed()
      this.hashTo(this.hashedTo + oldest.length)
    }
    this.held.push(content)
    this.heldBytes += content.length
  }

  /** Goes on to an offset that was taken already: what lies before it is let go. */
  goTo(offset: number): void {
    if (offset <= this.goneTo) return
    this.goneTo = offset
    if (offset < this.hashedTo) this.isKnown = false
    this.behind = undefined
    this.hashTo(offset)
  }

  /** Goes on to the end of what was taken: the offset there. */
  goToEnd(): number {
    this.goTo(this.hashedTo + this.heldBytes)
    return this.goneTo
  }

  /** The content up to where it was gone to; undefined where it is not known. */
  stretches(): Stretches | undefined {
    return this.isKnown ? (this.behind ?? this.stretchesHashed()) : undefined
  }

  private stretchesHashed(): Stretches {
    const { closed, hashedTo } = this
    return closed.at(-1)?.to === hashedTo || hashedTo === 0
      ? [...closed]
      : [...closed, { to: hashedTo, digest: digestOf(this.hash.copy()) }]
  }

  private hashTo(offset: number): void {
    while (this.hashedTo < offset) {
      const [piece] = this.held
      if (piece === undefined) return
      const border = this.hashedTo < FIRST_BYTES && this.isFirst() ? Math.min(offset, FIRST_BYTES) : offset
      const part = piece.subarray(0, border - this.hashedTo)
      this.hash.update(part)
      this.hashedTo += part.length
      this.heldBytes -= part.length
      if (part.length === piece.length) this.held.shift()
      else this.held[0] = piece.subarray(part.length)
      if (this.hashedTo === FIRST_BYTES && this.isFirst()) this.close()
    }
  }

  private isFirst(): boolean {
    return this.closed.length === 0
  }

  private close(): void {
    this.closed.push({ to: this.hashedTo, digest: digestOf(this.hash) })
    this.hash = createHash('sha256')
  }
}

/** How content goes on after a beginning that is known. */
export interface Continuation {
  /** The first bytes after it, two at most; none where it ends. */
  readonly next: Buffer
  /** The beginning anew, from one process's digest: up to `cut` and up to its end. */
  readonly toCut: Stretches | undefined
  readonly toEnd: Stretches | undefined
}

/** Whether content begins with what was read: undefined where it does not. Left: it could not be read so far. */
export const continuationOf = async <F>(
  content: AsyncIterable<E.Either<F, Buffer>>,
  known: Stretches,
  cut: number,
): Promise<E.Either<F, Continuation | undefined>> => {
  const end = known.at(-1)?.to ?? 0
  const anew = new ContentDigest([], 0)
  let toCut: Stretches | undefined
  let hash = createHash('sha256')
  let stretch = 0
  let at = 0
  let next = Buffer.alloc(0)
  for await (const piece of content) {
    if (E.isLeft(piece)) return piece
    let rest = piece.right
    if (at < end) anew.take(rest.subarray(0, end - at))
    for (let one = known[stretch]; one !== undefined && at + rest.length >= one.to; one = known[++stretch]) {
      hash.update(rest.subarray(0, one.to - at))
      rest = rest.subarray(one.to - at)
      at = one.to
      if (digestOf(hash) !== one.digest) return E.right(undefined)
      hash = createHash('sha256')
    }
    if (stretch === known.length) next = Buffer.concat([next, rest.subarray(0, 2)])
    else hash.update(rest)
    at += rest.length
    anew.goTo(Math.min(at, cut))
    if (at >= cut) toCut ??= anew.stretches()
    if (next.length >= 2) break
  }
  if (stretch < known.length) return E.right(undefined)
  toCut ??= anew.stretches()
  anew.goToEnd()
  return E.right({ next, toCut, toEnd: anew.stretches() })
}
