import { startEmulator } from '../../../emulator/server'
import { EVENTS, REJECTS, catalogOf } from '../../support/catalogs'
import { EMAIL, EMAIL_DIGEST, PHONE, PHONES, SECRET, TOKEN } from '../canaries'
import { type Heard, listen } from '../sandbox'
import { passOnTo } from '../servers'
import {
  ALL,
  type Case,
  DESTINATION,
  type Played,
  type Stage,
  WORDS,
  against,
  customer,
  customers,
  destinationConfig,
  nowish,
  read,
  record,
  sourceConfig,
  writeArgs,
} from './case'

/** Keys of the template and their aliases. */
const KEYS = [
  ...['event_name', 'event_time', 'currency', 'value', 'transaction_id', 'Email_hashed', 'Phone_hashed'],
  ...['phone_e164_hashed', 'event_id', 'external_id', 'shop_id', 'content_type', 'content_ids', 'contents'],
  ...['num_items', 'description', 'search_string', 'event', 'event_type', 'timestamp', 'order_id', 'email'],
  ...['email_hashed', 'phone', 'phone_number', 'phone_hashed'],
]

const purchase = (over: Readonly<Record<string, unknown>>): string =>
  record({
    event_name: 'Purchase',
    event_time: nowish(),
    currency: 'USD',
    value: 1,
    transaction_id: 'order',
    email: EMAIL,
    phone: PHONE,
    ...over,
  })

/** An address of every JSON type in every field. Phones in names, ids and texts are texts: see rows.ts. */
const EVERY_FIELD: ReadonlyArray<string> = [
  ...KEYS.flatMap((key) =>
    [EMAIL, `<${EMAIL}> `, [EMAIL, EMAIL], { [EMAIL]: EMAIL }, [[EMAIL]], [{ [EMAIL]: [EMAIL] }]].map((value) =>
      purchase({ [key]: value }),
    ),
  ),
  ...PHONES.flatMap((phone) => [
    purchase({ phone }),
    purchase({ phone: [phone, EMAIL], email: phone }),
    purchase({ email: phone, phone: undefined }),
    purchase({ currency: phone }),
    purchase({ event_time: `${phone} ${phone}` }),
    purchase({ external_id: phone }),
  ]),
  purchase({ email: [EMAIL, `${EMAIL} ${EMAIL}`, ''], phone: PHONES }),
  purchase({ contents: `[{"content_id":"${EMAIL.replace('@', '\\u0040')}"}]` }),
  purchase({ contents: `[{"content_id":"${EMAIL}"` }),
  purchase({ content_ids: `SKU|${EMAIL}` }),
  purchase({ [EMAIL]: PHONE, [TOKEN]: SECRET, _ab_source_file_row: EMAIL, _ab_source_file_url: [EMAIL] }),
  purchase({ event_name: 'Teleported', transaction_id: 'o', description: SECRET }),
  purchase({ event_time: 1 }),
  purchase({ event_time: nowish() + 100_000 }),
  purchase({ email: EMAIL_DIGEST.slice(0, 40), phone: undefined }),
]

/** What comes after a good record and ends the run. */
const MALFORMED: ReadonlyArray<readonly [name: string, line: string]> = [
  ['a record that is cut', customer('event-2').slice(0, -9)],
  ['a record that is cut in an address', customer('event-2').split('@')[0] ?? ''],
  ['a record without data', JSON.stringify({ type: 'RECORD', record: { stream: EMAIL, [TOKEN]: PHONE } })],
  ['a record without a stream', JSON.stringify({ type: 'RECORD', record: { data: { email: EMAIL } } })],
  ['a record that is a text', JSON.stringify({ type: 'RECORD', record: ALL })],
  ['a state without state', JSON.stringify({ type: 'STATE', state: ALL })],
  ['a state without stream', JSON.stringify({ type: 'STATE', state: { type: 'STREAM', stream: { [EMAIL]: ALL } } })],
  ['no JSON', `{${ALL}}`],
]

/** What is passed over. */
const NOISE: ReadonlyArray<string> = [
  ALL,
  ...WORDS,
  JSON.stringify(ALL),
  JSON.stringify(WORDS),
  JSON.stringify({ type: EMAIL, [TOKEN]: SECRET }),
  JSON.stringify({ [EMAIL]: PHONE }),
  JSON.stringify({ type: 'LOG', log: { level: 'INFO', message: ALL } }),
  JSON.stringify({ type: 'TRACE', trace: { type: 'ERROR', error: { message: ALL, internal_message: ALL } } }),
  JSON.stringify({ type: 'TRACE', trace: { type: EMAIL, [PHONE]: TOKEN } }),
  JSON.stringify({ type: 'CONTROL', control: { connectorConfig: { config: { token: TOKEN, secret: SECRET } } } }),
  JSON.stringify({ type: 'SPEC', spec: { documentationUrl: ALL } }),
  JSON.stringify({
    type: 'TRACE',
    trace: {
      type: 'STREAM_STATUS',
      stream_status: { stream_descriptor: { name: EMAIL, namespace: PHONE }, status: TOKEN },
    },
  }),
  record({ email: EMAIL, phone: PHONE }, EMAIL),
  record({ email: EMAIL, transaction_id: PHONE }, TOKEN),
  record({ code: 'EMAIL_MALFORMED', message: EMAIL, transaction_id: PHONE }, REJECTS),
]

const status = (value: string): string =>
  JSON.stringify({
    type: 'TRACE',
    trace: { type: 'STREAM_STATUS', stream_status: { stream_descriptor: { name: EVENTS }, status: value } },
  })

/** To the emulator, by way of a server that keeps what is sent. */
const toEmulator = async (play: (url: string) => Promise<Heard>): Promise<Played> => {
  const emulator = await startEmulator({ port: 0, settings: { access_tokens: [TOKEN] } })
  try {
    return await against(passOnTo(emulator.url), ({ url }) => play(url))
  } finally {
    await emulator.close()
  }
}

const written = (
  stage: Stage,
  url: string,
  lines: ReadonlyArray<string>,
  over: Readonly<Record<string, unknown>> = {},
) =>
  listen(DESTINATION, writeArgs(stage, destinationConfig(url, {}, over), catalogOf([EVENTS, REJECTS])), {
    input: lines.map((text) => `${text}\n`).join(''),
  })

/** A write that echoes a text within a STATE, as it must. */
export const repeat = (stage: Stage, text: string): Promise<Played> => {
  const state = { type: 'STREAM', stream: { stream_descriptor: { name: EVENTS }, stream_state: { text } } }
  return toEmulator((url) => written(stage, url, [customer('event-1'), JSON.stringify({ type: 'STATE', state })]))
}

export const RECORDS: ReadonlyArray<Case> = [
  {
    name: `${DESTINATION} write of an address of every type in every field`,
    reaches: /EVENT_NAME_MALFORMED.*TRANSACTION_ID_MALFORMED.*accepted\\":[1-9]/s,
    end: '0',
    play: (stage) => toEmulator((url) => written(stage, url, EVERY_FIELD)),
  },
  {
    name: `${DESTINATION} write of events that are too large`,
    reaches: /EVENT_TOO_LARGE/,
    end: '0',
    play: (stage) => toEmulator((url) => written(stage, url, EVERY_FIELD, { max_request_bytes: 300 })),
  },
  {
    name: `${DESTINATION} write, few bad records allowed`,
    reaches: /"failure_type":"config_error"/,
    end: '1',
    play: (stage) => toEmulator((url) => written(stage, url, EVERY_FIELD, { max_rejected_percent: 1 })),
  },
  {
    name: `${DESTINATION} write of what the source read`,
    reaches: /accepted\\":[1-9]/,
    end: '0',
    play: async (stage) => {
      const source = await read(stage, { config: sourceConfig(stage, { path_prefix: 'every-cell' }) })
      return toEmulator((url) => written(stage, url, source.stdout.split('\n').slice(0, -1)))
    },
  },
  {
    name: `${DESTINATION} write of lines that are no records`,
    reaches: /lines of the input ignored/,
    end: 'any',
    play: (stage) => toEmulator((url) => written(stage, url, [customer('event-1'), ...NOISE, customer('event-2')])),
  },
  {
    name: `${DESTINATION} write of a stream that never ends`,
    reaches: /ended before every stream was complete/,
    end: '1',
    play: (stage) =>
      toEmulator((url) => written(stage, url, [status('STARTED'), customer('event-1'), status(`${EMAIL} ${TOKEN}`)])),
  },
  ...MALFORMED.map(([name, line]): Case => ({
    name: `${DESTINATION} write of ${name}`,
    reaches: /"failure_type":"system_error"/,
    end: '1',
    play: (stage) => toEmulator((url) => written(stage, url, [customer('event-1'), line, customer('event-3')])),
  })),
  {
    name: `${DESTINATION} write of a record of five million characters that is cut`,
    reaches: /"failure_type":"system_error"/,
    end: '1',
    play: (stage) =>
      toEmulator((url) =>
        written(stage, url, [
          customer('event-1'),
          customer('event-2', { description: `${ALL} `.repeat(25_000) }).slice(0, -5),
        ]),
      ),
  },
  {
    name: `${DESTINATION} write to a token that is another's`,
    reaches: /platform\.access_token/,
    end: '1',
    play: async (stage) => {
      const emulator = await startEmulator({ port: 0 })
      try {
        return await against(passOnTo(emulator.url), ({ url }) => written(stage, url, [customers(1)]))
      } finally {
        await emulator.close()
      }
    },
  },
]
