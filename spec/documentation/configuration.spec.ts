import { destinationSpecification } from '../../src/destination/specification'
import { sourceSpecification } from '../../src/source/specification'
import { type Schema, configurationPage } from '../../tools/configuration'
import { textOf } from './pages'

test('docs/configuration.md is what `npm run docs` makes of the specifications', () => {
  expect(textOf('docs/configuration.md')).toBe(configurationPage(sourceSpecification('.'), destinationSpecification()))
})

describe('the page', () => {
  const rowOf = (key: string, schema: Schema): string | undefined =>
    configurationPage({ title: 'T', properties: { [key]: schema } }, { title: 'U', properties: {} })
      .split('\n')
      .find((line) => line.startsWith(`| \`${key}\``))

  it('escapes what Markdown would take for its own, and bars of a table even in code', () => {
    const schema: Schema = {
      title: 'a|b',
      type: 'string',
      default: '|',
      pattern: 'x|y',
      description: 'a *b* <c> _d_ e_f',
    }
    expect(rowOf('k', schema)).toBe('| `k` | a\\|b | text, matches `x\\|y` | `"\\|"` | a \\*b\\* \\<c\\> \\_d\\_ e_f |')
  })

  it('puts a longer fence around a backtick', () => {
    expect(rowOf('k', { title: 'T', examples: ['a`b'] })).toBe('| `k` | T | an object |  | For example `` a`b ``. |')
  })

  it("makes Markdown's links of a form's", () => {
    const description = 'See <a href="https://docs.example.com/a_b">this | page</a>.'
    expect(rowOf('k', { title: 'T', type: 'string', description })).toBe(
      '| `k` | T | text |  | See [this \\| page](https://docs.example.com/a_b). |',
    )
  })

  it('has a row for every key of both specifications', () => {
    const page = configurationPage(sourceSpecification('.'), destinationSpecification())
    const keys = [...keysOf(sourceSpecification('.'), ''), ...keysOf(destinationSpecification(), '')]
    expect(keys.length).toBeGreaterThan(60)
    expect(keys.filter((key) => !page.includes(`\n| \`${key}\``))).toEqual([])
  })
})

const keysOf = ({ properties = {}, oneOf = [], items }: Schema, prefix: string): ReadonlyArray<string> => [
  ...Object.entries(properties).flatMap(([key, schema]) => [prefix + key, ...keysOf(schema, `${prefix}${key}.`)]),
  ...oneOf.flatMap((form) => keysOf(form, prefix)),
  ...(items === undefined ? [] : keysOf(items, `${prefix.slice(0, -1)}[].`)),
]
