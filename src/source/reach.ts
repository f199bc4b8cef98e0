import type { Stretches } from './digest'

/** A place between two rows of a file. */
export interface RowPlace {
  /** The next row begins at this byte of the content (the object, decompressed). */
  readonly offset: number
  /** Rows before it, rejected ones too. */
  readonly row: number
  /** Those of them that were rejected. */
  readonly rejected: number
}

/** How far a file was read. */
export interface Reach extends RowPlace {
  /** The content before the offset, to know it again by; undefined where that is not known. */
  readonly stretches: Stretches | undefined
  /** Where to go on instead, should there be more content than was read; undefined for here. */
  readonly cut: Cut | undefined
}

/** The end of content before which the last rows may not be whole: a file that grows may have been cut off in the middle of one. */
export interface Cut extends RowPlace {
  /** Whether quotes were open there. If not, a line end that follows says that the last row was whole. */
  readonly inQuotes: boolean
}

/** Of a file that nothing is known of. */
export const BEGINNING: Reach = { offset: 0, row: 0, rejected: 0, stretches: [], cut: undefined }
