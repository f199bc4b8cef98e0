import * as fc from 'fast-check'
import { logMessage } from '../../../src/destination/delivery/log-message'
import { scrub } from '../../../src/destination/delivery/scrub'

const eventOf = (event_id: string, order_id = event_id): string =>
  JSON.stringify({
    event: 'Purchase',
    event_id,
    user: { email: ['x'] },
    properties: { order_id, shop_id: '', content_ids: ['SKU-9'], contents: [{ content_id: 'SKU-1', brand: 'Acme' }] },
  })

describe("a platform's message in the log", () => {
  test.each([
    ['40002 Parameter error.', '40002 Parameter error.'],
    ['40002 data.17.user.email: Not a valid SHA-256 digest', '40002 data.N.user.email: Not a valid SHA-256 digest'],
    ["40002 data[3]: field 'event_time' must be an integer", "40002 data[N]: field 'event_time' must be an integer"],
    ["40000 event_id 'A-17' of (e-mail) is not valid", '40000 event_id (…) of (e-mail) is not valid'],
    ['40002 SKU-1 by Acme, SKU-9: no such item', '40002 (…) by Acme, (…) no such item'],
    ['40002 A-17 A-17 A-17 is bad', '40002 (…) is bad'],
  ])('%s', (message, logged) => {
    expect(logMessage(message, eventOf('A-17'))).toBe(logged)
  })

  test.each([
    ['ORD-\uFF21\uFF22\uFF23-x', (id: string) => id],
    ['ord-abc-secret', (id: string) => id.toUpperCase()],
    [`ord-${'x9'.repeat(250)}`, (id: string) => id],
    ['ORD-1234567-77', (id: string) => id],
    ['ORD\u0001SECRET', (id: string) => id],
    ['ORD%20SECRET', (id: string) => id],
    ['ORD&amp;SECRET', (id: string) => id],
    ['ORD\\.SECRET', (id: string) => id],
    ['ord-secret', (id: string) => id.slice(4)],
    ['secret', (id: string) => `"${id}"`],
  ])('does not tell the id %j, however it is quoted', (id, quoted) => {
    const told = logMessage(`40002 ${scrub(`the order ${quoted(id)} is bad`, [])}`, eventOf(id))
    expect(told).toMatch(/^40002 the order \(…\)( is bad)?$/)
  })

  test('ids that stand in each other, or in what stands in their place, cost nothing', () => {
    const contents = Array.from({ length: 1000 }, (_, i) => ({ content_id: 'id(…)'[i % 5] }))
    const event = JSON.stringify({ event_id: 'd', properties: { contents } })
    const startMs = Date.now()
    expect(logMessage('40002 i d is bad', event).length).toBeLessThan(40)
    expect(Date.now() - startMs).toBeLessThan(1000)
  })

  test('no word takes long, whatever it is made of', () => {
    const startMs = Date.now()
    for (const piece of ['a', 'a_', 'a.', 'a[', 'N.', "a'", 'a-', '!', '(', '.a]'])
      logMessage(`40002 ${piece.repeat(2000)}1 ${piece.repeat(2000)}`, eventOf('A-17'))
    expect(Date.now() - startMs).toBeLessThan(1000)
  })

  test('no id of letters and digits is ever told, nor a part of it', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9]{4,12}$/)
    fc.assert(
      fc.property(id, fc.constantFrom('', "'", '"', '('), (order, sign) => {
        expect(logMessage(`40002 ${sign}${order}${sign} was refused`, eventOf(order))).toBe('40002 (…) was refused')
      }),
    )
  })
})
