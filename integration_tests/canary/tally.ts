import { CANARIES, DIGESTS } from './canaries'
import type { Case, Played } from './cases/case'
import { type Hit, search } from './watch'

/** The ways by which something gets out of a process to those who run it. */
export const WAYS = ['stdout', 'stderr', 'files'] as const
export type Way = (typeof WAYS)[number]

/** What the suite did: told in its last line, so that a search of nothing is seen. */
export interface Tally {
  runs: number
  bytes: number
  found: number
}

export const newTally = (): Tally => ({ runs: 0, bytes: 0, found: 0 })

export type Found = Hit & { readonly way: Way | 'sent' }

/** Searches all that was heard of a case. What is sent to the platform is made of digests, and may hold them. */
export const searchPlayed = (tally: Tally, { emitsDigests = false }: Case, played: Played): ReadonlyArray<Found> => {
  const told = emitsDigests ? CANARIES : [...CANARIES, ...DIGESTS]
  const found = [
    ...WAYS.flatMap((way) => search(played[way], told).map((hit) => ({ way, ...hit }))),
    ...search(played.sent ?? '', CANARIES).map((hit) => ({ way: 'sent' as const, ...hit })),
  ]
  tally.runs++
  tally.found += found.length
  for (const way of WAYS) tally.bytes += Buffer.byteLength(played[way])
  tally.bytes += Buffer.byteLength(played.sent ?? '')
  return found
}
