import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import type { ObjectRef } from '../capabilities'
import { explain } from '../explain'

/**
 * Where one stream is: every file up to `through`, in the order of (last modified, key), is done, but for those in `open`: begun,
 * or failed and pending. Pure; a run holds one a stream.
 */
export interface Cursor {
  readonly through: Position | undefined
  readonly open: ReadonlyMap<string, Mark>
}

export interface Position {
  readonly modifiedMs: number
  readonly key: string
}

/** How far a file was read: the next row begins at byte `offset` of the object with this ETag. */
export interface Mark {
  readonly object: ObjectRef
  readonly offset: number
  /** Rows before the mark, rejected ones and those of them that were rejected. */
  readonly row: number
  readonly rejected: number
}

/** The cursor of a stream that has read nothing. */
export const START: Cursor = { through: undefined, open: new Map() }

/** Files are read in this order: a cursor can then say "up to here". */
export const inOrder = (a: Position, b: Position): number =>
  a.modifiedMs - b.modifiedMs || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

/** Whether a listed file has rows that the stream has not seen. */
export const wants = (cursor: Cursor, object: ObjectRef): boolean =>
  cursor.open.has(object.key) || cursor.through === undefined || inOrder(object, cursor.through) > 0

/** Where to go on in a file; its beginning if it is new or another object stands under its key now. */
export const markOf = (cursor: Cursor, object: ObjectRef): Mark => {
  const mark = cursor.open.get(object.key)
  // The same bytes may have been put again: the mark holds, the time is the new one's.
  return mark?.object.etag === object.etag ? { ...mark, object } : { object, offset: 0, row: 0, rejected: 0 }
}

/** Progress in a file. */
export const advance = (cursor: Cursor, mark: Mark): Cursor => ({
  ...cursor,
  open: new Map(cursor.open).set(mark.object.key, mark),
})

/** A file was read to its end. */
export const finish = (cursor: Cursor, object: ObjectRef): Cursor => {
  const open = new Map(cursor.open)
  open.delete(object.key)
  return { through: later(cursor.through, object), open }
}

/** A file can't be read on: it stays pending at its mark, and the cursor passes it. */
export const fail = (cursor: Cursor, mark: Mark): Cursor => ({
  through: later(cursor.through, mark.object),
  open: new Map(cursor.open).set(mark.object.key, mark),
})

/** Pending files that the listing no longer has are let go; their keys. */
export const dropVanished = (cursor: Cursor, listed: ReadonlySet<string>): readonly [Cursor, ReadonlyArray<string>] => {
  const gone = [...cursor.open.keys()].filter((key) => !listed.has(key))
  if (gone.length === 0) return [cursor, gone]
  return [{ ...cursor, open: new Map([...cursor.open].filter(([key]) => listed.has(key))) }, gone]
}

/** The place that a state belongs to: a state of another is refused. */
export interface Place {
  readonly bucket: string
  readonly prefix: string
}

/** A cursor as `stream_state`, version 1. */
export const encode = (place: Place, cursor: Cursor): Readonly<Record<string, unknown>> => ({
  version: VERSION,
  bucket: place.bucket,
  path_prefix: place.prefix,
  _ab_source_file_last_modified: cursor.through === undefined ? undefined : rfc3339(cursor.through.modifiedMs),
  _ab_source_file_url: cursor.through?.key,
  files: [...cursor.open.values()].map(({ object, offset, row, rejected }) => ({
    key: object.key,
    last_modified: rfc3339(object.modifiedMs),
    etag: object.etag,
    bytes: object.bytes,
    offset,
    row,
    rejected,
  })),
})

/** Reads a `stream_state`. Left: why it can't be used. */
export const decode =
  (place: Place) =>
  (json: unknown): E.Either<string, Cursor> =>
    pipe(
      Head.decode(json),
      E.mapLeft((errors) => explain(errors).join('; ')),
      E.filterOrElse(
        ({ version }) => version <= VERSION,
        () => 'it was written by a newer version of this connector: update the connector',
      ),
      E.filterOrElse(
        ({ bucket, path_prefix }) => bucket === place.bucket && path_prefix === place.prefix,
        ({ bucket, path_prefix }) => `it belongs to bucket ${bucket}, folder "${path_prefix}"`,
      ),
      E.chain(() =>
        pipe(
          StateV1.decode(json),
          E.mapLeft((errors) => explain(errors).join('; ')),
          E.map(fromV1),
        ),
      ),
    )

/** RFC 3339 with milliseconds and Z. */
export const rfc3339 = (ms: number): string => new Date(ms).toISOString()

const VERSION = 1

const later = (through: Position | undefined, { modifiedMs, key }: ObjectRef): Position =>
  through !== undefined && inOrder(through, { modifiedMs, key }) >= 0 ? through : { modifiedMs, key }

const Head = t.type({ version: t.number, bucket: t.string, path_prefix: t.string }, 'a state of this connector')

const Time = new t.Type<number, string>(
  'a date-time',
  (json): json is number => typeof json === 'number',
  (json, context) => {
    const ms = typeof json === 'string' ? Date.parse(json) : NaN
    return Number.isNaN(ms) ? t.failure(json, context) : t.success(ms)
  },
  rfc3339,
)

const Count = t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'a count')

const StateV1 = t.intersection(
  [
    t.type({
      files: t.array(
        t.type({
          key: t.string,
          last_modified: Time,
          etag: t.string,
          bytes: Count,
          offset: Count,
          row: Count,
          rejected: Count,
        }),
      ),
    }),
    t.partial({ _ab_source_file_last_modified: Time, _ab_source_file_url: t.string }),
  ],
  'a state of this connector',
)

const fromV1 = (state: t.TypeOf<typeof StateV1>): Cursor => ({
  through:
    state._ab_source_file_last_modified === undefined
      ? undefined
      : { modifiedMs: state._ab_source_file_last_modified, key: state._ab_source_file_url ?? '' },
  open: new Map(
    state.files.map(({ key, last_modified, etag, bytes, offset, row, rejected }) => [
      key,
      { object: { key, etag, bytes, modifiedMs: last_modified }, offset, row, rejected },
    ]),
  ),
})
