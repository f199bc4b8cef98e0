import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Capabilities, Objects } from '../capabilities'
import * as Destination from '../destination/config'
import type { Failure } from '../failure'
import * as message from '../protocol/message'
import * as Source from '../source/config'
import { OFFLINE_EVENT } from '../template/offline-event'
import { properties } from '../template/schema'
import { loadConfig } from './inputs'
import { headOf, planFor } from './reading/header'
import { bucketOf } from './reading/open'
import { streamsWith } from './reading/streams'
import { WHOLE, newestUnusable, survey } from './reading/survey'

/** The streams of the source as one CATALOG, or the operations of the destination as one DESTINATION_CATALOG. */
export const discover =
  (caps: Capabilities) =>
  (role: 'source' | 'destination', config: string): TE.TaskEither<Failure, message.Line> =>
    role === 'source'
      ? pipe(
          loadConfig(caps)(config, Source.decode),
          TE.chain(extraColumns(caps)),
          TE.map((extras) => message.catalog(streamsWith(extras))),
        )
      : pipe(loadConfig(caps)(config, Destination.decode), TE.map(operations))

/** With pass_through, the columns of the newest file that the template does not know. */
const extraColumns =
  (caps: Capabilities) =>
  (config: Source.SourceConfig): TE.TaskEither<Failure, ReadonlyArray<string>> =>
    config.extra_columns === 'drop'
      ? TE.right([])
      : pipe(
          caps.openBucket(bucketOf(config)),
          TE.chain((objects) => () => extrasOfNewest(caps, config, objects)),
        )

const extrasOfNewest = async (
  caps: Capabilities,
  config: Source.SourceConfig,
  objects: Objects,
): Promise<E.Either<Failure, ReadonlyArray<string>>> => {
  const found = await survey(caps, config, objects, WHOLE)
  if (E.isLeft(found)) return found
  const file = found.right.newest
  if (file === undefined) return E.right([])
  return pipe(
    await headOf(objects, file, config),
    E.chainW((head) =>
      head === undefined
        ? E.right([])
        : pipe(
            planFor(config, () => true)(head.header),
            E.map(({ extras }) => extras.map(({ name }) => name)),
          ),
    ),
    E.mapLeft((trouble) => newestUnusable(file, trouble)),
  )
}

const operations = ({ default_event_name }: Destination.DestinationConfig): message.Line =>
  message.destinationCatalog([
    {
      object_name: Destination.OBJECT_NAME,
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
