import * as fc from 'fast-check'
import { scrub } from '../../../src/destination/delivery/scrub'

describe('scrub', () => {
  test.each([
    ['bad address jane.doe@example.com given', 'bad address (e-mail) given'],
    ['phone +15550100123 is bad', 'phone +(digits) is bad'],
    ['phone +1 555 010-0123 is bad', 'phone +(digits) is bad'],
    ['digest 542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345.', 'digest (digest).'],
    ['DIGEST 542D240129883C019E106E3B1B2D3F3CB3537C43C425364DE8E951D5A3083345.', 'DIGEST (digest).'],
    ['data.312.event_id: not a valid string', 'data.312.event_id: not a valid string'],
    ['Access token s3cr3t-token is wrong', 'Access token (secret) is wrong'],
    ['two\nlines', 'two lines'],
  ])('%s', (message, clean) => {
    expect(scrub(message, ['s3cr3t-token'])).toBe(clean)
  })

  test('no address survives in any message', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(scrub(`${before} canary@example.com ${after}`, [])).not.toContain('canary@')
      }),
    )
  })

  test('a long message is cut', () => {
    expect(scrub('long word '.repeat(1000), []).length).toBeLessThan(310)
  })
})
