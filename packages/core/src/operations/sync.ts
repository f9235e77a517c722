/**
 * The paper's synchronization: every weight gets the value of theta_sorted that has its rank.
 */
import type * as E from '../either.ts'
import type { Diverged, SizeMismatch } from '../errors/errors.ts'
import {
  forOrders,
  GROUP_COLUMNS,
  gatherGroup,
  isLong,
  orderColumns,
  placeSorted,
  scatterGroup,
} from '../order/order.ts'
import type { WeightVectors } from '../weight-vectors.ts'
import {
  matrixBreach,
  outputBreach,
  overlapBreach,
  partialOverlapBreach,
  sameSizeBreach,
  throwBreach,
} from './buffer-rules.ts'
import { checked } from './checked.ts'
import { throwIfDiverged } from './find-nan.ts'

const syncBreach = (sorted: WeightVectors, w: WeightVectors): SizeMismatch | null =>
  matrixBreach('sorted', sorted, sorted.values) ??
  matrixBreach('w', w, w.values) ??
  sameSizeBreach('sorted', sorted, 'w', w)

const syncGroups = (
  sorted: Float32Array,
  { values, length, count }: WeightVectors,
  out: Float32Array,
): void => {
  for (let first = 0; first < count; first += GROUP_COLUMNS) {
    const columns = Math.min(GROUP_COLUMNS, count - first)
    gatherGroup(values, length, count, first, columns)
    orderColumns(columns, length)
    // The weights are not needed any more: the synchronized ones take their place.
    placeSorted(sorted, length, count, first, columns)
    scatterGroup(out, length, count, first, columns)
  }
}

const syncLong = (sorted: Float32Array, w: WeightVectors, out: Float32Array): void =>
  forOrders(w, (column, _weights, order) => {
    order.forEach((index, r) => {
      out[index * w.count + column] = sorted[r * w.count + column]
    })
  })

/**
 * Synchronize into a buffer of the caller: `out[i, j] = sorted[rank(w)[i, j], j]`, ranking and permuting fused.
 *
 * Order: ascending, -0 equals +0, ties by index, infinities as numbers. That `sorted` is ascending is the caller's word.
 * Cost: linear in the weights; no allocation up to vectors of 65535 weights.
 *
 * @param sorted theta_sorted `[length, count]`; not written.
 * @param w the inner optimizer's weights, of the same size; not written (unless `out` is `w.values`).
 * @param out `length * count` float32 values, row-major, owned by the caller. May be `w.values` itself (in place); may not overlap
 * an input otherwise.
 * @throws RangeError when sizes or buffers do not fit, DivergedError when a weight of `w` is NaN; nothing is written then.
 * @see arXiv:2003.02570 Section 4, Algorithm 1
 */
export const syncInto = (sorted: WeightVectors, w: WeightVectors, out: Float32Array): void => {
  throwBreach(
    syncBreach(sorted, w) ??
      outputBreach('out', out, w) ??
      partialOverlapBreach('out', out, 'w', w.values) ??
      overlapBreach('out', out, 'sorted', sorted.values),
  )
  throwIfDiverged(w)
  // A vector of one weight has one order.
  if (w.length === 1) out.set(sorted.values)
  else if (isLong(w)) syncLong(sorted.values, w, out)
  else if (w.length > 1) syncGroups(sorted.values, w, out)
}

/**
 * Synchronize: `permute(sorted, rank(w))`, the step that gives LaPerm its name.
 *
 * @param sorted theta_sorted, from {@link sort}; not written.
 * @param w the inner optimizer's weights, of the same size; not written.
 * @param variable name of the variable, for the error.
 * @returns new weight vectors that hold exactly the values of `sorted`, per vector; `Left(Diverged)` when a weight of `w` is NaN;
 * `Left(SizeMismatch)` when sizes do not fit.
 * @example
 * ```ts
 * const sorted = { values: Float32Array.of(-1, 0, 2), length: 3, count: 1 }
 * sync(sorted, { values: Float32Array.of(0.5, 0.1, 0.2), length: 3, count: 1 }) // right: values 2, -1, 0
 * ```
 * @see arXiv:2003.02570 Section 4, Algorithm 1
 */
export const sync = (
  sorted: WeightVectors,
  w: WeightVectors,
  variable = '',
): E.Either<Diverged | SizeMismatch, WeightVectors> =>
  checked(variable, syncBreach(sorted, w), () => {
    const values = new Float32Array(w.values.length)
    syncInto(sorted, w, values)
    return { values, length: w.length, count: w.count }
  })
