/**
 * XXH64 with seed 0, the checksum of zstd's frames (github.com/Cyan4973/xxHash, doc/xxhash_spec.md). Numbers of 64 bits are two of 32 on the
 * way, and a BigInt only at the end: that is ten times as fast.
 */
export class Xxh64 {
  /** Four numbers, the low half of each first. */
  private readonly lanes = Int32Array.from(FIRST_LANES.flatMap((lane) => [low(lane), low(lane >> 32n)]))
  private rest: Buffer = Buffer.alloc(0)
  private seenBytes = 0

  update(content: Buffer): void {
    const bytes = this.rest.length === 0 ? content : Buffer.concat([this.rest, content])
    const whole = bytes.length - (bytes.length % STRIPE_BYTES)
    for (let at = 0; at < whole; at += STRIPE_BYTES)
      for (let lane = 0; lane < 8; lane += 2) mix(this.lanes, lane, bytes, at + 4 * lane)
    this.rest = Buffer.from(bytes.subarray(whole))
    this.seenBytes += content.length
  }

  /** The sum of all that was seen. */
  digest(): bigint {
    let sum = mod(this.merged() + BigInt(this.seenBytes))
    let at = 0
    for (; at + 8 <= this.rest.length; at += 8)
      sum = mod(rotated(sum ^ mixed(0n, this.rest.readBigUInt64LE(at)), 27n) * P1 + P4)
    for (; at + 4 <= this.rest.length; at += 4)
      sum = mod(rotated(sum ^ mod(BigInt(this.rest.readUInt32LE(at)) * P1), 23n) * P2 + P3)
    for (; at < this.rest.length; at++) sum = mod(rotated(sum ^ mod(BigInt(this.rest[at] ?? 0) * P5), 11n) * P1)
    sum = mod((sum ^ (sum >> 33n)) * P2)
    sum = mod((sum ^ (sum >> 29n)) * P3)
    return sum ^ (sum >> 32n)
  }

  private merged(): bigint {
    if (this.seenBytes < STRIPE_BYTES) return P5
    const lanes = [0, 2, 4, 6].map((at) => unsigned(this.lanes[at]) + (unsigned(this.lanes[at + 1]) << 32n))
    const sum = lanes.reduce((total, lane, i) => total + rotated(lane, SHIFTS[i] ?? 0n), 0n)
    return lanes.reduce((total, lane) => mod((total ^ mixed(0n, lane)) * P1 + P4), mod(sum))
  }
}

const STRIPE_BYTES = 32
const SHIFTS = [1n, 7n, 12n, 18n]

const P1 = 0x9e3779b185ebca87n
const P2 = 0xc2b2ae3d27d4eb4fn
const P3 = 0x165667b19e3779f9n
const P4 = 0x85ebca77c2b2ae63n
const P5 = 0x27d4eb2f165667c5n
const FIRST_LANES = [P1 + P2, P2, 0n, -P1]

const low = (number: bigint): number => Number(BigInt.asIntN(32, number))
const unsigned = (half: number | undefined): bigint => BigInt((half ?? 0) >>> 0)
const mod = (number: bigint): bigint => BigInt.asUintN(64, number)
const rotated = (number: bigint, by: bigint): bigint => mod((number << by) | (mod(number) >> (64n - by)))

/** What a lane becomes by eight bytes. */
const mixed = (lane: bigint, input: bigint): bigint => mod(rotated(mod(lane + input * P2), 31n) * P1)

const P1_LOW = low(P1)
const P1_HIGH = low(P1 >> 32n)
const P2_LOW = low(P2)
const P2_HIGH = low(P2 >> 32n)

/** `mixed`, on the halves of a lane. */
const mix = (lanes: Int32Array, at: number, bytes: Buffer, from: number): void => {
  const inputLow = bytes.readInt32LE(from)
  const inputHigh = bytes.readInt32LE(from + 4)
  const addedLow = Math.imul(inputLow, P2_LOW)
  const addedHigh = highOf(inputLow, P2_LOW) + Math.imul(inputHigh, P2_LOW) + Math.imul(inputLow, P2_HIGH)
  const sumLow = ((lanes[at] ?? 0) >>> 0) + (addedLow >>> 0)
  const sumHigh = ((lanes[at + 1] ?? 0) + addedHigh + (sumLow > 0xffffffff ? 1 : 0)) | 0
  const turnedLow = (sumLow << 31) | (sumHigh >>> 1)
  const turnedHigh = (sumHigh << 31) | ((sumLow | 0) >>> 1)
  lanes[at] = Math.imul(turnedLow, P1_LOW)
  lanes[at + 1] = highOf(turnedLow, P1_LOW) + Math.imul(turnedHigh, P1_LOW) + Math.imul(turnedLow, P1_HIGH)
}

/** The upper 32 bits of the product of two numbers of 32 bits. */
const highOf = (a: number, b: number): number => {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16]
  const crossed = aHigh * bLow + ((aLow * bLow) >>> 16)
  const middle = aLow * bHigh + (crossed & 0xffff)
  return aHigh * bHigh + (crossed >>> 16) + (middle >>> 16)
}
