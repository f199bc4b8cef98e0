import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { anchorOf } from '../../tools/configuration'

export const ROOT = join(__dirname, '..', '..')

export const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** The pages of docs/, from the root. */
export const DOCS: ReadonlyArray<string> = readdirSync(join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)

/** A fenced block: the words after its fence, and its text without the fence's indent. */
export interface Block {
  readonly page: string
  readonly line: number
  readonly info: string
  readonly text: string
}

interface Parts {
  readonly blocks: ReadonlyArray<Block>
  /** The page without what stands in fences. */
  readonly prose: string
}

/** A page in its parts. */
export const partsOf = (page: string): Parts => {
  const blocks: Array<Block> = []
  const prose: Array<string> = []
  let open: { readonly line: number; readonly fence: string; readonly info: string; lines: Array<string> } | undefined
  for (const [i, line] of textOf(page).split('\n').entries()) {
    const [, indent = '', fence = '', info = ''] = /^( *)(`{3,}) *(.*)$/.exec(line) ?? []
    if (open === undefined && fence !== '') open = { line: i + 1, fence: indent + fence, info: info.trim(), lines: [] }
    else if (open === undefined) prose.push(line)
    else if (line.trimEnd() === open.fence) {
      const { length } = /^ */.exec(open.fence)?.[0] ?? ''
      blocks.push({ page, line: open.line, info: open.info, text: open.lines.map((l) => l.slice(length)).join('\n') })
      open = undefined
    } else open.lines.push(line)
  }
  if (open !== undefined) throw new Error(`${page}:${open.line}: the block is never closed`)
  return { blocks, prose: prose.join('\n') }
}

/** The headings of a page in their order, with their depth. */
export const headingsOf = (page: string): ReadonlyArray<{ readonly depth: number; readonly title: string }> =>
  [...partsOf(page).prose.matchAll(/^(#{1,6}) +(.*?) *$/gm)].map(([, marks = '', title = '']) => ({
    depth: marks.length,
    title,
  }))

/** The anchors of a page's headings; one that comes again is numbered. */
export const anchorsOf = (page: string): ReadonlySet<string> => {
  const seen = new Map<string, number>()
  return new Set(
    headingsOf(page).map(({ title }) => {
      const anchor = anchorOf(title)
      const times = seen.get(anchor) ?? 0
      seen.set(anchor, times + 1)
      return times === 0 ? anchor : `${anchor}-${times}`
    }),
  )
}

/** What stands under a heading, up to the next of the same depth or above. */
export const sectionOf = (page: string, title: string): string => {
  const lines = textOf(page).split('\n')
  const start = lines.findIndex((line) => new RegExp(`^#{1,6} ${title}$`).test(line))
  if (start === -1) throw new Error(`${page} has no section ${title}`)
  const depth = /^#+/.exec(lines[start] ?? '')?.[0].length ?? 0
  const end = lines.findIndex((line, i) => i > start && new RegExp(`^#{1,${depth}} `).test(line))
  return lines.slice(start + 1, end === -1 ? undefined : end).join('\n')
}

/** The cells of the rows of a section's tables, without the heads. */
export const cellsOf = (markdown: string): ReadonlyArray<ReadonlyArray<string>> =>
  markdown
    .split('\n')
    .filter(
      (line, i, lines) => line.startsWith('|') && !/^\|[ -:|]+\|$/.test(line) && lines[i - 1]?.startsWith('|') === true,
    )
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    )
