import type { Entry } from './batch'
import type { Said, Settling } from './verdict'

/**
 * Settles the events of a batch: sent whole, and where it is refused, in ever smaller parts, until the events at fault stand alone.
 * Only an event refused alone is rejected; for k of n that takes at most 1 + 2·k·⌈log₂ n⌉ requests. False: the run has ended.
 */
export type Search = (entries: ReadonlyArray<Entry>, exchange: Exchange) => Promise<boolean>

/** Sends events and waits for a verdict that is none of passing trouble. Undefined: the run has ended over it. */
export type Exchange = (events: ReadonlyArray<string>) => Promise<Settling | undefined>

/** What is found out on the way. */
export interface Finder {
  readonly taken: (entries: ReadonlyArray<Entry>, verdict: 'Accepted' | 'Duplicate') => void
  /** An event was refused alone. False: the run has ended over it. */
  readonly refused: (entry: Entry, said: Said) => boolean
}

/**
 * A search for one run, over which it learns whether the platform names the events at fault as it seems to: by a place in a message,
 * by a list. Where one of these turns out to be good, that is no more gone by; nor is it before events were taken, for many refused
 * alone and none taken would look as if the request itself were wrong.
 */
export const newSearch = (finder: Finder): Search => {
  const holds = { hints: true, lists: true }
  let hasTaken = false

  /** Settles entries and returns how many were rejected, or undefined where the run has ended. `guilty`: at least one is bad. */
  const settle = async (
    entries: ReadonlyArray<Entry>,
    guilty: boolean,
    exchange: Exchange,
  ): Promise<number | undefined> => {
    const [first] = entries
    if (first === undefined) return 0
    if (guilty && entries.length > 1) return halve(entries, exchange)
    const verdict = await exchange(entries.map(({ json }) => json))
    if (verdict === undefined) return undefined
    switch (verdict._tag) {
      case 'Accepted':
      case 'Duplicate':
        hasTaken = true
        finder.taken(entries, verdict._tag)
        return 0
      case 'Refused': {
        if (entries.length === 1) return finder.refused(first, verdict) ? 1 : undefined
        const { suspect } = verdict
        return hasTaken && holds.hints && suspect !== undefined && suspect < entries.length
          ? accuse(entries, suspect, exchange)
          : halve(entries, exchange)
      }
      case 'Partial':
        return hasTaken && holds.lists ? verify(entries, new Set(verdict.failed), exchange) : halve(entries, exchange)
    }
  }

  const halve = async (entries: ReadonlyArray<Entry>, exchange: Exchange): Promise<number | undefined> => {
    const middle = entries.length >> 1
    const left = await settle(entries.slice(0, middle), false, exchange)
    if (left === undefined) return undefined
    // Both halves were refused as one: if it was not the first, to send the other whole would only say so again.
    const right = await settle(entries.slice(middle), left === 0, exchange)
    return right === undefined ? undefined : left + right
  }

  /** The event that the message names goes alone, and then the others together. */
  const accuse = async (
    entries: ReadonlyArray<Entry>,
    suspect: number,
    exchange: Exchange,
  ): Promise<number | undefined> => {
    const alone = await settle(entries.slice(suspect, suspect + 1), false, exchange)
    if (alone === undefined) return undefined
    if (alone === 0) holds.hints = false
    const others = await settle(entries.toSpliced(suspect, 1), alone === 0, exchange)
    return others === undefined ? undefined : alone + others
  }

  /**
   * Some were taken, it says, and lists those that were not: each of these goes alone, and then the others together, for nobody can
   * tell whether the list is whole. They come again under the same event_id. A listed one that is taken shows that lists are no use.
   */
  const verify = async (
    entries: ReadonlyArray<Entry>,
    failed: ReadonlySet<number>,
    exchange: Exchange,
  ): Promise<number | undefined> => {
    const others = entries.filter((_, place) => !failed.has(place))
    const listed = entries.filter((_, place) => failed.has(place))
    let rejected = 0
    for (const entry of listed) {
      const alone = await settle([entry], false, exchange)
      if (alone === undefined) return undefined
      if (alone === 0) {
        holds.lists = false
        break
      }
      rejected++
    }
    const among = await settle([...others, ...listed.slice(rejected + 1)], false, exchange)
    return among === undefined ? undefined : rejected + among
  }

  return async (entries, exchange) => (await settle(entries, false, exchange)) !== undefined
}
