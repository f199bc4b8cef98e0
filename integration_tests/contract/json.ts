/** JSON as it came from outside: nothing about it is taken for granted. */
export type Json = Readonly<Record<string, unknown>>

export const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

/** The value at a path such as `state.stream.stream_descriptor.name`; undefined where there is none. */
export const at = (json: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)] as unknown
    return isObject(inner) ? inner[key] : undefined
  }, json)

/** The object at a path; an empty one where there is none. */
export const objectAt = (json: unknown, path: string): Json => {
  const found = at(json, path)
  return isObject(found) ? found : {}
}

/** The objects of a list; other things in it don't count. */
export const objectsOf = (json: unknown): ReadonlyArray<Json> => (Array.isArray(json) ? json.filter(isObject) : [])

export const textsOf = (json: unknown): ReadonlyArray<string> => (Array.isArray(json) ? json.map(String) : [])

/** The same JSON with another value at a path; undefined takes away what is there. */
export const withValue = (json: unknown, path: string, value: unknown): unknown => set(json, path.split('.'), value)

const set = (json: unknown, [key, ...rest]: ReadonlyArray<string>, value: unknown): unknown => {
  if (key === undefined) return value
  if (!Array.isArray(json))
    return { ...(isObject(json) ? json : {}), [key]: set(isObject(json) ? json[key] : {}, rest, value) }
  const changed = (json as ReadonlyArray<unknown>).map((item, i) => (String(i) === key ? set(item, rest, value) : item))
  return changed.filter((item) => item !== undefined)
}

export const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/**
 * Parses, and keeps integers apart from what is only integral: JSON Schema takes 1.0 for an integer, Airbyte's acceptance tests
 * and typed readers don't. A number that is written with a point or an exponent is never a whole one here.
 */
export const parseStrictly = (text: string): unknown =>
  parse(
    text.replace(TOKENS, (token) =>
      token.startsWith('"') || /^-?\d+$/.test(token) || !Number.isInteger(Number(token)) ? token : `${Number(token)}.5`,
    ),
  )
