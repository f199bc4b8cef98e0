import * as E from 'fp-ts/Either'
import type { Failure } from '../../failure'

/** A record that was rejected, as its owner is told of it. */
export interface Reject {
  readonly code: string
  readonly message: string
  readonly stream: string
  readonly namespace: string | undefined
  readonly record: number
  readonly file: string | undefined
  readonly row: number | undefined
  readonly column: string | undefined
  readonly transactionId: string | undefined
  readonly eventName: string | undefined
  readonly requestId: string | undefined
}

export interface RejectKeeper {
  /** Takes a reject. A promise where the bucket is behind: await it before the next. */
  readonly keep: (reject: Reject) => Promise<void> | undefined
  /** Whether all that was taken is in the bucket. */
  readonly isClean: () => boolean
  /** Resolves when all that was taken before the call is in the bucket, or with why it can't be. */
  readonly kept: () => Promise<E.Either<Failure, void>>
}

/** Where no bucket is set. */
export const NO_KEEPER: RejectKeeper = {
  keep: () => undefined,
  isClean: () => true,
  kept: () => Promise.resolve(E.right(undefined)),
}
