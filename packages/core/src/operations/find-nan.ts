/**
 * Look for NaN before anything is permuted.
 */
import { DivergedError } from '../errors/diverged-error.ts'
import type { WeightVectors } from '../weight-vectors.ts'

const CHUNK = 1024

/**
 * The position of the first NaN in row-major order, or -1.
 *
 * Values are summed in chunks: a sum is NaN when a value is, or when infinities of both signs meet, which a closer look sorts out.
 *
 * @param values float32 values; not written.
 * @returns index into `values`, or -1 when no value is NaN.
 */
export const findNaN = (values: Float32Array): number => {
  const size = values.length
  for (let start = 0; start < size; start += CHUNK) {
    const end = Math.min(size, start + CHUNK)
    let sum0 = 0
    let sum1 = 0
    let sum2 = 0
    let sum3 = 0
    let i = start
    for (; i + 7 < end; i += 8) {
      sum0 += values[i] + values[i + 4]
      sum1 += values[i + 1] + values[i + 5]
      sum2 += values[i + 2] + values[i + 6]
      sum3 += values[i + 3] + values[i + 7]
    }
    for (; i < end; i++) sum0 += values[i]
    if (Number.isNaN(sum0 + sum1 + sum2 + sum3)) {
      for (let k = start; k < end; k++) if (Number.isNaN(values[k])) return k
    }
  }
  return -1
}

/**
 * Refuse weight vectors that hold a NaN.
 *
 * @throws DivergedError naming the vector and the index of the first NaN in row-major order.
 */
export const throwIfDiverged = (w: WeightVectors): void => {
  const at = findNaN(w.values)
  if (at >= 0) throw new DivergedError(at % w.count, Math.floor(at / w.count))
}
