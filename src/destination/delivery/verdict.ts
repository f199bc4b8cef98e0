import type * as E from 'fp-ts/Either'
import type { HttpReply, HttpTrouble } from '../../capabilities'

/**
 * What a platform's answer means. The loop in deliver.ts knows only these; each platform makes them from its own codes by a
 * table. Reasons and messages are scrubbed: no identity, no token.
 */
export type Verdict =
  | { readonly _tag: 'Accepted' }
  /** The platform has had these events before. */
  | { readonly _tag: 'Duplicate' }
  /** Passing trouble: the same bytes again, later. */
  | { readonly _tag: 'Again'; readonly reason: string; readonly rateLimited: boolean }
  /** An event of the request is bad; which one is to be found out. What was taken may be sent again. */
  | { readonly _tag: 'Refused'; readonly message: string; readonly requestId: string | undefined }
  /** The request itself can't be right, whatever its events: token, event set, address. */
  | { readonly _tag: 'Halt'; readonly reason: string }

/** An answer, or why there was none. */
export type Answer = E.Either<HttpTrouble, HttpReply>
