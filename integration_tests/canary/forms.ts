/** A way to write a text so that it does not look like itself. Made without a word of what watch.ts undoes it by. */
export interface Form {
  readonly name: string
  readonly of: (text: string) => string
}

const each = (text: string, write: (char: string, code: number) => string): string =>
  text.replace(/[^]/g, (char) => write(char, char.charCodeAt(0)))

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')

/** Letters and digits stand for themselves, as most encoders leave them. */
const special = (text: string, write: (code: number) => string): string =>
  each(text, (char, code) => (/[a-z0-9]/i.test(char) ? char : write(code)))

const NAMED: Readonly<Record<string, string>> = {
  '@': '&commat;',
  '+': '&plus;',
  '.': '&period;',
  '/': '&sol;',
  '=': '&equals;',
  '(': '&lpar;',
  ')': '&rpar;',
  _: '&lowbar;',
}

/** Base64 of a longer text, in which so many bytes stand before. */
const within = (text: string, before: number, encoding: 'base64' | 'base64url'): string =>
  Buffer.from(`${'>'.repeat(before)}${text}?>?`).toString(encoding)

/** What the search must see through; the control leaks each canary in each of them. */
export const FORMS: ReadonlyArray<Form> = [
  { name: 'raw', of: (text) => text },
  { name: 'upper-cased', of: (text) => text.toUpperCase() },
  { name: 'lower-cased', of: (text) => text.toLowerCase() },
  { name: 'URL-encoded', of: encodeURIComponent },
  { name: 'form-encoded', of: (text) => new URLSearchParams({ q: text }).toString() },
  { name: 'URL-encoded twice', of: (text) => encodeURIComponent(encodeURIComponent(text)) },
  { name: 'URL-encoded, every byte', of: (text) => each(text, (_, code) => `%${hex(code, 2)}`) },
  { name: 'JSON', of: (text) => JSON.stringify({ text }) },
  { name: 'JSON, signs escaped', of: (text) => special(text, (code) => `\\u${hex(code, 4)}`) },
  { name: 'JSON, every character escaped', of: (text) => each(text, (_, code) => `\\u${hex(code, 4).toUpperCase()}`) },
  { name: 'JSON, slashes escaped', of: (text) => text.replaceAll('/', '\\/') },
  { name: 'JSON within JSON', of: (text) => JSON.stringify(`"${special(text, (code) => `\\u${hex(code, 4)}`)}"`) },
  { name: 'HTML, decimal', of: (text) => special(text, (code) => `&#${code};`) },
  { name: 'HTML, hexadecimal', of: (text) => special(text, (code) => `&#x${hex(code, 2)};`) },
  { name: 'HTML, by name', of: (text) => each(text, (char) => NAMED[char] ?? char) },
  { name: 'hex', of: (text) => Buffer.from(text).toString('hex') },
  { name: 'hex, upper-cased', of: (text) => Buffer.from(text).toString('hex').toUpperCase() },
  { name: 'UTF-16LE', of: (text) => Buffer.from(text, 'utf16le').toString('latin1') },
  { name: 'UTF-16BE', of: (text) => Buffer.from(text, 'utf16le').swap16().toString('latin1') },
  ...(['base64', 'base64url'] as const).flatMap((encoding) =>
    [0, 1, 2].map((before) => ({
      name: `${encoding}, ${before} bytes before`,
      of: (text: string) => within(text, before, encoding),
    })),
  ),
  { name: 'base64, lower-cased before', of: (text) => Buffer.from(text.toLowerCase()).toString('base64') },
  { name: 'base64, URL-encoded', of: (text) => encodeURIComponent(Buffer.from(text).toString('base64')) },
]
