import type { Origin } from './batch'
import { NONE, SlotIndex } from './slot-index'

/**
 * The events that a run has met last, to tell those that come again. Exact: events are compared by 128 bits of the SHA-256 of what
 * is sent. The memory is a few blocks, 56 bytes an event, that the system gives only as they are used: objects would take five times
 * that, and the garbage collector's time.
 */
export interface Recent {
  /**
   * Meets an event. `content`: the SHA-256 of the event as it is sent, in hex; `name` and `id`: what the platform tells repeats by,
   * no id where that is made of the content itself. Returns 'same' for an event met before, and for another one of the same name
   * and id where that was met last.
   */
  readonly meet: (content: string, name: string, id: string | undefined, origin: Origin) => Origin | 'same' | undefined
}

/** The last events of a run, at most `capacity` of them, which is at most 2^20 - 1. */
export const newRecent = (capacity: number): Recent => {
  const block = new Uint32Array(capacity * STRIDE)
  const contents = new SlotIndex(block, STRIDE, CONTENT, CONTENT_WORDS)
  const keys = new SlotIndex(block, STRIDE, KEY, KEY_WORDS)
  const places = newPlaces(block, capacity)
  const content = new Uint32Array(CONTENT_WORDS)
  const key = new Uint32Array(KEY_WORDS)
  let next = 0
  let isFull = false

  const take = (): number => {
    const slot = next
    if (isFull) {
      contents.drop(slot)
      keys.drop(slot)
    }
    next = slot + 1
    if (next === capacity) {
      next = 0
      isFull = true
    }
    return slot
  }

  return {
    meet: (contentHex, name, id, origin) => {
      readHex(contentHex, content)
      if (contents.find(content) !== NONE) return 'same'
      if (id !== undefined) mix(name, id, key)
      const before = id === undefined ? NONE : keys.find(key)
      const met = before === NONE ? undefined : places.at(before)
      // The later event stands for the key from now on.
      if (before !== NONE) keys.drop(before)
      const slot = take()
      copy(content, block, slot * STRIDE + CONTENT)
      contents.put(slot)
      if (id !== undefined) {
        copy(key, block, slot * STRIDE + KEY)
        keys.put(slot)
      }
      places.put(slot, origin)
      return met
    },
  }
}

/** Words of a slot: the content's digest, the key's, the row + 1 (0: not known), and the number of stream and file. */
const STRIDE = 8
const CONTENT = 0
const CONTENT_WORDS = 4
const KEY = 4
const KEY_WORDS = 2
const ROW = 6
const SOURCE = 7

/** Origins by slot, as numbers; files and streams are few. */
const newPlaces = (block: Uint32Array, capacity: number) => {
  const records = new Float64Array(capacity)
  const known: Array<Pick<Origin, 'stream' | 'file'>> = []
  const numbers = new Map<string, number>()
  let last = -1
  const sourceOf = ({ stream, file }: Pick<Origin, 'stream' | 'file'>): number => {
    const before = last === -1 ? undefined : known[last]
    if (before?.file === file && before?.stream === stream) return last
    // Where each record names a file of its own, the files are not remembered any more.
    if (file !== undefined && known.length >= MOST_SOURCES) return sourceOf({ stream, file: undefined })
    const name = `${stream}\n${file ?? ''}`
    last = numbers.get(name) ?? known.push({ stream, file }) - 1
    numbers.set(name, last)
    return last
  }
  return {
    put: (slot: number, origin: Origin): void => {
      const { record, row } = origin
      records[slot] = record
      block[slot * STRIDE + ROW] = isRow(row) ? row + 1 : 0
      block[slot * STRIDE + SOURCE] = sourceOf(origin)
    },
    at: (slot: number): Origin => {
      const { stream = '', file } = known[Number(block[slot * STRIDE + SOURCE])] ?? {}
      const row = Number(block[slot * STRIDE + ROW])
      return { stream, record: Number(records[slot]), file, row: row === 0 ? undefined : row - 1 }
    },
  }
}

const MOST_SOURCES = 100_000

const isRow = (row: number | undefined): row is number =>
  row !== undefined && Number.isInteger(row) && row >= 0 && row < 0xffff_ffff

/** Word by word: for so few a call of `set` costs ten times as much. */
const copy = (words: Uint32Array, into: Uint32Array, at: number): void => {
  for (let i = 0; i < words.length; i++) into[at + i] = words[i] ?? 0
}

/** The first words of a digest in hex. By a table: to slice and parse it would cost four times as much. */
const readHex = (hex: string, into: Uint32Array): void => {
  for (let word = 0; word < into.length; word++) {
    const end = word * 8 + 8
    let bits = 0
    for (let at = end - 8; at < end; at++) bits = (bits << 4) | (DIGITS[hex.charCodeAt(at)] ?? 0)
    into[word] = bits
  }
}

const DIGITS = new Uint8Array(128)
for (let digit = 0; digit < 16; digit++) DIGITS[digit.toString(16).charCodeAt(0)] = digit

/** 64 bits of a name and an id. By a key events are only warned of: it need not withstand those who search for two of one digest. */
const mix = (name: string, id: string, into: Uint32Array): void => {
  let a = 0x9e3779b9 ^ id.length
  let b = 0x243f6a88
  for (let i = 0; i < name.length; i++) {
    a = Math.imul(a ^ name.charCodeAt(i), 0x85ebca6b)
    b = Math.imul(b ^ name.charCodeAt(i), 0xc2b2ae35)
  }
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i)
    a = Math.imul(a ^ code ^ (a >>> 15), 0x9e3779b1)
    b = Math.imul(b ^ code ^ (b >>> 13), 0x85ebca77)
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b)
  b = Math.imul(b ^ (b >>> 15), 0xc2b2ae35)
  into[0] = a ^ (a >>> 13) ^ b
  into[1] = b ^ (b >>> 16) ^ Math.imul(a, 5)
}
