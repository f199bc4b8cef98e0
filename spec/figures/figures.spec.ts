import fc from 'fast-check'
import { newAges } from '../../src/figures/ages'
import { newGatherer, sampleOf } from '../../src/figures/figures'
import { type OfflineEvent, emptyEvent } from '../../src/template/offline-event'
import { law } from '../support/laws'

const NOW = 1_800_000_000
const DAY = 86_400
const WINDOW = { pastSeconds: 28 * DAY, futureSeconds: 300 }

const eventOf = (some: Partial<OfflineEvent>): OfflineEvent => ({ ...emptyEvent(), event_time: NOW - 60, ...some })

describe('ages', () => {
  const bandOf = (eventTime: number) => {
    const ages = newAges(NOW, WINDOW)
    ages.add(eventTime)
    return ages.found().bands.find(({ events }) => events > 0)
  }

  test.each([
    [-301, false],
    [-300, true],
    [0, true],
    [28 * DAY, true],
    [28 * DAY + 1, false],
  ])('an event of %d seconds is taken: %s', (age, isTaken) => {
    expect(bandOf(NOW - age)?.isTaken).toBe(isTaken)
  })

  test('every event is in one band, whose bounds hold it, and the bands have no gaps', () => {
    law([fc.array(fc.integer({ min: -40 * DAY, max: 400 * DAY })), fc.integer({ min: 1, max: 400 })], (list, days) => {
      const ages = newAges(NOW, { pastSeconds: days * DAY, futureSeconds: 300 })
      for (const age of list) ages.add(NOW - age)
      const { bands, events, newest, oldest } = ages.found()
      expect(events).toBe(list.length)
      expect(oldest).toBe(list.length === 0 ? undefined : NOW - Math.max(...list))
      expect(newest).toBe(list.length === 0 ? undefined : NOW - Math.min(...list))
      expect(bands.slice(1).map(({ from }) => from)).toEqual(bands.slice(0, -1).map(({ to }) => to))
      for (const { from, to, isTaken, events: found } of bands) {
        expect(found).toBe(list.filter((age) => age > from && age <= to).length)
        if (found > 0) expect(isTaken).toBe(to <= days * DAY && from >= -301)
      }
    })
  })
})

describe('figures', () => {
  test('tell names, currencies and days apart, the most events first', () => {
    const { add, figures } = newGatherer(NOW, WINDOW)
    add(sampleOf('Purchase', eventOf({ currency: 'EUR', value: 0.1, Email_hashed: 'x', Phone_hashed: 'y' })))
    add(sampleOf('Purchase', eventOf({ currency: 'EUR', value: 0.2, event_time: NOW - DAY, Email_hashed: 'x' })))
    add(sampleOf('Purchase', eventOf({ currency: 'USD', value: 5, phone_e164_hashed: 'y' })))
    add(sampleOf('Lead', eventOf({ Phone_hashed: 'y' })))
    const { byDay, byName, events, identifiers } = figures()
    expect({ events, identifiers }).toEqual({ events: 4, identifiers: { email: 2, phone: 3, both: 1 } })
    expect(byName).toEqual([
      { name: 'Purchase', currency: 'EUR', events: 2, value: '0.3' },
      { name: 'Lead', currency: undefined, events: 1, value: undefined },
      { name: 'Purchase', currency: 'USD', events: 1, value: '5' },
    ])
    expect(byDay.map(({ day, name, value }) => [day, name, value])).toEqual([
      ['2027-01-14', 'Purchase', '0.2'],
      ['2027-01-15', 'Lead', undefined],
      ['2027-01-15', 'Purchase', '0.1'],
      ['2027-01-15', 'Purchase', '5'],
    ])
  })

  test('of more days than are kept apart the sums by name are whole', () => {
    const { add, figures } = newGatherer(NOW, WINDOW)
    const days = 50_010
    for (let day = 0; day < days; day++)
      add(sampleOf('Purchase', eventOf({ event_time: day * DAY, currency: 'EUR', value: 0.1 })))
    const { byDay, byName } = figures()
    expect(byName).toEqual([{ name: 'Purchase', currency: 'EUR', events: days, value: '5001' }])
    expect(byDay.at(-1)).toEqual({ day: undefined, name: 'Purchase', currency: 'EUR', events: 10, value: '1' })
  })
})
