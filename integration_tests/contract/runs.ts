/** Runs by their names: made once before the cases, judged by all of them. */
export interface Runs<S> {
  readonly keep: (name: string, said: S) => void
  /** The run of a name, asked for before it is made. */
  readonly of: (name: string) => () => S
}

export const newRuns = <S>(): Runs<S> => {
  const runs = new Map<string, S>()
  return {
    keep: (name, said) => void runs.set(name, said),
    of: (name) => () => {
      const said = runs.get(name)
      if (said === undefined) throw new Error(`${name} was not run`)
      return said
    },
  }
}
