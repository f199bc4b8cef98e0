import { EVENT_NAMES, RENAMED } from './wire'

/** TikTok's spelling of an event name as JSON text, matched without case; undefined where TikTok knows no such offline event. */
export const eventNames = (additional: ReadonlyArray<string>): ((name: string) => string | undefined) => {
  const names = new Map<string, string>()
  for (const name of [...EVENT_NAMES, ...additional.map((text) => text.trim())])
    if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name)
  for (const [old, name] of Object.entries(RENAMED)) if (!names.has(old)) names.set(old, name)
  for (const [key, name] of names) names.set(key, JSON.stringify(name))
  // Exact spellings first: most events need no folding.
  const exact = new Map([...names.values()].map((json) => [JSON.parse(json) as string, json]))
  return (name) => exact.get(name) ?? names.get(name.toLowerCase())
}
