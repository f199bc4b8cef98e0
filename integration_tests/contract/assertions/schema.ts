import Ajv from 'ajv'
import addFormats from 'ajv-formats'
import type { Json } from '../json'

/** JSON Schema of draft-07, which is Airbyte's; keywords of Airbyte's own are let through. */

export const DRAFT = 'http://json-schema.org/draft-07/schema#'

const ajv = addFormats(new Ajv({ allErrors: true, strict: false }))

/** Whether it is a schema at all. */
export const isSchema = (json: Json): boolean => ajv.validateSchema({ ...json, $schema: DRAFT }) === true

/** Complaints about what does not fit a schema. */
export const fitting = (schema: Json): ((json: unknown) => ReadonlyArray<string>) => {
  const validate = ajv.compile(schema)
  return (json) =>
    validate(json) ? [] : (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`)
}
