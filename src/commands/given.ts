import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities } from '../capabilities'
import * as Destination from '../destination/config'
import type { Failure } from '../failure'
import { isObject } from '../json'
import type { Decoded } from '../setting'
import * as Source from '../source/config'
import { jsonOf } from './inputs'
import { decodeReferring } from './references'

/** What is given at a terminal to say where rows come from, and how they are read. */
export interface GivenSource {
  /** A file of this machine; without it the folder of the config is meant. */
  readonly file: string | undefined
  readonly config: string | undefined
  /** Settings of the source given on the command line: they stand before those of the config. */
  readonly settings: Readonly<Record<string, unknown>>
}

type Loaded<C> = TE.TaskEither<Failure, Decoded<C>>

/** The source's config; `flag` is what it was given with. */
export const loadSource = (
  caps: Capabilities,
  { file, config, settings }: GivenSource,
  flag: 'config' | 'source',
): Loaded<Source.SourceConfig> =>
  pipe(
    config === undefined ? TE.right({}) : jsonOf(caps.readText, flag, config),
    TE.map((json) => (file === undefined ? json : withoutPlace(json))),
    TE.chain(decodeReferring(caps, flag, (json) => Source.decode(withSettings(json, settings)))),
  )

/** A file of this machine needs no bucket: the config may be the settings of rows alone, and secrets of the bucket are not looked up. */
const withoutPlace = (json: unknown): unknown => (isObject(json) ? { ...json, ...NO_PLACE } : json)

const NO_PLACE = {
  bucket: 'none',
  path_prefix: '',
  credentials: { auth_type: 'default_chain' },
  region: undefined,
  endpoint: undefined,
  expected_bucket_owner: undefined,
}

const withSettings = (json: unknown, settings: GivenSource['settings']): unknown => {
  if (!isObject(json)) return json
  const { csv, ...rest } = settings
  const given = json['csv']
  return { ...json, ...rest, ...(isObject(csv) ? { csv: isObject(given) ? { ...given, ...csv } : csv } : {}) }
}

/** The destination's config; without one, that of nobody. */
export const loadDestination = (
  caps: Capabilities,
  destination: string | undefined,
): Loaded<Destination.DestinationConfig> =>
  destination === undefined
    ? TE.fromEither(Destination.decode({ platform: NOBODY }))
    : pipe(
        jsonOf(caps.readText, 'destination', destination),
        TE.chain(decodeReferring(caps, 'destination', Destination.decode)),
      )

/** Of a platform that nothing is sent to only the rules count. An event set's number has 19 digits. */
const NOBODY = { type: 'tiktok', access_token: '-', event_set_id: '0'.repeat(19) }
