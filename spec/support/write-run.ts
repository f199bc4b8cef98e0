import * as E from 'fp-ts/Either'
import { write } from '../../src/commands/write'
import type { Objects } from '../../src/capabilities'
import type { Failure } from '../../src/failure'
import { EMAIL_DIGEST } from './row'
import { memory } from './memory'

/** Any JSON object. */
export type Json = Readonly<Record<string, unknown>>

export const NOW_SECONDS = 1_758_200_000
const CONFIG = { platform: { type: 'tiktok', access_token: 'token', event_set_id: '7312345678901234567' } }

/** Streams of a catalog, each in append unless it says otherwise. */
export const catalogOf = (...streams: ReadonlyArray<Json>): string =>
  JSON.stringify({
    streams: streams.map(({ name = 'events', ...over }) => ({
      stream: { name },
      sync_mode: 'incremental',
      destination_sync_mode: 'append',
      ...over,
    })),
  })

/** A record that the platform takes, or with `over` one that is rejected; its number makes it an event of its own. */
export const record = (n: number, over: Json = {}, stream = 'events'): string =>
  JSON.stringify({
    type: 'RECORD',
    record: {
      stream,
      data: { event_name: 'Lead', event_time: NOW_SECONDS, Email_hashed: EMAIL_DIGEST, event_id: `e-${n}`, ...over },
      emitted_at: 1,
    },
  })

const BAD = { event_time: 'never' }

/** Good records (g), bad ones (b), and a state of the stream between them (s), of all streams (S). */
export const input = (script: string, stream = 'events'): ReadonlyArray<string> =>
  [...script.matchAll(/([gb])(\d*)|[sS]/g)].flatMap(([step, kind, times], i) => {
    if (step === 's') return [state(`${stream} ${i}`, stream)]
    if (step === 'S') return [state(`all ${i}`, undefined)]
    return Array.from({ length: Number(times || 1) }, (_, n) => record(i * 10_000 + n, kind === 'b' ? BAD : {}, stream))
  })

export const state = (id: string, stream: string | undefined): string =>
  JSON.stringify({
    type: 'STATE',
    state:
      stream === undefined
        ? { type: 'GLOBAL', global: { stream_states: [] }, id }
        : { type: 'STREAM', stream: { stream_descriptor: { name: stream }, stream_state: { at: id } }, id },
  })

export interface Outcome {
  readonly failure: Failure | undefined
  /** The states that were echoed: the records of each that were kept and, where there are any, rejected. */
  readonly states: ReadonlyArray<readonly [id: string, kept: number, rejected?: number]>
  readonly warnings: ReadonlyArray<string>
  readonly infos: ReadonlyArray<string>
  /** STREAM_STATUS messages: what each says of its stream. */
  readonly statuses: ReadonlyArray<Json>
  readonly totals: Json
  readonly bodies: ReadonlyArray<{ readonly data: ReadonlyArray<Json> }>
  readonly linesRead: number
  /** How many states had been echoed when the input ended. */
  readonly echoedBeforeEnd: number
}

export interface Circumstances {
  readonly config?: Json
  readonly catalog?: string
  readonly answer?: (body: string) => string
  /** The bucket of the rejects. */
  readonly objects?: Objects
  /** Lines that stdin brings at a time; it ends where reading is halted. */
  readonly chunk?: number
}

export const run = async (
  stdin: ReadonlyArray<string>,
  { config = {}, catalog = catalogOf({}), answer, objects, chunk = 50 }: Circumstances = {},
): Promise<Outcome> => {
  const world = memory({
    texts: { config: JSON.stringify({ ...CONFIG, ...config }), catalog },
    nowMs: NOW_SECONDS * 1000,
    ...(objects === undefined ? {} : { objects }),
    ...(answer === undefined ? {} : { answer: ({ body }) => answer(body ?? '') }),
  })
  let linesRead = 0
  let echoedBeforeEnd = 0
  const lines = async function* (halt: AbortSignal) {
    for (let at = 0; at < stdin.length && !halt.aborted; at += chunk) {
      // The platform answers while the next lines are on their way.
      await new Promise((resolve) => setImmediate(resolve))
      const some = stdin.slice(at, at + chunk)
      linesRead += some.length
      yield some
    }
    await new Promise((resolve) => setImmediate(resolve))
    echoedBeforeEnd = world.lines.filter((line) => line.includes('"STATE"')).length
  }
  const outcome = await write({ ...world.caps, lines })({ config: 'config', catalog: 'catalog' })()
  const messages = world.lines.map((line) => JSON.parse(line) as Message)
  const logs = messages.flatMap(({ log }) => (log === undefined ? [] : [log]))
  const totals = logs.find(({ message }) => message.startsWith('totals '))?.message.slice('totals '.length) ?? '{}'
  return {
    failure: E.isLeft(outcome) ? outcome.left : undefined,
    states: messages.flatMap(({ state: echoed }) => (echoed === undefined ? [] : [echoOf(echoed)])),
    infos: logs.filter(({ level }) => level === 'INFO').map(({ message }) => message),
    statuses: messages.flatMap(({ trace }) => (trace?.stream_status === undefined ? [] : [trace.stream_status])),
    warnings: logs.filter(({ level }) => level === 'WARN').map(({ message }) => message),
    totals: JSON.parse(totals) as Json,
    bodies: world.requests.map(({ body }) => JSON.parse(body ?? '{}') as { data: ReadonlyArray<Json> }),
    linesRead,
    echoedBeforeEnd,
  }
}

interface Message {
  readonly log?: { readonly level: string; readonly message: string }
  readonly state?: Echo
  readonly trace?: { readonly stream_status?: Json }
}

interface Echo {
  readonly id: string
  readonly destinationStats: { readonly recordCount: number; readonly rejectedRecordCount?: number }
}

const echoOf = ({ id, destinationStats }: Echo): Outcome['states'][number] =>
  destinationStats.rejectedRecordCount === undefined
    ? [id, destinationStats.recordCount]
    : [id, destinationStats.recordCount, destinationStats.rejectedRecordCount]
