import fc from 'fast-check'

/** JSON as text, with all that parsing and printing again would change: long numbers, 1000.0, escapes, space, repeated keys. */

const space = fc.constantFrom('', '', '', ' ', '\t', '  ', '\r', ' \n ')

const number = fc.constantFrom('1000.0', '12345678901234567890', '-0', '1e5', '1E+2', '0.10', '7', '3.00')

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }).map((s) => JSON.stringify(s)),
  fc.constantFrom(
    '"}"',
    '"{[,:"',
    '"\\""',
    '"\\\\"',
    '"\\u00e9\\/"',
    '"\\\\\\""',
    '"destinationStats"',
    '"\u2028"',
    '""',
  ),
)

const { value } = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(number, text, fc.constantFrom('true', 'false', 'null', '{}', '[]', '{ }', '[ ]')),
    tie('array'),
    tie('object'),
  ),
  array: fc
    .tuple(fc.array(tie('value'), { maxLength: 3 }), space)
    .map(([items, s]) => `[${s}${items.join(`${s},`)}${s}]`),
  object: fc
    .tuple(fc.array(fc.tuple(text, tie('value')), { maxLength: 3 }), space)
    .map(([members, s]) => object(members, s)),
}))

/** Any JSON value as text. */
export const jsonText: fc.Arbitrary<string> = value

export const blank = space

export type Member = readonly [keyText: string, valueText: string]

export const object = (members: ReadonlyArray<Member>, s: string): string =>
  `{${s}${members.map(([key, member]) => `${key}${s}:${s}${member}`).join(`${s},${s}`)}${s}}`

/** Members of other names than these. */
export const membersBut = (...names: ReadonlyArray<string>): fc.Arbitrary<ReadonlyArray<Member>> =>
  fc.array(
    fc.tuple(
      text.filter((key) => !names.includes(JSON.parse(key) as string)),
      jsonText,
    ),
    { maxLength: 4 },
  )
