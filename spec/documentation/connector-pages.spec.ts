import * as manifest from '../../package.json'
import { destinationSpecification } from '../../src/destination/specification'
import { sourceSpecification } from '../../src/source/specification'
import type { Schema } from '../../tools/configuration'
import { DOCS, cellsOf, headingsOf, sectionOf, textOf } from './pages'

const FORMS: ReadonlyArray<readonly [page: string, form: string, specification: Schema]> = [
  ['docs/source.md', "The source's form", sourceSpecification('.')],
  ['docs/destination.md', "The destination's form", destinationSpecification()],
]

/** Titles of a form's fields, in all of its forms; `isWanted` leaves a key and what is below it out. */
const titlesOf = (
  schema: Schema,
  isWanted: (key: string, field: Schema, parent: Schema) => boolean,
): ReadonlyArray<string> =>
  [schema, ...(schema.oneOf ?? []), ...(schema.items === undefined ? [] : [schema.items])].flatMap((form) =>
    Object.entries(form.properties ?? {}).flatMap(([key, field]) =>
      isWanted(key, field, form) && field.const === undefined
        ? [field.title ?? '', ...titlesOf(field, isWanted)].filter((title) => title !== '')
        : [],
    ),
  )

const isShown = (_: string, { airbyte_hidden }: Schema): boolean => airbyte_hidden !== true

describe.each(FORMS)("%s, with Airbyte's required sections", (page, form, specification) => {
  const ORDER = ['Prerequisites', 'Setup guide', 'Supported sync modes', 'Changelog']

  test('they are there once, in their order', () => {
    const titles = headingsOf(page).flatMap(({ depth, title }) => (depth === 2 ? [title] : []))
    expect(titles.filter((title) => ORDER.includes(title))).toEqual(ORDER)
  })

  test('the prerequisites name each required field by its title', () => {
    const prerequisites = sectionOf(page, 'Prerequisites')
    const required = titlesOf(specification, (key, _, parent) => parent.required?.includes(key) === true)
    expect(required.length).toBeGreaterThan(2)
    expect(required.filter((title) => !prerequisites.includes(`**${title}**`))).toEqual([])
  })

  test('the changelog begins with this version', () => {
    expect(cellsOf(sectionOf(page, 'Changelog'))[0]?.[0]).toBe(manifest.version)
  })

  test('docs/airbyte.md tells what to enter in every field that is shown', () => {
    const said = sectionOf('docs/airbyte.md', form)
    expect(titlesOf(specification, isShown).filter((title) => !said.includes(`**${title}**`))).toEqual([])
  })
})

test("the destination's table names all five sync modes as Airbyte does", () => {
  expect(cellsOf(sectionOf('docs/destination.md', 'Supported sync modes')).map(([mode]) => mode)).toEqual([
    'Full Refresh - Overwrite',
    'Full Refresh - Append',
    'Full Refresh - Overwrite + Deduped',
    'Incremental Sync - Append',
    'Incremental Sync - Append + Deduped',
  ])
})

test('images are named with this version', () => {
  const PLACES = [
    /registry\.example\.com\/[\w-]+:([\w.-]+)/g,
    /(?:"dockerImageTag":|docker_image_tag +=) "([^"]+)"/g,
    /Docker image tag \| `([^`]+)` \| `\1`/g,
  ]
  const tags = DOCS.map(textOf).flatMap((text) =>
    PLACES.flatMap((place) => [...text.matchAll(place)].map(([, tag]) => tag)),
  )
  expect(tags.length).toBeGreaterThan(10)
  expect([...new Set(tags)]).toEqual([manifest.version])
})
