import * as zlib from 'node:zlib'
import { Decompress } from 'fzstd'
import { type Inflater, NodeInflater, type Stop } from './inflater'
import { Xxh64 } from './xxh64'

/**
 * A decompressor of zstd (RFC 8878, 3.1): frames one after another, each with a decompressor of its own that is given whole blocks. Node's
 * own, where there is one (from 22.15 on), leaves the frames after the first one of a piece unread and says nothing; fzstd knows neither
 * checksums nor limits.
 */
export class ZstdInflater implements Inflater {
  private held: Array<Buffer> = []
  private heldBytes = 0
  /** There is nothing to do before so many are held. */
  private neededBytes = 0
  /** So many bytes of a skippable frame are still to come. */
  private skippedBytes = 0
  private frame: Frame | undefined
  private out: Array<Buffer> = []

  async feed(bytes: Buffer): Promise<Stop | undefined> {
    this.held.push(bytes)
    this.heldBytes += bytes.length
    while (this.heldBytes >= this.neededBytes) {
      const stop = await this.step()
      if (stop !== undefined) return stop
    }
    return undefined
  }

  finish(): Promise<Stop | undefined> {
    const isWhole = this.frame === undefined && this.heldBytes === 0 && this.skippedBytes === 0
    return Promise.resolve(isWhole ? undefined : 'damaged')
  }

  take(): ReadonlyArray<Buffer> {
    const taken = this.out
    this.out = []
    return taken
  }

  close(): void {
    this.frame?.inflater.close()
  }

  private step(): Promise<Stop | undefined> {
    if (this.skippedBytes > 0) {
      this.skip()
      return Promise.resolve(undefined)
    }
    if (this.frame === undefined) return this.open()
    return this.frame.isLast ? this.end(this.frame) : this.block(this.frame)
  }

  private skip(): void {
    const bytes = Math.min(this.skippedBytes, this.heldBytes)
    this.drop(bytes)
    this.skippedBytes -= bytes
    this.neededBytes = 1
  }

  private async open(): Promise<Stop | undefined> {
    const start = this.atLeast(SHORTEST_FRAME_BYTES)
    if (start === undefined) return undefined
    const magic = start.readUInt32LE(0)
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      this.skippedBytes = SHORTEST_FRAME_BYTES + start.readUInt32LE(4)
      return undefined
    }
    if (magic !== FRAME_MAGIC) return 'damaged'
    const headerBytes = headerBytesOf(start)
    const header = this.atLeast(headerBytes)?.subarray(0, headerBytes)
    if (header === undefined) return undefined
    if (windowBytesOf(header) > MOST_WINDOW_BYTES) return 'window-too-large'
    const isSummed = (descriptorOf(header) & 0x04) !== 0
    this.frame = { inflater: newFrameInflater(isSummed), isSummed, isLast: false }
    this.drop(headerBytes)
    return this.frame.inflater.feed(header)
  }

  private async block(frame: Frame): Promise<Stop | undefined> {
    const header = this.atLeast(BLOCK_HEADER_BYTES)?.readUIntLE(0, BLOCK_HEADER_BYTES)
    if (header === undefined) return undefined
    const type = (header >> 1) & 3
    const contentBytes = header >> 3
    if (type === RESERVED || contentBytes > MOST_BLOCK_BYTES) return 'damaged'
    const bytes = BLOCK_HEADER_BYTES + (type === REPEATED_BYTE ? 1 : contentBytes)
    const block = this.atLeast(bytes)?.subarray(0, bytes)
    if (block === undefined) return undefined
    this.drop(bytes)
    frame.isLast = (header & 1) === 1
    const stop = await frame.inflater.feed(block)
    this.out.push(...frame.inflater.take())
    return stop
  }

  /** After the last block of a frame. */
  private async end({ inflater, isSummed }: Frame): Promise<Stop | undefined> {
    const bytes = isSummed ? CHECKSUM_BYTES : 0
    const checksum = this.atLeast(bytes)?.subarray(0, bytes)
    if (checksum === undefined) return undefined
    const stop = (isSummed ? await inflater.feed(checksum) : undefined) ?? (await inflater.finish())
    this.out.push(...inflater.take())
    if (stop !== undefined) return stop
    inflater.close()
    this.drop(bytes)
    this.frame = undefined
    return undefined
  }

  /** All bytes that are held, if they are so many. */
  private atLeast(bytes: number): Buffer | undefined {
    this.neededBytes = bytes
    if (this.heldBytes < bytes) return undefined
    const [first = NOTHING] = this.held
    const all = this.held.length === 1 ? first : Buffer.concat(this.held)
    this.held = [all]
    return all
  }

  private drop(bytes: number): void {
    const all = this.atLeast(bytes) ?? NOTHING
    this.heldBytes -= bytes
    this.held = [all.subarray(bytes)]
    this.neededBytes = 0
  }
}

interface Frame {
  readonly inflater: Inflater
  readonly isSummed: boolean
  /** Its last block was read. */
  isLast: boolean
}

const NOTHING = Buffer.alloc(0)
const FRAME_MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
/** The header of a skippable frame, which any other frame is longer than. */
const SHORTEST_FRAME_BYTES = 8
const BLOCK_HEADER_BYTES = 3
const CHECKSUM_BYTES = 4
const MOST_BLOCK_BYTES = 128 * 1024
/** Windows of more bytes are for archives of other kinds; this is what decompressors allow unless told otherwise. */
const MOST_WINDOW_BYTES = 128 * 1024 * 1024

/** Types of blocks. */
const REPEATED_BYTE = 1
const RESERVED = 3

/** What says how a frame's header goes on (3.1.1.1.1). */
const descriptorOf = (header: Buffer): number => header[4] ?? 0

const isSingleSegment = (descriptor: number): boolean => (descriptor & 0x20) !== 0

const headerBytesOf = (start: Buffer): number => {
  const descriptor = descriptorOf(start)
  return 5 + (isSingleSegment(descriptor) ? 0 : 1) + dictionaryIdBytes(descriptor) + contentSizeBytes(descriptor)
}

const dictionaryIdBytes = (descriptor: number): number => [0, 1, 2, 4][descriptor & 3] ?? 0

const contentSizeBytes = (descriptor: number): number =>
  [isSingleSegment(descriptor) ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0

/** The window that a frame asks for; one of a single segment is its own window. */
const windowBytesOf = (header: Buffer): number => {
  const descriptor = descriptorOf(header)
  if (isSingleSegment(descriptor)) {
    const bytes = contentSizeBytes(descriptor)
    const size = header.subarray(header.length - bytes)
    return bytes === 8 ? Number(size.readBigUInt64LE()) : size.readUIntLE(0, bytes)
  }
  const window = header[5] ?? 0
  const base = 2 ** (10 + (window >> 3))
  return base + (base / 8) * (window & 7)
}

const newFrameInflater = (isSummed: boolean): Inflater => {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => zlib.Gunzip }
  return createZstdDecompress === undefined ? ofFzstd(isSummed) : new NodeInflater(createZstdDecompress())
}

/** A frame by fzstd, which reads over checksums; what is fed last is that of the frame. */
const ofFzstd = (isSummed: boolean): Inflater => {
  const sum = new Xxh64()
  let out: Array<Buffer> = []
  let last: Buffer = NOTHING
  const stream = new Decompress((content) => {
    const bytes = Buffer.from(content)
    if (isSummed) sum.update(bytes)
    out.push(bytes)
  })
  const push = (bytes: Buffer, isEnd: boolean): Stop | undefined => {
    try {
      stream.push(bytes, isEnd)
      return undefined
    } catch {
      return 'damaged'
    }
  }
  const isAsSummed = (): boolean => !isSummed || BigInt.asUintN(32, sum.digest()) === BigInt(last.readUInt32LE(0))
  return {
    feed: (bytes) => {
      last = bytes
      return Promise.resolve(push(bytes, false))
    },
    finish: () => Promise.resolve(push(NOTHING, true) ?? (isAsSummed() ? undefined : 'damaged')),
    take: () => {
      const taken = out
      out = []
      return taken
    },
    close: () => undefined,
  }
}
