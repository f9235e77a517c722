/**
 * NaN means that training has diverged: nothing may be permuted by it.
 */
import { DivergedError } from '@laperm/core'

/**
 * @param values row-major `[length, count]` weights of a variable.
 * @throws DivergedError naming the first NaN.
 */
export const assertNoNaN = (values: ArrayLike<number>, count: number, name: string): void => {
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) throw new DivergedError(i % count, Math.floor(i / count), name)
  }
}
