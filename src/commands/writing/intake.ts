import type { Capabilities } from '../../capabilities'
import type { DestinationConfig } from '../../destination/config'
import { newCourier } from '../../destination/delivery/deliver'
import type { RejectKeeper } from '../../destination/delivery/rejects'
import type { Incoming } from '../../protocol/incoming'
import { echoTo } from './echo'
import { type Statuses, newStatuses } from './statuses'
import { type Writing, newWriting } from './writing'

/** One run of `write`: takes in messages. */
export interface Intake {
  readonly writing: Writing
  /** A promise where delivery or the reader of stdout is behind. */
  readonly take: (incoming: Exclude<Incoming, { _tag: 'Malformed' }>, line: string) => Promise<void> | undefined
  readonly incomplete: Statuses['incomplete']
  /** Records of streams that the catalog does not know, and lines that are no messages. */
  readonly strays: () => Strays
}

/** What came in and concerns nobody. */
export interface Strays {
  readonly strangers: number
  readonly noise: number
}

/** A stream of this name, with any prefix, holds our source's rejects: they are for people, not for the platform. */
const REJECTS_STREAM = 'offline_events_rejected'

/** A run of `write` for the streams of the catalog; `keeper` takes the rejects. */
export const newIntake = (
  caps: Capabilities,
  config: DestinationConfig,
  streams: ReadonlySet<string>,
  keeper: RejectKeeper,
): Intake => {
  const sent = new Set([...streams].filter((stream) => !stream.endsWith(REJECTS_STREAM)))
  const statuses = newStatuses(caps, streams, [...sent])
  const writing = newWriting(caps, {
    config,
    keeper,
    echo: echoTo(caps.out),
    limited: statuses.limited,
    courierOf: (options, channel, listener) => newCourier(caps, channel, options, listener),
  })
  let strangers = 0
  let noise = 0

  const record = (stream: string, data: Readonly<Record<string, unknown>>): Promise<void> | undefined => {
    if (!sent.has(stream)) {
      if (!streams.has(stream)) strangers++
      writing.ignore(stream)
      return undefined
    }
    const file = data['_ab_source_file_url']
    const row = data['_ab_source_file_row']
    return writing.record(
      stream,
      data,
      typeof file === 'string' ? file : undefined,
      typeof row === 'number' ? row : undefined,
    )
  }

  return {
    writing,
    take: (incoming, line) => {
      switch (incoming._tag) {
        case 'Record':
          return record(incoming.stream, incoming.data)
        case 'State':
          return writing.state(line, incoming.stream)
        case 'Status':
          statuses.seen(incoming.stream, incoming.status)
          return undefined
        case 'Unknown':
          noise++
          return undefined
        case 'Known':
          return undefined
      }
    },
    incomplete: statuses.incomplete,
    strays: () => ({ strangers, noise }),
  }
}
