import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readBody } from './body'
import { isJsonObject, parseJson } from './json'
import { applySettings, resetState, summary } from './state'
import type { EmulatorState } from './state'

/** Everything below this path drives the emulator and is no part of TikTok's API. */
export const adminPath = '/__admin/'

/** Answers the driver: POST reset and set, GET summary (JSON) and events (NDJSON). A refused call is {"error": text}. */
export async function answerAdmin(
  state: EmulatorState,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const body = (await readBody(request, null))?.toString('utf8') ?? ''
  const call = `${request.method ?? ''} ${url.pathname.slice(adminPath.length)}`
  const limit = readLimit(url.searchParams.get('limit'))
  if (call === 'GET events' && state.settings.keep === 'events' && limit !== undefined) {
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
    // A request's lines are made when the reader has taken those before: a million events never lie in memory twice.
    await pipeline(Readable.from(state.store.lines(limit)), response)
    return
  }
  const { status, json } = reply(state, call, body)
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(json))
}

interface Reply {
  readonly status: number
  readonly json: object
}

function reply(state: EmulatorState, call: string, body: string): Reply {
  switch (call) {
    case 'POST reset':
      return reset(state, body.trim() === '' ? {} : parseJson(body))
    case 'POST set': {
      const error = applySettings(state, parseJson(body))
      return error === undefined ? { status: 200, json: { ok: true } } : refused(400, error)
    }
    case 'GET summary':
      return { status: 200, json: summary(state) }
    case 'GET events':
      return state.settings.keep === 'digests'
        ? refused(409, 'keep is "digests": there are no events to show')
        : refused(400, 'limit: a number of events is expected')
    default:
      return refused(404, 'unknown admin call')
  }
}

function reset(state: EmulatorState, body: unknown): Reply {
  const known = isJsonObject(body) && Object.keys(body).every((key) => key === 'keep_settings')
  if (!known) return refused(400, 'reset: a JSON object with keep_settings at most is expected')
  resetState(state, body['keep_settings'] === true)
  return { status: 200, json: { ok: true } }
}

function refused(status: number, error: string): Reply {
  return { status, json: { error } }
}

/** How many events to show; undefined when the text says nothing of the kind. */
function readLimit(text: string | null): number | undefined {
  if (text === null) return Infinity
  return /^\d+$/.test(text) ? Number(text) : undefined
}
