/** docs/configuration.md: every setting of both forms, made from the specifications so that it can't say anything else. */
export const configurationPage = (source: Schema, destination: Schema): string =>
  [
    '# Configuration',
    '',
    '<!-- Made by `npm run docs` from the specifications. Change those, not this file: a test holds the two equal. -->',
    '',
    'Every key of both configs, as `spec` prints them. A key that is not required may be left out; where it has a default, leaving it out is the same as giving that. Keys of an object are required where the object is given. What the settings do to files and events: [source.md](source.md), [destination.md](destination.md).',
    '',
    ...rolePart('Source', source),
    ...rolePart('Destination', destination),
  ].join('\n')

/** A JSON Schema, as far as it is read here. */
export interface Schema {
  readonly title?: string
  readonly description?: string
  readonly type?: string | ReadonlyArray<string>
  readonly const?: unknown
  readonly default?: unknown
  readonly enum?: ReadonlyArray<unknown>
  readonly examples?: ReadonlyArray<unknown>
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly required?: ReadonlyArray<string>
  readonly order?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly oneOf?: ReadonlyArray<Schema>
  readonly items?: Schema
  readonly airbyte_secret?: boolean
  readonly airbyte_hidden?: boolean
}

/** A table of keys: the settings of one object, and of the objects in it that have but one form. */
interface Section {
  readonly title: string
  readonly said: string | undefined
  readonly rows: ReadonlyArray<Row>
}

interface Row {
  readonly path: string
  readonly schema: Schema
  readonly isRequired: boolean
}

const rolePart = (role: string, schema: Schema): ReadonlyArray<string> => {
  const title = `${role}: ${text(schema.title ?? '')}`
  const [first, ...others] = sectionsOf({ title, said: undefined, schema, prefix: '' })
  return [
    ...(first === undefined ? [] : [`## ${title}`, '', ...tableOf(first.rows)]),
    ...others.flatMap(({ title: name, said, rows }) => [
      `### ${name}`,
      '',
      ...(said === undefined ? [] : [said, '']),
      ...tableOf(rows),
    ]),
  ]
}

interface Place {
  readonly title: string
  readonly said: string | undefined
  readonly schema: Schema
  readonly prefix: string
}

/** An object's own table, then one for each form of the objects in it that have several, and for the entries of its lists. */
const sectionsOf = ({ title, said, schema, prefix }: Place): ReadonlyArray<Section> => {
  const rows = rowsOf(schema, prefix)
  return [{ title, said, rows }, ...rows.flatMap(innerPlaces).flatMap(sectionsOf)]
}

const rowsOf = ({ properties = {}, required = [] }: Schema, prefix: string): ReadonlyArray<Row> =>
  Object.entries(properties)
    .sort(([, a], [, b]) => (a.order ?? 0) - (b.order ?? 0))
    .flatMap(([key, schema]) => {
      const path = prefix + key
      const row: Row = { path, schema, isRequired: required.includes(key) }
      return schema.properties === undefined ? [row] : [row, ...rowsOf(schema, `${path}.`)]
    })

const innerPlaces = ({ path, schema }: Row): ReadonlyArray<Place> => {
  if (schema.oneOf !== undefined)
    return schema.oneOf.map((form) => ({
      title: formTitle(path, form),
      said: form.description === undefined ? undefined : text(form.description),
      schema: form,
      prefix: `${path}.`,
    }))
  if (schema.items?.properties === undefined) return []
  return [{ title: itemTitle(path), said: undefined, schema: schema.items, prefix: `${path}[].` }]
}

const formTitle = (path: string, { title = '' }: Schema): string => `\`${path}\`: ${text(title)}`
const itemTitle = (path: string): string => `Entries of \`${path}\``

const tableOf = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => [
  '| key | in the form | value | default | meaning |',
  '| --- | --- | --- | --- | --- |',
  ...rows.map((row) => `| ${cellsOf(row).join(' | ')} |`),
  '',
]

const cellsOf = (row: Row): ReadonlyArray<string> => {
  const { path, schema, isRequired } = row
  return [
    code(path) + (isRequired ? ' **required**' : ''),
    schema.airbyte_hidden === true ? 'not shown' : text(schema.title ?? ''),
    [valueOf(row), ...limitsOf(schema)].join(', ') + (schema.airbyte_secret === true ? '; secret' : ''),
    schema.default === undefined || schema.const !== undefined ? '' : code(JSON.stringify(schema.default)),
    meaningOf(schema),
  ]
}

/** What may stand there: a word of few, or what kind of value, and where its keys are told. */
const valueOf = ({ path, schema }: Row): string => {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const))
  if (schema.enum !== undefined) return schema.enum.map((word) => code(JSON.stringify(word))).join(' ')
  if (schema.oneOf !== undefined)
    return schema.oneOf.map((form) => link(text(form.title ?? ''), formTitle(path, form))).join(' or ')
  if (schema.items?.properties !== undefined) return link('a list of objects', itemTitle(path))
  if (schema.items !== undefined) return `a list: ${[kindOf(schema.items), ...limitsOf(schema.items)].join(', ')}`
  return kindOf(schema)
}

const kindOf = ({ type = 'object' }: Schema): string =>
  (typeof type === 'string' ? [type] : type).map((name) => KINDS[name] ?? name).join(' or ')

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: '`true` or `false`',
  object: 'an object',
  null: '`null`',
}

const limitsOf = (schema: Schema): ReadonlyArray<string> => {
  const { minimum, maximum, minLength, maxLength, pattern } = schema
  return [
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(maximum === undefined ? [] : [`to ${maximum}`]),
    ...(minLength === 1 ? ['not empty'] : []),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(pattern === undefined ? [] : [`matches ${code(pattern)}`]),
  ]
}

const meaningOf = ({ description, examples = [] }: Schema): string => {
  const said = description === undefined ? [] : [text(description)]
  const shown = examples.length === 0 ? [] : [`For example ${examples.map((value) => code(String(value))).join(', ')}.`]
  return [...said, ...shown].join(' ')
}

const link = (shown: string, heading: string): string => `[${shown}](#${anchorOf(heading)})`

/** The anchor that GitHub gives a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')

/** A code span in a cell: in a table a bar has to be escaped even there, and a backtick needs a longer fence. */
const code = (shown: string): string => {
  const fence = shown.includes('`') ? '``' : '`'
  const space = fence === '``' || shown.trim() === '' ? ' ' : ''
  return fence + space + shown.replaceAll('|', '\\|') + space + fence
}

/** Plain text in a cell; the links of descriptions, which are HTML for the form's sake, become Markdown's. */
const text = (said: string): string =>
  said
    .split(/(<a href="[^"]*">[^<]*<\/a>)/)
    .map((part) => {
      const [, url, shown = ''] = /^<a href="([^"]*)">([^<]*)<\/a>$/.exec(part) ?? []
      return url === undefined ? escaped(part) : `[${escaped(shown)}](${url})`
    })
    .join('')

const escaped = (said: string): string =>
  said
    .replace(/[\\`*[\]<>|]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/\s*\n\s*/g, ' ')
