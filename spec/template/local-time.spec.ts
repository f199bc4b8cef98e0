import fc from 'fast-check'
import { isTimeZone, localClock } from '../../src/template/local-time'
import { ZONES } from '../support/arbitrary'
import { law } from '../support/laws'
import { instantOf, instantsOf, transitionsOf } from '../support/local-time'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** The instant of a local date-time, as RFC 3339 in UTC. */
const utcOf = (zone: string, local: string): string =>
  new Date(localClock(zone)(Date.parse(`${local}Z`))).toISOString().replace('.000', '')

describe('localClock', () => {
  test.each([
    ['UTC', '2026-03-29T02:30:00', '2026-03-29T02:30:00Z'],
    ['utc', '2026-03-29T02:30:00', '2026-03-29T02:30:00Z'],
    ['Etc/GMT+5', '2026-01-31T19:00:00', '2026-02-01T00:00:00Z'],
    ['Europe/Madrid', '2026-01-15T12:00:00', '2026-01-15T11:00:00Z'],
    ['Europe/Madrid', '2026-07-15T12:00:00', '2026-07-15T10:00:00Z'],
    ['europe/madrid', '2026-07-15T12:00:00', '2026-07-15T10:00:00Z'],
    ['Asia/Tokyo', '2026-03-01T00:00:00', '2026-02-28T15:00:00Z'],
    ['America/New_York', '2025-12-31T23:59:59', '2026-01-01T04:59:59Z'],
    // Half and quarter hours.
    ['Asia/Kolkata', '2026-03-01T00:00:00', '2026-02-28T18:30:00Z'],
    ['Asia/Kathmandu', '2026-03-01T00:00:00', '2026-02-28T18:15:00Z'],
    ['Pacific/Marquesas', '2026-03-01T00:00:00', '2026-03-01T09:30:00Z'],
    ['Australia/Eucla', '2026-03-01T00:00:00', '2026-02-28T15:15:00Z'],
    ['Pacific/Chatham', '2026-01-01T00:00:00', '2025-12-31T10:15:00Z'],
    // By alias.
    ['Asia/Calcutta', '2026-03-01T00:00:00', '2026-02-28T18:30:00Z'],
    ['US/Pacific', '2026-07-01T00:00:00', '2026-07-01T07:00:00Z'],
    // The ends of what a file can say.
    ['Europe/Madrid', '1970-01-01T01:00:00', '1970-01-01T00:00:00Z'],
    ['Pacific/Kiritimati', '9999-12-31T23:59:59', '9999-12-31T09:59:59Z'],
  ])('%s %s is %s', (zone, local, utc) => {
    expect(utcOf(zone, local)).toBe(utc)
  })

  test.each([
    // Northern hemisphere: an hour in spring.
    ['Europe/Madrid', '2026-03-29T01:59:59', '2026-03-29T00:59:59Z'],
    ['Europe/Madrid', '2026-03-29T02:00:00', '2026-03-29T01:00:00Z'],
    ['Europe/Madrid', '2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
    ['Europe/Madrid', '2026-03-29T02:59:59', '2026-03-29T01:59:59Z'],
    ['Europe/Madrid', '2026-03-29T03:00:00', '2026-03-29T01:00:00Z'],
    ['America/New_York', '2026-03-08T02:30:00', '2026-03-08T07:30:00Z'],
    // Southern hemisphere: in October, and at midnight in Chile.
    ['Australia/Sydney', '2026-10-04T02:30:00', '2026-10-03T16:30:00Z'],
    ['America/Santiago', '2026-09-06T00:30:00', '2026-09-06T04:30:00Z'],
    // Half an hour.
    ['Australia/Lord_Howe', '2026-10-04T02:00:00', '2026-10-03T15:30:00Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:45:00Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:30:00', '2026-10-03T15:30:00Z'],
    // One minute past midnight.
    ['America/St_Johns', '2006-04-02T00:00:59', '2006-04-02T03:30:59Z'],
    ['America/St_Johns', '2006-04-02T00:30:00', '2006-04-02T04:00:00Z'],
    ['America/St_Johns', '2006-04-02T01:01:00', '2006-04-02T03:31:00Z'],
    // Two hours in Antarctica.
    ['Antarctica/Troll', '2026-03-29T02:30:00', '2026-03-29T02:30:00Z'],
    // A whole day: Samoa went over the date line.
    ['Pacific/Apia', '2011-12-29T23:59:59', '2011-12-30T09:59:59Z'],
    ['Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T22:00:00Z'],
    ['Pacific/Apia', '2011-12-31T00:00:00', '2011-12-30T10:00:00Z'],
  ])('%s %s, about a time that clocks skip, is read with the offset before: %s', (zone, local, utc) => {
    expect(utcOf(zone, local)).toBe(utc)
  })

  test.each([
    ['Europe/Madrid', '2026-10-25T01:59:59', '2026-10-24T23:59:59Z'],
    ['Europe/Madrid', '2026-10-25T02:00:00', '2026-10-25T00:00:00Z'],
    ['Europe/Madrid', '2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
    ['Europe/Madrid', '2026-10-25T03:00:00', '2026-10-25T02:00:00Z'],
    ['America/New_York', '2026-11-01T01:30:00', '2026-11-01T05:30:00Z'],
    ['Australia/Sydney', '2026-04-05T02:30:00', '2026-04-04T15:30:00Z'],
    ['America/Santiago', '2026-04-04T23:30:00', '2026-04-05T02:30:00Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00Z'],
    ['America/St_Johns', '2006-10-28T23:01:00', '2006-10-29T01:31:00Z'],
    ['America/St_Johns', '2006-10-29T00:00:30', '2006-10-29T02:30:30Z'],
    ['America/St_Johns', '2006-10-29T00:01:00', '2006-10-29T03:31:00Z'],
  ])('%s %s, about a time that comes twice, is its first: %s', (zone, local, utc) => {
    expect(utcOf(zone, local)).toBe(utc)
  })

  test('stays right when it has seen more days than it remembers', () => {
    const clock = localClock('Australia/Lord_Howe')
    const noon = Date.UTC(1990, 0, 1, 12)
    const days = Array.from({ length: 12_000 }, (_, i) => noon + i * 24 * HOUR_MS)
    const again = [...days.slice(0, 400), ...days.slice(-400)]
    for (const day of days) clock(day)
    expect(again.map(clock)).toEqual(again.map((day) => instantOf('Australia/Lord_Howe', day)))
  })

  test('agrees with a search through what Intl says, in any zone that this runtime knows', () => {
    const zones = fc.constantFrom(...ZONES, ...Intl.supportedValuesOf('timeZone'))
    // Liberia's clocks, the last with seconds in their offset, were put right in the first days of 1972.
    const second = fc.integer({ min: Date.UTC(1972, 1, 1) / 1000, max: Date.UTC(2041, 0, 1) / 1000 })
    law(
      [zones, second],
      (zone, localSeconds) => {
        expect(localClock(zone)(localSeconds * 1000)).toBe(instantOf(zone, localSeconds * 1000))
      },
      2000,
    )
  })

  test('agrees with it in every half hour of the days around a change, one clock for all: what it keeps of a day is right', () => {
    const years = fc.integer({ min: 1972, max: 2040 })
    let changes = 0
    law(
      [fc.constantFrom(...ZONES), years],
      (zone, year) => {
        const clock = localClock(zone)
        for (const change of transitionsOf(zone, year)) {
          changes++
          const hour = Math.floor(change / HOUR_MS) * HOUR_MS
          for (let localMs = hour - 72 * HOUR_MS; localMs <= hour + 72 * HOUR_MS; localMs += 30 * MINUTE_MS)
            expect([zone, localMs, clock(localMs)]).toEqual([zone, localMs, instantOf(zone, localMs)])
        }
      },
      60,
    )
    expect(changes).toBeGreaterThan(30)
  })

  test('a time that is skipped, and one that comes twice, are among them', () => {
    const found = (zone: string, year: number) =>
      transitionsOf(zone, year).flatMap((change) =>
        Array.from({ length: 97 }, (_, i) => instantsOf(zone, change + (i - 48) * 30 * MINUTE_MS).length),
      )
    expect(new Set(found('Europe/Madrid', 2026))).toEqual(new Set([0, 1, 2]))
    expect(new Set(found('Australia/Sydney', 2026))).toEqual(new Set([0, 1, 2]))
  })
})

describe('isTimeZone', () => {
  test.each([
    ...ZONES,
    'europe/madrid',
    'EUROPE/MADRID',
    'GMT',
    'utc',
    'EST5EDT',
    'CET',
    'America/Argentina/Buenos_Aires',
  ])('%s is one', (name) => {
    expect(isTimeZone(name)).toBe(true)
  })

  test.each([
    ['an offset', '+02:00'],
    ['an offset behind', '-0500'],
    ['an offset after UTC', 'UTC+2'],
    ['an offset after GMT', 'GMT+5'],
    ['Z', 'Z'],
    ['a continent', 'Europe'],
    ['no place', 'Europe/Atlantis'],
    ['a city alone', 'Madrid'],
    ['a name of summer time', 'CEST'],
    ['outer space', ' Europe/Madrid'],
    ['a space for _', 'America/New York'],
    ['nothing', ''],
    ['a space', ' '],
    ['a path', '../../etc/localtime'],
    ['the local zone of a machine', 'localtime'],
    ['a line break', 'Europe/Madrid\n'],
  ])('%s is none: %j', (_, name) => {
    expect(isTimeZone(name)).toBe(false)
  })

  test('every zone that this runtime names is one', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((name) => !isTimeZone(name))).toEqual([])
  })

  test.each(['BST', 'IST', 'AST', 'CST', 'PST', 'JST', 'ECT', 'NET', 'PLT'])(
    '%s is an abbreviation of the library, and no IANA zone',
    (name) => {
      expect(isTimeZone(name)).toBe(false)
    },
  )
})
