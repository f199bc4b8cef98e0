import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { adminPath, answerAdmin } from './admin'
import { answerApi } from './api'
import { defaultSettings, mergeSettings } from './settings'
import { createState } from './state'
import type { EmulatorState } from './state'

/** A running emulator; close() also drops requests that hang and connections that idle. */
export interface Emulator {
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts a stand-in for TikTok's API on 127.0.0.1.
 *
 * @param options.port 0 for any free one
 * @param options.settings partial settings as POST /__admin/set takes them; a reset goes back to these
 */
export async function startEmulator({ port, settings = {} }: { port: number; settings?: unknown }): Promise<Emulator> {
  const merged = mergeSettings(defaultSettings, settings)
  if ('error' in merged) throw new Error(merged.error)
  const state = createState(merged.settings)
  const server = createServer((request, response) => {
    answer(state, request, response).catch((error: unknown) => {
      // A client that went away in mid-request is its own affair; anything else is a bug of the emulator and must be seen.
      if (!request.destroyed) process.stderr.write(`emulator: ${String(error)}\n`)
      response.destroy()
    })
  })
  // Longer than any client keeps an idle connection, so that only faults on demand reset one.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${taken}`, close }
}

async function answer(state: EmulatorState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(`http://emulator${request.url ?? '/'}`)
  await (url.pathname.startsWith(adminPath) ? answerAdmin : answerApi)(state, request, response, url)
}
