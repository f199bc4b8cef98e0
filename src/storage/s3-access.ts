import type * as http from 'node:http'
import type * as https from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { S3Client } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import * as E from 'fp-ts/Either'
import type * as TE from 'fp-ts/TaskEither'
import type { Bucket } from '../capabilities'
import type { Failure, FileFault } from '../failure'
import { hostOf } from '../unreachable'
import { CredentialTrouble, type Signer, signerOf } from './s3-credentials'
import {
  type S3Error,
  type S3Request,
  credentialRefusalOf,
  passing,
  refusalOf,
  retryOf,
  unreachable,
} from './s3-refusal'

/** Agents for a proxy, where the environment names one. */
export interface Agents {
  readonly httpAgent?: http.Agent
  readonly httpsAgent?: https.Agent
}

/** The ways to S3 and to where credentials are fetched. */
export interface Routes {
  readonly s3: Agents
  readonly signIn: Agents
  /** The one that roles are asked for. */
  readonly stsUrl: string
}

/** What every request needs. `stop` ends requests, waits and bodies. */
export interface Access {
  client: S3Client
  /** The one that requests are signed for. */
  region: string
  /** Whether a request was answered well before. */
  wasThere: boolean
  /** Whether the region may yet be the bucket's own answer. */
  mayMove: boolean
  /** Whether listings are asked for what was restored from an archive: not before one shows an archived object, for some stores refuse it. */
  tellsRestored: boolean | undefined
  readonly bucket: Bucket
  /** The one for all clients: a role is not asked for again in each region. */
  readonly signer: Signer
  readonly routes: Routes
  readonly stop: AbortSignal
  /** Nothing is waited for beyond this. */
  readonly endMs: number
}

/** Requests are repeated for so long; a test of the connection is to end well within the platform's patience. */
const PATIENCE_MS = 30_000
/** The last attempt begins as patience ends, and is given this. */
const LAST_ANSWER_MS = 2_000
/** With more patience than for one of these, an answer that is lost is asked for again. */
const LONGEST_ANSWER_MS = 30_000
/** A refused connection or unknown host is tried so often: it is rarely a matter of patience. */
const SOON_ATTEMPTS = 3
const LONGEST_WAIT_MS = 5_000

/** The access to a bucket, with the region that is configured or guessed. */
export const accessOf = (bucket: Bucket, routes: Routes, stop: AbortSignal): Access => {
  const region = bucket.region ?? 'us-east-1'
  const signer = signerOf(bucket.credentials, { region, requestHandler: signInHandler(routes), logger: SILENT })
  return {
    client: clientOf(bucket, region, signer, routes),
    region,
    mayMove: bucket.region === undefined,
    wasThere: false,
    tellsRestored: undefined,
    bucket,
    signer,
    routes,
    stop,
    endMs: bucket.withinMs === undefined ? Infinity : performance.now() + bucket.withinMs,
  }
}

const clientOf = (bucket: Bucket, region: string, signer: Signer, routes: Routes): S3Client =>
  new S3Client({
    region,
    ...(bucket.endpoint === undefined ? {} : { endpoint: bucket.endpoint, forcePathStyle: true }),
    credentials: signer,
    // The retries are ours: they are bounded by time and told apart by cause.
    maxAttempts: 1,
    // S3-compatible stores break on the SDK's checksums of later years, and TLS and the length guard a body well enough.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: new NodeHttpHandler({ connectionTimeout: CONNECT_MS, ...routes.s3 }),
    logger: SILENT,
  })

/** Signing in knows nothing of the request that it is for, nor of its end: it has a limit of its own. */
const signInHandler = ({ signIn }: Routes): NodeHttpHandler =>
  new NodeHttpHandler({
    connectionTimeout: CONNECT_MS,
    requestTimeout: SIGN_IN_MS,
    throwOnRequestTimeout: true,
    ...signIn,
  })

const CONNECT_MS = 10_000
const SIGN_IN_MS = 10_000

/** stderr belongs to failures. */
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * Without a configured region the bucket's own answer is followed, once for all requests to come: the SDK's own way asks the wrong
 * region first each time, and knows but one of the two answers that tell the right one. A configured wrong one is told to the user.
 */
const follow = (access: Access, failure: Failure | FileFault): boolean => {
  if (!access.mayMove || !('_tag' in failure) || failure._tag !== 'StorageRefused') return false
  if (failure.cause !== 'region' || failure.detail === undefined) return false
  access.mayMove = false
  access.region = failure.detail
  access.client.destroy()
  access.client = clientOf(access.bucket, access.region, access.signer, access.routes)
  return true
}

/**
 * Sends until there is an answer that is no passing trouble, or patience ends. An answer of S3's own trouble outweighs a silence
 * after it: that there is an S3 at that address is known by then.
 */
export const patiently =
  <A>(
    access: Access,
    operation: S3Request['operation'],
    send: (client: S3Client, signal: AbortSignal) => Promise<A>,
  ): TE.TaskEither<Failure | FileFault, A> =>
  async () => {
    // An S3 that was there before is waited for; one that never was is a matter of the settings.
    const patienceMs = (access.wasThere ? access.bucket.patienceMs : undefined) ?? PATIENCE_MS
    const lastMs = Math.min(performance.now() + patienceMs, access.endMs - LAST_ANSWER_MS)
    let failing: Failure | undefined
    for (let attempt = 1; ; attempt++) {
      const longestMs = Math.min(lastMs - performance.now(), LONGEST_ANSWER_MS)
      const reply = await answer(access, operation, send, Math.max(longestMs, LAST_ANSWER_MS))
      if (E.isRight(reply)) {
        access.wasThere = true
        return reply
      }
      const failure = reply.left
      if (follow(access, failure)) continue
      const retry = retryOf(failure)
      if (retry === 'never') return reply
      if ('_tag' in failure && failure._tag === 'StorageFailing') failing = failure
      const leftMs = lastMs - performance.now()
      const hopeless = retry === 'soon' && attempt >= SOON_ATTEMPTS && failing === undefined && !access.wasThere
      if (hopeless || leftMs <= 0) return E.left(failing ?? failure)
      const waitMs = Math.random() * Math.min(LONGEST_WAIT_MS, 250 * 2 ** attempt)
      await sleep(Math.min(waitMs, leftMs), undefined, { signal: access.stop }).catch(() => undefined)
    }
  }

const answer = async <A>(
  access: Access,
  operation: S3Request['operation'],
  send: (client: S3Client, signal: AbortSignal) => Promise<A>,
  timeoutMs: number,
): Promise<E.Either<Failure | FileFault, A>> => {
  const { stop } = access
  // On Node 20 a signal of AbortSignal.any can be lost to the garbage collector: the two ends are joined by hand.
  const abort = new AbortController()
  const end = (): void => abort.abort()
  // Cleared with the answer's head: the body has its own, idle, timeout.
  const timer = setTimeout(end, timeoutMs)
  stop.addEventListener('abort', end)
  // Not all of a request hears the signal: what fetches credentials for it does not.
  const ended = new Promise<never>((_, reject) => {
    abort.signal.addEventListener('abort', () => reject(new Error('no answer')), { once: true })
  })
  if (stop.aborted) end()
  try {
    return E.right(await Promise.race([send(access.client, abort.signal), ended]))
  } catch (error) {
    // Before or during the request alike.
    if (stop.aborted) return E.left({ _tag: 'Stopped' })
    if (error instanceof CredentialTrouble) return E.left(credentialFailureOf(access, operation, error))
    const request = requestOf(access, operation)
    return E.left(abort.signal.aborted ? unreachable('no-answer', request) : refusalOf(error as S3Error, request))
  } finally {
    clearTimeout(timer)
    stop.removeEventListener('abort', end)
  }
}

const credentialFailureOf = (
  access: Access,
  operation: S3Request['operation'],
  { error, ofRole }: CredentialTrouble,
): Failure =>
  // There were credentials before: what gives them is in trouble, and they can be had again.
  access.wasThere && error.$metadata === undefined
    ? passing(undefined, { asked: 'environment' })
    : credentialRefusalOf(error, ofRole, signInOf(access, operation))

export const requestOf = (access: Access, operation: S3Request['operation']): S3Request => {
  const { bucket, region, routes } = access
  const { credentials, expectedOwner: owner } = bucket
  const url = bucket.endpoint ?? `https://s3.${region}.amazonaws.com`
  return {
    ...requestAt(hostBy(routes.s3, url), access, operation),
    ...(owner === undefined ? {} : { aside: `or the bucket is not ${owner}'s, as expected_bucket_owner says` }),
    ...(credentials._tag === 'AccessKey' ? {} : { signer: SIGNERS[credentials._tag] }),
  }
}

const SIGNERS = { AssumedRole: 'role', Environment: 'environment' } as const

/** The same request while credentials are fetched for it. */
const signInOf = (access: Access, operation: S3Request['operation']): S3Request => {
  const { routes, bucket } = access
  const { credentials } = bucket
  const role = credentials._tag === 'AssumedRole' ? credentials : undefined
  return {
    ...requestAt(hostBy(routes.signIn, role?.stsEndpoint ?? routes.stsUrl), access, operation),
    asked: 'STS',
    // A role is asked for by whoever signs without it.
    ...(role?.base === undefined ? { signer: 'environment' } : {}),
  }
}

const requestAt = (host: string, { bucket, region }: Access, operation: S3Request['operation']): S3Request => ({
  operation,
  use: bucket.use,
  bucket: bucket.name,
  host,
  region,
})

/** Host and port of a URL. Through a proxy it can't be told from here which of the two failed. */
const hostBy = ({ httpAgent, httpsAgent }: Agents, url: string): string => {
  const proxied = httpAgent !== undefined || httpsAgent !== undefined
  return proxied ? `${hostOf(url)} or the environment's proxy` : hostOf(url)
}
