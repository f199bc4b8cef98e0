import { createHash } from 'node:crypto'
import { seededChance } from '../../emulator/chance'

/** Chance for one sync: the same for the same seed, so that what failed can be done again. */
export interface Dice {
  /** A whole number, both ends included. */
  readonly between: (least: number, most: number) => number
  readonly oneOf: <A>(list: readonly [A, ...A[]]) => A
  /** True in so large a share of throws. */
  readonly happens: (share: number) => boolean
}

/** Dice for a text, such as the name of a class and a seed. */
export const diceOf = (text: string): Dice => {
  const chance = seededChance(createHash('sha256').update(text).digest().readUInt32BE(0))
  const between = (least: number, most: number): number => least + Math.floor(chance() * (most - least + 1))
  return {
    between,
    oneOf: (list) => list[between(0, list.length - 1)] ?? list[0],
    happens: (share) => chance() < share,
  }
}
