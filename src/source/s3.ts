import type * as http from 'node:http'
import type * as https from 'node:https'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Bucket, ObjectRef, Objects, Page } from '../capabilities'
import type { Failure, FileFault } from '../failure'
import { LONGEST_TIMER_MS, hostOf } from '../unreachable'
import { CHANGED, type S3Error, type S3Request, refusalOf, retryOf } from './s3-refusal'

/** Agents for a proxy, where the environment names one. */
export interface Agents {
  readonly httpAgent?: http.Agent
  readonly httpsAgent?: https.Agent
}

/** A bucket's objects through the AWS SDK. Nothing is sent before the first call of a function of it. */
export const openBucket = (bucket: Bucket, agents: Agents, stop: AbortSignal): Objects => {
  const place: Place = { client: clientOf(bucket, agents), bucket, stop }
  return { page: pageOf(place), read: readOf(place) }
}

/** What every request needs. `stop` ends requests, waits and bodies. */
interface Place {
  readonly client: S3Client
  readonly bucket: Bucket
  readonly stop: AbortSignal
}

/** Requests are repeated for so long; a test of the connection is to end well within the platform's patience. */
const PATIENCE_MS = 30_000
/** A refused connection or unknown host is tried so often: it is rarely a matter of patience. */
const SOON_ATTEMPTS = 3
const LONGEST_WAIT_MS = 5_000
/** How often in a row a body may break off without a single byte. */
const FRUITLESS_READS = 3

const clientOf = (bucket: Bucket, agents: Agents): S3Client =>
  new S3Client({
    region: bucket.region ?? 'us-east-1',
    // Without a configured region the bucket's own answer is followed; a configured wrong one is told to the user.
    followRegionRedirects: bucket.region === undefined,
    ...(bucket.endpoint === undefined ? {} : { endpoint: bucket.endpoint, forcePathStyle: true }),
    credentials: {
      accessKeyId: bucket.credentials.accessKeyId,
      secretAccessKey: bucket.credentials.secretAccessKey,
      ...(bucket.credentials.sessionToken === undefined ? {} : { sessionToken: bucket.credentials.sessionToken }),
    },
    // The retries are ours: they are bounded by time and told apart by cause.
    maxAttempts: 1,
    // S3-compatible stores break on the SDK's checksums of later years, and TLS and the length guard a body well enough.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: new NodeHttpHandler({ connectionTimeout: 10_000, ...agents }),
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  })

const pageOf =
  (place: Place): Objects['page'] =>
  (prefix, from) =>
    pipe(
      patiently(place, 'list', (abortSignal) =>
        place.client.send(
          new ListObjectsV2Command({
            Bucket: place.bucket.name,
            Prefix: prefix,
            ...(from === undefined ? {} : { ContinuationToken: from }),
          }),
          { abortSignal },
        ),
      ),
      TE.mapLeft((failure): Failure => ('_tag' in failure ? failure : { _tag: 'StorageFailing', status: undefined })),
      TE.map(({ Contents, NextContinuationToken }): Page => ({
        objects: (Contents ?? []).map(({ Key, ETag, Size, LastModified }) => ({
          key: Key ?? '',
          etag: ETag ?? '',
          bytes: Size ?? 0,
          modifiedMs: LastModified?.getTime() ?? 0,
        })),
        next: NextContinuationToken,
      })),
    )

const readOf = (place: Place): Objects['read'] =>
  async function* (object, fromByte) {
    let at = fromByte
    let fruitless = 0
    while (at < object.bytes) {
      const body = await bodyOf(place, object, at)()
      if (E.isLeft(body)) {
        yield body
        return
      }
      const before = at
      for await (const piece of untilIdle(body.right, place.bucket.bodyIdleMs, place.stop)) {
        at += piece.length
        yield E.right(piece)
      }
      fruitless = at > before ? 0 : fruitless + 1
      if (fruitless === FRUITLESS_READS) {
        yield E.left({ _tag: 'StorageUnreachable', cause: 'broken', host: hostOfBucket(place.bucket) })
        return
      }
    }
  }

const bodyOf = (place: Place, object: ObjectRef, at: number): TE.TaskEither<Failure | FileFault, Readable> =>
  pipe(
    patiently(place, 'get', (abortSignal) =>
      place.client.send(
        new GetObjectCommand({
          Bucket: place.bucket.name,
          Key: object.key,
          IfMatch: object.etag,
          ...(at === 0 ? {} : { Range: `bytes=${at}-` }),
        }),
        { abortSignal },
      ),
    ),
    TE.chainEitherK(({ Body, ETag, ContentRange }) => {
      const body = Body as Readable
      // Some stores know no If-Match: the answer's own ETag is held against the listing's.
      const changed = ETag !== undefined && ETag !== object.etag
      const elsewhere = at > 0 && ContentRange?.startsWith(`bytes ${at}-`) !== true
      if (!changed && !elsewhere) return E.right(body)
      body.destroy()
      return E.left(changed ? CHANGED : NO_RANGES)
    }),
  )

const NO_RANGES: FileFault = { code: 'FILE_UNREADABLE', detail: 'the store does not answer range requests' }

/** The pieces of a body until it ends, breaks off, or brings nothing for too long. The caller knows by the length what is missing. */
async function* untilIdle(body: Readable, idleMs: number, stop: AbortSignal): AsyncGenerator<Buffer> {
  const end = (): void => void body.destroy()
  const arm = (): NodeJS.Timeout => setTimeout(end, Math.min(idleMs, LONGEST_TIMER_MS))
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

/** Sends until there is an answer that is no passing trouble, or patience ends. */
const patiently =
  <A>(
    place: Place,
    operation: S3Request['operation'],
    send: (signal: AbortSignal) => Promise<A>,
  ): TE.TaskEither<Failure | FileFault, A> =>
  async () => {
    const start = Date.now()
    for (let attempt = 1; ; attempt++) {
      const reply = await answer(place, operation, send, start + PATIENCE_MS - Date.now())
      if (E.isRight(reply)) return reply
      const retry = retryOf(reply.left)
      const waitMs = Math.random() * Math.min(LONGEST_WAIT_MS, 250 * 2 ** attempt)
      const late = Date.now() + waitMs > start + PATIENCE_MS
      if (retry === 'never' || late || (retry === 'soon' && attempt === SOON_ATTEMPTS)) return reply
      await sleep(waitMs, undefined, { signal: place.stop }).catch(() => undefined)
    }
  }

const answer = async <A>(
  { bucket, stop }: Place,
  operation: S3Request['operation'],
  send: (signal: AbortSignal) => Promise<A>,
  timeoutMs: number,
): Promise<E.Either<Failure | FileFault, A>> => {
  const timeout = new AbortController()
  // Cleared with the answer's head: the body has its own, idle, timeout.
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  try {
    return E.right(await send(AbortSignal.any([timeout.signal, stop])))
  } catch (error) {
    // Aborted before or during the request alike.
    if (stop.aborted) return E.left({ _tag: 'Stopped' })
    return E.left(refusalOf(error as S3Error, { operation, bucket: bucket.name, host: hostOfBucket(bucket) }))
  } finally {
    clearTimeout(timer)
  }
}

const hostOfBucket = ({ endpoint, region }: Bucket): string =>
  hostOf(endpoint ?? `https://s3.${region ?? 'us-east-1'}.amazonaws.com`)
