import fc from 'fast-check'

/**
 * Laws run from a fixed seed, so that a red build is red again; FC_SEED=<n> tries others. A law that breaks prints its seed and
 * the smallest example it found.
 */
const SEED = Number(process.env['FC_SEED'] ?? 20260101)

/** Holds a law over so many generated examples. */
export const law = <Ts extends [unknown, ...Array<unknown>]>(
  arbitraries: { [K in keyof Ts]: fc.Arbitrary<Ts[K]> },
  holds: (...args: Ts) => void,
  numRuns = 300,
): void => fc.assert(fc.property(...arbitraries, holds), { seed: SEED, numRuns })

/** The same for what takes time. */
export const lawLater = <Ts extends [unknown, ...Array<unknown>]>(
  arbitraries: { [K in keyof Ts]: fc.Arbitrary<Ts[K]> },
  holds: (...args: Ts) => Promise<void>,
  numRuns = 200,
): Promise<void> => fc.assert(fc.asyncProperty(...arbitraries, holds), { seed: SEED, numRuns })
