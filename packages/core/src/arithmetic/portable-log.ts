/**
 * The natural logarithm from + - * / alone.
 *
 * ECMAScript leaves the last bits of `Math.log` to the engine; initial weights must be the same bits on all of them. Within one unit in
 * the last place of the true logarithm (the tests measure it), but not equal to any engine's `Math.log` by construction.
 */

// ln 2 in two parts: its first 32 binary places, so that k * ln2High is exact for every exponent k, and the rest.
const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10

const twoTo64 = 0x1_0000_0000 * 0x1_0000_0000

/**
 * ln(x) for a positive finite float64, subnormals included.
 *
 * x = 2^k * m with m in [sqrt(1/2), sqrt(2)), and with f = m - 1, s = f / (2 + f):
 * ln m = 2 atanh(s) = f - s * (f - 2 * (s^2/3 + s^4/5 + ...)). As |s| <= 0.1716, ten terms reach below 2^-53.
 *
 * @throws RangeError when x is not a positive finite number.
 */
export const portableLog = (x: number): number => {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY))
    throw new RangeError(`x: must be a positive finite number, got ${x}`)
  let m = x
  let k = 0
  // Scaling by powers of two is exact, also out of the subnormals.
  while (m < 1 / twoTo64) {
    m *= twoTo64
    k -= 64
  }
  while (m >= twoTo64) {
    m /= twoTo64
    k += 64
  }
  while (m < Math.SQRT1_2) {
    m *= 2
    k -= 1
  }
  while (m >= Math.SQRT2) {
    m /= 2
    k += 1
  }
  const f = m - 1
  const s = f / (2 + f)
  const z = s * s
  const tail =
    z *
    (1 / 3 +
      z *
        (1 / 5 +
          z *
            (1 / 7 +
              z *
                (1 / 9 +
                  z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17 + z * (1 / 19 + z * (1 / 21))))))))))
  return k * ln2High + (f - (s * (f - 2 * tail) - k * ln2Low))
}
