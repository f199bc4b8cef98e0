import type { Canary } from './canaries'

/** A canary that was heard. What it sang is masked: a report of a leak must be none. */
export interface Hit {
  readonly canary: string
  /** How it had to be read to be understood. */
  readonly view: string
  readonly around: string
}

/**
 * Searches a text for canaries. The text is not compared with encoded canaries but decoded in every way that is known, and the
 * marks are looked for in each: so mixtures and alignments that nobody thought of are found too.
 */
export const search = (text: string, canaries: ReadonlyArray<Canary>): ReadonlyArray<Hit> => {
  const found = new Map<string, Hit>()
  for (const [view, content] of viewsOf(text)) {
    const ungrouped = content.replace(BETWEEN_DIGITS, '')
    for (const { name, marks, grouped } of canaries) {
      const where = grouped ? ungrouped : content
      const mark = marks.find((one) => where.includes(one))
      if (mark !== undefined && !found.has(name))
        found.set(name, { canary: name, view, around: excerpt(where, mark, canaries) })
    }
  }
  return [...found.values()]
}

/** What stands before and after a mark, without any canary. */
const excerpt = (content: string, mark: string, canaries: ReadonlyArray<Canary>): string => {
  const HERE = '\u0001'
  const secret = canaries.flatMap(({ spellings, marks }) => [...spellings.map((text) => text.toLowerCase()), ...marks])
  const masked = secret.reduce((text, one) => text.replaceAll(one, one.includes(mark) ? HERE : '***'), content)
  const at = masked.indexOf(HERE)
  return masked.slice(Math.max(0, at - 80), at + 40).replaceAll(HERE, '***')
}

/** In lower case, for nobody is safe from upper-casing. */
function* viewsOf(text: string): Generator<readonly [name: string, content: string]> {
  const plain = unescaped(text)
  yield ['as it is', text.toLowerCase()]
  yield ['unescaped', plain.toLowerCase()]
  yield ['without backslashes', plain.replaceAll('\\', '').toLowerCase()]
  // eslint-disable-next-line no-control-regex -- UTF-16 read byte by byte: every other byte is 0.
  yield ['without zero bytes', plain.replace(/\u0000/g, '').toLowerCase()]
  yield ['hex', decoded(plain, HEX, 2, (run) => Buffer.from(run, 'hex'))]
  yield ['base64', decoded(plain, BASE64, 4, (run) => Buffer.from(run, 'base64'))]
}

/** Every run of an alphabet decoded, from each of the places where a unit may begin. */
const decoded = (text: string, runs: RegExp, unit: number, decode: (run: string) => Buffer): string =>
  (text.match(runs) ?? [])
    .flatMap((run) => Array.from({ length: unit }, (_, from) => decode(run.slice(from)).toString('latin1')))
    .join('\n')
    .toLowerCase()

/** Escapes of URLs, JSON and HTML undone, one over the other if need be. */
const unescaped = (text: string): string => {
  let before = text
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const after = unescapedOnce(before)
    if (after === before) break
    before = after
  }
  return before
}

const MOST_ROUNDS = 5

const unescapedOnce = (text: string): string =>
  text
    .replace(/%([0-9a-f]{2})/gi, (_, code: string) => charOf(code, 16))
    .replace(/\\u([0-9a-f]{4})|\\(["\\/])/gi, (_, code: string | undefined, char: string) =>
      code === undefined ? char : charOf(code, 16),
    )
    .replace(/&#(\d{1,6});/g, (_, code: string) => charOf(code, 10))
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, code: string) => charOf(code, 16))
    .replace(/&([a-z]{2,8});/gi, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)

const charOf = (code: string, radix: number): string => String.fromCharCode(parseInt(code, radix))

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  commat: '@',
  plus: '+',
  period: '.',
  sol: '/',
  equals: '=',
  lpar: '(',
  rpar: ')',
  lowbar: '_',
  hyphen: '-',
}

const HEX = /[0-9a-f]{12,}/gi
const BASE64 = /[A-Za-z0-9+/_-]{8,}/g
/** What people and machines put between the digits of a phone. */
const BETWEEN_DIGITS = /(?<=\d)[\s()./+_\u00a0\u2010-\u2015-]{1,4}(?=\d)/g
