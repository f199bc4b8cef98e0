/**
 * How many requests may be in flight, and when the next one may start: arithmetic, the time comes in. One request until the
 * platform has taken events, so that a wrong token costs one refusal; then as many as allowed, half of them after each rate limit,
 * and slowly more again.
 */
export interface Pace {
  /** So many requests may be in flight now. */
  readonly most: () => number
  /** A request was let through: a round of them makes room for one more. */
  readonly passed: () => void
  /** Events were taken, for the first time or again. */
  readonly open: () => void
  /** A request that was sent at `sentMs` met a rate limit, at `nowMs`. */
  readonly limited: (sentMs: number, nowMs: number) => void
  /** Takes the next turn of the requests per second; returns for how long to wait for it. */
  readonly turnMs: (nowMs: number) => number
}

export interface PaceOptions {
  readonly mostInFlight: number
  readonly mostPerSecond: number
}

/** The pace of one run. */
export const newPace = ({ mostInFlight, mostPerSecond }: PaceOptions): Pace => {
  let most = 1
  let isOpen = false
  let passedOfRound = 0
  let cutMs = -Infinity
  // Tokens come evenly, and a tenth of a second's worth may be saved up: together never more than the limit in any second.
  const saved = Math.max(1, mostPerSecond * BURST)
  const perMs = (mostPerSecond - saved) / 1000
  let tokens = saved
  let filledMs = -Infinity
  return {
    most: () => most,
    open: () => {
      if (!isOpen) most = mostInFlight
      isOpen = true
    },
    passed: () => {
      if (!isOpen || most === mostInFlight || ++passedOfRound < most) return
      most++
      passedOfRound = 0
    },
    limited: (sentMs, nowMs) => {
      // The others of its round meet the same limit: that is one sign and not thirty-two.
      if (sentMs <= cutMs) return
      most = Math.max(1, most >> 1)
      passedOfRound = 0
      cutMs = nowMs
    },
    turnMs: (nowMs) => {
      tokens = Math.min(saved, tokens + (nowMs - filledMs) * perMs) - 1
      filledMs = nowMs
      return tokens >= 0 ? 0 : -tokens / perMs
    },
  }
}

const BURST = 0.1
