/**
 * Float32 bits as unsigned integers in the same order.
 *
 * A float's bits order like its magnitude; setting the sign bit of positive numbers and inverting negative ones makes them
 * order like the number itself (Herf, "Radix Tricks", 2001). -0 gets the key of +0, because the two are equal.
 */

/**
 * The key of a float32 given by its bits: `a < b` as floats exactly when `key(a) < key(b)` as integers, and -0 equals +0.
 *
 * @param bits float32 bits, of any number but NaN.
 * @returns an integer in `[0, 2^32)`.
 * @see http://stereopsis.com/radix.html
 */
export const orderKey = (bits: number): number => {
  const b = bits | 0
  // Only -0 is the smallest int32; it becomes the bits of +0.
  if (b === -0x80000000) return 0x80000000
  // Without a branch, which would be guessed wrong at every other weight.
  return (b ^ ((b >> 31) | 0x80000000)) >>> 0
}

/**
 * The bits of the float32 that has a key; +0 for the key of the zeros.
 *
 * @param key as {@link orderKey} gives it.
 * @returns an integer in `[0, 2^32)`.
 */
export const bitsOfKey = (key: number): number => {
  const k = key | 0
  return (k ^ (~(k >> 31) | 0x80000000)) >>> 0
}
