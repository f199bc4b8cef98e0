import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities, Files } from '../../capabilities'
import * as Destination from '../../destination/config'
import { accumulator } from '../../destination/delivery/batch'
import { type TikTok, tiktok } from '../../destination/platforms/tiktok/index'
import type { Failure } from '../../failure'
import { newGatherer } from '../../figures/figures'
import { isObject } from '../../json'
import type { Decoded } from '../../setting'
import * as Source from '../../source/config'
import { OFFLINE_EVENT } from '../../template/offline-event'
import { compileRecords } from '../../template/record-plan'
import { jsonOf, remarksOf } from '../inputs'
import { bucketOf } from '../reading/open'
import { decodeReferring } from '../references'
import { type EventJudge, newEventJudge } from '../writing/event-judge'
import { type Counting, newCounting, remark } from './account'

/** What `validate` is asked for. */
export interface ValidateInputs {
  /** A file of this machine; without it the folder of the config is judged. */
  readonly file: string | undefined
  readonly config: string | undefined
  readonly destination: string | undefined
  readonly platform: 'tiktok'
  /** Settings of the source given on the command line: they stand before those of the config. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** One run of `validate`. */
export interface Validation {
  readonly caps: Capabilities
  readonly config: Source.SourceConfig
  /** Of the destination: over the whole run. */
  readonly maxRejectedPercent: number
  readonly files: Files
  readonly isLocal: boolean
  readonly platform: TikTok
  readonly judge: EventJudge
  readonly nowSeconds: number
  readonly window: TikTok['window']
  readonly counting: Counting
}

/** From the command line to a run: configs are decoded, and the file or bucket is opened. */
export const openValidation =
  (caps: Capabilities) =>
  (inputs: ValidateInputs): TE.TaskEither<Failure, Validation> =>
    pipe(
      TE.Do,
      TE.bind('source', () => loadSource(caps, inputs)),
      TE.bind('destination', () => loadDestination(caps, inputs)),
      TE.bind('files', ({ source }) => openFiles(caps, inputs, source.config)),
      TE.map(({ source, destination, files }) => {
        const validation = begin(caps, source.config, destination.config, files, inputs.file !== undefined)
        for (const said of [...remarksOf(source), ...remarksOf(destination, 'destination')])
          remark(validation.counting, said)
        return validation
      }),
    )

const begin = (
  caps: Capabilities,
  config: Source.SourceConfig,
  destination: Destination.DestinationConfig,
  files: Files,
  isLocal: boolean,
): Validation => {
  const platform = tiktok(destination.platform)
  const { fitsAlone } = accumulator({
    events: destination.max_events_per_request,
    bytes: destination.max_request_bytes,
    overheadBytes: platform.requests.overheadBytes,
  })
  const plan = compileRecords(OFFLINE_EVENT, Destination.mannerOf(destination))
  const nowSeconds = Math.floor(caps.nowMs() / 1000)
  const { window } = platform
  return {
    caps,
    config,
    maxRejectedPercent: destination.max_rejected_percent,
    files,
    isLocal,
    platform,
    judge: newEventJudge(platform, plan, fitsAlone),
    nowSeconds,
    window,
    counting: newCounting(newGatherer(nowSeconds, window)),
  }
}

const openFiles = (
  caps: Capabilities,
  { file }: ValidateInputs,
  config: Source.SourceConfig,
): TE.TaskEither<Failure, Files> => (file === undefined ? caps.openBucket(bucketOf(config)) : caps.openLocal(file))

type Loaded<C> = TE.TaskEither<Failure, Decoded<C>>

const loadSource = (caps: Capabilities, { file, config, settings }: ValidateInputs): Loaded<Source.SourceConfig> =>
  pipe(
    config === undefined ? TE.right({}) : jsonOf(caps.readText, 'config', config),
    TE.map((json) => (file === undefined ? json : withoutPlace(json))),
    TE.chain(decodeReferring(caps, 'config', (json) => Source.decode(withSettings(json, settings)))),
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

const withSettings = (json: unknown, settings: ValidateInputs['settings']): unknown => {
  if (!isObject(json)) return json
  const { csv, ...rest } = settings
  const given = json['csv']
  return { ...json, ...rest, ...(isObject(csv) ? { csv: isObject(given) ? { ...given, ...csv } : csv } : {}) }
}

const loadDestination = (
  caps: Capabilities,
  { destination, platform }: ValidateInputs,
): Loaded<Destination.DestinationConfig> =>
  destination === undefined
    ? TE.fromEither(Destination.decode({ platform: { type: platform, ...NOBODY } }))
    : pipe(
        jsonOf(caps.readText, 'destination', destination),
        TE.chain(decodeReferring(caps, 'destination', Destination.decode)),
      )

/** Of a platform that nothing is sent to only the rules count. An event set's number has 19 digits. */
const NOBODY = { access_token: '-', event_set_id: '0'.repeat(19) }
