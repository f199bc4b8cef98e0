/**
 * A STATE line with `destinationStats` set in its `state` object, every other byte as it was: parsing and printing again would
 * turn 1000.0 into 1000 and round 20-digit numbers. `line` must be a JSON object with an object member `state`.
 */
export const withDestinationStats = (line: string, statsJson: string): string => {
  const state = memberOf(line, line.indexOf('{'), 'state')
  if (state === undefined) return line
  const old = memberOf(line, state.start, 'destinationStats')
  if (old !== undefined) return line.slice(0, old.start) + statsJson + line.slice(old.end)
  const end = state.end - 1
  const comma = skipSpace(line, state.start + 1) === end ? '' : ','
  return `${line.slice(0, end)}${comma}"destinationStats":${statsJson}${line.slice(end)}`
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Where the value of an object's member stands; of several with one name the last, as JSON.parse has it. */
const memberOf = (json: string, object: number, name: string): Span | undefined => {
  let found: Span | undefined
  let at = skipSpace(json, object + 1)
  while (json[at] === '"') {
    const keyEnd = skipString(json, at)
    const start = skipSpace(json, skipSpace(json, keyEnd) + 1)
    const end = skipValue(json, start)
    if (JSON.parse(json.slice(at, keyEnd)) === name) found = { start, end }
    at = skipSpace(json, end)
    if (json[at] === ',') at = skipSpace(json, at + 1)
  }
  return found
}

const skipSpace = (json: string, from: number): number => {
  let at = from
  while (json[at] === ' ' || json[at] === '\t' || json[at] === '\r' || json[at] === '\n') at++
  return at
}

const skipString = (json: string, quote: number): number => {
  let at = quote + 1
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at + 1
}

/** The end of a value; the text was parsed before, so it is well-formed. */
const skipValue = (json: string, from: number): number => {
  let depth = 0
  let at = from
  for (;;) {
    const char = json[at]
    if (char === undefined) return at
    if (char === '"') at = skipString(json, at)
    else if (char === '{' || char === '[') {
      depth++
      at++
    } else if (char === '}' || char === ']') {
      if (depth === 0) return at
      at++
      if (--depth === 0) return at
    } else if (depth === 0 && (char === ',' || char === ' ' || char === '\t' || char === '\r' || char === '\n'))
      return at
    else at++
    if (depth === 0 && char === '"') return at
  }
}
