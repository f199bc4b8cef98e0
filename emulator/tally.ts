/** What the emulator has been asked and what it did, apart from the events themselves. */
export interface Tally {
  /** Requests on TikTok's paths, wrong ones included; the admin's are not counted. */
  total: number
  /** By the answer: an envelope's code, or http_404, http_502..., reset, hang, cut. A dripping one counts as what it says. */
  readonly byCode: Map<string, number>
  /** By path: event/track, offline/get, other. */
  readonly byPath: Map<string, number>
  /** By faultName. */
  readonly faults: Map<string, number>
  /** Bytes of the bodies received on event/track. */
  bytes: number
  /** Requests of event/track whose body was refused, in part at least, and the events that were not taken for it. */
  refusedRequests: number
  refusedEvents: number
}

export function createTally(): Tally {
  return {
    total: 0,
    byCode: new Map(),
    byPath: new Map(),
    faults: new Map(),
    bytes: 0,
    refusedRequests: 0,
    refusedEvents: 0,
  }
}

export function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
