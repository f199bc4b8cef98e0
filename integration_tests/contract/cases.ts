import type { Assertion } from './said'

/** A demand of the contract by its name, with the outputs that it must and must not let pass. */
export interface Case<S> {
  readonly name: string
  readonly complaints: Assertion<S>
  /** A good output with one thing broken: each must be complained of, or the demand demands nothing. */
  readonly doctored: ReadonlyArray<Doctored<S>>
  /** A good output with a change that is in order. */
  readonly allowed?: ReadonlyArray<Doctored<S>>
}

export interface Doctored<S> {
  readonly how: string
  readonly change: (subject: S) => S
}

/**
 * Runs each case on the outputs of the built executables, and on doctored copies of the first of them. Outputs are asked for
 * when the tests run: one `beforeAll` makes them, all cases share them.
 */
export const describeCases = <S>(outputs: Readonly<Record<string, () => S>>, cases: ReadonlyArray<Case<S>>): void => {
  const [specimen] = Object.values(outputs)
  if (specimen === undefined) throw new Error('there is no output to judge')
  for (const { name, complaints, doctored, allowed = [] } of cases)
    describe(name, () => {
      for (const [what, output] of Object.entries(outputs))
        it(`holds: ${what}`, () => {
          expect(complaints(output())).toEqual([])
        })
      for (const { how, change } of doctored)
        it(`is broken by ${how}`, () => {
          expect(complaints(changed(specimen(), change))).not.toEqual([])
        })
      for (const { how, change } of allowed)
        it(`allows ${how}`, () => {
          expect(complaints(changed(specimen(), change))).toEqual([])
        })
    })
}

/** A change that changes nothing would prove nothing. */
const changed = <S>(subject: S, change: (subject: S) => S): S => {
  const other = change(subject)
  expect(other).not.toEqual(subject)
  return other
}
