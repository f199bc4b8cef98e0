import { EventEmitter } from 'node:events'
import { ADVERTISER } from '../../support/emulator'
import { E164_DIGEST, EMAIL, EMAIL_DIGEST, PHONE, PHONES, PHONE_DIGEST, TOKEN } from '../canaries'
import { FORMS } from '../forms'
import { listen } from '../sandbox'
import { type Reply, answer, breakOff, closedPort, envelope } from '../servers'
import {
  type Case,
  DESTINATION,
  type Played,
  against,
  check,
  customers,
  destinationConfig,
  write,
  writeArgs,
} from './case'
import { proxied } from './storage'

/** What the platform knows of us: the token, the customer, and the digests we sent. */
const SPELLINGS: ReadonlyArray<string> = [EMAIL, ...PHONES, TOKEN, EMAIL_DIGEST, PHONE_DIGEST, E164_DIGEST]
/** Short enough to be told whole. */
export const QUOTING = [EMAIL, PHONES[2], TOKEN, EMAIL_DIGEST, PHONE_DIGEST, E164_DIGEST].join(',')
const HTML = `<!DOCTYPE html><html><head><title>${QUOTING}</title></head><body>${QUOTING}</body></html>`

/** Ways to quote that are no encodings. */
const ODD: ReadonlyArray<(text: string) => string> = [
  (text) => `"${text}"`,
  (text) => `'${text}'.`,
  (text) => `<${text}>`,
  (text) => `mailto:${text}?subject=${text}`,
  (text) => `value=${text}&next`,
  (text) => `(${text})/(${text})`,
  (text) => `[u'${text}']`,
  (text) => text.replace('@', ' @ '),
  (text) => text.replace('@', '\u200b@'),
  (text) => text.replace('@', '"@'),
  (text) => text.replace(/ /g, '\u00a0'),
  (text) => text.replace(/-/g, '\u2011'),
  (text) => text.replace(/[-. ]/g, '/'),
  (text) => text.replace(/[-. ]/g, ' - '),
  (text) => `prefix_${text}_suffix`,
  (text) => `a${text}b`,
  (text) => `x`.repeat(290) + text,
  (text) => `sha256:${text}:${text}`,
]

const WAYS: ReadonlyArray<readonly [name: string, quote: (text: string) => string]> = [
  ...FORMS.map(({ name, of }) => [name, of] as const),
  ...ODD.map((quote, i) => [`odd way ${i + 1}`, quote] as const),
]

/** The first event is accepted, lest the others be taken for a fault of the request; each of them is refused in other words. */
const refuseEach =
  (messages: ReadonlyArray<string>): Reply =>
  (asked, response) =>
    (asked.nth === 1 ? envelope(0, 'OK') : envelope(40002, messages[asked.nth - 2] ?? ''))(asked, response)

const ONE_BY_ONE = { max_events_per_request: 1, max_requests_in_flight: 1 }

const MESSAGES: ReadonlyArray<string> = WAYS.flatMap(([name, quote]) =>
  SPELLINGS.map((text) => `data.0.user: ${quote(text)} (${name}) is refused`),
)

/** So many messages of a run are told. */
const TOLD = 20

/** Refuses each event but the first, in twenty of the ways to quote. */
export const quotingRefusals = (i: number): Reply => refuseEach(MESSAGES.slice(i * TOLD, (i + 1) * TOLD))

const refusedEvents: ReadonlyArray<Case> = Array.from({ length: Math.ceil(MESSAGES.length / TOLD) }, (_, i) => {
  const messages = MESSAGES.slice(i * TOLD, (i + 1) * TOLD)
  return {
    name: `${DESTINATION} write, events refused in words that quote, ${i + 1}`,
    reaches: new RegExp(`REFUSED_BY_PLATFORM\\\\":${messages.length}`),
    end: '0',
    play: (stage) =>
      against(quotingRefusals(i), ({ url }) =>
        write(stage, destinationConfig(url, {}, ONE_BY_ONE), customers(messages.length + 1)),
      ),
  }
})

interface Refusal {
  readonly name: string
  readonly reply: Reply
}

/** No retry helps: the run ends, and `check` fails, with what the platform said. */
const HALTS: ReadonlyArray<Refusal> = [
  ...[40001, 40102, 40105, 40300, 49999].map((code) => ({ name: `${code}`, reply: envelope(code, QUOTING) })),
  ...['event_source_id', 'test_event_code', 'access_token'].map((field) => ({
    name: `40002 about ${field}`,
    reply: envelope(40002, `${field}: ${QUOTING}`),
  })),
  { name: '40001 with data', reply: envelope(40001, '', { data: { email: EMAIL, token: TOKEN } }) },
  {
    name: '40001 with a message that is no text',
    reply: envelope(40001, '', { message: { email: EMAIL, token: TOKEN } }),
  },
  ...[EMAIL, PHONE, TOKEN, EMAIL_DIGEST, encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString('hex')].map(
    (id, i) => ({
      name: `40001 with a request id that quotes, ${i + 1}`,
      reply: envelope(40001, 'No permission.', { request_id: id }),
    }),
  ),
  ...[401, 404].map((status) => ({ name: `HTTP ${status} in HTML`, reply: answer(status, 'text/html', HTML) })),
  {
    name: 'HTTP 400 in JSON of another kind',
    reply: answer(400, 'application/json', JSON.stringify({ error: QUOTING, token: TOKEN })),
  },
  ...[302, 307].map((status) => ({
    name: `a redirect (HTTP ${status}) to an address that quotes`,
    reply: answer(status, 'text/html', HTML, {
      Location: `http://127.0.0.1:9/?${new URLSearchParams({ q: QUOTING }).toString()}`,
    }),
  })),
]

const haltCases = ({ name, reply }: Refusal): ReadonlyArray<Case> => [
  {
    name: `${DESTINATION} write to a platform that answers ${name}`,
    reaches: /"failure_type":"config_error"/,
    end: '1',
    play: (stage) => against(reply, ({ url }) => write(stage, destinationConfig(url), customers(3))),
  },
  {
    name: `${DESTINATION} check of a platform that answers ${name}`,
    reaches: /"status":"FAILED"/,
    end: '0',
    play: (stage) =>
      against(reply, ({ url }) => check(DESTINATION, stage, destinationConfig(url, { advertiser_id: ADVERTISER }))),
  },
]

/** Passing trouble, for ever: the run is ended by a signal when it has met it twice. */
const TROUBLES: ReadonlyArray<Refusal> = [
  { name: '40100', reply: envelope(40100, QUOTING) },
  { name: '50002', reply: envelope(50002, QUOTING) },
  { name: 'HTTP 502 in HTML', reply: answer(502, 'text/html', HTML) },
  { name: 'HTTP 429', reply: answer(429, 'text/html', HTML) },
  { name: 'HTML under HTTP 200', reply: answer(200, 'text/html', HTML) },
  { name: 'half an answer', reply: breakOff(200, 'application/json', `{"code":40002,"message":"${QUOTING}`) },
  { name: 'no HTTP', reply: (_, response) => void response.socket?.end(`canary ${QUOTING}\r\n\r\n`) },
  {
    name: 'a header that is none',
    reply: (_, response) => void response.socket?.end(`HTTP/1.1 200 OK\r\n${TOKEN}: \u0001${EMAIL}\r\n\r\n`),
  },
  { name: 'a reset', reply: (_, response) => response.socket?.resetAndDestroy() },
  { name: 'nothing in time', reply: () => undefined },
]

const troubleCase = ({ name, reply }: Refusal): Case => ({
  name: `${DESTINATION} write to a platform that answers ${name}, and a signal`,
  reaches: /Stopped by a signal/,
  end: 'SIGTERM',
  play: (stage) => {
    let child: { kill: (signal: NodeJS.Signals) => boolean } | undefined
    return against(
      (asked, response) => {
        if (asked.nth === 2) child?.kill('SIGTERM')
        reply(asked, response)
      },
      ({ url }) =>
        listen(
          DESTINATION,
          writeArgs(stage, destinationConfig(url, {}, { request_timeout_seconds: 1 })),
          { input: customers(3) },
          (started) => (child = started),
        ),
    )
  },
})

/** What `check` waits out for half a minute. */
const LASTING: ReadonlyArray<readonly [name: string, reply: Reply, reaches: RegExp, end: Case['end']]> = [
  ['50002', envelope(50002, QUOTING), /"transient_error"/, '1'],
  [
    'half an answer',
    breakOff(200, 'application/json', `{"code":40002,"message":"${QUOTING}`),
    /FAILED|transient_error/,
    'any',
  ],
]

const lastingCase = ([name, reply, reaches, end]: (typeof LASTING)[number]): Case => ({
  name: `${DESTINATION} check of a platform that answers ${name}`,
  reaches,
  end,
  slow: true,
  play: (stage) => against(reply, ({ url }) => check(DESTINATION, stage, destinationConfig(url))),
})

/** The token where an id belongs is sent as such: that is what the config says. */
const withoutWhatWasSent = (played: Played): Played => ({ ...played, sent: '' })

const password = encodeURIComponent(TOKEN)

const OTHER: ReadonlyArray<Case> = [
  {
    name: `${DESTINATION} write of sixteen events that are refused alone`,
    reaches: /"failure_type":"config_error".*PlatformRefused|PlatformRefused.*"failure_type":"config_error"/,
    end: '1',
    play: (stage) =>
      against(envelope(40002, `data.0: ${QUOTING}`), ({ url }) => write(stage, destinationConfig(url), customers(20))),
  },
  {
    name: `${DESTINATION} write of events that are refused with a request id that quotes`,
    reaches: /REFUSED_BY_PLATFORM/,
    end: '0',
    play: (stage) =>
      against(envelope(40002, 'data.0.event: refused', { request_id: TOKEN }), ({ url }) =>
        write(stage, destinationConfig(url), customers(3)),
      ),
  },
  {
    name: `${DESTINATION} write with a token for an event set, which the platform quotes`,
    reaches: /platform\.event_set_id/,
    end: '1',
    play: (stage) =>
      against(envelope(40002, `Invalid value for event_source_id: ${TOKEN}`), ({ url }) =>
        write(stage, destinationConfig(url, { access_token: 'another', event_set_id: TOKEN }), customers(1)),
      ).then(withoutWhatWasSent),
  },
  {
    name: `${DESTINATION} check with a token for an event set, an advertiser and a test code, which the platform quotes`,
    reaches: /FAILED/,
    end: '0',
    play: (stage) =>
      against(
        (asked, response) => envelope(40300, `${TOKEN}: ${asked.url} ${asked.body}`)(asked, response),
        ({ url }) =>
          check(
            DESTINATION,
            stage,
            destinationConfig(url, {
              access_token: 'another',
              event_set_id: TOKEN,
              advertiser_id: TOKEN,
              test_event_code: TOKEN,
            }),
          ),
      ).then(withoutWhatWasSent),
  },
  {
    name: `${DESTINATION} write to an address with credentials, which hangs up, and a signal`,
    reaches: /Stopped by a signal/,
    end: 'SIGTERM',
    play: (stage) => {
      // It fails, and is told to stop when it tries again.
      const again = new EventEmitter()
      const hangUp: Reply = ({ nth }, response) => {
        response.destroy()
        if (nth === 2) again.emit('asked')
      }
      return against(hangUp, ({ port }) =>
        listen(
          DESTINATION,
          writeArgs(stage, destinationConfig(`http://user:${password}@127.0.0.1:${port}`)),
          { input: customers(3) },
          (child) => again.once('asked', () => child.kill('SIGTERM')),
        ),
      )
    },
  },
  {
    name: `${DESTINATION} check of an address with credentials, where nobody is`,
    reaches: /FAILED.*refused the connection at 127\.0\.0\.1/,
    end: '0',
    play: async (stage) =>
      check(DESTINATION, stage, destinationConfig(`http://user:${password}@127.0.0.1:${await closedPort()}`)),
  },
  {
    name: `${DESTINATION} check of an address with credentials, where another is`,
    reaches: /FAILED.*platform\.api_url/,
    end: '0',
    play: (stage) =>
      against(answer(404, 'text/html', HTML), ({ port }) =>
        check(DESTINATION, stage, destinationConfig(`http://user:${password}@127.0.0.1:${port}/?q=${password}`)),
      ),
  },
  {
    name: `${DESTINATION} check of a host that nobody knows`,
    reaches: /FAILED/,
    end: '0',
    play: (stage) => check(DESTINATION, stage, destinationConfig(`http://user:${password}@nowhere.invalid`)),
  },
  {
    name: `${DESTINATION} check with https of a server without`,
    reaches: /FAILED|transient_error/,
    end: 'any',
    slow: true,
    play: (stage) =>
      against(envelope(0, 'OK'), ({ port }) =>
        check(DESTINATION, stage, destinationConfig(`https://user:${password}@127.0.0.1:${port}`)),
      ),
  },
]

export const PLATFORM: ReadonlyArray<Case> = [
  ...refusedEvents,
  ...HALTS.flatMap(haltCases),
  ...TROUBLES.map(troubleCase),
  ...LASTING.map(lastingCase),
  ...OTHER,
  ...proxied(`${DESTINATION} check`, (stage, env) =>
    check(DESTINATION, stage, destinationConfig('http://127.0.0.1:9'), { env }),
  ),
]
