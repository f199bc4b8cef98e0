import type { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type _Object,
} from '@aws-sdk/client-s3'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Bucket, ObjectRef, Objects } from '../capabilities'
import type { Failure, FileFault } from '../failure'
import { LONGEST_TIMER_MS, type Unreachable } from '../unreachable'
import { type Access, type Routes, accessOf, patiently, requestOf } from './s3-access'
import { CHANGED, type S3Request, foreign, refused, unreachable } from './s3-refusal'

/** A bucket's objects through the AWS SDK. Nothing is sent before the first call of a function of it. */
export const openBucket = (bucket: Bucket, routes: Routes, stop: AbortSignal): Objects => {
  const access = accessOf(bucket, routes, stop)
  const page = pageOf(access)
  return { page, find: findOf(page), read: readOf(access), put: putOf(access), remove: removeOf(access) }
}

/** How often in a row a body may break off without a single byte. */
const FRUITLESS_READS = 3

/** Where a page shows an archived object, it is asked for again with what was restored. */
const pageOf =
  (access: Access): Objects['page'] =>
  (prefix, from) =>
    pipe(
      listing(access, prefix, from),
      TE.chain((plain) =>
        access.tellsRestored === undefined && (plain.Contents ?? []).some(isInArchive)
          ? listingOfRestored(access, prefix, from, plain)
          : TE.right(plain),
      ),
      TE.map(({ Contents, EncodingType, NextContinuationToken }) => ({
        objects: (Contents ?? []).map(refOf(EncodingType)),
        next: NextContinuationToken,
      })),
    )

const listing = (
  access: Access,
  prefix: string,
  from: string | undefined,
): TE.TaskEither<Failure, ListObjectsV2CommandOutput> =>
  pipe(
    patiently(access, 'list', (client, abortSignal) =>
      client.send(
        new ListObjectsV2Command({
          ...ofBucket(access),
          Prefix: prefix,
          // XML has no place for some characters of a key.
          EncodingType: 'url',
          ...(from === undefined ? {} : { ContinuationToken: from }),
          ...(access.tellsRestored === true ? { OptionalObjectAttributes: ['RestoreStatus'] } : {}),
        }),
        { abortSignal },
      ),
    ),
    TE.mapLeft(ofTheRun),
    TE.chainEitherK((found) => {
      const trouble = troubleOf(found, from, requestOf(access, 'list'))
      return trouble === undefined ? E.right(found) : E.left(trouble)
    }),
  )

/** The same page by a store that tells what was restored. One that refuses the question is not asked again: `plain` has to do. */
const listingOfRestored = (
  access: Access,
  prefix: string,
  from: string | undefined,
  plain: ListObjectsV2CommandOutput,
): TE.TaskEither<Failure, ListObjectsV2CommandOutput> => {
  access.tellsRestored = true
  return pipe(
    listing(access, prefix, from),
    TE.orElse((failure) => {
      if (failure._tag !== 'StorageRefused') return TE.left(failure)
      access.tellsRestored = false
      return TE.right(plain)
    }),
  )
}

const refOf =
  (encoding: string | undefined) =>
  (object: _Object): ObjectRef => ({
    key: keyOf(object.Key ?? '', encoding),
    etag: object.ETag ?? '',
    bytes: object.Size ?? 0,
    modifiedMs: object.LastModified?.getTime() ?? 0,
    archived: isInArchive(object) && object.RestoreStatus?.IsRestoreInProgress !== false,
  })

/** A key as it was listed. A store that passes over the wish for an encoding does not repeat it; what is no encoding is the key itself. */
const keyOf = (listed: string, encoding: string | undefined): string =>
  encoding === 'url' && /[%+]/.test(listed)
    ? pipe(
        E.tryCatch(
          () => decodeURIComponent(listed.replace(/\+/g, ' ')),
          () => listed,
        ),
        E.toUnion,
      )
    : listed

/** Storage classes whose objects have to be restored before they can be read; Glacier Instant Retrieval is none. */
const isInArchive = ({ StorageClass }: _Object): boolean =>
  StorageClass === 'GLACIER' || StorageClass === 'DEEP_ARCHIVE'

/** What every request says of its bucket. */
const ofBucket = ({ bucket }: Access) => ({
  Bucket: bucket.name,
  ...(bucket.requesterPays ? { RequestPayer: 'requester' as const } : {}),
  ...(bucket.expectedOwner === undefined ? {} : { ExpectedBucketOwner: bucket.expectedOwner }),
})

const findOf =
  (page: Objects['page']): Objects['find'] =>
  (key) =>
    pipe(
      // What begins with a key comes after it: if it is there, it is on the first page.
      page(key, undefined),
      TE.map(({ objects }) => objects.find((object) => object.key === key)),
    )

const putOf =
  (access: Access): Objects['put'] =>
  (key, text) => {
    const body = Buffer.from(text)
    return pipe(
      patiently(access, 'put', (client, abortSignal) =>
        client.send(
          new PutObjectCommand({
            ...ofBucket(access),
            Key: key,
            Body: body,
            ContentLength: body.length,
            ContentType: CONTENT_TYPES[key.slice(key.lastIndexOf('.') + 1)],
          }),
          { abortSignal },
        ),
      ),
      TE.mapLeft(ofTheRun),
      // Each S3 gives one; a web page that says 200 to anything has kept nothing.
      TE.chainEitherK(({ ETag }) =>
        ETag === undefined ? E.left(foreign(200, requestOf(access, 'put'))) : E.right(undefined),
      ),
    )
  }

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson',
}

const removeOf =
  (access: Access): Objects['remove'] =>
  (key) =>
    pipe(
      patiently(access, 'remove', (client, abortSignal) =>
        client.send(new DeleteObjectCommand({ ...ofBucket(access), Key: key }), { abortSignal }),
      ),
      TE.bimap(ofTheRun, () => undefined),
    )

/** Only reading an object can fail by a fault of that object. */
const ofTheRun = (trouble: Failure | FileFault): Failure =>
  '_tag' in trouble ? trouble : { _tag: 'StorageFailing', status: undefined }

/** What makes a listing none that can be gone by; otherwise files would be missed, or listed for ever, without a word. */
const troubleOf = (
  listing: ListObjectsV2CommandOutput,
  from: string | undefined,
  request: S3Request,
): Failure | undefined => {
  const { Contents, IsTruncated, KeyCount, Name, NextContinuationToken: next } = listing
  // The SDK takes any XML, and a web page is nearly that.
  if ((Contents ?? IsTruncated ?? KeyCount ?? Name) === undefined) return foreign(200, request)
  const endless = next === undefined ? IsTruncated === true : next === from
  return endless
    ? refused('request', request, 'the store does not list page by page: it knows no ListObjectsV2')
    : undefined
}

const readOf = (access: Access): Objects['read'] =>
  async function* (object, fromByte) {
    let at = fromByte
    let fruitless = 0
    while (at < object.bytes) {
      const body = await bodyOf(access, object, at)()
      if (E.isLeft(body)) {
        yield body
        return
      }
      const before = at
      let cause: Unreachable = 'broken'
      const silent = (): void => void (cause = 'no-answer')
      for await (const piece of untilIdle(access, body.right, silent)) {
        at += piece.length
        yield E.right(piece)
      }
      fruitless = at > before ? 0 : fruitless + 1
      if (at < object.bytes && (fruitless === FRUITLESS_READS || performance.now() >= access.endMs)) {
        yield E.left(unreachable(cause, requestOf(access, 'get')))
        return
      }
    }
  }

const bodyOf = (access: Access, object: ObjectRef, at: number): TE.TaskEither<Failure | FileFault, Readable> =>
  pipe(
    patiently(access, 'get', (client, abortSignal) =>
      client.send(
        new GetObjectCommand({
          ...ofBucket(access),
          Key: object.key,
          IfMatch: object.etag,
          ...(at === 0 ? {} : { Range: `bytes=${at}-` }),
        }),
        { abortSignal },
      ),
    ),
    TE.chainEitherK(({ Body, ETag, ContentLength, ContentRange }) => {
      const body = Body as Readable
      // Some stores know no If-Match: the answer's own ETag is held against the listing's.
      const changed = ETag !== undefined && ETag !== object.etag
      const page = ETag === undefined && ContentLength !== object.bytes - at
      const elsewhere = at > 0 && ContentRange?.startsWith(`bytes ${at}-`) !== true
      if (!changed && !page && !elsewhere) return E.right(body)
      body.destroy()
      return E.left(changed ? CHANGED : page ? foreign(200, requestOf(access, 'get')) : NO_RANGES)
    }),
  )

const NO_RANGES: FileFault = { code: 'FILE_UNREADABLE', detail: 'the store does not answer range requests' }

/**
 * The pieces of a body until it ends, breaks off, or brings nothing for too long, which is told by `silent`. The caller knows by the
 * length what is missing.
 */
async function* untilIdle({ bucket, stop, endMs }: Access, body: Readable, silent: () => void): AsyncGenerator<Buffer> {
  const end = (): void => void body.destroy()
  const quiet = (): void => {
    silent()
    end()
  }
  const arm = (): NodeJS.Timeout =>
    setTimeout(quiet, Math.max(0, Math.min(bucket.bodyIdleMs, endMs - performance.now(), LONGEST_TIMER_MS)))
  stop.addEventListener('abort', end, { once: true })
  let timer = arm()
  try {
    for await (const piece of body) {
      // While the reader is busy with the piece the body is not idle.
      clearTimeout(timer)
      yield piece as Buffer
      timer = arm()
    }
  } catch {
    return
  } finally {
    clearTimeout(timer)
    stop.removeEventListener('abort', end)
    body.destroy()
  }
}
