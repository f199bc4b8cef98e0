import type { Column } from '../column'
import * as Normalise from '../normalise'
import type { Content } from '../offline-event'
import { type Draft, type Judge, textOf } from './draft'

type TextField = 'shop_id' | 'content_type' | 'description' | 'search_string'

export const text = (column: Column): Judge => {
  const field = column.name as TextField
  return (draft, cell) => {
    draft.event[field] = withoutEmail(draft, textOf(cell) ?? undefined)
    return undefined
  }
}

const withoutEmail = (draft: Draft, text: string | undefined): string | undefined => {
  if (text === undefined || !Normalise.holdsEmail(text)) return text
  draft.warnings.push('PLAIN_IDENTITY_DROPPED')
  return undefined
}

export const list = (): Judge => (draft, cell) => {
  const parts = Array.isArray(cell) ? cell : typeof cell === 'string' ? cell.split('|') : [cell]
  const ids: Array<string> = []
  for (const part of parts) {
    const id = withoutEmail(draft, textOf(part) ?? undefined)
    if (id !== undefined) ids.push(id)
  }
  draft.event.content_ids = ids.length > 0 ? ids : undefined
  return undefined
}

export const contents = (): Judge => (draft, cell) => {
  draft.event.contents = undefined
  if (cell === undefined || cell === null || (typeof cell === 'string' && Normalise.trim(cell) === '')) return undefined
  const contents = contentsOf(typeof cell === 'string' ? parsed(cell) : cell)
  if (contents === undefined) draft.warnings.push('CONTENTS_MALFORMED')
  else if (Normalise.holdsEmail(JSON.stringify(contents))) draft.warnings.push('PLAIN_IDENTITY_DROPPED')
  else if (contents.length > 0) draft.event.contents = contents
  return undefined
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const contentsOf = (json: unknown): ReadonlyArray<Content> | undefined => {
  if (!Array.isArray(json)) return undefined
  const contents: Array<Content> = []
  for (const item of json as ReadonlyArray<unknown>) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined
    const { content_id: given } = item as Content
    const id = textOf(given)
    if (id === null) return undefined
    contents.push(typeof given === 'number' ? { ...item, content_id: id } : (item as Content))
  }
  return contents
}

export const integer = (): Judge => (draft, cell) => {
  const text = textOf(cell)
  const malformed = text === null || (text !== undefined && !INTEGER.test(text))
  if (malformed) draft.warnings.push('NUM_ITEMS_MALFORMED')
  draft.event.num_items = malformed || text === undefined ? undefined : Number(text)
  return undefined
}

/** Up to 15 digits: every such integer is exact as a JSON number. */
const INTEGER = /^\d{1,15}$/
