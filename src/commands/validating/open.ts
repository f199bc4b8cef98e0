import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities, Files } from '../../capabilities'
import * as Destination from '../../destination/config'
import { accumulator } from '../../destination/delivery/batch'
import { type TikTok, tiktok } from '../../destination/platforms/tiktok/index'
import type { Failure } from '../../failure'
import { newGatherer } from '../../figures/figures'
import type { SourceConfig } from '../../source/config'
import { OFFLINE_EVENT } from '../../template/offline-event'
import { compileRecords } from '../../template/record-plan'
import { type GivenSource, loadDestination, loadSource } from '../given'
import { remarksOf } from '../inputs'
import { bucketOf } from '../reading/open'
import { type EventJudge, newEventJudge } from '../writing/event-judge'
import { remark } from '../telling/remarks'
import { type Counting, newCounting } from './account'

/** What `validate` is asked for. */
export interface ValidateInputs extends GivenSource {
  readonly destination: string | undefined
  readonly platform: 'tiktok'
}

/** One run of `validate`. */
export interface Validation {
  readonly caps: Capabilities
  readonly config: SourceConfig
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
      TE.bind('source', () => loadSource(caps, inputs, 'config')),
      TE.bind('destination', () => loadDestination(caps, inputs.destination)),
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
  config: SourceConfig,
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
  config: SourceConfig,
): TE.TaskEither<Failure, Files> =>
  file === undefined ? caps.openBucket(bucketOf(config)) : caps.openLocal(file, 'read-once')
