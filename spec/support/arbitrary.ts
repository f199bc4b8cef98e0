import fc from 'fast-check'
import type { Settings } from './oracle'
import { digest } from './row'

/** The header of generated rows: the template's columns of a file, and one that it doesn't know. */
export const HEADER = [
  'event_name',
  'event_time',
  'currency',
  'value',
  'transaction_id',
  'Email_hashed',
  'Phone_hashed',
  'event_id',
  'external_id',
  'shop_id',
  'content_type',
  'content_ids',
  'contents',
  'num_items',
  'description',
  'search_string',
  'Unknown',
]

const word = fc.stringMatching(/^[A-Za-z0-9_.+-]{1,12}$/)
const digits = (min: number, max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((list) => list.join(''))
const space = fc.constantFrom('', '', '', ' ', '\t', '\u00a0', '\u2003', '\u0085', '\u3000 ')
const among = (...cells: ReadonlyArray<string>) => fc.constantFrom(...cells)
const hex = (length: number) =>
  fc
    .tuple(fc.array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length }), fc.boolean())
    .map(([list, upper]) => {
      const text = list.map((n) => n.toString(16)).join('')
      return upper ? text.toUpperCase() : text
    })
const wrongDigest = fc.oneof(hex(32), hex(40), hex(56), hex(96), hex(128), fc.constant(digest('')))

/** A plain address that is one. */
export const address = fc
  .tuple(word, fc.stringMatching(/^[A-Za-z0-9-]{1,8}$/), among('com', 'es', 'CO.uk', 'example'))
  .map(([local, domain, top]) => `${local}@${domain}.${top}`)

/** Anything in the shape of a phone number, possible or not. */
export const phoneLike = fc
  .tuple(
    among('+', '00', '', '(+', '+ '),
    fc.array(fc.tuple(fc.integer({ min: 1, max: 9999 }), among('', ' ', '-', '.', ') ', ' (', '/')), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .map(([prefix, parts]) => prefix + parts.map(([n, separator]) => `${n}${separator}`).join(''))
  // Left to tables: what a data frame makes of a number, and zeros in brackets.
  .filter((text) => !/\d{7}\.0$/.test(text) && !/\(\s*0\s*\)/.test(text))

const isoTime = fc
  .tuple(
    fc.date({ min: new Date(0), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true }),
    among('T', ' '),
    among('', '.5', '.999999'),
    among('Z', '+02:00', '-07:30', ''),
  )
  .map(([date, t, fraction, zone]) => date.toISOString().slice(0, 19).replace('T', t) + fraction + zone)

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((s) => !/[@\uFEFF]/.test(s)),
  address,
  address.map((one) => `for <${one}>`),
  fc.constant(''),
)

const contents = fc.oneof(
  fc
    .array(
      fc.record(
        { content_id: fc.oneof(word, fc.integer({ min: 0 })), price: fc.integer(), content_name: address },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    )
    .map((list) => JSON.stringify(list)),
  among('', '[]', '[1]', '[null]', '[[]]', 'x', '{', '"a"', '[{"content_id":1}'),
)

const CELLS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  event_name: fc.oneof(among('Purchase', 'purchase', 'CompletePayment', 'Lead', 'Subscribe', ''), word, address),
  event_time: fc.oneof(
    fc.integer({ min: 0, max: 9_999_999_999 }).map(String),
    fc.integer({ min: 1e12, max: 9_999_999_999_999 }).map(String),
    fc.integer({ min: 0, max: 9_999_999_999 }).map((n) => `${n}.75`),
    isoTime,
    digits(0, 16),
    among('', '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01T24:30:00Z', '1.7E+09', 'now'),
  ),
  currency: among('EUR', 'usd', 'GBP', 'Yen', '', 'EURO', 'E1R', '€'),
  value: fc.oneof(
    fc.nat().map(String),
    fc.tuple(digits(1, 6), among('.', ','), digits(1, 3)).map((parts) => parts.join('')),
    among('', '0', '-1', '+1', '1e3', '.5', '5.', ',5', '5,', '1 000', '9'.repeat(400)),
    among('1.234,50', '1,234.50', '1.234.567', '1,234,567', '1,5.'),
  ),
  transaction_id: fc.oneof(word, digits(1, 20), address, among('', '1.2E+11', '4e+9')),
  Email_hashed: fc.oneof(address, address, hex(64), wrongDigest, word, among('', 'a@b', 'a@b@c.d', '@b.c', 'a b@c.d')),
  Phone_hashed: fc.oneof(
    phoneLike,
    phoneLike,
    hex(64),
    wrongDigest,
    among('', '1.2E+11', '+', 'none', '+1+4155550100'),
  ),
  event_id: fc.oneof(word, digits(1, 20), address, among('', '', '1E+5')),
  external_id: fc.oneof(word, hex(64), hex(32), address, fc.constant('')),
  shop_id: text,
  content_type: text,
  content_ids: fc.array(text, { maxLength: 4 }).map((list) => list.join('|')),
  contents,
  num_items: fc.oneof(digits(0, 17), among('1.5', '-1', 'two', '')),
  description: text,
  search_string: text,
  Unknown: fc.oneof(text, phoneLike),
}

/** Rows that would be kept are rare among any cells: half of the rows have good ones where a row needs them. */
const GOOD: Readonly<Record<string, fc.Arbitrary<string>>> = {
  event_name: among('Purchase', 'Lead', 'Purchase', 'My own event'),
  event_time: fc.oneof(
    fc.integer({ min: 0, max: 9_999_999_999 }).map(String),
    fc.tuple(isoTime, among('Z', 'Z', 'Z', '')).map(([s, zone]) => s.slice(0, 19) + zone),
  ),
  currency: among('EUR', 'EUR', 'usd', 'usd', ''),
  value: fc.oneof(fc.nat().map(String), fc.nat().map(String), among('12.50', '12,50')),
  transaction_id: word.filter((id) => !/^\dE\+\d+$/i.test(id)),
  event_id: fc.constantFrom('', 'e-1'),
}

/** A cell between spaces; JSON has a table of its own for spaces that JSON doesn't know. */
const around = (name: string, cell: fc.Arbitrary<string>) =>
  name === 'contents' ? ([fc.constant(' '), cell, fc.constant('\t')] as const) : ([space, cell, space] as const)

/** Rows of HEADER; now and then with cells missing at the end, or too many. */
export const row: fc.Arbitrary<ReadonlyArray<string>> = fc
  .tuple(
    fc
      .boolean()
      .chain((good) =>
        fc.tuple(
          ...HEADER.map((name) =>
            fc
              .tuple(...around(name, (good ? GOOD[name] : undefined) ?? CELLS[name] ?? fc.constant('')))
              .map(([before, cell, after]) => before + cell + after),
          ),
        ),
      ),
    fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: -HEADER.length, max: 2 })),
    among('', ' ', 'x'),
  )
  .map(([cells, change, extra]) =>
    change <= 0 ? cells.slice(0, cells.length + change) : [...cells, ...Array<string>(change).fill(extra)],
  )

/** Zones of both hemispheres, with whole, half and quarter hours, with and without daylight saving, by alias too. */
export const ZONES = [
  ...['UTC', 'Etc/GMT+5', 'Europe/Madrid', 'Europe/London', 'Europe/Dublin', 'Europe/Istanbul', 'Africa/Casablanca'],
  ...['America/New_York', 'America/Sao_Paulo', 'America/Santiago', 'America/St_Johns', 'America/Caracas', 'US/Pacific'],
  ...['Asia/Kolkata', 'Asia/Calcutta', 'Asia/Kathmandu', 'Asia/Tehran', 'Asia/Pyongyang', 'Asia/Tokyo', 'Asia/Gaza'],
  ...['Australia/Sydney', 'Australia/Adelaide', 'Australia/Eucla', 'Australia/Lord_Howe', 'Antarctica/Troll'],
  ...[
    'Pacific/Auckland',
    'Pacific/Chatham',
    'Pacific/Apia',
    'Pacific/Kwajalein',
    'Pacific/Marquesas',
    'Atlantic/Azores',
  ],
]

/** What a user may say of his rows, a default country aside. */
export const settings: fc.Arbitrary<Settings> = fc.record({
  eventName: fc.constantFrom(undefined, undefined, 'Lead', 'Purchase'),
  currency: fc.constantFrom(undefined, undefined, 'EUR', 'USD'),
  timeZone: fc.option(fc.constantFrom(...ZONES), { nil: undefined }),
  decimal: fc.constantFrom('.', ','),
  asIs: fc.boolean(),
  passThrough: fc.boolean(),
})

const STRANGERS = [
  ...[
    'Store Name',
    'store name',
    'Größe',
    'zip4711',
    'Correo',
    'Order No',
    'When',
    'phone_e164_hashed',
    'x'.repeat(40),
  ],
  ...['_ab_source_file_url', 'jane@example.com', '14155550100', 'zip12345', '2nd', '', 'a|b', 'x'.repeat(41)],
]
const TEMPLATES = [
  ...HEADER.slice(0, -1),
  'event',
  'event_type',
  'timestamp',
  'order_id',
  'email',
  'phone',
  'phone_number',
]

/** A name in a spelling that means the same. */
export const spelling = (name: string) =>
  fc
    .tuple(among('', '', ' ', '\uFEFF', '\u00a0'), fc.constantFrom('as', 'as', 'upper', 'lower'), among('', ' ', '\t'))
    .map(([before, how, after]) => before + recased(name, how) + after)

const recased = (name: string, how: 'as' | 'upper' | 'lower'): string =>
  how === 'as' ? name : how === 'upper' ? name.toUpperCase() : name.toLowerCase()

const NEEDED = ['event_name', 'event_time', 'Email_hashed']

/** A header of the template's names and others, in any order, and what the user says of its columns. */
export const mappedHeader = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: fc.constant(NEEDED) }, { weight: 1, arbitrary: fc.subarray(NEEDED) }),
    fc.array(fc.constantFrom(...STRANGERS, ...STRANGERS, ...TEMPLATES), { maxLength: 4 }),
    fc.array(
      fc
        .tuple(fc.constantFrom(...TEMPLATES, ...STRANGERS.filter((name) => name !== '')), fc.constantFrom(...TEMPLATES))
        .map(([column, field]) => ({ column, field })),
      { maxLength: 2 },
    ),
  )
  .chain(([some, others, mapping]) => {
    const names = [...some, ...others, ...mapping.map(({ column }) => column)]
    return fc.record({
      header: fc
        .shuffledSubarray(names, { minLength: Math.max(0, names.length - 1) })
        .chain((kept) => fc.tuple(...kept.map(spelling))),
      mapping: fc.tuple(
        ...mapping.map(({ column, field }) => fc.record({ column: spelling(column), field: spelling(field) })),
      ),
    })
  })
