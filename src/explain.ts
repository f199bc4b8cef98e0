import type * as t from 'io-ts'

/**
 * io-ts errors as sentences that name the place and what was expected there, never the value: it may be a token or a person's
 * e-mail. Where a union fails, its members' complaints fold into one about the union.
 */
export const explain = (errors: t.Errors): ReadonlyArray<string> => [
  ...new Set(errors.map(({ context }) => complaint(context))),
]

const complaint = (context: t.Context): string => {
  const whole = context.findIndex((entry) => tagOf(entry) === 'UnionType')
  const upTo = whole === -1 ? context : context.slice(0, whole + 1)
  // An intersection numbers its members in the path; they are no part of the user's JSON.
  const path = upTo
    .filter(({ key }, i) => key !== '' && tagOf(upTo[i - 1]) !== 'IntersectionType')
    .map(({ key }) => key)
  const wanted = upTo[upTo.length - 1]?.type.name ?? 'a value'
  return path.length === 0 ? `expected ${wanted}` : `${path.join('.')}: expected ${wanted}`
}

const tagOf = (entry: t.ContextEntry | undefined): string | undefined =>
  (entry?.type as { readonly _tag?: string } | undefined)?._tag
