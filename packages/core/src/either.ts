/**
 * fp-ts's `Either` as data, with the few functions of it that core needs: what core returns is fp-ts's own type, and importing core does not load
 * fp-ts, whose modules take longer to load than all of core.
 */
import type { either } from 'fp-ts'

/** fp-ts's `Either`: a `Left` with what went wrong, or a `Right` with the result. */
export type Either<Left, Right> = either.Either<Left, Right>

/** @returns what went wrong, as an `Either`. */
export const left = <Left, Right = never>(value: Left): Either<Left, Right> => ({ _tag: 'Left', left: value })

/** @returns a result, as an `Either`. */
export const right = <Right, Left = never>(value: Right): Either<Left, Right> => ({
  _tag: 'Right',
  right: value,
})

/** Whether something went wrong. */
export const isLeft = <Left, Right>(either: Either<Left, Right>): either is either.Left<Left> =>
  either._tag === 'Left'

/** Apply a function to a result; what went wrong stays. */
export const map =
  <From, To>(f: (value: From) => To) =>
  <Left>(either: Either<Left, From>): Either<Left, To> =>
    isLeft(either) ? either : right(f(either.right))

/** Go on with a result, to another `Either`; what went wrong stays. */
export const chain =
  <Left, From, To>(f: (value: From) => Either<Left, To>) =>
  (either: Either<Left, From>): Either<Left, To> =>
    isLeft(either) ? either : f(either.right)
