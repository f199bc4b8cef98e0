/**
 * Puts a function of our making in the place of one that a module exports: whoever imports it from now on gets ours. Throws where
 * that has no effect: a sabotage that breaks nothing would prove nothing.
 */
export const replace = <M extends object, K extends keyof M>(
  module: M,
  name: K,
  wrap: (original: M[K]) => M[K],
): void => {
  const original = module[name]
  if (typeof original !== 'function') throw new Error(`sabotage: ${String(name)} is no function any more`)
  module[name] = wrap(original)
  if (module[name] === original) throw new Error(`sabotage: ${String(name)} can't be replaced`)
}
