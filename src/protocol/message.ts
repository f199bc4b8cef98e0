import type { FailureType } from '../failure'

/**
 * Airbyte messages, each encoded as one line of compact JSON without its newline. `type` stands first, and in a record `stream`
 * before `data`: readers may rely on it. Airbyte protocol 0.18.
 */
export type Line = string

export type Level = 'ERROR' | 'WARN' | 'INFO'

export interface StreamDescriptor {
  readonly name: string
  readonly namespace?: string
}

export interface Stream {
  readonly name: string
  readonly json_schema: Readonly<Record<string, unknown>>
  readonly supported_sync_modes: ReadonlyArray<'full_refresh' | 'incremental'>
  readonly source_defined_cursor: boolean
  readonly default_cursor_field: ReadonlyArray<string>
  readonly source_defined_primary_key: ReadonlyArray<ReadonlyArray<string>>
  readonly is_resumable: boolean
}

export interface Specification {
  readonly documentationUrl: string
  readonly protocol_version: string
  readonly supportsIncremental: boolean
  readonly supported_destination_sync_modes?: ReadonlyArray<'append'>
  readonly connectionSpecification: Readonly<Record<string, unknown>>
}

export interface Operation {
  readonly object_name: string
  readonly sync_mode: 'append'
  readonly matching_keys: ReadonlyArray<ReadonlyArray<string>>
  readonly json_schema: Readonly<Record<string, unknown>>
}

export type Status = 'STARTED' | 'RUNNING' | 'COMPLETE' | 'INCOMPLETE'

/** A message to people. Never holds a value of a row. */
export const log = (level: Level, message: string): Line => JSON.stringify({ type: 'LOG', log: { level, message } })

export const spec = (specification: Specification): Line => JSON.stringify({ type: 'SPEC', spec: specification })

export const connectionStatus = (status: 'SUCCEEDED' | 'FAILED', message?: string): Line =>
  JSON.stringify({ type: 'CONNECTION_STATUS', connectionStatus: { status, message } })

export const catalog = (streams: ReadonlyArray<Stream>): Line =>
  JSON.stringify({ type: 'CATALOG', catalog: { streams } })

export const destinationCatalog = (operations: ReadonlyArray<Operation>): Line =>
  JSON.stringify({ type: 'DESTINATION_CATALOG', destination_catalog: { operations } })

/**
 * Records of one stream: the returned function takes the data as JSON text and the time of emission in milliseconds. The
 * constant parts are encoded once: this runs for every row.
 */
export const recordOf = (stream: string): ((dataJson: string, emittedAtMs: number) => Line) => {
  const before = `{"type":"RECORD","record":{"stream":${JSON.stringify(stream)},"data":`
  return (dataJson, emittedAtMs) => `${before}${dataJson},"emitted_at":${emittedAtMs}}}`
}

/** A stream's state, and how many of its records came since its previous one. */
export const streamState = (name: string, streamState: unknown, recordCount: number): Line =>
  JSON.stringify({
    type: 'STATE',
    state: {
      type: 'STREAM',
      stream: { stream_descriptor: { name }, stream_state: streamState },
      sourceStats: { recordCount },
    },
  })

export const streamStatus = (stream: StreamDescriptor, status: Status, emittedAtMs: number): Line =>
  JSON.stringify({
    type: 'TRACE',
    trace: { type: 'STREAM_STATUS', emitted_at: emittedAtMs, stream_status: { stream_descriptor: stream, status } },
  })

/** That a stream waits for a rate limit to lift, at a moment in milliseconds since 1970; its next record says that it goes on. */
export const rateLimited = (stream: StreamDescriptor, untilMs: number, emittedAtMs: number): Line => {
  const reasons = [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: untilMs } }]
  const stream_status = { stream_descriptor: stream, status: 'RUNNING', reasons }
  return JSON.stringify({
    type: 'TRACE',
    trace: { type: 'STREAM_STATUS', emitted_at: emittedAtMs, stream_status },
  })
}

/** How much of a stream is to come; the platform needs both figures. */
export const traceEstimate = (name: string, rows: number, bytes: number, emittedAtMs: number): Line =>
  JSON.stringify({
    type: 'TRACE',
    trace: {
      type: 'ESTIMATE',
      emitted_at: emittedAtMs,
      estimate: { name, type: 'STREAM', row_estimate: rows, byte_estimate: bytes },
    },
  })

/** The platform decides by the first of these whether to try again, and shows `message` to the user. */
export const traceError = (failureType: FailureType, message: string, emittedAtMs: number, internal?: string): Line =>
  JSON.stringify({
    type: 'TRACE',
    trace: {
      type: 'ERROR',
      emitted_at: emittedAtMs,
      error: { message, internal_message: internal, failure_type: failureType },
    },
  })
