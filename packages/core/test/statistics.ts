/** What statistical tests need. Seeds are fixed, so these tests are not flaky: they fail when the drawing changes for the worse. */

export const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

export const deviationOf = (values: ArrayLike<number>): number => {
  const mean = meanOf(values)
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) ** 2
  return Math.sqrt(sum / values.length)
}

/** Standard normal distance of a chi-square statistic from its mean: (X^2 - df) / sqrt(2 df). Beyond 5 is no accident. */
export const chiSquareScore = (observed: ArrayLike<number>, expected: number): number => {
  let statistic = 0
  for (let i = 0; i < observed.length; i++) statistic += (observed[i] - expected) ** 2 / expected
  const freedom = observed.length - 1
  return (statistic - freedom) / Math.sqrt(2 * freedom)
}

/** FNV-1a over the bits of float32 values: one number that changes when any bit does. */
export const hashBits = (values: Float32Array): string => {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

/** The bits of float32 values, for comparisons that tell -0 from +0. */
export const bitsOf = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength))
