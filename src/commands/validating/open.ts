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
import { type EventJudge, newEventJudge } from '../writing/event-judge'
import { type Counting, newCounting } from './account'

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
        for (const remark of [...remarksOf(source), ...remarksOf(destination)]) validation.counting.remarks.add(remark)
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

const loadSource = (
  { readText }: Capabilities,
  { file, config, settings }: ValidateInputs,
): Loaded<Source.SourceConfig> =>
  pipe(
    config === undefined ? TE.right({}) : jsonOf(readText, 'config', config),
    TE.chainEitherK((json) => Source.decode(withSettings(file === undefined ? json : withPlace(json), settings))),
  )

/** A file of this machine needs no bucket: its config may be the settings of rows alone. */
const withPlace = (json: unknown): unknown => (isObject(json) ? { ...NO_PLACE, ...json } : json)

const NO_PLACE = { bucket: 'none', path_prefix: '', credentials: { auth_type: 'default_chain' } }

const withSettings = (json: unknown, settings: ValidateInputs['settings']): unknown => {
  if (!isObject(json)) return json
  const { csv, ...rest } = settings
  const given = json['csv']
  return { ...json, ...rest, ...(isObject(csv) ? { csv: isObject(given) ? { ...given, ...csv } : csv } : {}) }
}

const loadDestination = (
  { readText }: Capabilities,
  { destination, platform }: ValidateInputs,
): Loaded<Destination.DestinationConfig> =>
  pipe(
    destination === undefined
      ? TE.right({ platform: { type: platform, ...NOBODY } })
      : jsonOf(readText, 'destination', destination),
    TE.chainEitherK(Destination.decode),
    TE.mapLeft((failure) => (failure._tag === 'InputInvalid' ? { ...failure, input: 'destination' } : failure)),
  )

/** Of a platform that nothing is sent to only the rules count. An event set's number has 19 digits. */
const NOBODY = { access_token: '-', event_set_id: '0'.repeat(19) }
