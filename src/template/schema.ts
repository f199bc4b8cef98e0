import type { Column } from './column'

type Properties = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** JSON Schema properties of a template's columns, each with its description. */
export const properties = (columns: ReadonlyArray<Column>): Properties =>
  Object.fromEntries(columns.map(({ name, schema, description }) => [name, { ...schema, description }]))

/** A JSON Schema (draft-07) of a source's stream: nothing is required, unknown properties are allowed. */
export const streamSchema = (columns: Properties): Readonly<Record<string, unknown>> => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  additionalProperties: true,
  properties: columns,
})
