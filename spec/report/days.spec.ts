import fc from 'fast-check'
import type { DayTotal } from '../../src/figures/figures'
import { calendarOf } from '../../src/report/days'
import { law } from '../support/laws'

const total = (day: string | undefined, events = 1): DayTotal => ({
  day,
  name: 'Purchase',
  currency: 'EUR',
  events,
  value: '1',
})

const labels = (...days: ReadonlyArray<string | undefined>): ReadonlyArray<string> =>
  calendarOf(days.map((day) => total(day))).periods.map(({ label }) => label)

test('days without events are days too', () => {
  expect(labels('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
})

test('many days are gathered to weeks, which begin on Monday', () => {
  const { unit, periods } = calendarOf([total('2026-01-04'), total('2026-01-05'), total('2026-03-29')])
  expect(unit).toBe('week')
  expect(periods[0]).toMatchObject({ label: 'week of 2025-12-29', totals: [{ day: '2026-01-04' }] })
  expect(periods[1]).toMatchObject({ label: 'week of 2026-01-05', totals: [{ day: '2026-01-05' }] })
  expect(periods.at(-1)?.label).toBe('week of 2026-03-23')
})

test('more to months, then to years', () => {
  expect(labels('2024-11-30', '2026-02-01').slice(0, 3)).toEqual([
    'week of 2024-11-25',
    'week of 2024-12-02',
    'week of 2024-12-09',
  ])
  expect(labels('2022-11-30', '2026-02-01').slice(0, 3)).toEqual(['2022-11', '2022-12', '2023-01'])
  expect(labels('2015-11-30', '2026-02-01').slice(0, 2)).toEqual(['2015', '2016'])
})

test('before the last years all is one', () => {
  expect(labels('1200-01-01', '1700-01-01', '2026-02-01').slice(0, 2)).toEqual(['1965 and before', '1966'])
})

test('days that were not told apart come last', () => {
  expect(labels(undefined)).toEqual(['other days'])
  expect(labels('2026-01-01', undefined)).toEqual(['2026-01-01', 'other days'])
  expect(labels()).toEqual([])
})

const day = fc
  .integer({ min: Date.parse('0001-01-01') / 86_400_000, max: Date.parse('2286-11-20') / 86_400_000 })
  .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10))
const near = fc.integer({ min: 0, max: 90 }).map((n) => new Date((20_000 + n) * 86_400_000).toISOString().slice(0, 10))

test('whatever the days, nothing is lost, and the chart stays readable', () => {
  law(
    [fc.array(fc.tuple(fc.option(fc.oneof(day, near), { nil: undefined }), fc.nat()), { maxLength: 40 })],
    (found) => {
      const byDay = found.map(([one, events]) => total(one, events))
      const { periods } = calendarOf(byDay)
      const kept = periods.flatMap(({ totals }) => totals)
      expect(kept.length).toBe(byDay.length)
      expect(new Set(kept)).toEqual(new Set(byDay))
      expect(periods.length).toBeLessThanOrEqual(63)
      expect(new Set(periods.map(({ label }) => label)).size).toBe(periods.length)
    },
  )
})
