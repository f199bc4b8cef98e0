/** What a platform takes, in seconds: how old an event may be, and how far ahead it may lie. */
export interface Window {
  readonly pastSeconds: number
  readonly futureSeconds: number
}

/** How old events are against a window. */
export interface AgesFound {
  readonly events: number
  /** Unix seconds of the oldest and the newest event; undefined without events. */
  readonly oldest: number | undefined
  readonly newest: number | undefined
  /** From the future to the past, without gaps: every event is in one of them. */
  readonly bands: ReadonlyArray<AgeBand>
}

/** Events of an age above `from` up to `to` seconds; what lies ahead has an age below 0. */
export interface AgeBand {
  readonly from: number
  readonly to: number
  /** Whether the platform takes events of this age. */
  readonly isTaken: boolean
  readonly events: number
}

/** Counts events by age. */
export interface Ages {
  readonly add: (eventTime: number) => void
  readonly found: () => AgesFound
}

const DAY_SECONDS = 86_400

/** Ends of the bands within a window, in days. */
const STEPS = [1, 3, 7, 14, 21]

/** An empty count. */
export const newAges = (nowSeconds: number, { pastSeconds, futureSeconds }: Window): Ages => {
  const within = STEPS.map((days) => days * DAY_SECONDS).filter((seconds) => seconds < pastSeconds)
  // One that is as old as the window, or as far ahead, is taken: ages are whole seconds.
  const ends = [-futureSeconds - 1, ...within, pastSeconds, Infinity]
  const counts = ends.map(() => 0)
  let oldest: number | undefined
  let newest: number | undefined
  return {
    add: (eventTime) => {
      const age = nowSeconds - eventTime
      let band = 0
      while (age > (ends[band] ?? Infinity)) band++
      counts[band] = (counts[band] ?? 0) + 1
      if (oldest === undefined || eventTime < oldest) oldest = eventTime
      if (newest === undefined || eventTime > newest) newest = eventTime
    },
    found: () => ({
      events: counts.reduce((sum, count) => sum + count, 0),
      oldest,
      newest,
      bands: ends.map((to, i) => ({
        from: ends[i - 1] ?? -Infinity,
        to,
        isTaken: i > 0 && i < ends.length - 1,
        events: counts[i] ?? 0,
      })),
    }),
  }
}
