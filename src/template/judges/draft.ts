import type { Fault, WarningCode } from '../fault'
import { trim } from '../trim'
import { type OfflineEvent, emptyEvent } from '../offline-event'

/** What a user sets about empty or ambiguous cells. */
export interface Defaults {
  readonly eventName: string | undefined
  /** ISO 3166 two-letter code for phones without + or 00. */
  readonly country: string | undefined
  /** ISO 4217: three capital letters. */
  readonly currency: string | undefined
  /** IANA name of the zone in which date-times without offset were written. */
  readonly timeZone: string | undefined
}

/** How cells are judged. */
export interface Manner extends Defaults {
  /** In records of any source: one object stands for a list of them. */
  readonly loose: boolean
  /** The decimal sign of values; the other one is refused, never guessed. */
  readonly decimal: '.' | ','
  /** Identifiers are checked all the same, and stay as they are found. */
  readonly asIs: boolean
}

/** The row being judged. One object serves all rows: `begin` empties it. */
export interface Draft {
  readonly event: OfflineEvent
  purchase: boolean
  /** What was dropped or converted, to be counted if the row is kept. */
  readonly warnings: Array<WarningCode>
  /** Identifiers that were given and can't be used. */
  readonly unusable: Array<Fault>
}

/** A draft for one plan. */
export const newDraft = (): Draft => ({ event: emptyEvent(), purchase: false, warnings: [], unusable: [] })

/** Empties the draft for the next row; each judge overwrites its own field. */
export const begin = (draft: Draft): void => {
  draft.warnings.length = 0
  draft.unusable.length = 0
}

/**
 * Judges one cell (text of a file, or any JSON value of a record; undefined = absent) and writes the canonical value into the
 * draft. Returns the fault that rejects the row. Faults are built when the judge is, so that bad rows cost no more than good ones.
 */
export type Judge = (draft: Draft, cell: unknown) => Fault | undefined

/** The text of a cell: trimmed, undefined where empty, null where it is no text nor a number that a text can be made of. */
export const textOf = (cell: unknown): string | undefined | null => {
  if (typeof cell === 'string') return trim(cell) || undefined
  if (cell === undefined || cell === null) return undefined
  // An integer above 2^53 was rounded when its JSON was parsed: its text would be another id.
  if (typeof cell !== 'number' || (Number.isInteger(cell) && !Number.isSafeInteger(cell))) return null
  const text = String(cell)
  // 1e-7 is no decimal text.
  return text.includes('e') ? null : text
}
