/**
 * Sort weight vectors: theta_0 becomes theta_sorted.
 */
import type * as E from '../either.ts'
import type { Diverged, SizeMismatch } from '../errors/errors.ts'
import { forOrders, GROUP_COLUMNS, gatherGroup, isLong, orderColumns, scatterSorted } from '../order/order.ts'
import type { WeightVectors } from '../weight-vectors.ts'
import { matrixBreach, outputBreach, partialOverlapBreach, throwBreach } from './buffer-rules.ts'
import { checked } from './checked.ts'
import { throwIfDiverged } from './find-nan.ts'

const sortGroups = ({ values, length, count }: WeightVectors, out: Float32Array): void => {
  for (let first = 0; first < count; first += GROUP_COLUMNS) {
    const columns = Math.min(GROUP_COLUMNS, count - first)
    gatherGroup(values, length, count, first, columns)
    orderColumns(columns, length)
    scatterSorted(out, length, count, first, columns)
  }
}

const sortLong = (w: WeightVectors, out: Float32Array): void =>
  forOrders(w, (column, weights, order) => {
    order.forEach((index, r) => {
      out[r * w.count + column] = weights[index] + 0
    })
  })

/**
 * Sort every weight vector ascending into a buffer of the caller: `out[r, j]` is the weight of rank `r` of vector `j`.
 *
 * Equal values have no order to keep once sorted, except that every zero is written as +0. Infinities sort as numbers.
 *
 * @param w weight vectors `[length, count]`; not written (unless `out` is `w.values`).
 * @param out `length * count` float32 values, row-major, owned by the caller. May be `w.values` itself (in place); may not overlap it otherwise.
 * @throws RangeError when a size or buffer does not fit, DivergedError when a weight is NaN; nothing is written then.
 * @see arXiv:2003.02570 Section 4, Algorithm 1
 */
export const sortInto = (w: WeightVectors, out: Float32Array): void => {
  throwBreach(
    matrixBreach('w', w, w.values) ??
      outputBreach('out', out, w) ??
      partialOverlapBreach('out', out, 'w', w.values),
  )
  throwIfDiverged(w)
  if (isLong(w)) sortLong(w, out)
  else if (w.length > 0) sortGroups(w, out)
}

/**
 * Sort every weight vector ascending, every zero as +0.
 *
 * @param w weight vectors; not written.
 * @param variable name of the variable, for the error.
 * @returns new weight vectors, `Left(Diverged)` when a weight is NaN, `Left(SizeMismatch)` when `values` is not `length * count` long.
 * @example
 * ```ts
 * sort({ values: Float32Array.of(3, 1, 2), length: 3, count: 1 }) // right: values 1, 2, 3
 * ```
 */
export const sort = (w: WeightVectors, variable = ''): E.Either<Diverged | SizeMismatch, WeightVectors> =>
  checked(variable, matrixBreach('w', w, w.values), () => {
    const values = new Float32Array(w.values.length)
    sortInto(w, values)
    return { values, length: w.length, count: w.count }
  })
