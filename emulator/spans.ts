/**
 * The text of each object in the top-level `data` list of a JSON text, exactly as it was received: two events are the same
 * only if these bytes are, and JSON.stringify would hide `46.50` against `46.5`.
 *
 * @param json a text that JSON.parse has accepted, with an object at the top
 * @returns the texts in order; fewer than `data` has members when a member is no object or the key is spelt with escapes
 */
export function eventTexts(json: string): string[] {
  let texts: string[] = []
  let depth = 0
  let start = 0
  let isKeyNext = false
  let isData = false
  for (let at = 0; at < json.length; at += 1) {
    switch (json.charCodeAt(at)) {
      case QUOTE: {
        const end = stringEnd(json, at)
        if (isKeyNext && depth === 1) {
          isData = end - at === 5 && json.startsWith('"data"', at)
          // JSON.parse keeps the last of two equal keys, so do we.
          if (isData) texts = []
          isKeyNext = false
        }
        at = end
        break
      }
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (isData && depth === 2) start = at
        depth += 1
        isKeyNext = depth === 1
        break
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth -= 1
        if (isData && depth === 2) texts.push(json.slice(start, at + 1))
        break
      case COMMA:
        if (depth === 1) isKeyNext = true
        break
    }
  }
  return texts
}

const QUOTE = 34
const COMMA = 44
const OPEN_BRACKET = 91
const BACKSLASH = 92
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125

/** Where the string that opens at `quote` closes. Searching for the next quote is twice as fast as looking at each character. */
function stringEnd(json: string, quote: number): number {
  for (let end = json.indexOf('"', quote + 1); end > 0; end = json.indexOf('"', end + 1)) {
    let before = end - 1
    while (json.charCodeAt(before) === BACKSLASH) before -= 1
    // An even number of backslashes escape each other and leave the quote alone.
    if ((end - before) % 2 === 1) return end
  }
  return json.length
}
