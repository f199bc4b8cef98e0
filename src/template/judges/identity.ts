import type { Column } from '../column'
import { type Fault, ROW_CODES, type WarningCode, fault } from '../fault'
import { formOf, sha256 } from '../hash'
import * as Normalise from '../normalise'
import { type Draft, type Judge, type Manner, textOf } from './draft'

/** Settles the identifiers: without a usable one the row is rejected, beside a usable one the others are warnings. */
export const identified: Judge = (draft) => {
  const { event, unusable, warnings } = draft
  const usable =
    event.Email_hashed !== undefined || event.Phone_hashed !== undefined || event.phone_e164_hashed !== undefined
  if (!usable) return firstOf(unusable) ?? IDENTIFIER_MISSING
  for (const { code } of unusable) warnings.push(code as WarningCode)
  return undefined
}

/** Of several values that a record lists, the fault that stands first in the order of judgement. */
const firstOf = (faults: ReadonlyArray<Fault>): Fault | undefined =>
  faults.length < 2 ? faults[0] : ROW_CODES.flatMap((code) => faults.find((found) => found.code === code) ?? [])[0]

const IDENTIFIER_MISSING = fault('IDENTIFIER_MISSING')

/** EMAIL_*: an address is normalised and hashed, a digest lower-cased; or both stay as found. */
export const email = (column: Column, { asIs }: Manner): Judge => {
  const malformed = fault('EMAIL_MALFORMED', column.name)
  const wrongDigest = fault('EMAIL_WRONG_DIGEST', column.name)
  const digestOf = (draft: Draft, cell: unknown): string | undefined => {
    const text = textOf(cell)
    if (text === undefined) return undefined
    const form = text === null ? 'plain' : formOf(text)
    if (text !== null && form === 'digest') return asIs ? text : text.toLowerCase()
    const address = text !== null && form === 'plain' ? Normalise.email(text) : undefined
    if (text !== null && address !== undefined) return asIs ? text : sha256(address)
    draft.unusable.push(form === 'plain' ? malformed : wrongDigest)
    return undefined
  }
  return (draft, cell) => {
    draft.event.Email_hashed = Array.isArray(cell)
      ? oneOrMany(cell.map((one) => digestOf(draft, one)).filter((digest) => digest !== undefined))
      : digestOf(draft, cell)
    return undefined
  }
}

/** Both digests of a phone; `e164` is undefined where a finished digest was given, whose form nobody can tell, or nothing is hashed. */
interface PhoneDigests {
  readonly digits: string
  readonly e164: string | undefined
}

const phoneDigests = (
  column: Column,
  { asIs, country }: Manner,
): ((draft: Draft, cell: unknown) => PhoneDigests | undefined) => {
  const malformed = fault('PHONE_MALFORMED', column.name)
  const wrongDigest = fault('PHONE_WRONG_DIGEST', column.name)
  return (draft, cell) => {
    const text = textOf(cell)
    if (text === undefined) return undefined
    const form = text === null ? 'plain' : formOf(text)
    if (text !== null && form === 'digest') return { digits: asIs ? text : text.toLowerCase(), e164: undefined }
    const phone = text !== null && form === 'plain' ? Normalise.phone(text, country) : undefined
    if (text === null || phone === undefined) {
      draft.unusable.push(form === 'plain' ? malformed : wrongDigest)
      return undefined
    }
    if (phone.assumed) draft.warnings.push('PHONE_COUNTRY_ASSUMED')
    if (asIs) return { digits: text, e164: undefined }
    return { digits: sha256(phone.digits), e164: sha256(`+${phone.digits}`) }
  }
}

/** PHONE_*: a plain number yields both digests, a digest only itself. */
export const phone = (column: Column, manner: Manner): Judge => {
  const digestsOf = phoneDigests(column, manner)
  return (draft, cell) => {
    const { event } = draft
    if (Array.isArray(cell)) {
      const digests = cell.map((one) => digestsOf(draft, one)).filter((digest) => digest !== undefined)
      event.Phone_hashed = oneOrMany(digests.map(({ digits }) => digits))
      event.phone_e164_hashed = oneOrMany(digests.map(({ e164 }) => e164))
      return undefined
    }
    const digests = digestsOf(draft, cell)
    event.Phone_hashed = digests?.digits
    event.phone_e164_hashed = digests?.e164
    return undefined
  }
}

/** A column of finished `+` digests, as our own source emits it; what it holds stands before what was made of a plain phone. */
export const phoneE164 = (column: Column, manner: Manner): Judge => {
  const digestsOf = phoneDigests(column, manner)
  return (draft, cell) => {
    if (cell === undefined || cell === null) return undefined
    const digests = (Array.isArray(cell) ? cell : [cell])
      .map((one) => digestsOf(draft, one))
      .filter((digest) => digest !== undefined)
    if (digests.length > 0) draft.event.phone_e164_hashed = oneOrMany(digests.map(({ digits, e164 }) => e164 ?? digits))
    return undefined
  }
}

const oneOrMany = <A>(list: ReadonlyArray<A>): A | ReadonlyArray<A> | undefined => (list.length > 1 ? list : list[0])

/** The digest of nothing is nobody's id; a digest of another kind is an id like any other. */
const externalDigest = (text: string, asIs: boolean): string | undefined => {
  const form = formOf(text)
  if (form === 'wrong-digest' && text.length === 64) return undefined
  if (asIs) return text
  return form === 'digest' ? text.toLowerCase() : sha256(text)
}

/** Hashed as it stands, case kept: it must equal what the shop's pixel sends. */
export const externalId =
  (_: Column, { asIs }: Manner): Judge =>
  (draft, cell) => {
    const text = textOf(cell)
    const id = text === undefined || text === null ? undefined : externalDigest(text, asIs)
    if (text === null || (text !== undefined && id === undefined)) draft.warnings.push('TEXT_MALFORMED')
    draft.event.external_id = id
    return undefined
  }
