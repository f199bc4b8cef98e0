import type * as E from 'fp-ts/Either'
import type * as TE from 'fp-ts/TaskEither'
import type { Failure, FileFault } from './failure'
import type { StorageUse } from './storage-failure'
import type { Unreachable } from './unreachable'

/** Everything outside that a command may touch. production.ts builds the real ones; a test's fake is a literal. */
export interface Capabilities {
  /** A whole small text file: config, catalog, state. Left: it can't be read. */
  readonly readText: (path: string) => TE.TaskEither<'unreadable', string>
  /** A variable of the environment, for configs that refer to one; undefined where it is not set. */
  readonly environment: (name: string) => string | undefined
  /** Signs in to a bucket; the SDK is loaded only now. Requests begin with the first call of an `Objects` function. */
  readonly openBucket: (bucket: Bucket) => TE.TaskEither<Failure, Objects>
  /** A file of this machine, as a bucket that holds nothing else. */
  readonly openLocal: (path: string, use: LocalUse) => TE.TaskEither<Failure, Files>
  readonly http: Http
  readonly disk: Disk
  readonly self: Self
  /** Lines of stdin, a chunk at a time, without their newline; ends at end of file, or at once when stopped or `halt` aborts. */
  readonly lines: (halt: AbortSignal) => AsyncIterable<ReadonlyArray<string>>
  readonly out: Out
  /** A line on stderr: what is no part of the answer, or what stdout can't take any more. */
  readonly lastWord: (line: string) => void
  /** A bar on the terminal that shows how far the work is; undefined where stderr is no terminal. */
  readonly openBar: (() => Bar) | undefined
  /** Bytes of memory that the process had at most. */
  readonly peakRssBytes: () => number
  /** Whether whoever reads stdout sees colours. */
  readonly hasColours: boolean
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
  /** Milliseconds of a clock that nobody sets: for how long something took, or may take. */
  readonly elapsedMs: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Ends early when the run is stopped, or `until` aborts. */
  readonly sleep: (ms: number, until?: AbortSignal) => Promise<void>
  /** Does something every so often, one at a time, and resolves when `until` aborts or the run is stopped. */
  readonly repeat: (everyMs: number, until: AbortSignal, work: () => Promise<void>) => Promise<void>
  /** Runs its full time, but keeps no process alive: a limit to what is waited for. */
  readonly deadline: (ms: number) => Promise<void>
  /** Aborted by the first SIGTERM or SIGINT, and when nobody reads the output any more. */
  readonly stop: AbortSignal
}

/** Small files of this machine that a run keeps for itself and its owner. Left: what the system said, as `ENOSPC`. */
export interface Disk {
  /** Right, undefined: there is no such file. */
  readonly read: (path: string) => Promise<E.Either<DiskTrouble, DiskFile | undefined>>
  /** Writes a file whole: should the process or the machine die, there is the old one or the new, on the disk. */
  readonly replace: (path: string, text: string) => Promise<E.Either<DiskTrouble, void>>
  /** Writes a file that must not be there yet. Right, false: there is one. */
  readonly create: (path: string, text: string) => Promise<E.Either<DiskTrouble, boolean>>
  /** Writes behind what a file holds, and on to the disk. */
  readonly append: (path: string, text: string) => Promise<E.Either<DiskTrouble, void>>
  readonly remove: (path: string) => Promise<E.Either<DiskTrouble, void>>
  /** The same for two paths that lead to one file. */
  readonly placeOf: (path: string) => string
}

export interface DiskFile {
  readonly text: string
  readonly modifiedMs: number
}

/** A name of errno, or `EUNKNOWN`. */
export type DiskTrouble = string

/** This process among others. */
export interface Self {
  readonly host: string
  /** Of the kernel since it started, and of the processes that see each other; empty where the system tells none. */
  readonly machine: string
  readonly pid: number
  /** Whether a process of this machine runs. */
  readonly isAlive: (pid: number) => boolean
}

/** A line of a terminal that is written over and over. */
export interface Bar {
  /** `share`: of 1. */
  readonly show: (share: number, text: string) => void
  readonly close: () => void
}

/** The one writer of stdout. */
export interface Out {
  /** Adds a line. A promise where the reader is behind: await it before the next. */
  readonly put: (line: string) => Promise<void> | undefined
  /** Resolves when everything was taken. Left: the reader went away. */
  readonly flush: () => Promise<E.Either<Failure, void>>
}

/** A file that is remembered has to be one that can be read again: a pipe is not. */
export type LocalUse = 'read-once' | 'remembered'

export interface Bucket {
  /** Failures name its settings by it. Files are read until the run is stopped; rejects are yet written while it settles. */
  readonly use: StorageUse
  readonly name: string
  readonly region: string | undefined
  /** An S3-compatible store's URL; addressed path-style. */
  readonly endpoint: string | undefined
  readonly credentials: Credentials
  /** A body that brings no byte for so long is asked for again from where it stopped. */
  readonly bodyIdleMs: number
  /** Who asks pays for requests and transfer, as buckets of that kind demand. */
  readonly requesterPays: boolean
  /** The account that the bucket must belong to; S3 refuses any other's. */
  readonly expectedOwner: string | undefined
  /** Milliseconds that all requests together may take; without it each has its own limit only. */
  readonly withinMs?: number
  /** For how long a request is repeated where others were answered before; without it half a minute. */
  readonly patienceMs?: number
}

/** Who asks. The environment's: variables, a web identity, a profile, or the role of the container or machine, as the SDK finds them. */
export type Credentials = AccessKey | AssumedRole | { readonly _tag: 'Environment' }

export interface AccessKey {
  readonly _tag: 'AccessKey'
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
}

/** A role, lent by STS to whoever asks for it with `base`; without it, to the environment's credentials. */
export interface AssumedRole {
  readonly _tag: 'AssumedRole'
  readonly roleArn: string
  readonly externalId: string | undefined
  readonly base: AccessKey | undefined
  /** Another STS's URL than that of the region. */
  readonly stsEndpoint: string | undefined
}

export interface ObjectRef {
  readonly key: string
  readonly etag: string
  readonly bytes: number
  readonly modifiedMs: number
  /** It lies in an archive and has not been restored: it can't be read. */
  readonly archived: boolean
}

export interface Page {
  readonly objects: ReadonlyArray<ObjectRef>
  /** Where the next page begins; undefined after the last. */
  readonly next: string | undefined
}

export interface Objects extends Files {
  /** Writes an object, whole or not at all; one that stood there is replaced. */
  readonly put: (key: string, body: string) => TE.TaskEither<Failure, void>
  readonly remove: (key: string) => TE.TaskEither<Failure, void>
}

/** What can be read of a bucket. */
export interface Files {
  /** At most 1,000 objects under a prefix, in the order of their keys. */
  readonly page: (prefix: string, from: string | undefined) => TE.TaskEither<Failure, Page>
  /** What stands under a key now; undefined for nothing. */
  readonly find: (key: string) => TE.TaskEither<Failure, ObjectRef | undefined>
  /**
   * An object's bytes from an offset, all of one version: a change is a FILE_CHANGED. Ends after the last byte or the first Left.
   * A stalled or broken body is taken up again where it stopped, as often as it makes progress.
   */
  readonly read: (object: ObjectRef, fromByte: number) => AsyncIterable<E.Either<Failure | FileFault, Buffer>>
}

export interface Http {
  /** Sends a request; Right for any answer with a readable body, whatever its status. */
  readonly send: (request: HttpRequest) => Promise<E.Either<HttpTrouble, HttpReply>>
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly timeoutMs: number
}

export interface HttpReply {
  readonly status: number
  readonly body: string
}

/** No answer: `host` is host and port. Whether the request arrived is not known, but for `refused` and `unknown-host`. */
export interface HttpTrouble {
  readonly cause: Unreachable
  readonly host: string
}
