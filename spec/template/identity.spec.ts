import {
  EMAIL,
  EMAIL_DIGEST,
  LEAD,
  PHONE,
  PHONE_DIGEST,
  PHONE_E164_DIGEST,
  digest,
  judgeRecord,
  judgeRow,
  withDefaults,
} from '../support/row'

const identified = (cells: { email?: string; phone?: string }, country?: string) =>
  judgeRow(
    { event_name: LEAD.event_name, event_time: LEAD.event_time, email: '', phone: '', ...cells },
    withDefaults({ country }),
  )

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e'
const GIVEN = 'ABCDEF0123456789'.repeat(4)

describe('e-mail', () => {
  test.each([
    ['Unicode space around it', '\u2003\u0085 ana@example.es\u00a0\u3000\u0085'],
    ['a byte order mark', '\uFEFFana@example.es'],
    ['capitals', 'ANA@EXAMPLE.ES'],
  ])('%s does not change the digest', (_, email) => {
    expect(identified({ email }).event).toHaveProperty('Email_hashed', EMAIL_DIGEST)
  })

  test('letters outside ASCII are lower-cased too', () => {
    expect(identified({ email: 'ÄNNE@MÜLLER.example' }).event).toHaveProperty(
      'Email_hashed',
      digest('änne@müller.example'),
    )
  })

  test.each([
    ['no @', 'example.com'],
    ['two @', 'a@b@example.com'],
    ['no local part', '@example.com'],
    ['no dot in the domain', 'root@localhost'],
    ['a dot in the local part only', 'jane.doe@localhost'],
    ['an inner space', 'jane doe@example.com'],
    ['a no-break space', 'jane\u00a0doe@example.com'],
    ['a tab', 'jane\tdoe@example.com'],
    ['a control character', 'jane\u0007@example.com'],
    ['more than 254 characters', `${'x'.repeat(243)}@example.com`],
    ['a list', 'a@example.com, b@example.com'],
    ['63 hex characters', 'a'.repeat(63)],
    ['64 characters that are not all hex', 'g'.repeat(64)],
  ])('%s is EMAIL_MALFORMED', (_, email) => {
    expect(identified({ email })).toMatchObject({ code: 'EMAIL_MALFORMED', column: 'Email_hashed' })
  })

  test('254 characters are an address', () => {
    expect(identified({ email: `${'x'.repeat(242)}@example.com` }).code).toBeUndefined()
  })
})

describe('digests', () => {
  test('64 hex characters are lower-cased and never hashed again', () => {
    expect(identified({ email: ` ${GIVEN} `, phone: GIVEN }).event).toEqual({
      event_name: 'Lead',
      event_time: 1758190000,
      Email_hashed: GIVEN.toLowerCase(),
      Phone_hashed: GIVEN.toLowerCase(),
    })
  })

  test('a phone given as a digest has no phone_e164_hashed, and no country is assumed', () => {
    expect(identified({ phone: GIVEN })).toMatchObject({ event: { Phone_hashed: GIVEN.toLowerCase() }, warnings: [] })
    expect(identified({ phone: GIVEN }).event).not.toHaveProperty('phone_e164_hashed')
  })

  test.each([
    ['MD5', 32],
    ['SHA-1', 40],
    ['SHA-224', 56],
    ['SHA-384', 96],
    ['SHA-512', 128],
  ])('%s (%d hex characters) is a wrong digest', (_, length) => {
    const wrong = GIVEN.repeat(2).slice(0, length)
    expect(identified({ email: wrong })).toMatchObject({ code: 'EMAIL_WRONG_DIGEST', column: 'Email_hashed' })
    expect(identified({ phone: wrong })).toMatchObject({ code: 'PHONE_WRONG_DIGEST', column: 'Phone_hashed' })
  })

  test('external_id: a digest is lower-cased, anything else hashed', () => {
    expect(judgeRow({ ...LEAD, external_id: ` ${GIVEN}` }).event).toHaveProperty('external_id', GIVEN.toLowerCase())
    expect(judgeRow({ ...LEAD, external_id: MD5 }).event).toHaveProperty('external_id', digest(MD5))
    expect(judgeRow({ ...LEAD, external_id: EMAIL }).event).toHaveProperty('external_id', EMAIL_DIGEST)
  })

  // 64 hex characters are a digest already, even if it is nobody's.
  test('external_id: the digest of nothing is not hashed again', () => {
    const nothing = digest('')
    expect(judgeRow({ ...LEAD, external_id: nothing }).event).not.toHaveProperty('external_id', digest(nothing))
  })
})

describe('phone', () => {
  test.each([
    ['a plus', '+14155550100'],
    ['a plus in brackets', '(+1) 415 555 0100'],
    ['00', '0014155550100'],
    ['00 with spaces', '00 1 415-555-0100'],
    ['separators', ' +1 (415) 555-01.00 '],
    ['slashes', '+1/415/5550100'],
    ['full-width digits', '＋１４１５５５５０１００'],
    ['marks of a web page', '\u202a+1\u00a0415\u2011555\u20110100\u202c'],
  ])('%s: both digests, no country assumed', (_, phone) => {
    expect(identified({ phone })).toMatchObject({
      event: { Phone_hashed: PHONE_DIGEST, phone_e164_hashed: PHONE_E164_DIGEST },
      warnings: [],
    })
  })

  test.each([
    ['fictional', '+1 202 555 0199'],
    ['of no country', '+999 1234567'],
    ['7 digits', '+1234567'],
    ['15 digits', '+123456789012345'],
  ])('with a plus a number is not judged for being assigned: %s', (_, phone) => {
    expect(identified({ phone }, 'US').event).toHaveProperty('Phone_hashed', digest(phone.replace(/\D/g, '')))
  })

  test('without prefix and country its country code is assumed, with a warning', () => {
    expect(identified({ phone: '1 415 555 0100' })).toMatchObject({
      event: { Phone_hashed: PHONE_DIGEST },
      warnings: ['PHONE_COUNTRY_ASSUMED'],
    })
  })

  test.each([
    ['national', '415 555 0100', 'US', '14155550100'],
    ['national with a trunk zero', '020 7946 0958', 'GB', '442079460958'],
    ['national with the zero in brackets', '(0)20 7946 0958', 'GB', '442079460958'],
    ['national with 15 and its code', '1 415 555 0100', 'US', '14155550100'],
    ['too long for the country: international', '442079460958', 'US', '442079460958'],
    ['a plus beats the country', '+44 20 7946 0958', 'US', '442079460958'],
    ['00 beats the country', '0044 20 7946 0958', 'US', '442079460958'],
  ])('%s: %j with %s', (_, phone, country, digits) => {
    expect(identified({ phone }, country)).toMatchObject({
      event: { Phone_hashed: digest(digits), phone_e164_hashed: digest(`+${digits}`) },
      warnings: [],
    })
  })

  test.each([
    ['GB drops it', '+44 (0)20 7946 0958', '442079460958'],
    ['after 00', '0044(0)20 7946 0958', '442079460958'],
    ['with space inside', '+49 ( 0 ) 30 23125 000', '493023125000'],
    ['FR drops it', '+33 (0)1 99 00 12 34', '33199001234'],
    ['IT keeps it', '+39 (0)6 555 0100', '39065550100'],
    ['CI keeps it', '+225 (0)1 23 45 67 89', '2250123456789'],
  ])('(0) after a country code: %s', (_, phone, digits) => {
    expect(identified({ phone }).event).toHaveProperty('Phone_hashed', digest(digits))
  })

  test.each([
    ['6 digits', '+123456'],
    ['16 digits', '+1234567890123456'],
    ['0 first', '+0123456789'],
    ['a national number without country', '020 7946 0958'],
    ['spreadsheet damage', '1.2E+11'],
    ['spreadsheet damage in full', '4.41415555E+11'],
    ["a data frame's number", '14155550100.0'],
    ['letters', '+1 415 555 CALL'],
    ['an extension', '+1 415 555 0100 ext. 5'],
    ['two numbers', '+14155550100, +14155550101'],
    ['a sign inside', '1+4155550100'],
    ['an address', EMAIL],
    ['hundreds of digits', '1'.repeat(300)],
    // No country code precedes the (0); without it +20 would be Egypt.
    ['a national number with (0) and without country', '(0)20 7946 0958'],
  ])('%s is PHONE_MALFORMED', (_, phone) => {
    expect(identified({ phone })).toMatchObject({ code: 'PHONE_MALFORMED', column: 'Phone_hashed' })
  })

  test('spreadsheet damage is malformed with a country too', () => {
    expect(identified({ phone: '1.2E+11' }, 'US').code).toBe('PHONE_MALFORMED')
  })
})

describe('identifiers side by side', () => {
  test('both are kept', () => {
    expect(Object.keys(identified({ email: EMAIL, phone: PHONE }).event)).toEqual([
      'event_name',
      'event_time',
      'Email_hashed',
      'Phone_hashed',
      'phone_e164_hashed',
    ])
  })

  test.each([
    ['nobody', PHONE, 'EMAIL_MALFORMED', 'Phone_hashed'],
    [MD5, PHONE, 'EMAIL_WRONG_DIGEST', 'Phone_hashed'],
    [EMAIL, '12', 'PHONE_MALFORMED', 'Email_hashed'],
    [EMAIL, MD5, 'PHONE_WRONG_DIGEST', 'Email_hashed'],
  ])('e-mail %j, phone %j: the unusable one is the warning %s, and %s is kept', (email, phone, warning, kept) => {
    const { event, warnings } = identified({ email, phone })
    expect(warnings).toEqual([warning])
    expect(Object.keys(event)).toContain(kept)
    expect(Object.keys(event)).not.toContain(kept === 'Email_hashed' ? 'Phone_hashed' : 'Email_hashed')
  })

  test.each([
    ['nobody', '12', 'EMAIL_MALFORMED'],
    [MD5, '12', 'EMAIL_WRONG_DIGEST'],
    ['', '12', 'PHONE_MALFORMED'],
    ['', MD5, 'PHONE_WRONG_DIGEST'],
    ['', ' ', 'IDENTIFIER_MISSING'],
  ])('e-mail %j, phone %j: nothing usable rejects the row with %s', (email, phone, code) => {
    expect(identified({ email, phone }).code).toBe(code)
  })

  test('an external_id does not stand in for them', () => {
    expect(judgeRow({ event: 'Lead', timestamp: '1', email: '', external_id: 'CUST-0042' }).code).toBe(
      'IDENTIFIER_MISSING',
    )
  })
})

describe('identities as found', () => {
  const asFound = (cells: { email?: string; phone?: string; external_id?: string }, country?: string) =>
    judgeRow(
      { event_name: LEAD.event_name, event_time: LEAD.event_time, email: '', phone: '', ...cells },
      withDefaults({ asIs: true, country }),
    )

  test.each([
    ['an address keeps its capitals', { email: 'Ana@Example.ES' }, { Email_hashed: 'Ana@Example.ES' }],
    ['a phone keeps its form', { phone: '+1 (415) 555-0100' }, { Phone_hashed: '+1 (415) 555-0100' }],
    [
      'a phone in full-width digits too',
      { phone: '＋１４１５５５５０１００' },
      { Phone_hashed: '＋１４１５５５５０１００' },
    ],
    ['a digest keeps its capitals', { email: GIVEN, phone: GIVEN }, { Email_hashed: GIVEN, Phone_hashed: GIVEN }],
    [
      'outer space goes, as in every cell',
      { email: ' ana@example.es\u00a0', phone: ` ${PHONE}\t` },
      { Email_hashed: EMAIL, Phone_hashed: PHONE },
    ],
    [
      'an id of a customer keeps its form',
      { email: EMAIL, external_id: ' CUST-0042' },
      { Email_hashed: EMAIL, external_id: 'CUST-0042' },
    ],
    [
      'a digest of a customer keeps its capitals',
      { email: EMAIL, external_id: GIVEN },
      { Email_hashed: EMAIL, external_id: GIVEN },
    ],
  ])('%s', (_, cells, identities) => {
    const { event, warnings } = asFound(cells)
    expect(event).toEqual({ event_name: 'Lead', event_time: 1758190000, ...identities })
    expect(warnings).toEqual([])
  })

  test('phone_e164_hashed is left to the destination', () => {
    expect(asFound({ phone: PHONE }).event).not.toHaveProperty('phone_e164_hashed')
    expect(identified({ phone: PHONE }).event).toHaveProperty('phone_e164_hashed')
  })

  test.each([
    ['nobody', '', 'EMAIL_MALFORMED'],
    [MD5, '', 'EMAIL_WRONG_DIGEST'],
    [digest(''), '', 'EMAIL_WRONG_DIGEST'],
    ['', '1.2E+11', 'PHONE_MALFORMED'],
    ['', MD5, 'PHONE_WRONG_DIGEST'],
    ['', ' ', 'IDENTIFIER_MISSING'],
  ])('e-mail %j, phone %j: the checks are the same, %s', (email, phone, code) => {
    expect(asFound({ email, phone }).code).toBe(code)
    expect(identified({ email, phone }).code).toBe(code)
  })

  test('an unusable one beside a usable one is dropped with a warning, not passed on', () => {
    expect(asFound({ email: EMAIL, phone: 'call me' })).toMatchObject({
      event: { Email_hashed: EMAIL },
      warnings: ['PHONE_MALFORMED'],
    })
    expect(asFound({ email: EMAIL, phone: 'call me' }).event).not.toHaveProperty('Phone_hashed')
  })

  test('that a country code is assumed is still counted, and the default country still spares it', () => {
    expect(asFound({ phone: '1 415 555 0100' })).toMatchObject({
      event: { Phone_hashed: '1 415 555 0100' },
      warnings: ['PHONE_COUNTRY_ASSUMED'],
    })
    expect(asFound({ phone: '415 555 0100' }, 'US')).toMatchObject({
      event: { Phone_hashed: '415 555 0100' },
      warnings: [],
    })
  })

  test('an e-mail in another column is still dropped: only the identity columns are left as they are', () => {
    const row = { ...LEAD, description: EMAIL, content_ids: `SKU|${EMAIL}` }
    expect(judgeRow(row, withDefaults({ asIs: true }))).toMatchObject({
      event: { Email_hashed: EMAIL, content_ids: ['SKU'] },
      warnings: ['PLAIN_IDENTITY_DROPPED', 'PLAIN_IDENTITY_DROPPED'],
    })
  })

  test('what our source leaves as it is becomes at the destination what it would have made of it', () => {
    const cells = { email: 'Ana@Example.ES', phone: '(+1) 415 555 0100', external_id: 'CUST-0042' }
    const destination = judgeRecord(asFound(cells).event)
    expect(destination).toMatchObject({
      event: {
        Email_hashed: EMAIL_DIGEST,
        Phone_hashed: PHONE_DIGEST,
        phone_e164_hashed: PHONE_E164_DIGEST,
        external_id: digest('CUST-0042'),
      },
      warnings: [],
    })
    expect(destination.event).toEqual(identified(cells).event)
  })
})
