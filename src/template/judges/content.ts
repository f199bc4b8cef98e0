import { isObject, parseJson } from '../../json'
import type { Column } from '../column'
import * as Normalise from '../normalise'
import type { Content } from '../offline-event'
import { type Manner, type Draft, type Judge, textOf } from './draft'
import { trim } from '../trim'

type TextField = 'shop_id' | 'content_type' | 'description' | 'search_string'

/** Free text; one that holds an e-mail address is dropped. */
export const text = (column: Column): Judge => {
  const field = column.name as TextField
  return (draft, cell) => {
    draft.event[field] = withoutEmail(draft, plainText(draft, cell))
    return undefined
  }
}

/** The text of a cell; what is none (a list, an object, a rounded number) is dropped with a warning. */
const plainText = (draft: Draft, cell: unknown): string | undefined => {
  const text = textOf(cell)
  if (text !== null) return text
  draft.warnings.push('TEXT_MALFORMED')
  return undefined
}

/** A text, or undefined with a warning where it holds an e-mail address. */
export const withoutEmail = (draft: Draft, text: string | undefined): string | undefined => {
  if (text === undefined || !Normalise.holdsEmail(text)) return text
  draft.warnings.push('PLAIN_IDENTITY_DROPPED')
  return undefined
}

/** Ids separated by |, or a list of them. */
export const list = (): Judge => (draft, cell) => {
  draft.event.content_ids = undefined
  if (cell === undefined || cell === null || cell === '') return undefined
  const parts = Array.isArray(cell) ? cell : typeof cell === 'string' ? cell.split('|') : [cell]
  const ids: Array<string> = []
  for (const part of parts) {
    const id = withoutEmail(draft, plainText(draft, part))
    if (id !== undefined) ids.push(id)
  }
  if (ids.length > 0) draft.event.content_ids = ids
  return undefined
}

/** Items as JSON; what is no list of flat objects is dropped with a warning. */
export const contents =
  (_: Column, { loose }: Manner): Judge =>
  (draft, cell) => {
    draft.event.contents = undefined
    const given = typeof cell === 'string' ? trim(cell) : cell
    if (given === undefined || given === null || given === '') return undefined
    const json = typeof given === 'string' ? parseJson(given) : given
    const contents = contentsOf(loose && isObject(json) ? [json] : json)
    if (contents === undefined) draft.warnings.push('CONTENTS_MALFORMED')
    else if (contents.some(holdsEmail)) draft.warnings.push('PLAIN_IDENTITY_DROPPED')
    else if (contents.length > 0) draft.event.contents = contents
    return undefined
  }

/** Items are flat; what nests deeper than this would only serve to exhaust the stack. */
const DEEPEST = 16

const isDeeper = (json: unknown, than: number): boolean =>
  typeof json === 'object' &&
  json !== null &&
  (than === 0 || Object.values(json).some((inner) => isDeeper(inner, than - 1)))

/** Whether any text in an item is an address, however deep it stands. */
const holdsEmail = (json: unknown): boolean => {
  if (typeof json === 'string') return Normalise.holdsEmail(json)
  return typeof json === 'object' && json !== null && Object.entries(json).flat().some(holdsEmail)
}

const contentsOf = (json: unknown): ReadonlyArray<Content> | undefined => {
  if (!Array.isArray(json)) return undefined
  const contents: Array<Content> = []
  for (const item of json as ReadonlyArray<unknown>) {
    if (!isObject(item) || isDeeper(item, DEEPEST)) return undefined
    const { content_id: given } = item
    const id = textOf(given)
    if (id === null) return undefined
    contents.push(typeof given === 'number' ? { ...item, content_id: id } : item)
  }
  return contents
}

/** A whole number; what is none is dropped with a warning. */
export const integer = (): Judge => (draft, cell) => {
  const text = textOf(cell)
  const malformed = text === null || (text !== undefined && !INTEGER.test(text))
  if (malformed) draft.warnings.push('NUM_ITEMS_MALFORMED')
  draft.event.num_items = malformed || text === undefined ? undefined : Number(text)
  return undefined
}

/** Up to 15 digits: every such integer is exact as a JSON number. */
const INTEGER = /^\d{1,15}$/
