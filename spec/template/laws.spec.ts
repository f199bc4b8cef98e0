import fc from 'fast-check'
import * as Normalise from '../../src/template/normalise'
import { HEADER, address, phoneLike, row } from '../support/arbitrary'
import { law } from '../support/laws'
import { judgeByContract } from '../support/oracle'
import { EMAIL, PURCHASE, digest, judgeCells, judgeRecord, judgeRow, planOf, withDefaults } from '../support/row'

const PII = ['Email_hashed', 'Phone_hashed', 'phone_e164_hashed', 'external_id']

describe('hashing', () => {
  test('is idempotent: what was hashed goes through unchanged, as a row and as a record', () => {
    law([address, phoneLike, fc.string({ minLength: 1 })], (email, phone, external_id) => {
      const once = judgeRow({ ...PURCHASE, Email_hashed: email, Phone_hashed: phone, external_id }).event
      const identities = PII.flatMap((name) => (typeof once[name] === 'string' ? [[name, once[name]] as const] : []))
      const { Email_hashed, ...rest } = PURCHASE
      expect(Email_hashed).toBe(EMAIL)
      expect(judgeRecord({ ...rest, ...Object.fromEntries(identities) }).event).toMatchObject(
        Object.fromEntries(identities),
      )
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
  test.each([undefined, 'Lead', 'Purchase'])(
    'judges every row as the contract does, one plan for all rows (default event name %s)',
    (eventName) => {
      const plan = planOf(HEADER, withDefaults({ eventName }))
      law(
        [row],
        (cells) => {
          const { code, event, warnings } = judgeCells(plan, cells)
          expect({ code, event, warnings: [...warnings].sort() }).toEqual(judgeByContract(HEADER, cells, eventName))
        },
        1500,
      )
    },
  )

  test('judges a record of texts as the row of the same cells', () => {
    const plan = planOf(HEADER)
    law([row.filter((cells) => cells.length === HEADER.length)], (cells) => {
      const asRecord = judgeRecord(Object.fromEntries(HEADER.map((name, i) => [name, cells[i]])))
      const asRow = judgeCells(plan, cells)
      expect(asRecord.code).toBe(asRow.code)
      expect(asRecord.event).toEqual(asRow.event)
    })
  })

  test('the rows that laws are held over are kept and rejected in good measure', () => {
    const codes = fc.sample(row, { numRuns: 1000, seed: 7 }).map((cells) => judgeCells(planOf(HEADER), cells).code)
    expect(codes.filter((code) => code === undefined).length).toBeGreaterThan(200)
    expect(new Set(codes).size).toBeGreaterThan(14)
  })
})

describe('plain identities', () => {
  const CANARY = 'Canary.Bird@Example.com'
  const NUMBER = '+1 (202) 555-0143'

  /** All that leaves the plan for stdout: the event, the fault and the warnings. */
  const emitted = (cells: ReadonlyArray<string>): string => JSON.stringify(judgeCells(planOf(HEADER), cells))

  test('an e-mail put into any column is in no emitted record, neither raw nor lower-cased', () => {
    const place = fc.integer({ min: 0, max: HEADER.length - 1 })
    const around = fc.constantFrom(['', ''], [' ', ' '], ['for ', ', please'], ['SKU|', '|x'], ['[{"a":"', '"}]'])
    law(
      [row, place, around],
      (cells, at, [before, after]) => {
        const out = emitted(cells.map((cell, i) => (i === at ? `${before}${CANARY}${after}` : cell)))
        expect(out.toLowerCase()).not.toContain(CANARY.toLowerCase())
      },
      1000,
    )
  })

  test('a phone put into an identity column or an unknown one is in no emitted record', () => {
    const place = fc.constantFrom(...['Email_hashed', 'Phone_hashed', 'external_id', 'Unknown'])
    law([row, place], (cells, column) => {
      const out = emitted(cells.map((cell, i) => (HEADER[i] === column ? NUMBER : cell)))
      for (const form of [NUMBER, '12025550143', '+12025550143', '202) 555']) expect(out).not.toContain(form)
    })
  })
})
