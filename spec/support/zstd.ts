import { Xxh64 } from '../../src/source/xxh64'

/** A frame of zstd whose blocks hold content as it is, of so many bytes each: Node 20 can't compress. */
export const zstdFrame = (content: Buffer, blockBytes: number, isSummed = true): Buffer => {
  const parts: Array<Buffer> = [FRAME_START, Buffer.of(isSummed ? 0x04 : 0x00, WINDOW_OF_8_MIB)]
  for (let at = 0; at === 0 || at < content.length; at += blockBytes) {
    const block = content.subarray(at, at + blockBytes)
    parts.push(blockHeader(STORED, block.length, at + blockBytes >= content.length), block)
  }
  return Buffer.concat(isSummed ? [...parts, checksum(content)] : parts)
}

/** A frame of so many blocks of one byte each, repeated 128 KiB times: four bytes a block. */
export const zstdBomb = (blocks: number): Buffer => {
  const block = (isLast: boolean) => Buffer.concat([blockHeader(REPEATED, 128 * 1024, isLast), Buffer.from('x')])
  const middle = Array<Buffer>(blocks - 1).fill(block(false))
  return Buffer.concat([FRAME_START, Buffer.of(0x00, WINDOW_OF_8_MIB), ...middle, block(true)])
}

/** A frame that is to be skipped. */
export const skippableFrame = (bytes: number): Buffer => {
  const header = Buffer.from('522a4d1800000000', 'hex')
  header.writeUInt32LE(bytes, 4)
  return Buffer.concat([header, Buffer.alloc(bytes, 0x28)])
}

const FRAME_START = Buffer.from('28b52ffd', 'hex')
const WINDOW_OF_8_MIB = 13 << 3
const STORED = 0
const REPEATED = 1

const blockHeader = (type: number, bytes: number, isLast: boolean): Buffer => {
  const header = Buffer.alloc(3)
  header.writeUIntLE((bytes << 3) | (type << 1) | (isLast ? 1 : 0), 0, 3)
  return header
}

const checksum = (content: Buffer): Buffer => {
  const sum = new Xxh64()
  sum.update(content)
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(Number(BigInt.asUintN(32, sum.digest())))
  return bytes
}
