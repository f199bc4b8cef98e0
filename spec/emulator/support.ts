import { startEmulator } from '../../emulator/server'
import type { Emulator } from '../../emulator/server'

/** A running emulator with the calls a test makes on it. */
export interface Driver extends Emulator {
  track(body: unknown, headers?: Record<string, string>): Promise<Envelope>
  raw(path: string, init?: RequestInit): Promise<Response>
  set(settings: unknown): Promise<void>
  summary(): Promise<Summary>
  storedLines(query?: string): Promise<StoredLine[]>
}

export interface Envelope {
  readonly code: number
  readonly message: string
  readonly request_id: string
  readonly data: Record<string, unknown>
}

export interface Summary {
  readonly requests: { total: number; by_code: Record<string, number>; by_path: Record<string, number> }
  readonly events: Record<string, number>
  readonly stored_by_event: Record<string, number>
  readonly stored_by_event_set: Record<string, number>
  readonly refused_requests: number
  readonly faults_injected: Record<string, number>
  readonly bytes: number
}

export interface StoredLine {
  readonly event_source_id: string
  readonly received_at: string
  readonly request_id: string
  readonly test?: boolean
  readonly event: Record<string, unknown>
}

export const trackPath = '/open_api/v1.3/event/track/'
export const eventSet = '7312345678901234567'

/** Digests that TikTok publishes for its own made-up e-mail and phone (Doc 1771101303285761). */
export const emailDigest = '848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f'
export const phoneDigest = '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd'

/** A purchase as documented; `over` replaces keys, and a key set to undefined is left out. */
export function purchase(over: Record<string, unknown> = {}): Record<string, unknown> {
  return { event: 'Purchase', event_time: 1758190000, event_id: 'order-1', user: { email: [emailDigest] }, ...over }
}

/** A whole request of the given events; `over` as in purchase. */
export function request(events: unknown, over: Record<string, unknown> = {}): Record<string, unknown> {
  return { event_source: 'offline', event_source_id: eventSet, data: events, ...over }
}

export async function drive(settings: unknown = {}): Promise<Driver> {
  const emulator = await startEmulator({ port: 0, settings })
  const raw = (path: string, init?: RequestInit) => fetch(emulator.url + path, init)
  const post = (path: string, body: unknown, headers: Record<string, string>) =>
    raw(path, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
  return {
    ...emulator,
    raw,
    track: async (body, headers = {}) => {
      const sent = { 'Access-Token': 'emulator-token', 'Content-Type': 'application/json', ...headers }
      return (await (await post(trackPath, body, sent)).json()) as Envelope
    },
    set: async (patch) => {
      const response = await post('/__admin/set', patch, {})
      if (response.status !== 200) throw new Error(await response.text())
    },
    summary: async () => (await (await raw('/__admin/summary')).json()) as Summary,
    storedLines: async (query = '') => {
      const text = await (await raw(`/__admin/events${query}`)).text()
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as StoredLine)
    },
  }
}
