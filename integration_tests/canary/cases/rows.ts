import { gzipSync } from 'node:zlib'
import { REJECTS, catalogOf } from '../../support/catalogs'
import { HEADER } from '../../support/rows'
import { EMAIL, EMAIL_DIGEST, KEY_ID, PHONE, PHONES, SECRET, SESSION, TOKEN } from '../canaries'
import { listen } from '../sandbox'
import { type Case, SOURCE, type Stage, check, nowish, read, sourceConfig } from './case'

const COLUMNS = HEADER.split(',')
type Cells = Readonly<Record<string, string>>

const quoted = (cell: string): string => `"${cell.replace(/"/g, '""')}"`
const line = (cells: ReadonlyArray<string>): string => cells.map(quoted).join(',')

const good = (): Cells => ({
  event_name: 'Purchase',
  event_time: String(nowish()),
  currency: 'USD',
  value: '1',
  transaction_id: 'order',
  Email_hashed: EMAIL,
  Phone_hashed: PHONE,
})

const row = (over: Cells = {}): string => {
  const cells: Cells = { ...good(), ...over }
  return line(COLUMNS.map((column) => cells[column] ?? ''))
}

/** Items in whose midst an address stands, as plain as JSON allows. */
const CONTENTS: ReadonlyArray<string> = [
  JSON.stringify([{ content_id: EMAIL }]),
  JSON.stringify([{ content_id: 'a', [EMAIL]: 1 }]),
  JSON.stringify([{ content_id: 'a', deep: [{ er: [EMAIL] }] }]),
  `[{"content_id":"${EMAIL.replace('@', '\\u0040')}"}]`,
  `[{"content_id":"${EMAIL}"`,
  `{"content_id":"${EMAIL}"}`,
  `"${EMAIL}"`,
  `[["${EMAIL}"]]`,
  `${EMAIL} ${PHONE}`,
]

/**
 * An address in every cell; a phone wherever it can't be taken for what belongs there. In an event name, an id or a text a phone
 * is a text like any other, and in a number's place its digits are a number: the contract lets those through.
 */
const BAD_ROWS = (): ReadonlyArray<string> => [
  row(),
  ...COLUMNS.map((column) => row({ [column]: EMAIL })),
  ...COLUMNS.map((column) => row({ [column]: `  <${EMAIL.toUpperCase()}>; ${EMAIL}` })),
  ...['currency', 'value', 'num_items'].flatMap((column) =>
    PHONES.filter((p) => /\D/.test(p) && !/^\d+\.\d+$/.test(p)).map((phone) => row({ [column]: phone })),
  ),
  ...PHONES.map((phone) => row({ event_time: `${phone} ` + phone })),
  ...PHONES.map((phone) => row({ Email_hashed: phone, Phone_hashed: '' })),
  ...PHONES.map((phone) => row({ Email_hashed: '', Phone_hashed: `${phone} ext. ${phone}` })),
  row({ Email_hashed: '', Phone_hashed: EMAIL }),
  row({ Email_hashed: PHONE, Phone_hashed: EMAIL }),
  row({ Email_hashed: `${EMAIL},${EMAIL}`, Phone_hashed: `${PHONE},${PHONE}` }),
  row({ Email_hashed: EMAIL_DIGEST.slice(0, 32), Phone_hashed: '' }),
  row({ external_id: PHONE }),
  ...CONTENTS.map((contents) => row({ contents })),
  row({ content_ids: `SKU-1|${EMAIL}|SKU-2` }),
  row({ event_name: 'Teleported' }),
  row({ event_time: '1', transaction_id: 'too-old' }),
  ...[TOKEN, SECRET, SESSION].map((secret) => row({ currency: secret })),
  // Columns that shift, by one too few or too many.
  line(COLUMNS.map((column) => good()[column] ?? '').slice(1)),
  line([EMAIL, ...COLUMNS.map((column) => good()[column] ?? '')]),
  line([...COLUMNS.map((column) => good()[column] ?? ''), EMAIL]),
  line([EMAIL]),
  line([EMAIL, PHONE]),
]

const LATIN1 = Buffer.from([0xe9])

/**
 * A file of the bucket, by the folder that holds it. Of damaged and foreign files only what is said of them matters here: some
 * are read in part, or will be one day, and then end otherwise.
 */
export interface StoredFile {
  readonly folder: string
  readonly content: () => string | Buffer
  readonly reaches: RegExp
  readonly end: Case['end']
  /** What check says of it; absent: nothing is wrong with its header. */
  readonly checked?: RegExp
}

export const FILES: ReadonlyArray<StoredFile> = [
  {
    folder: 'every-cell',
    content: () => [HEADER, ...BAD_ROWS()].join('\n'),
    reaches: /EVENT_NAME_MALFORMED.*TRANSACTION_ID_MALFORMED.*totals /s,
    end: '0',
  },
  {
    folder: 'all-rejected',
    content: () => [HEADER, ...COLUMNS.slice(0, 5).map((column) => row({ [column]: EMAIL }))].join('\n'),
    reaches: /All 5 rows of .* were rejected/,
    end: '0',
  },
  {
    folder: 'headless',
    content: () => `${row()}\n`.repeat(3),
    reaches: /FILE_HEADER_INVALID/,
    end: '1',
    checked: /FILE_HEADER_INVALID/,
  },
  {
    folder: 'header-of-canaries',
    content: () => `${line([EMAIL, ...PHONES, TOKEN, SECRET, SESSION, KEY_ID])}\n${row()}\n`,
    reaches: /FILE_HEADER_INVALID/,
    end: '1',
    checked: /FILE_HEADER_INVALID/,
  },
  {
    folder: 'two-of-one',
    content: () => `event_name,event_time,email,email_hashed,${EMAIL}\nLead,1,${EMAIL},${EMAIL},\n`,
    reaches: /FILE_HEADER_INVALID.*two columns/,
    end: '1',
    checked: /two columns/,
  },
  {
    folder: 'unknown-columns',
    content: () =>
      `event_name,event_time,email,${line([EMAIL, ...PHONES, SECRET, SESSION])}\nLead,${nowish()},${line([EMAIL, EMAIL, ...PHONES, SECRET, SESSION])}\n`,
    reaches: /Columns that the template does not know/,
    end: '0',
  },
  {
    folder: 'unclosed',
    content: () => `${HEADER}\n${row()}\n"Lead,${EMAIL},${PHONE}\n${EMAIL},${PHONE},${TOKEN}\n`,
    reaches: /FILE_DAMAGED|QUOTE_UNCLOSED/,
    end: 'any',
  },
  {
    folder: 'unclosed-in-the-header',
    content: () => `event_name,event_time,"email\n${EMAIL},${PHONE}\n`,
    reaches: /FILE_DAMAGED|QUOTE_UNCLOSED|FILE_HEADER_INVALID/,
    end: 'any',
    checked: /FILE_/,
  },
  {
    folder: 'too-long',
    content: () => `${HEADER}\n${row()}\n${`${EMAIL} ${PHONE} `.repeat(100_000)}\n${row()}\n`,
    reaches: /FILE_DAMAGED|ROW_TOO_LONG/,
    end: 'any',
  },
  {
    folder: 'encoding',
    content: () =>
      Buffer.concat([
        Buffer.from(`${HEADER}\n${row()}\n`),
        ...COLUMNS.map((column) => row({ [column]: `${EMAIL}\u0000` })).flatMap((text) => {
          const [before = '', after = ''] = text.split('\u0000')
          return [Buffer.from(before), LATIN1, Buffer.from(`${after}\n`)]
        }),
      ]),
    reaches: /BAD_ENCODING|totals /,
    end: '0',
  },
  {
    folder: 'utf-16',
    content: () => Buffer.from(`\ufeff${HEADER}\n${row()}\n${row({ currency: EMAIL })}\n`, 'utf16le'),
    reaches: /FILE_UNREADABLE|totals /,
    end: 'any',
  },
  {
    folder: 'compressed',
    content: () => gzipSync(`${HEADER}\n${row()}\n`),
    reaches: /FILE_UNREADABLE|totals /,
    end: 'any',
  },
]

const readCase = ({ folder, reaches, end }: StoredFile): Case => ({
  name: `${SOURCE} read of a file: ${folder}`,
  reaches,
  end,
  emitsDigests: true,
  play: (stage) => read(stage, { config: sourceConfig(stage, { path_prefix: folder }) }),
})

const checkCase = ({ folder, checked }: StoredFile): ReadonlyArray<Case> =>
  checked === undefined
    ? []
    : [
        {
          name: `${SOURCE} check of a file: ${folder}`,
          reaches: new RegExp(`"FAILED".*(${checked.source})`),
          end: '0',
          play: (stage) => check(SOURCE, stage, sourceConfig(stage, { path_prefix: folder })),
        },
      ]

/** A state that holds canaries where nobody looks, and a file that is gone. */
const strangeState = (stage: Stage): unknown => [
  {
    type: 'STREAM',
    [EMAIL]: SECRET,
    stream: {
      stream_descriptor: { name: 'offline_events' },
      stream_state: {
        version: 1,
        bucket: stage.bucket.name,
        path_prefix: 'every-cell/',
        files: [
          {
            ...{ key: 'every-cell/gone.csv', last_modified: '2026-01-01T00:00:00Z', etag: SECRET, bytes: 9 },
            ...{ offset: 1, row: 1, rejected: 0, [TOKEN]: EMAIL },
          },
        ],
        [EMAIL]: PHONE,
        [SECRET]: { [TOKEN]: SESSION },
      },
    },
  },
]

/** Bad rows fail the run. */
const STRICT: ReadonlyArray<readonly [name: string, over: Readonly<Record<string, unknown>>]> = [
  ['no bad row allowed', { on_invalid_row: 'fail' }],
  ['few bad rows allowed', { max_rejected_percent: 1 }],
]

export const ROWS: ReadonlyArray<Case> = [
  ...FILES.map(readCase),
  ...FILES.flatMap(checkCase),
  {
    name: `${SOURCE} read with a state that holds canaries under keys that nobody knows`,
    reaches: /no longer there and are let go.*totals /s,
    end: '0',
    emitsDigests: true,
    play: (stage) =>
      read(stage, { config: sourceConfig(stage, { path_prefix: 'every-cell' }), state: strangeState(stage) }),
  },
  ...STRICT.map(([name, over]): Case => ({
    name: `${SOURCE} read, ${name}`,
    reaches: /"failure_type":"config_error"/,
    end: '1',
    emitsDigests: true,
    play: (stage) => read(stage, { config: sourceConfig(stage, { path_prefix: 'every-cell', ...over }) }),
  })),
  {
    name: `${SOURCE} read of the rejects alone, identities wanted as they are`,
    reaches: /"stream":"offline_events_rejected"/,
    end: '0',
    play: (stage) =>
      read(stage, {
        config: sourceConfig(stage, { path_prefix: 'every-cell', pii: 'as_is' }),
        catalog: catalogOf([REJECTS]),
      }),
  },
  ...['unknown-columns', 'headless', 'header-of-canaries'].map((folder): Case => ({
    name: `${SOURCE} discover of the columns of a file: ${folder}`,
    reaches: folder === 'unknown-columns' ? /"type":"CATALOG"/ : /FILE_HEADER_INVALID.*"config_error"/,
    end: folder === 'unknown-columns' ? '0' : '1',
    play: (stage) => {
      const config = sourceConfig(stage, { path_prefix: folder, extra_columns: 'pass_through' })
      return listen(SOURCE, ['discover', '--config', stage.file(config)])
    },
  })),
  {
    name: `${SOURCE} read of an empty folder`,
    reaches: /totals /,
    end: '0',
    play: (stage) => read(stage, { config: sourceConfig(stage, { path_prefix: 'nowhere' }) }),
  },
]
