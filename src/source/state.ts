import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { explain } from '../explain'
import { Cursor, type Mark, rfc3339 } from './cursor'
import type { Stretches } from './digest'
import { type FileRead, History } from './history'
import type { Cut } from './reach'

/** The place that a state belongs to: a state of another is refused. */
export interface Place {
  readonly bucket: string
  readonly prefix: string
  /** The part of the files that this connection reads. */
  readonly partition: { readonly index: number; readonly count: number } | undefined
}

/** A state's JSON takes no more bytes. A message of the protocol has a little more. */
const MOST_BYTES = 980_000

/** A cursor as `stream_state`, version 2: at most 980,000 bytes, for which the oldest files are forgotten where they are too many. */
export const encode = (place: Place, cursor: Cursor): Readonly<Record<string, unknown>> => {
  for (;;) {
    const state = encodeAll(place, cursor)
    if (sizeOf(state) <= MOST_BYTES || !cursor.history.forgetOldest()) return state
  }
}

const encodeAll = (place: Place, { through, open, history }: Cursor) => ({
  version: VERSION,
  bucket: place.bucket,
  path_prefix: place.prefix,
  partition: place.partition,
  _ab_source_file_last_modified: through === undefined ? undefined : rfc3339(through.modifiedMs),
  _ab_source_file_url: through?.key,
  files: [...open.values()].map(({ object, offset, row, rejected, stretches, cut }) => ({
    key: object.key,
    last_modified: rfc3339(object.modifiedMs),
    etag: object.etag,
    bytes: object.bytes,
    offset,
    row,
    rejected,
    content: encodeStretches(stretches),
    cut: encodeCut(cut),
  })),
  forgotten_until: Number.isFinite(history.forgottenMs) ? rfc3339(history.forgottenMs) : undefined,
  files_read: history.encodeFiles().map(({ untilMs, files }) => ({ until: rfc3339(untilMs), files })),
  newest_files_read: history
    .encodeReads()
    .map(([print, { modifiedMs, version, offset, row, rejected, stretches, cut }]) => [
      print,
      modifiedMs,
      version,
      [offset, row, rejected, encodeCut(cut) ?? null],
      encodeStretches(stretches) ?? null,
    ]),
})

/** What the groups of files take is known without making a text of them. */
const sizeOf = (state: ReturnType<typeof encodeAll>): number => {
  const { files_read: groups, ...rest } = state
  const groupBytes = groups.reduce((sum, { files }) => sum + GROUP_BYTES + files.length, 0)
  return Buffer.byteLength(JSON.stringify(rest)) + groupBytes
}

/** {"until":"2026-01-31T23:59:59.000Z","files":""}, */
const GROUP_BYTES = 48

const encodeStretches = (
  stretches: Stretches | undefined,
): ReadonlyArray<readonly [to: number, digest: string]> | undefined =>
  stretches?.map(({ to, digest }) => [to, digest] as const)

type EncodedCut = readonly [offset: number, row: number, rejected: number, inQuotes: boolean]

const encodeCut = (cut: Cut | undefined): EncodedCut | undefined =>
  cut === undefined ? undefined : [cut.offset, cut.row, cut.rejected, cut.inQuotes]

/** Reads a `stream_state` of any version so far. Left: why it can't be used. */
export const decode =
  (place: Place, lookbackMs: number) =>
  (json: unknown): E.Either<string, Cursor> =>
    pipe(
      Head.decode(json),
      E.mapLeft(problems),
      E.filterOrElse(
        ({ version }) => version <= VERSION,
        () => 'it was written by a newer version of this connector: update the connector',
      ),
      E.filterOrElse(
        ({ bucket, path_prefix }) => bucket === place.bucket && path_prefix === place.prefix,
        ({ bucket, path_prefix }) => `it belongs to bucket ${bucket}, folder "${path_prefix}"`,
      ),
      E.filterOrElse(
        ({ partition }) => partition?.index === place.partition?.index && partition?.count === place.partition?.count,
        ({ partition }) =>
          partition === undefined
            ? 'it belongs to all files, and the config to a part of them (partition)'
            : `it belongs to partition ${partition.index} of ${partition.count} (counted from 0)`,
      ),
      E.chain(({ version }) =>
        version === 1
          ? pipe(StateV1.decode(json), E.bimap(problems, fromV1(lookbackMs)))
          : pipe(StateV2.decode(json), E.bimap(problems, fromV2(lookbackMs))),
      ),
    )

const VERSION = 2

const problems = (errors: t.Errors): string => explain(errors).join('; ')

const Count = t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'a count')

const Head = t.type(
  {
    version: Count,
    bucket: t.string,
    path_prefix: t.string,
    partition: t.union([t.type({ index: Count, count: Count }), t.undefined]),
  },
  'a state of this connector',
)

const Time = new t.Type<number, string>(
  'a date-time',
  (json): json is number => typeof json === 'number',
  (json, context) => {
    const ms = typeof json === 'string' ? Date.parse(json) : NaN
    return Number.isNaN(ms) ? t.failure(json, context) : t.success(ms)
  },
  rfc3339,
)

const Through = t.partial({ _ab_source_file_last_modified: Time, _ab_source_file_url: t.string })

const OPEN_FILE = {
  key: t.string,
  last_modified: Time,
  etag: t.string,
  bytes: Count,
  offset: Count,
  row: Count,
  rejected: Count,
}

const StateV1 = t.intersection([t.type({ files: t.array(t.type(OPEN_FILE)) }), Through], 'a state of this connector')

const Content = t.array(t.tuple([Count, t.string]))
const CutPlace = t.tuple([Count, Count, Count, t.boolean])

const StateV2 = t.intersection(
  [
    t.type({
      files: t.array(t.intersection([t.type(OPEN_FILE), t.partial({ content: Content, cut: CutPlace })])),
      files_read: t.array(t.type({ until: Time, files: t.string })),
      newest_files_read: t.array(
        t.tuple([
          Count,
          Count,
          t.string,
          t.tuple([Count, Count, Count, t.union([CutPlace, t.null])]),
          t.union([Content, t.null]),
        ]),
      ),
    }),
    t.partial({ forgotten_until: Time }),
    Through,
  ],
  'a state of this connector',
)

type OpenFile = t.TypeOf<t.TypeC<typeof OPEN_FILE>> & {
  readonly content?: t.TypeOf<typeof Content>
  readonly cut?: EncodedCut
}

const throughOf = (state: t.TypeOf<typeof Through>): Cursor['through'] =>
  state._ab_source_file_last_modified === undefined
    ? undefined
    : { modifiedMs: state._ab_source_file_last_modified, key: state._ab_source_file_url ?? '' }

const openOf = (files: ReadonlyArray<OpenFile>): ReadonlyMap<string, Mark> =>
  new Map(
    files.map(({ key, last_modified, etag, bytes, offset, row, rejected, content, cut }) => [
      key,
      {
        object: { key, etag, bytes, modifiedMs: last_modified, archived: false },
        offset,
        row,
        rejected,
        stretches: content === undefined ? undefined : stretchesOf(content),
        cut: cut === undefined ? undefined : cutOf(cut),
      },
    ]),
  )

const cutOf = ([offset, row, rejected, inQuotes]: EncodedCut): Cut => ({ offset, row, rejected, inQuotes })

const stretchesOf = (content: t.TypeOf<typeof Content>): Stretches => content.map(([to, digest]) => ({ to, digest }))

/** It did not say which files were read: of those up to its mark nothing is judged. */
const fromV1 =
  (lookbackMs: number) =>
  (state: t.TypeOf<typeof StateV1>): Cursor => {
    const through = throughOf(state)
    const history = History.decode(through?.modifiedMs ?? -Infinity, [], [])
    return new Cursor(lookbackMs, through, openOf(state.files), history)
  }

const fromV2 =
  (lookbackMs: number) =>
  (state: t.TypeOf<typeof StateV2>): Cursor => {
    const groups = state.files_read.map(({ until, files }) => ({ untilMs: until, files }))
    const reads = state.newest_files_read.map(
      ([print, modifiedMs, version, [offset, row, rejected, cut], content]): readonly [number, FileRead] => [
        print,
        {
          modifiedMs,
          version,
          offset,
          row,
          rejected,
          stretches: content === null ? undefined : stretchesOf(content),
          cut: cut === null ? undefined : cutOf(cut),
        },
      ],
    )
    const history = History.decode(state.forgotten_until ?? -Infinity, groups, reads)
    return new Cursor(lookbackMs, throughOf(state), openOf(state.files), history)
  }
