import * as fc from 'fast-check'
import { scrub } from '../../../src/destination/delivery/scrub'

const SECRET = 's3cr3t/Token+9=='
const DIGEST = '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345'

const escaped = (text: string): string =>
  text.replace(/[^a-z0-9]/gi, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
const entities = (text: string): string => text.replace(/[^a-z0-9]/gi, (char) => `&#${char.charCodeAt(0)};`)
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const hex = (text: string): string => Buffer.from(text).toString('hex')

describe('scrub', () => {
  test.each([
    ['bad address jane.doe@example.com given', 'bad address (e-mail) given'],
    ['phone +15550100123 is bad', 'phone +(digits) is bad'],
    ['phone +1 555 010-0123 is bad', 'phone +(digits) is bad'],
    ['phone +1 (555) 010-0123 is bad', 'phone +(digits) is bad'],
    ['phone 1.555.010.0123 is bad', 'phone (digits) is bad'],
    ['phone 1/555/010/0123 is bad', 'phone (digits) is bad'],
    ['phone 1\u00a0555\u2011010\u20110123 is bad', 'phone (digits) is bad'],
    ['phone \uff11555\uff10100123 is bad', 'phone (digits) is bad'],
    [`digest ${DIGEST}.`, 'digest (digest).'],
    [`DIGEST ${DIGEST.toUpperCase()}.`, 'DIGEST (digest).'],
    [`digest ${DIGEST.replace(/(..)(?=.)/g, '$1:')}.`, 'digest (digest).'],
    ['two\nlines', 'two lines'],
  ])('%s', (message, clean) => {
    expect(scrub(message, [])).toBe(clean)
  })

  test.each([
    'data.312.event_id: not a valid string',
    'data[3].properties.contents.0.content_id: Missing data for required field.',
    'Invalid value for event_source_id: not a valid string.',
    'event_source_id 731234: CompleteRegistration is no offline event (40002, v1.3/event/track/)',
    'user.email: must be hashed with SHA-256',
    '100% of the \\ and & are kept',
  ])('nothing is taken from: %s', (message) => {
    expect(scrub(message, [SECRET])).toBe(message)
  })

  describe.each([
    ['as it is', (text: string) => text],
    ['upper-cased', (text: string) => text.toUpperCase()],
    ['URL-encoded', encodeURIComponent],
    ['URL-encoded twice', (text: string) => encodeURIComponent(encodeURIComponent(text))],
    ['as a form', (text: string) => new URLSearchParams({ q: text }).toString().slice(2)],
    ['JSON-escaped', escaped],
    ['JSON-escaped twice', (text: string) => JSON.stringify(escaped(text)).slice(1, -1)],
    ['with its slashes escaped', (text: string) => text.replaceAll('/', '\\/')],
    ['in HTML', entities],
    ['in quotes', (text: string) => `"${text}"`],
    ['within a word', (text: string) => `x${text}y`],
    ['with invisible characters', (text: string) => text.replace(/[@/]/g, '\u200b$&\u200b')],
    ['in UTF-16', (text: string) => Buffer.from(text, 'utf16le').toString('latin1')],
    ['in hex', hex],
    ['in base64', base64],
    ['in base64url', (text: string) => Buffer.from(`?>${text}?>`).toString('base64url')],
  ])('%s', (_, written) => {
    test.each([
      ['a secret', SECRET, 'token'],
      ['an address', 'jane.doe+7@example.com', 'jane'],
      ['a phone', '+1 (555) 010-0123', '555'],
      ['a digest', DIGEST, '542d'],
    ])('%s does not survive', (__, text, part) => {
      const clean = scrub(`data.0.user: ${written(text)} is refused`, [SECRET])
      for (const form of [part, base64(text).slice(0, 8), hex(text).slice(0, 12)])
        expect(clean.toLowerCase()).not.toContain(form.toLowerCase())
      expect(clean).toMatch(/^data\.0\.user: .*\((secret|e-mail|digits|digest|code)\).* is refused$/)
    })
  })

  test.each([
    'jane.doe @ example.com',
    '"jane.doe"@example.com',
    '<jane.doe>@example.com',
    'jane.doe\uff20example.com',
  ])('an address with odd signs does not survive: %s', (address) => {
    expect(scrub(`address ${address} given`, [])).not.toMatch(/doe|example/)
  })

  test('a secret whose plus a form has turned into a space does not survive', () => {
    expect(scrub(`token ${SECRET.replace('+', ' ')} is bad`, [SECRET])).toBe('token (secret) is bad')
  })

  test('no address survives in any message', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(scrub(`${before} canary@example.com ${after}`, [])).not.toContain('canary@')
      }),
    )
  })

  test('no phone survives, whatever stands between its digits', () => {
    const between = fc.array(fc.constantFrom('', ' ', '-', '.', ') ', ' (', '/', '\u00a0'), {
      minLength: 9,
      maxLength: 9,
    })
    fc.assert(
      fc.property(between, (signs) => {
        const phone = Array.from('4155550198', (digit, i) => digit + (signs[i] ?? '')).join('')
        expect(scrub(`call ${phone} now`, [])).toMatch(/^call \(digits\) now$/)
      }),
    )
  })

  test('any text can be a secret', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), (secret) => {
        fc.pre(!'data: (secret) (e-mail) (digest) (code) (digits) is refused'.includes(secret.trim()))
        expect(scrub(`data: ${secret} is refused`, [secret])).not.toContain(secret)
      }),
    )
  })

  test('a long message is cut, what it quotes at its end no less', () => {
    expect(scrub('long word '.repeat(1000), []).length).toBeLessThan(310)
    expect(scrub(`${'x'.repeat(295)} ${SECRET}`, [SECRET])).not.toContain('s3')
  })

  test('a page of megabytes takes no time', () => {
    const startMs = Date.now()
    for (const piece of ['x', '1', '@', '%41', 'aB1', '&#x40;', '\\u0040', '1 '])
      scrub(piece.repeat(1_000_000), [SECRET])
    expect(Date.now() - startMs).toBeLessThan(5_000)
  })
})
