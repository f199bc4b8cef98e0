import { setTimeout as wait } from 'node:timers/promises'
import { startEmulator } from '../../emulator/server'

/** A running emulator with the calls that a test makes on it. */
export interface Platform {
  readonly url: string
  readonly summary: () => Promise<Summary>
  /** Accepted events in the order of their acceptance. */
  readonly events: () => Promise<ReadonlyArray<StoredEvent>>
  /** Forgets everything, and goes by these settings and the standard ones. */
  readonly reset: (settings?: Readonly<Record<string, unknown>>) => Promise<void>
  /** Forgets nothing, and goes by these settings as well from now on. */
  readonly set: (settings: Readonly<Record<string, unknown>>) => Promise<void>
  /** Resolves once so many requests have come. */
  readonly requests: (least: number) => Promise<void>
  readonly close: () => Promise<void>
}

export interface Summary {
  readonly requests: {
    readonly total: number
    readonly by_code: Readonly<Record<string, number>>
    readonly by_path: Readonly<Record<string, number>>
  }
  readonly events: {
    readonly received: number
    readonly stored: number
    readonly duplicates: number
    readonly differing_repeats: number
    readonly refused: number
  }
  /** Requests refused for an event in them. */
  readonly refused_requests: number
  readonly faults_injected: Readonly<Record<string, number>>
}

export interface StoredEvent {
  readonly event: string
  readonly event_id: string
  readonly event_time: number
  readonly user: { readonly email?: ReadonlyArray<string>; readonly phone?: ReadonlyArray<string> }
  readonly properties?: Readonly<Record<string, unknown>>
}

/** What the emulator knows unless it is told otherwise. */
export const TOKEN = 'emulator-token'
export const EVENT_SET = '7312345678901234567'
export const ADVERTISER = '7000000000000000001'

export const startPlatform = async (): Promise<Platform> => {
  const emulator = await startEmulator({ port: 0 })
  const { url } = emulator
  const post = async (path: string, body: unknown): Promise<void> => {
    const reply = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })
    if (!reply.ok) throw new Error(await reply.text())
  }
  const summary = async (): Promise<Summary> => (await (await fetch(`${url}/__admin/summary`)).json()) as Summary
  return {
    url,
    close: () => emulator.close(),
    summary,
    events: async () => {
      const text = await (await fetch(`${url}/__admin/events`)).text()
      const lines = text.split('\n').filter((line) => line !== '')
      return lines.map((line) => (JSON.parse(line) as { readonly event: StoredEvent }).event)
    },
    reset: async (settings = {}) => {
      await post('/__admin/reset', {})
      await post('/__admin/set', settings)
    },
    set: (settings) => post('/__admin/set', settings),
    requests: async (least) => {
      const deadline = Date.now() + 15_000
      while ((await summary()).requests.total < least) {
        if (Date.now() > deadline) throw new Error(`no ${least} requests within 15 s`)
        await wait(3)
      }
    },
  }
}

/** A destination's config for the emulator; `over` and `platform` replace or add keys. */
export const destinationConfig = (
  { url }: Pick<Platform, 'url'>,
  over: Readonly<Record<string, unknown>> = {},
  platform: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  platform: { type: 'tiktok', access_token: TOKEN, event_set_id: EVENT_SET, api_url: url, ...platform },
  ...over,
})
