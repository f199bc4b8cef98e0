import type { Bucket } from '../../support/bucket'
import { BOTH, EVENTS, catalogOf } from '../../support/catalogs'
import type { Bin, Options } from '../../support/connector'
import { EVENT_SET } from '../../support/emulator'
import { EMAIL, KEY_ID, PHONE, SECRET, SESSION, TOKEN } from '../canaries'
import { type Heard, listen } from '../sandbox'
import { type Reply, type Server, serve } from '../servers'

/** One run into a failure, with canaries in whatever it is given. */
export interface Case {
  readonly name: string
  /** What shows on stdout (of a verb for people also beside it) that this failure was met, and not another before it. */
  readonly reaches: RegExp
  /** The exit code or signal. */
  readonly end: '0' | '1' | 'SIGTERM' | 'any'
  readonly play: (stage: Stage) => Promise<Played>
  /** Its output is made of the identities' digests: they are no leak. */
  readonly emitsDigests?: boolean
  readonly isForPeople?: boolean
  /** Takes half a minute of waiting: starts first. */
  readonly slow?: boolean
}

/** What was heard of a run, and the bodies that it sent to the platform. */
export type Played = Heard & { readonly sent?: string }

/** What cases share. */
export interface Stage {
  /** Writes an input file and returns its path. */
  readonly file: (content: unknown) => string
  /** Writes a file beside another, of its name and an ending, and returns the path of the other. */
  readonly beside: (path: string, ending: string, content: unknown) => string
  readonly bucket: Bucket
  /** An access key that the bucket's owner has; its secret is no canary. */
  readonly knownKeyId: string
}

export const SOURCE: Bin = 'source-s3-offline-events'
export const DESTINATION: Bin = 'destination-offline-events'
export const BARE: Bin = 'offline-events'

export const WORDS: ReadonlyArray<string> = [EMAIL, PHONE, TOKEN, KEY_ID, SECRET, SESSION]
/** All of them in one text. */
export const ALL = WORDS.join(' and ')

export const CREDENTIALS = {
  auth_type: 'access_key',
  aws_access_key_id: KEY_ID,
  aws_secret_access_key: SECRET,
  aws_session_token: SESSION,
}

/** A source's config that works, but for `over`. */
export const sourceConfig = ({ bucket }: Stage, over: Readonly<Record<string, unknown>> = {}): unknown =>
  bucket.config({ credentials: CREDENTIALS, ...over })

/** A destination's config that works at `url`, but for `platform` and `over`. */
export const destinationConfig = (
  url: string,
  platform: Readonly<Record<string, unknown>> = {},
  over: Readonly<Record<string, unknown>> = {},
): unknown => ({
  platform: { type: 'tiktok', access_token: TOKEN, event_set_id: EVENT_SET, api_url: url, ...platform },
  ...over,
})

/** A verb for people that ends before its work begins. */
export const refused = (
  name: string,
  reaches: RegExp,
  args: (stage: Stage) => ReadonlyArray<string>,
  env: NodeJS.ProcessEnv = {},
): Case => ({
  name: `${BARE} ${name}`,
  reaches,
  end: '1',
  isForPeople: true,
  play: (stage) => listen(BARE, args(stage), { env }),
})

export const check = (bin: Bin, stage: Stage, config: unknown, options: Options = {}): Promise<Heard> =>
  listen(bin, ['check', '--config', stage.file(config)], options)

export interface ReadInputs {
  readonly config: unknown
  readonly catalog?: unknown
  readonly state?: unknown
}

export const readArgs = (stage: Stage, { config, catalog = catalogOf(BOTH), state }: ReadInputs) => [
  'read',
  ...['--config', stage.file(config), '--catalog', stage.file(catalog)],
  ...(state === undefined ? [] : ['--state', stage.file(state)]),
]

export const read = (stage: Stage, inputs: ReadInputs, options: Options = {}): Promise<Heard> =>
  listen(SOURCE, readArgs(stage, inputs), options)

export const writeArgs = (stage: Stage, config: unknown, catalog: unknown = catalogOf([EVENTS])) => [
  'write',
  ...['--config', stage.file(config), '--catalog', stage.file(catalog)],
]

export const write = (stage: Stage, config: unknown, input: string, options: Options = {}): Promise<Heard> =>
  listen(DESTINATION, writeArgs(stage, config), { ...options, input })

/** Plays against a server of its own; what that received was sent. */
export const against = async (reply: Reply, play: (server: Server) => Promise<Heard>): Promise<Played> => {
  const server = await serve(reply)
  try {
    const heard = await play(server)
    return { ...heard, sent: server.bodies.join('\n') }
  } finally {
    await server.close()
  }
}

/** An event's time that no platform refuses. */
export const nowish = (): number => Math.floor(Date.now() / 1000) - 3600

/** A RECORD line. */
export const record = (data: Readonly<Record<string, unknown>>, stream: string = EVENTS): string =>
  JSON.stringify({ type: 'RECORD', record: { stream, data, emitted_at: 1 } })

/** A record of a customer, in plain. */
export const customer = (id: string, over: Readonly<Record<string, unknown>> = {}): string =>
  record({ event_name: 'Lead', event_time: nowish(), email: EMAIL, phone: PHONE, event_id: id, ...over })

export const customers = (n: number): string =>
  Array.from({ length: n }, (_, i) => `${customer(`event-${i + 1}`)}\n`).join('')
