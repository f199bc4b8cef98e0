import type { Dice } from './dice'

type Json = Readonly<Record<string, unknown>>

/** A class of faults: what goes wrong in a sync, by chance. */
export interface FaultClass {
  readonly name: string
  /** A run that takes longer will not end. Absent: as long as any run needs that nothing holds up for seconds on end. */
  readonly mostMs?: number
  /** `requests`: how many the sync needs at the least. */
  readonly trouble: (dice: Dice, requests: number) => Trouble
}

/** What goes wrong in one sync, and where it differs from an ordinary one. */
export interface Trouble {
  /** Settings of the emulator. */
  readonly platform?: Json
  /** Keys of the destination's config. */
  readonly config?: Json
  /** The runs before the last one. They are disturbed; the last one is not, and must complete the sync. */
  readonly disturbed?: ReadonlyArray<Disturbed>
  /** Settings of the emulator from the last run on. */
  readonly mended?: Json
  /** Modules in preload/ that the destination loads first: its clock jumps, or the one that its patience goes by rushes. */
  readonly preload?: ReadonlyArray<'clock' | 'rush'>
  /** Rejects are kept in a bucket, whose writes meet trouble. */
  readonly keepsRejects?: boolean
  /** More faults than these would be met only by one that goes on where it is to stop. */
  readonly mostFaults?: number
  /** Where the records come from: a source that the suite plays, or `read` of a bucket. */
  readonly from?: 'records' | 'bucket'
  readonly refusedShare?: number
  readonly malformedShare?: number
  readonly padding?: number
}

/** A run that does not complete: it is struck, unless it is done before; or it is to fail by itself. */
export type Disturbed = Strike | Failed

/** How a run is to fail: by its type, and in what words. */
export interface Failed {
  readonly failure: 'config_error' | 'transient_error'
  readonly saying?: RegExp
}

/**
 * A signal at some moment: when the emulator has had so many requests more, or the bucket of the rejects so many writes, when so
 * many states are back, or after a time.
 */
export interface Strike {
  readonly signal: 'SIGKILL' | 'SIGTERM'
  /** Only `read | write` has a reader. */
  readonly target: 'writer' | 'reader' | 'both'
  readonly moment:
    { readonly requests: number } | { readonly puts: number } | { readonly states: number } | { readonly ms: number }
}
