import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities } from '../capabilities'
import * as Destination from '../destination/config'
import type { Failure } from '../failure'
import * as message from '../protocol/message'
import * as Source from '../source/config'
import { OFFLINE_EVENT } from '../template/offline-event'
import { properties } from '../template/schema'
import { loadConfig } from './inputs'
import { STREAMS } from './reading/streams'

/** The streams of the source as one CATALOG, or the operations of the destination as one DESTINATION_CATALOG. */
export const discover =
  (caps: Capabilities) =>
  (role: 'source' | 'destination', config: string): TE.TaskEither<Failure, message.Line> =>
    role === 'source'
      ? pipe(
          loadConfig(caps)(config, Source.decode),
          TE.map(() => message.catalog(STREAMS)),
        )
      : pipe(loadConfig(caps)(config, Destination.decode), TE.map(operations))

const operations = ({ default_event_name }: Destination.DestinationConfig): message.Line =>
  message.destinationCatalog([
    {
      object_name: 'offline_event',
      sync_mode: 'append',
      // Without matching keys a record with null ids can't abort a sync.
      matching_keys: [],
      json_schema: {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        required: default_event_name === undefined ? ['event_time', 'event_name'] : ['event_time'],
        additionalProperties: false,
        properties: properties(OFFLINE_EVENT),
      },
    },
  ])
