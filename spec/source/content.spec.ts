import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { contentOf } from '../../src/source/content'
import type { Form } from '../../src/source/dialect'
import { cut, cuts } from '../support/csv'
import { lawLater } from '../support/laws'
import { skippableFrame, zstdBomb, zstdFrame } from '../support/zstd'

type Compression = Form['compression']

async function* stream(pieces: ReadonlyArray<Buffer | 'broken'>) {
  for (const piece of pieces) {
    await Promise.resolve()
    yield piece === 'broken' ? E.left(piece) : E.right(piece)
  }
}

const read = async (pieces: ReadonlyArray<Buffer | 'broken'>, compression: Compression) => {
  const content: Array<Buffer> = []
  const lefts: Array<unknown> = []
  for await (const piece of contentOf(stream(pieces), compression)) {
    expect(lefts).toEqual([])
    if (E.isLeft(piece)) lefts.push(piece.left)
    else content.push(piece.right)
  }
  return { content: Buffer.concat(content), left: lefts[0] }
}

const DAMAGED = expect.objectContaining({ code: 'FILE_DAMAGED' }) as unknown
const UNREADABLE = expect.objectContaining({ code: 'FILE_UNREADABLE' }) as unknown

const text = fc.string({ maxLength: 200, unit: 'grapheme' }).map((one) => Buffer.from(one))

/** What is packed apart, one after another, in either form; `partEnds`: where the archive could as well end. */
const archive = fc
  .record({
    parts: fc.array(text, { minLength: 1, maxLength: 4 }),
    compression: fc.constantFrom('gzip' as const, 'zstd' as const),
    blockBytes: fc.integer({ min: 1, max: 80 }),
    skippedBytes: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ parts, compression, blockBytes, skippedBytes }) => {
    const packed = parts.map((part, i) => {
      if (compression === 'gzip') return gzipSync(part)
      const frame = zstdFrame(part, blockBytes)
      return i % 2 === 0 ? frame : Buffer.concat([skippableFrame(skippedBytes), frame])
    })
    const partEnds = packed.map((_, i) => Buffer.concat(packed.slice(0, i + 1)).length)
    if (compression === 'zstd')
      packed.forEach((_, i) => i % 2 === 1 && partEnds.push((partEnds[i - 1] ?? 0) + 8 + skippedBytes))
    return { compression, content: Buffer.concat(parts), bytes: Buffer.concat(packed), partEnds }
  })

describe('contentOf: laws', () => {
  test('all parts of an archive come back, wherever its bytes are cut', async () => {
    await lawLater([archive, cuts], async ({ compression, content, bytes }, places) => {
      expect(await read(cut(bytes, places), compression)).toEqual({ content, left: undefined })
    })
  })

  test('an archive that is cut off gives what stands before that, and is damaged', async () => {
    await lawLater([archive, cuts, fc.nat()], async ({ compression, content, bytes, partEnds }, places, at) => {
      const length = 1 + (at % bytes.length)
      const reading = await read(cut(bytes.subarray(0, length), places), compression)
      expect(content.subarray(0, reading.content.length)).toEqual(reading.content)
      expect(reading.left).toEqual(partEnds.includes(length) ? undefined : DAMAGED)
    })
  })

  test('a changed byte of the content is noticed', async () => {
    const change = fc.integer({ min: 1, max: 255 })
    await lawLater([text, fc.nat(), change], async (content, at, bits) => {
      const packed = gzipSync(content)
      const gzip = await read([changed(packed, at % packed.length, bits)], 'gzip')
      expect(gzip).toEqual(
        gzip.left === undefined ? { content, left: undefined } : { content: gzip.content, left: DAMAGED },
      )
      if (content.length === 0) return
      const place = ZSTD_HEADER_BYTES + (at % content.length)
      expect((await read([changed(zstdFrame(content, 1000), place, bits)], 'zstd')).left).toEqual(DAMAGED)
    })
  })
})

/** Of a frame and its first block. */
const ZSTD_HEADER_BYTES = 9

const changed = (bytes: Buffer, at: number, bits: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ bits
  return copy
}

describe('contentOf: gzip', () => {
  const member = gzipSync('a,b\n')

  test('may be padded with zeros', async () => {
    const padded = [member, Buffer.alloc(300), Buffer.alloc(300)]
    for (const pieces of [padded, [Buffer.concat(padded)]])
      expect(await read(pieces, 'gzip')).toEqual({ content: Buffer.from('a,b\n'), left: undefined })
  })

  test.each([
    ['text', Buffer.from('1,2\n')],
    ['another member behind the padding', Buffer.concat([Buffer.alloc(512), member])],
    ['the body of a member alone', deflateRawSync('1,2\n')],
  ])('%s behind it is not left out in silence', async (_, rest) => {
    for (const pieces of [[member, rest], [Buffer.concat([member, rest])]])
      expect(await read(pieces, 'gzip')).toEqual({ content: Buffer.from('a,b\n'), left: DAMAGED })
  })
})

describe('contentOf: zstd', () => {
  const frame = zstdFrame(Buffer.from('a,b\n'), 100)
  const CONTENT = Buffer.from('a,b\n')

  test('is read from what zstd itself compressed', async () => {
    const bytes = Buffer.from(
      '28b52ffd0458050100c8612c620a313233342c6a616e65406578616d706c652e636f6d0100594e730cdd54b8ba',
      'hex',
    )
    const { content, left } = await read([bytes], 'zstd')
    expect({ content: content.toString(), left }).toEqual({
      content: `a,b\n${'1234,jane@example.com\n'.repeat(5)}`,
      left: undefined,
    })
  })

  test('may be without checksums', async () => {
    expect(await read([zstdFrame(CONTENT, 100, false)], 'zstd')).toEqual({ content: CONTENT, left: undefined })
  })

  test('anything behind it is not left out in silence', async () => {
    for (const rest of ['1,2\n', '\0\0\0\0\0\0\0\0\0\0'].map((text) => Buffer.from(text)))
      for (const pieces of [[frame, rest], [Buffer.concat([frame, rest])]])
        expect(await read(pieces, 'zstd')).toEqual({ content: CONTENT, left: DAMAGED })
  })

  test.each([
    ['a window of 256 MiB', '28b52ffd0090'],
    ['a segment of 2 GB', '28b52ffda000943577'],
    ['a segment beyond all numbers', '28b52ffde0ffffffffffffffff'],
  ])('%s is refused before it is made, in any frame', async (_, hex) => {
    const header = Buffer.from(`${hex}0000000000`, 'hex')
    for (const [before, content] of [
      [Buffer.alloc(0), Buffer.alloc(0)],
      [frame, CONTENT],
      [skippableFrame(3), Buffer.alloc(0)],
    ] as const)
      expect(await read([Buffer.concat([before, header])], 'zstd')).toEqual({ content, left: UNREADABLE })
  })

  test.each([
    ['a block of an unknown type', '28b52ffd00580f0000000000'],
    ['a block of more than 128 KiB', '28b52ffd0058fdffff000000'],
  ])('%s is damage', async (_, hex) => {
    expect((await read([Buffer.from(hex, 'hex')], 'zstd')).left).toEqual(DAMAGED)
  })
})

describe('contentOf: what expands too much', () => {
  test.each<[Compression, () => Buffer]>([
    ['gzip', () => gzipSync(Buffer.alloc(80 * 1024 * 1024))],
    ['zstd', () => zstdBomb(640)],
  ])('%s is refused before it is all there', async (compression, bomb) => {
    const { content, left } = await read([bomb()], compression)
    expect(left).toEqual(UNREADABLE)
    expect(content.length).toBeLessThanOrEqual(64 * 1024 * 1024)
  })
})

describe('contentOf: trouble and early ends', () => {
  test.each<[Compression, Buffer]>([
    ['none', Buffer.from('a,b\n')],
    ['gzip', gzipSync('a,b\n')],
    ['zstd', zstdFrame(Buffer.from('a,b\n'), 100)],
  ])('a Left of the bytes of %s is passed on after what came before', async (compression, bytes) => {
    expect(await read([bytes, 'broken'], compression)).toEqual({ content: Buffer.from('a,b\n'), left: 'broken' })
  })

  test.each<[Compression, Buffer]>([
    ['gzip', gzipSync(Buffer.alloc(1_000_000, 'a,b\n'))],
    ['zstd', zstdFrame(Buffer.alloc(1_000_000, 'a,b\n'), 100_000)],
  ])('whoever stops reading %s closes the bytes', async (compression, packed) => {
    let isClosed = false
    const bytes = async function* () {
      try {
        yield* stream([packed, packed])
      } finally {
        isClosed = true
      }
    }
    for await (const piece of contentOf(bytes(), compression)) {
      expect(E.isRight(piece)).toBe(true)
      break
    }
    expect(isClosed).toBe(true)
  })
})
