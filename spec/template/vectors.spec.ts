import { LEAD, digest, judgeRow, withDefaults } from '../support/row'

/** A lead with one identity, in a column that the vector is about; beside an external_id stands an e-mail, for one is required. */
const identity = (column: string, raw: string, country?: string) =>
  judgeRow(
    {
      event_name: LEAD.event_name,
      event_time: LEAD.event_time,
      ...(column === 'external_id' ? { Email_hashed: LEAD.Email_hashed } : {}),
      [column]: raw,
    },
    withDefaults({ country }),
  ).event

describe('e-mail vectors', () => {
  test.each([
    // TikTok's own examples.
    [' ALICE_abc@gmail.com ', '848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f'],
    ['janedoe@gmail.com', 'd6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69'],
    // Computed with sha256sum over the normalised address.
    ['\tJane.Doe@Example.COM ', '86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d'],
    ['Test+Promo@example.com', 'b32ac9b12705ed869a8d6203dd0f3af28281a30cf0a77084faeca17da11fd394'],
    ['Ana@Example.ES', 'e980b7480b879225dc671417f0db81b47289cf2da9ffe7c985235400ae3c5f32'],
    ['jane.doe+shop@gmail.com', '12122421314e3c02d8acd5467f1266e839588a1ea2e4da1c2ab81036b7cd62e5'],
    // Snap's own example.
    ['person@example.com', '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345'],
  ])('%j is hashed to %s', (raw, expected) => {
    expect(identity('Email_hashed', raw)).toHaveProperty('Email_hashed', expected)
  })

  test('a hash made without trimming is not what comes out', () => {
    expect(identity('Email_hashed', ' ALICE_abc@gmail.com ')).not.toHaveProperty(
      'Email_hashed',
      '0573ff4c44739b0ed36dd1ce76ae94b3a2e025dad5ff665ba4be7e0f56241807',
    )
  })

  test('dots and tags are kept: one mailbox in two spellings has two digests', () => {
    expect(identity('Email_hashed', 'jane.doe+shop@gmail.com')['Email_hashed']).not.toBe(
      identity('Email_hashed', 'janedoe@gmail.com')['Email_hashed'],
    )
  })
})

/** What TikTok and Google match (+ and digits) and what Meta, Snap and the set-up guide match (digits only). */
const PHONES: ReadonlyArray<readonly [raw: string, country: string | undefined, e164: string, e164Digest: string]> = [
  // TikTok's own example.
  ['(+1)2133734253', undefined, '+12133734253', '9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd'],
  [
    '+44 (0)20 7183 8750',
    undefined,
    '+442071838750',
    'e631c2534428c6c9b48c2167604a8983046085e43a2c00ed748733c544c0bb4d',
  ],
  ['0044 20 7183 8750', undefined, '+442071838750', 'e631c2534428c6c9b48c2167604a8983046085e43a2c00ed748733c544c0bb4d'],
  ['020 7183 8750', 'GB', '+442071838750', 'e631c2534428c6c9b48c2167604a8983046085e43a2c00ed748733c544c0bb4d'],
  ['050 123 4567', 'AE', '+971501234567', '5cd602a57e6a0414e38023888d6275b31208be50ab5cf4c1e7f197138da7fed1'],
  ['01511 2345678', 'DE', '+4915112345678', '536afd523e19dc83fccba822ef5e4ca646111314aaf0aa286667c5bea18dd70b'],
  ['06 1234 5678', 'IT', '+390612345678', '37b702607839d6dc5fc81d95b52e550e336413bf7ae2e04cafeca79f066ea44b'],
  [
    '+39 (0)6 1234 5678',
    undefined,
    '+390612345678',
    '37b702607839d6dc5fc81d95b52e550e336413bf7ae2e04cafeca79f066ea44b',
  ],
  ['0412 345 678', 'AU', '+61412345678', 'bc65da54a3ddbacfdc93a0400f0a2d78e41c2180c8255015e9616facfe56f58a'],
  // Google's unit test, and one person in both forms.
  ['+18005550100', undefined, '+18005550100', 'fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30'],
  ['+1 (415) 555-0100', undefined, '+14155550100', '40d3f4e02db27d66cf4cfdda506c2c945f115a7955cc8491dda98ce5beabcda0'],
  ['14155550100', undefined, '+14155550100', '40d3f4e02db27d66cf4cfdda506c2c945f115a7955cc8491dda98ce5beabcda0'],
]

describe('phone vectors', () => {
  test.each(PHONES)('%j with default country %s is %s, hashed to %s', (raw, country, e164, e164Digest) => {
    const event = identity('Phone_hashed', raw, country)
    expect(event).toMatchObject({ phone_e164_hashed: e164Digest, Phone_hashed: digest(e164.slice(1)) })
  })

  test.each([
    // Meta's and Snap's own examples, and the guide's form of a fictional number.
    ['16505551212', 'e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176'],
    ['448444124653', 'dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383'],
    ['14155550100', '5e7ec4c79ccac6e420876e65ad0e6b4b2ccf73ec3dccb50297bf2890a1ec73b9'],
  ])('the digits %s are hashed to Phone_hashed %s', (digits, expected) => {
    expect(identity('Phone_hashed', `+${digits}`)).toHaveProperty('Phone_hashed', expected)
  })

  test("TikTok's audience help page shows the digest of the digits without plus", () => {
    expect(identity('Phone_hashed', '+37493828222')['Phone_hashed']).toMatch(/^65b7e6dc.*22d4$/)
  })

  test.each([
    ['"(0)" was left in', '+44 (0)20 7183 8750', 'a110f8d3dbcf1383c424c0527ee881163beefa7cb0e8871f1d318a7f9a630436'],
    [
      'the 00 prefix was left in',
      '0044 20 7183 8750',
      'd825d9e84486f7c38c836818def6497c6242fde4967922e5e6a310eda7545cb8',
    ],
    ['the plus is missing', '+442071838750', '8d5f937f3a5590634cbe975951a6aa1543170671ce6e73cce4062f4e8c288417'],
  ])('phone_e164_hashed is not the digest that shows that %s', (_, raw, mistaken) => {
    expect(identity('Phone_hashed', raw)).not.toHaveProperty('phone_e164_hashed', mistaken)
  })

  test('the digest without plus is right in Phone_hashed', () => {
    expect(identity('Phone_hashed', '+442071838750')).toHaveProperty(
      'Phone_hashed',
      '8d5f937f3a5590634cbe975951a6aa1543170671ce6e73cce4062f4e8c288417',
    )
  })
})

describe('external_id vectors', () => {
  test.each([
    ['user_123', '80fba0ae1c48e3978e43e4efc365e14e12ea0c830ba8ba5b9a2dafc7e3f2ab8b'],
    ['CUST-0042', '66d619f6d5afd99b369b11f3a8000689b064ad248eadb78fb16b05fdb348690b'],
    ['cust-0042', '04f18369b9f09f7908b299d2535b6d99d3df2e17e8f953553f269e38ed7281d8'],
    ['  CUST-0042\u00a0', '66d619f6d5afd99b369b11f3a8000689b064ad248eadb78fb16b05fdb348690b'],
  ])('%j is hashed to %s, its case kept', (raw, expected) => {
    expect(identity('external_id', raw)).toHaveProperty('external_id', expected)
  })
})

describe('the digest of nothing', () => {
  const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

  test.each([
    ['Email_hashed', 'EMAIL_WRONG_DIGEST'],
    ['Phone_hashed', 'PHONE_WRONG_DIGEST'],
  ])('in %s it rejects the row with %s', (column, code) => {
    const { event_name, event_time } = LEAD
    expect(judgeRow({ event_name, event_time, [column]: nothing.toUpperCase() })).toMatchObject({ code, column })
  })

  test('is never what an empty cell becomes', () => {
    const empty = judgeRow({ ...LEAD, Phone_hashed: ' ', external_id: '\t' })
    expect(Object.keys(empty.event)).toEqual(['event_name', 'event_time', 'Email_hashed'])
  })
})
