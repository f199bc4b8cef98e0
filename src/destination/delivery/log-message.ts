/**
 * A platform's scrubbed message as the log may have it: ordinary words and the paths of fields, and nothing that could be an id of
 * the event that it is about: orders are nobody's business there, in whatever spelling a message quotes them. Places become N, so
 * that messages that differ by them alone are one.
 */
export const logMessage = (message: string, eventJson: string): string => {
  const ids = new Set(idsOf(JSON.parse(eventJson)).flatMap(partsOf))
  const words = message.split(/\s+/).map((word, i) => (i === 0 && CODE.test(word) ? word : shown(word, ids)))
  // What was left out in a row is left out once.
  return words.filter((word, i) => word !== LEFT_OUT || words[i - 1] !== LEFT_OUT).join(' ')
}

const LEFT_OUT = '(…)'

/** TikTok's return code, which we put in front. */
const CODE = /^\d{5}$/

const shown = (word: string, ids: ReadonlySet<string>): string => {
  const [, before = '', whole = '', after = ''] = WRAPPED.exec(word) ?? []
  if (PUT_IN.has(`(${whole})`) && word.includes(`(${whole})`)) return word
  const core = whole.replace(/(?<=[.[])\d{1,4}(?=$|[.\]])/g, 'N')
  const isPlain = WORD.test(core) || isPath(core) || TERMS.has(core.toUpperCase())
  if (!isPlain || partsOf(core).some((part) => ids.has(part))) return LEFT_OUT
  return before + core + after
}

const WRAPPED = /^(["'`([{]*)(.*?)(["'`)\]},.:;!?]*)$/su

/** What scrub puts in the place of what it takes out. */
const PUT_IN = new Set(['(e-mail)', '(digest)', '(code)', '(digits)', '(secret)'])

const WORD = /^(?:[A-Z]?[a-z]+(?:['-][a-z]+)*)?$/
/** `data.N.user.email`, `data[N]`, `event_source_id`: part by part, for one pattern of it all could take for ever. */
const isPath = (core: string): boolean => core.split(/[.[\]]/).every((part) => part === 'N' || SNAKE.test(part))
const SNAKE = /^[a-z_]*$/
const TERMS = new Set([
  'SHA-256',
  'SHA256',
  'JSON',
  'API',
  'ID',
  'IDS',
  'UTC',
  'ISO',
  'ISO-4217',
  'URL',
  'E.164',
  'UTF-8',
  'TIKTOK',
])

/** Texts under keys that end in `id`, however deep. */
const idsOf = (json: unknown, key = ''): Array<string> => {
  if (typeof json === 'string') return /id$/i.test(key) ? [json] : []
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([name, value]) => idsOf(value, Array.isArray(json) ? key : name))
}

/** Letters and digits, as they stand together; one alone says nothing. */
const partsOf = (text: string): ReadonlyArray<string> =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(({ length }) => length > 1)
