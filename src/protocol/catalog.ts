import * as t from 'io-ts'
import { isObject } from '../json'
import { streamKey } from './incoming'

const maybe = <C extends t.Mixed>(codec: C) => t.union([codec, t.null, t.undefined], `${codec.name}, or nothing`)

const SyncMode = t.keyof({ full_refresh: null, incremental: null }, 'full_refresh or incremental')

const DestinationSyncMode = t.keyof(
  { append: null, overwrite: null, append_dedup: null, overwrite_dedup: null, update: null, soft_delete: null },
  'append, append_dedup, overwrite, update or soft_delete',
)

const ConfiguredStream = t.type(
  {
    stream: t.type({ name: t.string, namespace: maybe(t.string), json_schema: t.unknown }, 'a stream'),
    sync_mode: SyncMode,
    destination_sync_mode: maybe(DestinationSyncMode),
    destination_object_name: maybe(t.string),
    generation_id: maybe(t.number),
    minimum_generation_id: maybe(t.number),
    /** In Airbyte the number of the job, the same in each of its attempts. */
    sync_id: maybe(t.number),
  },
  'a configured stream',
)
export type ConfiguredStream = t.TypeOf<typeof ConfiguredStream>

/** What a sync is asked to do, one entry a stream; keys that the connector doesn't need are let through. */
export const ConfiguredCatalog = t.type(
  { streams: t.array(ConfiguredStream, 'a list of streams') },
  'a configured catalog',
)
export type ConfiguredCatalog = t.TypeOf<typeof ConfiguredCatalog>

/** The top-level fields that a configured stream declares; undefined where it declares none. */
export const fieldsOf = ({ stream }: ConfiguredStream): ReadonlySet<string> | undefined => {
  const fields = isObject(stream.json_schema) ? stream.json_schema['properties'] : undefined
  return isObject(fields) && Object.keys(fields).length > 0 ? new Set(Object.keys(fields)) : undefined
}

/** The key by which records and states of a configured stream are known. */
export const keyOf = ({ stream }: ConfiguredStream): string => streamKey(stream.name, stream.namespace)
