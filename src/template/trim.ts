/**
 * Outer space of any Unicode kind removed, U+0085 too, which String.trim leaves. From both ends inwards: a regular expression would
 * cost the square of a long run of space inside.
 */
export const trim = (raw: string): string => {
  let text = raw.trim()
  while (text.startsWith(NEXT_LINE) || text.endsWith(NEXT_LINE))
    text = text.slice(text.startsWith(NEXT_LINE) ? 1 : 0, text.endsWith(NEXT_LINE) ? -1 : undefined).trim()
  return text
}

const NEXT_LINE = '\u0085'
