import type { Stream } from '../../protocol/message'
import { OFFLINE_EVENT } from '../../template/offline-event'
import { properties, streamSchema } from '../../template/schema'

export type StreamName = 'offline_events' | 'offline_events_rejected'

/** Names of the source's own columns: where in the bucket a record comes from. */
const POSITION = {
  _ab_source_file_last_modified: {
    type: ['null', 'string'],
    format: 'date-time',
    airbyte_type: 'timestamp_with_timezone',
    description: 'When the file was last modified: RFC 3339 with milliseconds and Z.',
  },
  _ab_source_file_url: { type: ['null', 'string'], description: "The object's key." },
  _ab_source_file_row: {
    type: ['null', 'integer'],
    description: 'The row in the file: 1 is the first after the header; blank lines do not count.',
  },
}

const REJECTED = {
  code: { type: ['null', 'string'], description: 'Why the row was rejected; a closed list of codes.' },
  column: { type: ['null', 'string'], description: 'The column at fault.' },
  message: { type: ['null', 'string'], description: 'What the code means and what to do.' },
  transaction_id: { type: ['null', 'string'], description: 'The order, where the row names one.' },
}

const streamOf = (name: StreamName, columns: Parameters<typeof streamSchema>[0]): Stream => ({
  name,
  json_schema: streamSchema({ ...columns, ...POSITION }),
  supported_sync_modes: ['full_refresh', 'incremental'],
  source_defined_cursor: true,
  default_cursor_field: ['_ab_source_file_last_modified'],
  source_defined_primary_key: [['_ab_source_file_url'], ['_ab_source_file_row']],
  is_resumable: true,
})

/** The source's streams: the events, with the extra columns that are passed through, and the rows that are none. */
export const streamsWith = (extras: ReadonlyArray<string>): ReadonlyArray<Stream> => [
  streamOf('offline_events', { ...properties(OFFLINE_EVENT), ...Object.fromEntries(extras.map(extraColumn)) }),
  streamOf('offline_events_rejected', REJECTED),
]

const extraColumn = (name: string): readonly [string, Readonly<Record<string, unknown>>] => [
  name,
  { type: ['null', 'string'], description: 'A column of the files that the template does not know.' },
]

export const isStreamName = (name: string): name is StreamName =>
  name === 'offline_events' || name === 'offline_events_rejected'
