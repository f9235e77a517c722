/** Whole powers by multiplication alone: ECMAScript leaves the last bits of `Math.pow` to the engine, and runs must not depend on it. */

/**
 * base^exponent for a non-negative integer exponent, by repeated squaring.
 *
 * Relative error at most about exponent * 2^-53.
 *
 * @param exponent non-negative safe integer.
 */
export const integerPower = (base: number, exponent: number): number => {
  let result = 1
  let square = base
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square
    square *= square
  }
  return result
}
