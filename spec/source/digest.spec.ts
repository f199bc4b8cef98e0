import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { ContentDigest, type Stretches, continuationOf } from '../../src/source/digest'
import { left, right } from '../support/either'
import { lawLater } from '../support/laws'

async function* piecesOf(content: Buffer, size: number): AsyncGenerator<E.Either<string, Buffer>> {
  for (let at = 0; at < content.length; at += size) {
    await Promise.resolve()
    yield E.right(content.subarray(at, at + size))
  }
}

/** What is known of content that was read in pieces up to an offset. */
const stretchesTo = (content: Buffer, offset: number, size: number, before: Stretches = []): Stretches | undefined => {
  const from = before.at(-1)?.to ?? 0
  const digest = new ContentDigest(before, from)
  for (let at = from; at < content.length; at += size) {
    digest.take(content.subarray(at, at + size))
    digest.goTo(Math.min(offset, at + size))
  }
  return digest.stretches()
}

/** Some of it larger than the first stretch. */
const content = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.constantFrom(1, 3, 4000))
  .map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => bytes)))
const size = fc.constantFrom(1, 7, 1000, 65_536, 100_000)

describe('ContentDigest', () => {
  test('what is known of content does not depend on the pieces that it came in', async () => {
    await lawLater(
      [content, fc.double({ min: 0, max: 1, noNaN: true })],
      async (bytes, share) => {
        const offset = Math.floor(bytes.length * share)
        const inOne = stretchesTo(bytes, offset, bytes.length)
        expect(stretchesTo(bytes, offset, 997)).toEqual(inOne)
        expect(inOne?.at(-1)?.to ?? 0).toBe(offset)
        await Promise.resolve()
      },
      100,
    )
  })

  test('with few bytes held it knows the same, where no row ends before those', async () => {
    await lawLater(
      [content, fc.array(fc.nat(400), { minLength: 1, maxLength: 20 }), fc.nat(300)],
      async (bytes, steps, mostHeld) => {
        const [free, bounded] = [new ContentDigest([], 0), new ContentDigest([], 0, mostHeld)]
        let taken = 0
        let gone = 0
        for (const step of steps) {
          const piece = bytes.subarray(taken, taken + step)
          for (const digest of [free, bounded]) digest.take(piece)
          taken += piece.length
          // Rows come in some pieces only, and end close before the newest bytes.
          if (step % 3 === 0) gone = Math.max(gone, taken - Math.min(mostHeld, step % 7))
          for (const digest of [free, bounded]) digest.goTo(gone)
          expect(bounded.stretches()).toEqual(free.stretches())
        }
        expect(bounded.goToEnd()).toBe(free.goToEnd())
        expect(bounded.stretches()).toEqual(free.stretches())
        await Promise.resolve()
      },
      200,
    )
  })

  test('a row that ends further back than that makes the content unknown, not wrong', () => {
    const digest = new ContentDigest([], 0, 10)
    for (let i = 0; i < 10; i++) digest.take(Buffer.alloc(10, 'x'))
    digest.goTo(5)
    expect(digest.stretches()).toBeUndefined()
  })
})

describe('continuationOf', () => {
  test('content goes on where it begins with what was read, by whatever pieces and resumptions, and says how', async () => {
    await lawLater(
      [content, fc.uint8Array({ maxLength: 5 }), fc.double({ min: 0, max: 1, noNaN: true }), size],
      async (bytes, more, share, pieces) => {
        const middle = Math.floor(bytes.length * share)
        const known = stretchesTo(bytes, bytes.length, 1000, stretchesTo(bytes, middle, 1000)) ?? []
        const grown = Buffer.concat([bytes, more])
        const found = right(await continuationOf(piecesOf(grown, pieces), known, middle))
        expect(found?.next).toEqual(Buffer.from(more.subarray(0, 2)))
        expect(found?.toEnd).toEqual(stretchesTo(grown, bytes.length, 1000))
        expect(found?.toCut).toEqual(stretchesTo(grown, middle, 1000))
      },
      100,
    )
  })

  test('other content does not: a byte changed anywhere, or too few of them', async () => {
    await lawLater(
      [content, fc.nat(), fc.boolean(), size],
      async (bytes, place, isShorter, pieces) => {
        const known = stretchesTo(bytes, bytes.length, 1000) ?? []
        const at = place % bytes.length
        const other = isShorter ? bytes.subarray(0, at) : Buffer.from(bytes)
        if (!isShorter) other[at] = (other[at] ?? 0) ^ 1
        expect(await continuationOf(piecesOf(other, pieces), known, Infinity)).toEqual(E.right(undefined))
      },
      100,
    )
  })

  test('a large file of another beginning is told by its beginning', async () => {
    const known = stretchesTo(Buffer.alloc(1_000_000, 'x'), 1_000_000, 1000) ?? []
    let pieces = 0
    const counted = async function* (): AsyncGenerator<E.Either<string, Buffer>> {
      for await (const piece of piecesOf(Buffer.alloc(1_000_000, 'y'), 10_000)) {
        pieces++
        yield piece
      }
    }
    expect(right(await continuationOf(counted(), known, Infinity))).toBeUndefined()
    expect(pieces).toBe(7)
  })

  test('what ends the content is passed on', async () => {
    const broken = async function* (): AsyncGenerator<E.Either<string, Buffer>> {
      yield* piecesOf(Buffer.from('ab'), 1)
      yield E.left('broken')
    }
    expect(left(await continuationOf(broken(), [{ to: 5, digest: '' }], Infinity))).toBe('broken')
  })
})
