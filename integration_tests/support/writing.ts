import { EVENTS, catalogOf } from './catalogs'
import { type Ended, type Folder, run } from './connector'

/** `write` of an input, with a destination's config and a catalog of the events' stream alone. */
export const write = (
  folder: Folder,
  config: Readonly<Record<string, unknown>>,
  input: string,
  streams: ReadonlyArray<string> = [EVENTS],
): Promise<Ended> => {
  const catalog = folder.file('catalog.json', catalogOf(streams))
  return run(
    'destination-offline-events',
    ['write', '--config', folder.file('config.json', config), '--catalog', catalog],
    {
      input,
    },
  )
}

/** Ids `prefix-1` to `prefix-n`. */
export const idsOf = (prefix: string, n: number): ReadonlyArray<string> =>
  Array.from({ length: n }, (_, i) => `${prefix}-${i + 1}`)
