/**
 * Rank weights within their vectors: the paper's argsort of argsort.
 */
import type * as E from '../either.ts'
import type { Diverged, SizeMismatch } from '../errors/errors.ts'
import {
  forOrders,
  GROUP_COLUMNS,
  gatherGroup,
  isLong,
  orderColumns,
  placeRanks,
  scatterRanks,
} from '../order/order.ts'
import type { Ranking, WeightVectors } from '../weight-vectors.ts'
import { matrixBreach, outputBreach, overlapBreach, throwBreach } from './buffer-rules.ts'
import { checked } from './checked.ts'
import { throwIfDiverged } from './find-nan.ts'

const rankGroups = ({ values, length, count }: WeightVectors, outRanks: Uint32Array): void => {
  for (let first = 0; first < count; first += GROUP_COLUMNS) {
    const columns = Math.min(GROUP_COLUMNS, count - first)
    gatherGroup(values, length, count, first, columns)
    orderColumns(columns, length)
    placeRanks(length, columns)
    scatterRanks(outRanks, length, count, first, columns)
  }
}

const rankLong = (w: WeightVectors, outRanks: Uint32Array): void =>
  forOrders(w, (column, _weights, order) => {
    order.forEach((index, r) => {
      outRanks[index * w.count + column] = r
    })
  })

/**
 * Rank every weight within its vector into a buffer of the caller: `outRanks[i, j]` weights of vector `j` come before weight `i`.
 *
 * Ascending; -0 equals +0; equal values keep index order (stable), as the authors' `argsort(argsort(w))` does; infinities as numbers.
 * Cost: linear in the weights.
 *
 * @param w weight vectors `[length, count]`; not written.
 * @param outRanks `length * count` integers, row-major, owned by the caller; may not overlap `w.values`.
 * @throws RangeError when a size or buffer does not fit, DivergedError when a weight is NaN; nothing is written then.
 */
export const rankInto = (w: WeightVectors, outRanks: Uint32Array): void => {
  throwBreach(
    matrixBreach('w', w, w.values) ??
      outputBreach('outRanks', outRanks, w) ??
      overlapBreach('outRanks', outRanks, 'w', w.values),
  )
  throwIfDiverged(w)
  if (isLong(w)) rankLong(w, outRanks)
  else if (w.length > 0) rankGroups(w, outRanks)
}

/**
 * The ranking of every weight vector: ascending, ties by index.
 *
 * @param w weight vectors; not written.
 * @param variable name of the variable, for the error.
 * @returns new ranks, `Left(Diverged)` when a weight is NaN, `Left(SizeMismatch)` when `values` is not `length * count` long.
 * @example
 * ```ts
 * rank({ values: Float32Array.of(0.3, -1, 0.3), length: 3, count: 1 }) // right: ranks 1, 0, 2
 * ```
 * @see arXiv:2003.02570 Section 4
 */
export const rank = (w: WeightVectors, variable = ''): E.Either<Diverged | SizeMismatch, Ranking> =>
  checked(variable, matrixBreach('w', w, w.values), () => {
    const ranks = new Uint32Array(w.values.length)
    rankInto(w, ranks)
    return { ranks, length: w.length, count: w.count }
  })
