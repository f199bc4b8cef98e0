export type StreamName = 'offline_events' | 'offline_events_rejected'

export const EVENTS: StreamName = 'offline_events'
export const REJECTS: StreamName = 'offline_events_rejected'
export const BOTH: ReadonlyArray<StreamName> = [EVENTS, REJECTS]

/** A configured catalog as the platform writes it; `over` replaces or adds keys of every stream. */
export const catalogOf = (
  streams: ReadonlyArray<string>,
  over: Readonly<Record<string, unknown>> = {},
): { readonly streams: ReadonlyArray<Readonly<Record<string, unknown>>> } => ({
  streams: streams.map((name) => ({
    stream: { name, json_schema: {}, supported_sync_modes: ['full_refresh', 'incremental'] },
    sync_mode: 'incremental',
    destination_sync_mode: 'append',
    ...over,
  })),
})
