import type { Courier, CourierOf } from './courier'

/** A courier that sends nothing: every batch counts as accepted at once. What would be refused only the platform knows. */
export const rehearsal: CourierOf = (_options, _channel, { taken, settled }) => {
  const halt = new AbortController()
  const counts = { accepted: 0, duplicates: 0, requests: 0, retries: 0, mostInFlight: 0 }
  let why: ReturnType<Courier['failure']>
  return {
    send: (batch, entries) => {
      if (why !== undefined) return undefined
      counts.accepted += entries.length
      taken(entries)
      settled(batch)
      return undefined
    },
    idle: () => Promise.resolve(),
    fail: (failure) => {
      why ??= failure
      halt.abort()
    },
    failure: () => why,
    halted: halt.signal,
    counts,
    inFlight: () => 0,
  }
}
