/**
 * NaN means that training has diverged: nothing may be permuted by it.
 */
import { type Diverged, diverged, renderError } from '@laperm/core'

/** A weight of a variable is NaN. Says which one, and that nothing was permuted. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError'
  readonly diverged: Diverged
  constructor(cause: Diverged) {
    super(renderError(cause))
    this.diverged = cause
  }
}

/**
 * @param values row-major `[length, count]` weights of a variable.
 * @throws DivergedError naming the first NaN.
 */
export const assertNoNaN = (values: ArrayLike<number>, count: number, name: string): void => {
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) throw new DivergedError(diverged(name, i % count, Math.floor(i / count)))
  }
}
