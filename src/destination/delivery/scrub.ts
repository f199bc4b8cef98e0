/**
 * A platform's message without what could be a person's or a key: e-mails, digests, runs of 7 or more digits, encoded texts, and
 * the given secrets. It may quote them in any spelling, so it is read first: escapes of URLs, JSON and HTML are undone.
 */
export const scrub = (message: string, secrets: ReadonlyArray<string>): string => {
  const clean = secrets
    .filter((secret) => secret !== '' && secret.length <= LONGEST_READ)
    .reduce((text, secret) => text.replace(spellingsOf(secret), '(secret)'), plain(message.slice(0, LONGEST_READ)))
    .replace(EMAIL, '(e-mail)')
    .replace(DIGEST, '(digest)')
    .replace(ENCODED, (word) => (isEncoded(word) ? '(code)' : word))
    .replace(DIGITS, '(digits)')
    .replace(CONTROL, ' ')
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean
}

/** Of what is read only so much is shown. */
const LONGEST = 300
/** A page of megabytes is not worth reading. */
const LONGEST_READ = 4_000

const EMAIL = /[^\s@"'<>(),;:]*["'>]?\s{0,3}(?:@|[([{]\s?at\s?[)\]}])\s{0,3}["'<]?[^\s@"'<>(),;:]+/gi
/** Hex of 24 digits or more, bytes apart or not: a digest, or a text in hex. */
const DIGEST = /[0-9a-f]{2}(?:[: -]?[0-9a-f]{2}){11,}/gi
/** Whatever people and machines put between a phone's digits. */
const DIGITS = /\d(?:[\s()./+_\p{Pd}]{0,4}\d){6,}/gu
const ENCODED = /[\w+/-]{14,}={0,2}/g
const CONTROL = /\p{Cc}+/gu

/** Capitals, small letters and digits in one long word: base64, or a key that is not ours to know. */
const isEncoded = (word: string): boolean => /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word)

/** A secret in capitals or not; a form has turned its plus into a space. */
const spellingsOf = (secret: string): RegExp =>
  new RegExp([secret, plain(secret) || secret].map((text) => literal(text).replaceAll('\\+', '[+ ]')).join('|'), 'gi')

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** The text behind escapes, escapes of escapes included; full-width characters folded, invisible ones left out. */
const plain = (message: string): string => {
  let text = message
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = text
    text = unescaped(before)
    if (text === before) break
  }
  return text.normalize('NFKC').replace(INVISIBLE, '')
}

const MOST_ROUNDS = 5

const unescaped = (text: string): string =>
  text
    .replace(/(?:%[0-9a-f]{2})+/gi, decodeUrl)
    // In one go: of an escaped backslash the second half begins no escape.
    .replace(/\\(?:u([0-9a-f]{4})|([!-/:-@[-`{-~]))/gi, (_, code: string | undefined, sign: string) =>
      code === undefined ? sign : String.fromCharCode(parseInt(code, 16)),
    )
    .replace(/&#(?:x([0-9a-f]{1,4})|(\d{1,5}));?/gi, (_, hex: string | undefined, decimal: string | undefined) =>
      String.fromCharCode(hex === undefined ? Number(decimal) : parseInt(hex, 16)),
    )
    .replace(/&([a-z]{2,6});/gi, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)

/** Bytes that are no UTF-8 are taken one by one. */
const decodeUrl = (run: string): string => {
  try {
    return decodeURIComponent(run)
  } catch {
    return run.replace(/%(..)/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  }
}

/** Those of HTML's names that stand in addresses, numbers and keys. */
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  commat: '@',
  period: '.',
  plus: '+',
  sol: '/',
  equals: '=',
  lpar: '(',
  rpar: ')',
  lowbar: '_',
  hyphen: '-',
  dash: '-',
  num: '#',
  nbsp: ' ',
  percnt: '%',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
}

/** Zero bytes are every other of UTF-16 that was read byte by byte. */
// eslint-disable-next-line no-control-regex
const INVISIBLE = /[\p{Cf}\u0000]/gu
