/**
 * An order's id as its owner may be told of it; undefined where it could be somebody's identity, as when columns have shifted: an
 * address in any spelling, a phone with its plus, a digest.
 */
export const toldId = (id: string | undefined): string | undefined =>
  id === undefined || IDENTITY.test(id) ? undefined : id

const IDENTITY =
  /@|\uFF20|\uFE6B|%40|^\s*\+\s*\d|(?:^|[^0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})(?:$|[^0-9a-f])/i
