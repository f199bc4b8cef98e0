import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { type Dice, diceOf } from '../faults/dice'

/** How a body ends before its end. */
export const BREAKS = ['cut', 'reset', 'stall', 'truncate', 'fall_short'] as const
export type Break = (typeof BREAKS)[number]

/**
 * What the proxy does. Of a body: `cut` closes the connection, `reset` resets it, `stall` sends no more and leaves it open, `truncate` ends
 * a chunked body as if it were whole, `fall_short` closes a sized one in good order. `drip` sends a while in crumbs. Of a request: `delay`
 * lets it wait, `slow_down` answers by S3's 503. `refuse` closes a connection before anything was asked.
 */
export const TROUBLES = [...BREAKS, 'drip', 'delay', 'slow_down', 'refuse'] as const
export type Trouble = (typeof TROUBLES)[number]

/** A GetObject that was answered with a body. */
export interface Passed {
  readonly key: string
  /** The Range header; undefined for the whole object. */
  readonly range: string | undefined
  /** The If-Match header. */
  readonly ifMatch: string | undefined
  /** The object's length, and its first byte that was asked for. */
  readonly bytes: number
  readonly from: number
  /** Bytes of the body that were handed to the network. */
  sent: number
  /** Undefined while it is being sent, and where the reader hung up. */
  end: 'whole' | Break | undefined
}

/** An HTTP proxy in front of an S3: to its clients it is the S3. */
export interface CuttingProxy {
  readonly url: string
  /** How often each trouble was made. */
  readonly made: Readonly<Record<Trouble, number>>
  /** Bodies in the order in which they were asked for. */
  readonly passed: ReadonlyArray<Passed>
  /** The next body of an object stops after so many bytes, and is cut when the test says so. */
  readonly hold: (key: string, bytes: number) => Hold
  readonly close: () => Promise<void>
}

export interface Hold {
  /** Resolves when the body has stopped. */
  readonly reached: Promise<void>
  readonly cut: () => void
}

/** Starts a proxy that makes the trouble of a seed; without one it makes none of its own. Requests reach the S3 as they came, signatures too. */
export const startCuttingProxy = async (s3Url: string, seed?: string): Promise<CuttingProxy> => {
  const made = Object.fromEntries(TROUBLES.map((trouble) => [trouble, 0])) as Record<Trouble, number>
  const passed: Array<Passed> = []
  const holds = new Map<string, Held>()
  const plan = seed === undefined ? undefined : new Plan(diceOf(seed))
  const sockets = new Set<Socket>()
  const note = (trouble: Trouble): void => {
    made[trouble]++
  }

  const server: Server = createServer((incoming, reply) => {
    void answer(incoming, reply)
  })
  const answer = async (incoming: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const trouble = plan?.ofRequest()
    if (trouble !== undefined) note(trouble)
    if (trouble === 'slow_down') {
      incoming.resume()
      reply.writeHead(503, { 'Content-Type': 'application/xml', 'Content-Length': SLOW_DOWN.length }).end(SLOW_DOWN)
      return
    }
    if (trouble === 'delay') await wait(DELAY_MS)
    const { method, headers, url: path } = incoming
    const onward = request(s3Url + (path ?? ''), { method, headers, agent: false }, (s3Reply) => {
      const get = passedOf(incoming, s3Reply)
      if (get === undefined) {
        reply.writeHead(s3Reply.statusCode ?? 502, s3Reply.headers)
        s3Reply.pipe(reply)
        return
      }
      passed.push(get)
      const held = holds.get(get.key)
      holds.delete(get.key)
      // The reader may hang up at any time.
      send(get, s3Reply, reply, held?.course ?? plan?.ofBody(get) ?? WHOLE, note, held).catch(() => reply.destroy())
    })
    onward.on('error', () => reply.destroy())
    reply.on('close', () => onward.destroy())
    incoming.pipe(onward)
  }
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    if (plan?.refuses() !== true) return
    note('refuse')
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    made,
    passed,
    hold: (key, bytes) => {
      const held = new Held(bytes)
      holds.set(key, held)
      return held
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** How a body goes: with crumbs or without, and how it ends once so many bytes were sent. */
interface Course {
  readonly drips: boolean
  readonly after: number
  readonly end: Break
}

const WHOLE: Course = { drips: false, after: Infinity, end: 'cut' }

class Held implements Hold {
  readonly course: Course
  readonly reached: Promise<void>
  readonly released: Promise<void>
  reach: () => void = () => undefined
  cut: () => void = () => undefined

  constructor(after: number) {
    this.course = { drips: false, after, end: 'cut' }
    this.reached = new Promise((resolve) => (this.reach = resolve))
    this.released = new Promise((resolve) => (this.cut = resolve))
  }
}

const DELAY_MS = 100
/** Crumbs so far apart that all of them take longer than the tests' shortest idle time, and none does. */
const CRUMBS = 7
const CRUMB_MS = 200
const MOST_CRUMB_BYTES = 30

/** After a body that may have brought its reader nothing the next one brings at least this, or all there is. */
const PROGRESS_BYTES = 262_144

/** What goes wrong, by the dice: each kind as often as the others, in a shuffled order. */
class Plan {
  private readonly requests: () => 'delay' | 'slow_down' | undefined
  private readonly bodies: () => Break
  private readonly drips: () => boolean
  private readonly refusals: () => boolean
  /** Keys whose last body may have brought nothing. */
  private readonly hungry = new Set<string>()

  constructor(private readonly dice: Dice) {
    this.requests = deckOf(dice, ['delay', 'slow_down', ...Array<undefined>(6)])
    this.bodies = deckOf(dice, BREAKS)
    this.drips = deckOf(dice, [true, ...Array<boolean>(7).fill(false)])
    this.refusals = deckOf(dice, [true, ...Array<boolean>(4).fill(false)])
  }

  ofRequest(): 'delay' | 'slow_down' | undefined {
    return this.requests()
  }

  refuses(): boolean {
    return this.refusals()
  }

  /** A body ends after a share of the object, or almost at once. */
  ofBody({ key, bytes }: Passed): Course {
    const end = this.bodies()
    const share = this.dice.between(Math.floor(bytes / 8), Math.floor(bytes / 2))
    const drips = this.drips()
    if (this.hungry.delete(key))
      return { drips, after: Math.max(share, PROGRESS_BYTES), end: end === 'reset' ? 'cut' : end }
    const starves = this.dice.happens(1 / 4)
    // A reset takes from the reader what it has not yet looked at.
    if (starves || end === 'reset') this.hungry.add(key)
    return { drips, after: starves ? this.dice.between(0, 20) : share, end }
  }
}

/** Deals the cards in a shuffled order, and all of them anew when they are out. */
const deckOf = <A>(dice: Dice, cards: ReadonlyArray<A>): (() => A) => {
  let left: Array<A> = []
  return () => {
    if (left.length === 0) left = [...cards]
    return left.splice(dice.between(0, left.length - 1), 1)[0] as A
  }
}

/** A GetObject and its answer; undefined for any other request, and for one that was refused. */
const passedOf = ({ method, url = '', headers }: IncomingMessage, s3Reply: IncomingMessage): Passed | undefined => {
  const { pathname, searchParams } = new URL(url, 'http://s3')
  const key = decodeURIComponent(pathname.split('/').slice(2).join('/'))
  const { statusCode } = s3Reply
  if (method !== 'GET' || key === '' || searchParams.has('list-type')) return undefined
  if (statusCode !== 200 && statusCode !== 206) return undefined
  const [, from, bytes] = /^bytes (\d+)-\d+\/(\d+)$/.exec(s3Reply.headers['content-range'] ?? '') ?? []
  return {
    key,
    range: headers.range,
    ifMatch: headers['if-match'],
    bytes: Number(bytes ?? s3Reply.headers['content-length']),
    from: Number(from ?? 0),
    sent: 0,
    end: undefined,
  }
}

/** Sends a body on its course. */
const send = async (
  get: Passed,
  s3Reply: IncomingMessage,
  reply: ServerResponse,
  course: Course,
  note: (trouble: Trouble) => void,
  held: Held | undefined,
): Promise<void> => {
  const breaks = course.after < get.bytes - get.from
  const { 'content-length': length, ...headers } = s3Reply.headers
  const chunked = breaks && course.end === 'truncate'
  reply.writeHead(s3Reply.statusCode ?? 502, chunked ? headers : { ...headers, 'content-length': length })
  reply.flushHeaders()
  if (course.drips) note('drip')
  let crumbs = course.drips ? CRUMBS : 0
  for await (const piece of s3Reply as AsyncIterable<Buffer>) {
    let rest = piece.subarray(0, course.after - get.sent)
    while (rest.length > 0 && !reply.destroyed) {
      const next = crumbs > 0 ? rest.subarray(0, 1 + ((crumbs * 13) % MOST_CRUMB_BYTES)) : rest
      await handOver(reply, next)
      get.sent += next.length
      rest = rest.subarray(next.length)
      if (crumbs-- > 0) await wait(CRUMB_MS)
    }
    if (get.sent >= course.after) break
  }
  if (held !== undefined) {
    held.reach()
    await held.released
  }
  if (reply.destroyed) return
  get.end = breaks ? course.end : 'whole'
  if (breaks) note(course.end)
  finish(reply, get.end)
}

/** Resolves when the network has taken a piece, or nobody wants it any more. */
const handOver = (reply: ServerResponse, piece: Buffer): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      reply.off('close', done)
      resolve()
    }
    reply.on('close', done)
    reply.write(piece, done)
  })

const finish = (reply: ServerResponse, end: 'whole' | Break): void => {
  switch (end) {
    case 'whole':
    case 'truncate':
      reply.end()
      return
    case 'cut':
      reply.socket?.destroy()
      return
    case 'reset':
      reply.socket?.resetAndDestroy()
      return
    case 'fall_short':
      reply.socket?.end()
      return
    case 'stall':
      return
  }
}

const SLOW_DOWN =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'
