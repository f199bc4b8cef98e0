import * as zlib from 'node:zlib'
import * as E from 'fp-ts/Either'
import type { FileFault } from '../failure'
import type { Form } from './dialect'
import { type Inflater, NodeInflater } from './inflater'
import { ZstdInflater } from './zstd'

type Compression = Form['compression']

/** Content of so many bytes is taken whatever it was compressed from. */
const FREE_BYTES = 64 * 1024 * 1024
/** Beyond that a file that expands more than this is no list of sales. */
const MOST_EXPANSION = 200
/** What a decompressor is given at once: it bounds what comes out at once, which is 16 MiB of gzip, and 32 MiB of zstd. */
const SLICE_BYTES = { gzip: 16_384, zstd: 1024 }
/** Damage costs the last 16 KiB of content before it, which a decompressor keeps to itself: archives up to this size are read again. */
const REPLAYED_BYTES = 1024 * 1024

/**
 * The content of an object: its bytes, decompressed where they are compressed. Of a damaged archive all that can be read before the damage
 * comes first.
 */
export async function* contentOf<F>(
  raw: AsyncIterable<E.Either<F, Buffer>>,
  compression: Compression,
): AsyncGenerator<E.Either<F | FileFault, Buffer>, void, void> {
  if (compression === 'none') {
    yield* raw
    return
  }
  const inflater = newInflater(compression)
  const replayed: Array<Buffer> = []
  let readBytes = 0
  let contentBytes = 0
  try {
    for await (const piece of raw) {
      if (E.isLeft(piece)) {
        yield piece
        return
      }
      for (let at = 0; at < piece.right.length; at += SLICE_BYTES[compression]) {
        const slice = piece.right.subarray(at, at + SLICE_BYTES[compression])
        if (readBytes + slice.length <= REPLAYED_BYTES) replayed.push(slice)
        readBytes += slice.length
        const stop = await inflater.feed(slice)
        for (const content of inflater.take()) {
          contentBytes += content.length
          if (contentBytes > FREE_BYTES && contentBytes > readBytes * MOST_EXPANSION) {
            yield E.left(EXPANDS)
            return
          }
          yield E.right(content)
        }
        if (stop === 'window-too-large') {
          yield E.left(WINDOW_TOO_LARGE)
          return
        }
        if (stop === 'damaged') {
          const more = readBytes <= REPLAYED_BYTES ? await upToDamage(newInflater(compression), replayed) : NOTHING
          if (more.length > contentBytes) yield E.right(more.subarray(contentBytes))
          yield E.left(damagedAfter(Math.max(contentBytes, more.length)))
          return
        }
      }
    }
    const stop = await inflater.finish()
    for (const content of inflater.take()) {
      contentBytes += content.length
      yield E.right(content)
    }
    if (stop !== undefined) yield E.left(damagedAfter(contentBytes))
  } finally {
    inflater.close()
  }
}

/** All that can be read of an archive that turned out to be damaged in its last slice: that one is fed byte by byte. */
const upToDamage = async (inflater: Inflater, slices: ReadonlyArray<Buffer>): Promise<Buffer> => {
  const content: Array<Buffer> = []
  const good = slices.slice(0, -1)
  const bad = slices.at(-1) ?? NOTHING
  for (const bytes of [...good, ...[...bad.keys()].map((at) => bad.subarray(at, at + 1))]) {
    const stop = await inflater.feed(bytes)
    content.push(...inflater.take())
    if (stop !== undefined) break
  }
  inflater.close()
  return Buffer.concat(content)
}

const NOTHING = Buffer.alloc(0)

const damagedAfter = (bytes: number): FileFault => ({
  code: 'FILE_DAMAGED',
  detail: `the archive is damaged or cut off after ${bytes} bytes of its content: upload it again`,
})

const EXPANDS: FileFault = {
  code: 'FILE_UNREADABLE',
  detail: `it holds more than ${MOST_EXPANSION} times its compressed size, which no list of sales does: upload it uncompressed if it is one`,
}

const WINDOW_TOO_LARGE: FileFault = {
  code: 'FILE_UNREADABLE',
  detail: 'it was compressed with a window of more than 128 MiB: compress it without --ultra and --long',
}

const newInflater = (compression: Compression): Inflater =>
  compression === 'gzip' ? new NodeInflater(zlib.createGunzip()) : new ZstdInflater()
