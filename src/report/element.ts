import { nameText } from '../terminal/text'

/**
 * Markup that is safe to show. It is made of elements and text here and nowhere else, and text is escaped as it goes in: there is no way to
 * forget it, for a string is no Markup. Elements and attributes are closed lists without scripts, handlers and inline styles.
 */
export class Markup {
  // A private member makes the type nominal: no object of another origin fits.
  readonly #html: string

  private constructor(html: string) {
    this.#html = html
  }

  /** An element. Text in its children and attributes is shown as it reads, whatever it holds. */
  static element(tag: Tag, attributes: Attributes, children: ReadonlyArray<Child>): Markup {
    const opening = `<${tag}${attributesHtml(attributes)}>`
    return new Markup(VOID.has(tag) ? opening : `${opening}${children.map(Markup.html).join('')}</${tag}>`)
  }

  /** A whole document. `css` is the program's own. */
  static page({ lang, head, css, body }: Page): string {
    const style = `<style>${css}</style>`
    const parts = [...head.map(Markup.html), style].join('\n')
    return `<!doctype html>\n<html lang="${escaped(lang)}">\n<head>\n${parts}\n</head>\n${Markup.html(body)}\n</html>\n`
  }

  private static readonly html = (child: Child): string => {
    if (child === undefined) return ''
    if (child instanceof Markup) return child.#html
    if (typeof child === 'string' || typeof child === 'number') return escaped(String(child))
    return child.map(Markup.html).join('')
  }
}

export interface Page {
  readonly lang: string
  readonly head: ReadonlyArray<Markup>
  readonly css: string
  readonly body: Markup
}

export type Child = Markup | string | number | undefined | ReadonlyArray<Child>

/** An element with attributes. */
export const element = (tag: Tag, attributes: Attributes, ...children: ReadonlyArray<Child>): Markup =>
  Markup.element(tag, attributes, children)

/** An element without any. */
export const plain = (tag: Tag, ...children: ReadonlyArray<Child>): Markup => Markup.element(tag, {}, children)

export type Tag =
  | ('body' | 'main' | 'header' | 'footer' | 'nav' | 'section' | 'div' | 'h1' | 'h2' | 'h3' | 'p' | 'a' | 'span')
  | ('strong' | 'ul' | 'li' | 'dl' | 'dt' | 'dd' | 'code' | 'time' | 'figure' | 'figcaption' | 'details' | 'summary')
  | ('table' | 'caption' | 'thead' | 'tbody' | 'tfoot' | 'tr' | 'th' | 'td')
  | ('svg' | 'title' | 'desc' | 'path' | 'rect' | 'text' | 'meta')

export type Attribute =
  | ('id' | 'class' | 'href' | 'rel' | 'role' | 'scope' | 'tabindex' | 'datetime' | 'data-figure')
  | ('aria-label' | 'aria-labelledby' | 'aria-describedby' | 'aria-hidden' | 'focusable')
  | ('charset' | 'name' | 'content' | 'http-equiv')
  | ('viewBox' | 'preserveAspectRatio' | 'd' | 'x' | 'y' | 'width' | 'height' | 'transform')
  | ('text-anchor' | 'dominant-baseline')

export type Attributes = Readonly<Partial<Record<Attribute, string | number | undefined>>>

const VOID: ReadonlySet<Tag> = new Set<Tag>(['meta'])

const attributesHtml = (attributes: Attributes): string =>
  Object.entries(attributes)
    .filter(([name, value]) => value !== undefined && (name !== 'href' || ADDRESS.test(String(value))))
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')

/** Where a link may lead: to the web, and within the page. */
const ADDRESS = /^(https:\/\/|#)/

const escaped = (text: string): string => shown(text).replace(/[&<>"']/g, (one) => ENTITIES[one] ?? '')

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Text as it may be passed on: characters that can't be seen are shown as their numbers, and what could be somebody's identity in the name
 * of a file or in a message is left out.
 */
const shown = (text: string): string =>
  nameText(text).replace(ADDRESS_OF_SOMEBODY, '[e-mail]').replace(DIGEST, '[digest]')

/** An at sign, in any spelling that an address survives, and what stands about it. */
const ADDRESS_OF_SOMEBODY = /[^\s/,;<>()"']*(?:@|\uFF20|\uFE6B|%40)[^\s/,;<>()"']*/gi
/** By the lengths that digests have; what is longer may be two. */
const DIGEST = /(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64,})(?![0-9a-f])/gi

/** A name at a length that leaves room for others: its beginning and its end tell most. */
export const clipped = (name: string, length = 120): string => {
  // As it is shown: what can't be seen takes more room than itself, and of somebody's address no part is to be left.
  const characters = Array.from(shown(name.slice(0, MOST_UNITS)))
  if (characters.length <= length) return characters.join('')
  const half = Math.floor((length - 1) / 2)
  return `${characters.slice(0, half).join('')}…${characters.slice(characters.length - half).join('')}`
}

/** More than any key of S3. */
const MOST_UNITS = 4096
