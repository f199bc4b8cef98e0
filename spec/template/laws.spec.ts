import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import * as Normalise from '../../src/template/normalise'
import { matchHeader } from '../../src/template/header'
import { OFFLINE_EVENT } from '../../src/template/offline-event'
import { HEADER, address, mappedHeader, phoneLike, row, settings, spelling } from '../support/arbitrary'
import { law } from '../support/laws'
import { type Settings, judgeByContract, matchByContract, spaceless } from '../support/oracle'
import {
  type Cells,
  EMAIL,
  PURCHASE,
  digest,
  judgeCells,
  judgeRecord,
  judgeRow,
  planOf,
  withDefaults,
} from '../support/row'

const IN_FILE = ['Email_hashed', 'Phone_hashed', 'external_id']
const PII = [...IN_FILE, 'phone_e164_hashed']

type Event = Readonly<Record<string, unknown>>

const only = (event: Event, names: ReadonlyArray<string>): Event =>
  Object.fromEntries(Object.entries(event).filter(([name]) => names.includes(name)))
const without = (event: Event, names: ReadonlyArray<string>): Event =>
  Object.fromEntries(Object.entries(event).filter(([name]) => !names.includes(name)))

const country = fc.constantFrom(undefined, 'US', 'GB', 'DE', 'IT')

type Mapped = typeof mappedHeader extends fc.Arbitrary<infer A> ? A : never

/** What a user says, in the words of the code under test. */
const mannerOf = ({ passThrough, ...said }: Settings) => withDefaults({ ...said, passes: () => passThrough })

/** Columns that go by each other's names, so that all that counts is the mapping; one alone has a name of its own. */
const renamed = fc.shuffledSubarray(HEADER.slice(0, -1), { minLength: 1 }).map((names) => {
  const [first = '', ...rest] = names
  const titles = rest.length === 0 ? ['My column'] : [...rest, first]
  return { names, titles, mapping: names.map((field, i) => ({ column: titles[i] ?? '', field })) }
})

/** Rows with as many cells as the header. */
const full = row.filter((cells) => cells.length === HEADER.length)

describe('hashing', () => {
  test('is idempotent: what was hashed goes through unchanged, as a row and as a record', () => {
    law([address, phoneLike, fc.string({ minLength: 1 }), country], (email, phone, external_id, home) => {
      const manner = withDefaults({ country: home })
      const once = judgeRow({ ...PURCHASE, Email_hashed: email, Phone_hashed: phone, external_id }, manner).event
      const identities = only(once, PII)
      const { Email_hashed, ...rest } = PURCHASE
      expect(Email_hashed).toBe(EMAIL)
      expect(only(judgeRecord({ ...rest, ...identities }, manner).event, PII)).toEqual(identities)
      // Files bring no second digest of a phone.
      const inFile = only(once, IN_FILE)
      if ('Email_hashed' in inFile || 'Phone_hashed' in inFile)
        expect(only(judgeRow({ ...rest, ...(inFile as Cells) }, manner).event, PII)).toEqual(inFile)
    })
  })

  test('does not tell capitals of a digest apart', () => {
    law([fc.string()], (text) => {
      const hash = digest(`${text}.`)
      const upper = judgeRow({ ...PURCHASE, Email_hashed: hash.toUpperCase() }).event
      expect(upper).toEqual(judgeRow({ ...PURCHASE, Email_hashed: hash }).event)
      expect(upper['Email_hashed']).toBe(hash)
    })
  })
})

describe('normalise', () => {
  test('an e-mail that was normalised stays as it is', () => {
    law([fc.oneof(address, fc.string({ unit: 'binary' }), fc.emailAddress())], (raw) => {
      const once = Normalise.email(raw)
      if (once !== undefined) expect(Normalise.email(once)).toBe(once)
    })
  })

  test('outer space and capitals never change an e-mail', () => {
    law([fc.emailAddress(), fc.constantFrom(' ', '\u0085', '\u3000', '\t\u00a0')], (raw, space) => {
      expect(Normalise.email(space + raw.toUpperCase() + space)).toBe(raw.toLowerCase())
    })
  })

  test('the digits of a phone normalise to themselves, with plus, with 00 and bare', () => {
    law([fc.oneof(phoneLike, fc.string())], (raw) => {
      const phone = Normalise.phone(raw, undefined)
      if (phone === undefined) return
      expect(phone.digits).toMatch(/^[1-9]\d{6,14}$/)
      for (const again of [`+${phone.digits}`, `00${phone.digits}`, phone.digits])
        expect(Normalise.phone(again, undefined)?.digits).toBe(phone.digits)
    })
  })

  test('a country changes nothing where a plus stands', () => {
    law([phoneLike, fc.constantFrom('US', 'GB', 'DE', 'IT', 'AE')], (raw, country) => {
      const text = `+${raw.replace(/^\D+/, '')}`
      expect(Normalise.phone(text, country)).toEqual(Normalise.phone(text, undefined))
    })
  })
})

describe('plan', () => {
  test('judges every row as the contract does, whatever the user says of his rows; one plan for all of them', () => {
    law(
      [settings, fc.array(row, { minLength: 1, maxLength: 6 })],
      (said, rows) => {
        const plan = planOf(HEADER, mannerOf(said))
        for (const cells of rows) {
          const { code, event, warnings } = judgeCells(plan, cells)
          expect({ code, event, warnings: [...warnings].sort() }).toEqual(judgeByContract(HEADER, cells, said))
        }
      },
      1000,
    )
  })

  test('judges a file whose columns have changed their places and their names as the file in canonical names', () => {
    const places = fc.shuffledSubarray(HEADER, { minLength: HEADER.length })
    law([settings, places, renamed, full], (said, header, { names, titles, mapping }, cells) => {
      const asFound = header.map((name) => cells[HEADER.indexOf(name)] ?? '')
      const asTitled = header.map((name) => titles[names.indexOf(name)] ?? name)
      const canonical = judgeCells(planOf(HEADER, mannerOf(said)), cells)
      expect(judgeCells(planOf(asTitled, { ...mannerOf(said), mapping }), asFound)).toEqual(canonical)
    })
  })

  test('judges a record of texts as the row of the same cells', () => {
    const plan = planOf(HEADER)
    law([full], (cells) => {
      const asRecord = judgeRecord(Object.fromEntries(HEADER.map((name, i) => [name, cells[i]])))
      const asRow = judgeCells(plan, cells)
      expect(asRecord.code).toBe(asRow.code)
      expect(asRecord.event).toEqual(asRow.event)
    })
  })

  test('judges a record whose keys are renamed by field_mapping as the record in canonical names', () => {
    law([settings, renamed, full], (said, { names, titles, mapping }, cells) => {
      const canonical = HEADER.map((name, i) => [name, cells[i]] as const)
      const asTitled = canonical.map(([name, cell]) => [titles[names.indexOf(name)] ?? name, cell] as const)
      expect(judgeRecord(Object.fromEntries(asTitled), { ...mannerOf(said), mapping })).toEqual(
        judgeRecord(Object.fromEntries(canonical), mannerOf(said)),
      )
    })
  })

  test('the rows that laws are held over are kept and rejected in good measure', () => {
    const codes = fc.sample(row, { numRuns: 1000, seed: 7 }).map((cells) => judgeCells(planOf(HEADER), cells).code)
    expect(codes.filter((code) => code === undefined).length).toBeGreaterThan(200)
    expect(new Set(codes).size).toBeGreaterThan(14)
  })
})

describe('identities as found', () => {
  /** A row judged under one setting of `pii` and the other, all else alike. */
  const both = (said: Settings, home: string | undefined, cells: ReadonlyArray<string>) => {
    const judge = (asIs: boolean) =>
      judgeCells(planOf(HEADER, { ...mannerOf({ ...said, asIs }), country: home }), cells)
    return { hashed: judge(false), found: judge(true) }
  }

  test('are checked all the same, and none is hashed', () => {
    law([settings, country, row], (said, home, cells) => {
      const { hashed, found } = both(said, home, cells)
      expect({ ...found, event: without(found.event, PII) }).toEqual({ ...hashed, event: without(hashed.event, PII) })
      const kept = IN_FILE.filter((name) => name in hashed.event)
      const asTyped = kept.map((name) => [name, spaceless(cells[HEADER.indexOf(name)] ?? '')])
      expect(only(found.event, PII)).toEqual(Object.fromEntries(asTyped))
    })
  })

  test('that are hashed at the destination become what the source would have made of them', () => {
    law(
      [settings, country, row],
      (said, home, cells) => {
        const { hashed, found } = both({ ...said, passThrough: false }, home, cells)
        if (found.code !== undefined) return
        expect(judgeRecord(found.event, withDefaults({ country: home }))).toMatchObject({
          code: undefined,
          event: hashed.event,
        })
        expect(Object.keys(judgeRecord(found.event, withDefaults({ country: home })).event).sort()).toEqual(
          Object.keys(hashed.event).sort(),
        )
      },
      1000,
    )
  })
})

describe('which header is the column', () => {
  const judged = ({ header, mapping }: Mapped, said: Settings) =>
    matchHeader(OFFLINE_EVENT, { ...mannerOf(said), mapping })(header)

  test('is settled as the contract says, whatever the user maps', () => {
    law(
      [mappedHeader, settings],
      (mapped, said) => {
        const { twice, missing, at, passed, dropped } = matchByContract(mapped.header, mapped.mapping, said)
        const match = judged(mapped, said)
        if (E.isLeft(match)) {
          const { left } = match
          if (left._tag === 'ColumnTwice') expect(twice).toContain(left.column)
          else
            expect({ twice, missing }).toEqual({
              twice: [],
              missing: left.columns.map((name) => name.replace(/ \(.*? by column_mapping\)/g, '')),
            })
        } else {
          const positions = [...match.right.at].map(([{ name }, position]) => [name, position] as const)
          expect({ twice, missing, at, passed, dropped }).toEqual({
            twice: [],
            missing: [],
            at: Object.fromEntries(positions),
            passed: match.right.extras.map(({ name }) => name),
            dropped: match.right.unknown,
          })
        }
      },
      2000,
    )
  })

  test('in good measure: headers are matched, doubled, incomplete, and their strangers passed and dropped', () => {
    const samples = fc.sample(fc.tuple(mappedHeader, settings), { numRuns: 1000, seed: 7 })
    const matches = samples.map(([mapped, said]) => judged(mapped, said))
    const whole = matches.flatMap((match) => (E.isRight(match) ? [match.right] : []))
    const faults = matches.flatMap((match) => (E.isLeft(match) ? [match.left._tag] : []))
    expect(faults.filter((tag) => tag === 'ColumnTwice').length).toBeGreaterThan(100)
    expect(faults.filter((tag) => tag === 'ColumnsMissing').length).toBeGreaterThan(100)
    expect(whole.filter(({ extras }) => extras.length > 0).length).toBeGreaterThan(50)
    expect(whole.filter(({ unknown }) => unknown.length > 0).length).toBeGreaterThan(100)
  })
})

describe('which key of a record is the column', () => {
  const COLUMNS: ReadonlyArray<readonly [field: string, names: ReadonlyArray<string>]> = [
    ['transaction_id', ['transaction_id', 'order_id']],
    ['event_name', ['event_name', 'event', 'event_type']],
    ['Phone_hashed', ['Phone_hashed', 'phone', 'phone_number']],
  ]

  /** Keys for one column in order of precedence, in what order they stand in the record, and what each holds. */
  const contest = fc
    .tuple(fc.constantFrom(...COLUMNS), fc.subarray(['My key', 'other_key', 'event_time_2']))
    .chain(([[field, names], mapped]) =>
      fc.record({
        field: fc.constant(field),
        mapping: fc.tuple(
          ...mapped.map((key) =>
            fc.record({ column: spelling(key), field: fc.constantFrom(...names).chain(spelling) }),
          ),
        ),
        keys: fc.tuple(...[...mapped, ...names].map((key) => fc.tuple(fc.constant(key), spelling(key)))),
        order: fc.shuffledSubarray([...mapped, ...names]),
        cells: fc.array(fc.constantFrom(null, '', '+14155550111', '+14155550122', '+14155550133'), {
          minLength: 6,
          maxLength: 6,
        }),
      }),
    )

  test('is the first with a value: mapped ones in the order of the list, the canonical name, aliases in their order', () => {
    law(
      [contest],
      ({ field, mapping, keys, order, cells }) => {
        const value = (key: string) => (order.includes(key) ? cells[keys.findIndex(([name]) => name === key)] : null)
        const record = Object.fromEntries(
          order.map((key) => [keys.find(([name]) => name === key)?.[1] ?? key, value(key)]),
        )
        const rest = field === 'event_name' ? {} : { event_name: 'Lead' }
        const { event } = judgeRecord(
          { ...record, ...rest, event_time: 1, email: EMAIL },
          withDefaults({ mapping, eventName: 'Default' }),
        )
        const winner = keys.map(([key]) => value(key)).find((found) => found !== null && found !== '')
        const standard = field === 'event_name' ? 'Default' : undefined
        const expected = field === 'Phone_hashed' && winner != null ? digest(winner.slice(1)) : winner
        expect(event[field]).toBe(expected ?? standard)
      },
      1000,
    )
  })
})

describe('plain identities', () => {
  const CANARY = 'Canary.Bird@Example.com'
  const NUMBER = '+1 (202) 555-0143'

  /** All that leaves the plan for stdout: the event with what is passed through, the fault and the warnings. */
  const emitted = (cells: ReadonlyArray<string>, passThrough: boolean): string =>
    JSON.stringify(judgeCells(planOf(HEADER, withDefaults({ passes: () => passThrough })), cells))

  test('an e-mail put into any column is in no emitted record, neither raw nor lower-cased', () => {
    const place = fc.integer({ min: 0, max: HEADER.length - 1 })
    const around = fc.constantFrom(['', ''], [' ', ' '], ['for ', ', please'], ['SKU|', '|x'], ['[{"a":"', '"}]'])
    law(
      [row, place, around, fc.boolean()],
      (cells, at, [before, after], passThrough) => {
        const spoilt = cells.map((cell, i) => (i === at ? `${before}${CANARY}${after}` : cell))
        expect(emitted(spoilt, passThrough).toLowerCase()).not.toContain(CANARY.toLowerCase())
      },
      1000,
    )
  })

  test('an e-mail in a column that is passed through is dropped and counted, and the row kept', () => {
    law([full, fc.constantFrom('', 'for ', '"')], (cells, before) => {
      const spoilt = cells.with(-1, `${before}${CANARY}`)
      const clean = cells.with(-1, '')
      const plan = planOf(HEADER, withDefaults({ passes: () => true }))
      const { warnings, ...rest } = judgeCells(plan, clean)
      const expected = rest.code === undefined ? [...warnings, 'PLAIN_IDENTITY_DROPPED'] : []
      expect(judgeCells(plan, spoilt)).toEqual({ ...rest, warnings: expected })
    })
  })

  test('a phone put into an identity column, or an unknown one that is dropped, is in no emitted record', () => {
    const place = fc.constantFrom(...['Email_hashed', 'Phone_hashed', 'external_id', 'Unknown'])
    law([row, place], (cells, column) => {
      const out = emitted(
        cells.map((cell, i) => (HEADER[i] === column ? NUMBER : cell)),
        column !== 'Unknown',
      )
      for (const form of [NUMBER, '12025550143', '+12025550143', '202) 555']) expect(out).not.toContain(form)
    })
  })
})
