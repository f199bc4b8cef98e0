/** Whether a JSON value is an object, and neither null nor a list. */
export const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

/** The value of a JSON text; undefined where it is none. What is wrong with it is not told: the parser's message quotes it. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
