/** No slot. */
export const NONE = -1

/** A slot, from 1, has the lower 20 bits of an entry. */
export const MOST_SLOTS = 2 ** 20 - 1

/**
 * Finds the slot of a block that holds some words: open addressing with linear probing, less than half full. The block has `stride`
 * words a slot, those looked for begin at `offset`. An entry of the table is a slot and 12 bits of its words: nearly all others are
 * passed over without a look at the block, which would cost a miss of the cache each.
 */
export class SlotIndex {
  private readonly table: Uint32Array
  private readonly mask: number

  constructor(
    private readonly block: Uint32Array,
    private readonly stride: number,
    private readonly offset: number,
    private readonly words: number,
  ) {
    const size = 2 ** Math.ceil(Math.log2((2 * block.length) / stride))
    this.table = new Uint32Array(size)
    this.mask = size - 1
  }

  /** The slot that holds these words, or NONE. */
  find(words: Uint32Array): number {
    const { table, mask } = this
    const mark = markOf(words[1] ?? 0)
    for (let at = (words[0] ?? 0) & mask; ; at = (at + 1) & mask) {
      const entry = table[at] ?? 0
      if (entry === 0) return NONE
      if ((entry & MARK_MASK) === mark && this.holds((entry & MOST_SLOTS) - 1, words)) return (entry & MOST_SLOTS) - 1
    }
  }

  /** Puts in a slot whose words stand in the block. */
  put(slot: number): void {
    const { table, mask } = this
    let at = this.home(slot)
    while (table[at] !== 0) at = (at + 1) & mask
    const mark = markOf(this.block[slot * this.stride + this.offset + 1] ?? 0)
    table[at] = mark | (slot + 1)
  }

  /** Takes a slot out, if it is in, before its words are overwritten. */
  drop(slot: number): void {
    const { table, mask } = this
    let hole = this.home(slot)
    while (((table[hole] ?? 0) & MOST_SLOTS) !== slot + 1) {
      if (table[hole] === 0) return
      hole = (hole + 1) & mask
    }
    // What was pushed beyond the hole by others moves up: a search ends at the first empty place.
    for (let at = (hole + 1) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const home = this.home(((table[at] ?? 0) & MOST_SLOTS) - 1)
      if (((at - home) & mask) < ((at - hole) & mask)) continue
      table[hole] = table[at] ?? 0
      hole = at
    }
    table[hole] = 0
  }

  private home(slot: number): number {
    return (this.block[slot * this.stride + this.offset] ?? 0) & this.mask
  }

  private holds(slot: number, words: Uint32Array): boolean {
    const at = slot * this.stride + this.offset
    for (let i = 0; i < this.words; i++) if (this.block[at + i] !== words[i]) return false
    return true
  }
}

const MARK_MASK = ~MOST_SLOTS

/** The upper bits of a word, in the place of an entry's mark. */
const markOf = (word: number): number => word & MARK_MASK
