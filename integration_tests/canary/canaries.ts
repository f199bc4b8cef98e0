import { createHash } from 'node:crypto'

/** One thing that nobody may hear of. */
export interface Canary {
  readonly name: string
  /** As it may be written; the first is how it is fed in most cases. */
  readonly spellings: ReadonlyArray<string>
  /** Texts of which any gives it away, in lower case: the whole, and parts that nothing else holds. */
  readonly marks: ReadonlyArray<string>
  /** Its marks are digits, however they are grouped. */
  readonly grouped: boolean
}

/** Nobody's: a reserved domain, a number kept for fiction, keys that were never issued. */
export const EMAIL = 'Canary.Person+tag@private-mail.example'
export const PHONE = '+14155550198'
export const PHONES: ReadonlyArray<string> = [
  PHONE,
  '14155550198',
  '+1 (415) 555-0198',
  '(415) 555-0198',
  '001-415-555-0198',
  '1.415.555.0198',
]
/** With all that has to be escaped somewhere. */
export const TOKEN = 'canaryToken/8f+3aQ9-x_Zw==7b2d'
/** Of letters alone, as one AWS key in thirty is: it looks like a word. */
export const KEY_ID = 'AKIACANARYKEYEXAMPLE'
export const SECRET = 'canarySecret/K7MDENG+bPxRfiCYEXAMPLEKEY1'
export const SESSION = 'canarySession//EXAMPLE+K7MDENG/bPxRfiCYzzzz=='

/** The digests that the connectors make of the identities: data in what the source emits, unspeakable for the destination. */
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')
export const EMAIL_DIGEST = digestOf(EMAIL.toLowerCase())
export const PHONE_DIGEST = digestOf(PHONE.slice(1))
export const E164_DIGEST = digestOf(PHONE)

/** Of a key or digest its ends tell enough. */
const ENDS = 12

const opaque = (name: string, text: string): Canary => {
  const whole = text.toLowerCase()
  return { name, spellings: [text], marks: [whole, whole.slice(0, ENDS), whole.slice(-ENDS)], grouped: false }
}

const ACCESS_KEY: Canary = { name: 'access key', spellings: [KEY_ID], marks: [KEY_ID.toLowerCase()], grouped: false }

/** An e-mail, a phone, a token and the parts of an AWS credential. */
export const CANARIES: ReadonlyArray<Canary> = [
  { name: 'e-mail', spellings: [EMAIL], marks: ['canary.person'], grouped: false },
  // Without the country code too.
  { name: 'phone', spellings: PHONES, marks: ['4155550198'], grouped: true },
  opaque('token', TOKEN),
  ACCESS_KEY,
  opaque('secret key', SECRET),
  opaque('session token', SESSION),
]

export const DIGESTS: ReadonlyArray<Canary> = [
  opaque('e-mail digest', EMAIL_DIGEST),
  opaque('phone digest', PHONE_DIGEST),
  opaque('E.164 digest', E164_DIGEST),
]
