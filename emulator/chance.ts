/** A repeatable source of chance: numbers in [0, 1), the same for the same seed. */
export type Chance = () => number

/** The mulberry32 generator over a 32-bit seed: small, fast, and the same on every machine. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
