/** Pacing as arithmetic: time and chance come in as arguments. */
export interface Pacing {
  /** Upper bound of the first wait. */
  readonly baseMs: number
  readonly capMs: number
  /** After so long of nothing but rate limits ... */
  readonly limitedForMs: number
  /** ... the wait is this: a per-minute limit lifts after five minutes (TikTok's API rate limits, read 2026-08). */
  readonly limitedPauseMs: number
}

export const PACING: Pacing = { baseMs: 1_000, capMs: 30_000, limitedForMs: 60_000, limitedPauseMs: 300_000 }

/**
 * How long to wait before a retry: full jitter, so that many connectors that failed together don't come back together (of the pause, a tenth).
 * `attempt` is 0 for the first retry; `random` is uniform in [0, 1); `limitedMs` is for how long there were only rate limits.
 */
export const waitMs = (pacing: Pacing, attempt: number, random: number, limitedMs: number): number =>
  limitedMs >= pacing.limitedForMs
    ? pacing.limitedPauseMs * (1 + random / 10)
    : random * Math.min(pacing.capMs, pacing.baseMs * 2 ** Math.min(attempt, 30))
