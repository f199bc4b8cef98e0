/** A page taken apart: what a parser that trusts nothing finds. */
export interface Taken {
  /** Its tags in their order, with the names of their attributes. */
  readonly tags: ReadonlyArray<string>
  /** All that is to be read, and all values of attributes. */
  readonly text: string
}

/** Takes a page apart to its last character; throws where it is anything but tags with quoted attributes, and text without `<` and `>`. */
export const takenApart = (html: string): Taken => {
  const [before = '', rest = ''] = html.split('<style>')
  const body = before.replace('<!doctype html>', '') + rest.slice(rest.indexOf('</style>') + '</style>'.length)
  const tags: Array<string> = []
  const texts: Array<string> = []
  let at = 0
  for (const match of body.matchAll(PART)) {
    if (match.index !== at) throw new Error(`no markup of ours: ${body.slice(at, at + 80)}`)
    at += match[0].length
    const [, tag, attributes = '', text = ''] = match
    texts.push(text)
    if (tag === undefined) continue
    const found = [...attributes.matchAll(ATTRIBUTE)]
    tags.push([tag, ...found.map(([, name]) => name)].join(' '))
    texts.push(...found.map(([, , value = '']) => value))
  }
  if (at !== body.length) throw new Error(`no markup of ours: ${body.slice(at, at + 80)}`)
  return { tags, text: texts.join('\n') }
}

const PART = /<(\/?[a-z][a-z0-9]*)((?: [a-zA-Z-]+="[^"<>]*")*)>|([^<>]+)/g
const ATTRIBUTE = / ([a-zA-Z-]+)="([^"]*)"/g

/** The figures that the page marks as such, by their names, as they are written. */
export const figuresOn = (html: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...html.matchAll(/data-figure="([^"]*)">([^<]*)</g)].map(([, name = '', figure = '']) => [name, figure]),
  )
