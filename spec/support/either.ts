import * as E from 'fp-ts/Either'

/** The Right of what a test expects to succeed. */
export const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isRight(either)) return either.right
  throw new Error(`expected a Right, got Left ${JSON.stringify(either.left)}`)
}

/** The Left of what a test expects to be refused. */
export const left = <L, A>(either: E.Either<L, A>): L => {
  if (E.isLeft(either)) return either.left
  throw new Error(`expected a Left, got Right ${JSON.stringify(either.right)}`)
}
