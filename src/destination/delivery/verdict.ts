import type * as E from 'fp-ts/Either'
import type { HttpReply, HttpTrouble } from '../../capabilities'

/**
 * What a platform's answer means. The loop in deliver.ts knows only these; each platform makes them from its own codes by a
 * table. Reasons and messages are scrubbed: no identity, no token. Places are those of the events in the request, from 0.
 */
export type Verdict =
  | { readonly _tag: 'Accepted' }
  /** The platform has had these events before. */
  | { readonly _tag: 'Duplicate' }
  /** Passing trouble: the same bytes again, later. */
  | { readonly _tag: 'Again'; readonly reason: string; readonly cause: 'trouble' | 'rate-limit' }
  /** This machine gave no connection; with fewer at a time it may. */
  | ({ readonly _tag: 'Crowded' } & HttpTrouble)
  /** A limit that does not lift within any wait worth its while. */
  | { readonly _tag: 'Exhausted'; readonly reason: string }
  /** An event of the request is bad; which one is to be found out, `suspect` is a hint. What was taken may be sent again. */
  | (Said & { readonly _tag: 'Refused'; readonly suspect: number | undefined })
  /** These events are bad, it says, and the others were taken: both are hints, for the list may be wrong, or not whole. */
  | (Said & { readonly _tag: 'Partial'; readonly failed: ReadonlyArray<number> })
  /** The request itself can't be right, whatever its events: token, event set, address. */
  | { readonly _tag: 'Halt'; readonly reason: string }

/** A verdict after which the request is not repeated. */
export type Settling = Extract<Verdict, { _tag: 'Accepted' | 'Duplicate' | 'Refused' | 'Partial' }>

/** What a platform says of an event that it refuses. */
export interface Said {
  readonly message: string
  readonly requestId: string | undefined
}

/** An answer, or why there was none. */
export type Answer = E.Either<HttpTrouble, HttpReply>
