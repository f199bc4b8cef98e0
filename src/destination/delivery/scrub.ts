/** A platform's message without what could be a person's: e-mails, digests, runs of 7 or more digits, and the given secrets. */
export const scrub = (message: string, secrets: ReadonlyArray<string>): string => {
  const withoutSecrets = secrets.reduce(
    (text, secret) => (secret === '' ? text : text.split(secret).join('(secret)')),
    message,
  )
  const clean = withoutSecrets
    .replace(EMAIL, '(e-mail)')
    .replace(DIGEST, '(digest)')
    .replace(DIGITS, '(digits)')
    .replace(CONTROL, ' ')
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean
}

const LONGEST = 300
const EMAIL = /[^\s@"'<>(),;:]+@[^\s@"'<>(),;:]+/g
const DIGEST = /[0-9a-f]{64}/gi
const DIGITS = /\d(?:[ ().-]?\d){6,}/g
const CONTROL = /\p{Cc}+/gu
