import type { ObjectRef } from '../../src/capabilities'
import type { Mark } from '../../src/source/cursor'
import type { Reach } from '../../src/source/reach'

/** A listed file of 100 bytes. */
export const file = (key: string, modifiedMs: number, etag = `"${key}"`): ObjectRef => ({
  key,
  modifiedMs,
  etag,
  bytes: 100,
  archived: false,
})

/** A mark behind a row of ten bytes. */
export const markAt = (object: ObjectRef, row: number): Mark => ({
  object,
  offset: row * 10,
  row,
  rejected: 0,
  stretches: [],
  cut: undefined,
})

/** What was read of a file of so many rows. */
export const readTo = (row: number): Reach => ({ offset: row * 10, row, rejected: 0, stretches: [], cut: undefined })
