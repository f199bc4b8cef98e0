import type { Dice } from './dice'

type Json = Readonly<Record<string, unknown>>

/** A class of faults: what goes wrong in a sync, by chance. */
export interface FaultClass {
  readonly name: string
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
  /** The clock of the destination jumps. */
  readonly clockJumps?: boolean
  /** Where the records come from: a source that the suite plays, or `read` of a bucket. */
  readonly from?: 'records' | 'bucket'
  readonly refusedShare?: number
  readonly malformedShare?: number
  readonly padding?: number
}

/** A run that does not complete: it is struck, unless it is done before; or it is to fail by itself. */
export type Disturbed = Strike | { readonly failure: 'config_error' }

/** A signal at some moment: when the emulator has had so many requests more, when so many states are back, or after a time. */
export interface Strike {
  readonly signal: 'SIGKILL' | 'SIGTERM'
  /** Only `read | write` has a reader. */
  readonly target: 'writer' | 'reader' | 'both'
  readonly moment: { readonly requests: number } | { readonly states: number } | { readonly ms: number }
}
