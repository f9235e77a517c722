/**
 * Rank weights within their vectors: the paper's argsort of argsort.
 */
import type { either as E } from 'fp-ts'
import { matrixBreach, outputBreach, overlapBreach, scratchBreach, throwBreach } from './buffer-rules.ts'
import { checked } from './checked.ts'
import { gatherGroup, scatterRankGroup } from './column-group.ts'
import { indexBits } from './entry-order.ts'
import type { Diverged, SizeMismatch } from './errors.ts'
import { throwIfDiverged } from './find-nan.ts'
import { orderColumn } from './order-column.ts'
import { columnPitch, GROUP_COLUMNS, makeSyncScratch, type SyncScratch } from './sync-scratch.ts'
import type { Ranking, WeightVectors } from './weight-vectors.ts'

const rankColumns = (w: WeightVectors, outRanks: Uint32Array, scratch: SyncScratch): void => {
  const { values, length, count } = w
  const { rankColumns: group, orders } = scratch
  const pitch = columnPitch(length)
  const mask = (1 << indexBits(length)) - 1
  for (let first = 0; first < count; first += GROUP_COLUMNS) {
    const columns = Math.min(GROUP_COLUMNS, count - first)
    gatherGroup(values, length, count, first, columns, pitch, scratch)
    for (let k = 0; k < columns; k++) {
      const base = k * pitch
      const order = orders[k]
      orderColumn(k, length, scratch)
      // The column's weights are not needed any more: its ranks take their place.
      for (let r = 0; r < length; r++) group[base + (order[r] & mask)] = r
    }
    scatterRankGroup(group, outRanks, length, count, first, columns, pitch)
  }
}

/**
 * Rank every weight within its vector into a buffer of the caller: `outRanks[i, j]` weights of vector `j` come before weight `i`.
 *
 * Ascending; -0 equals +0; equal values keep index order (stable), as the authors' `argsort(argsort(w))` does; infinities as numbers.
 * About 14 ns a weight.
 *
 * @param w weight vectors `[length, count]`; not written.
 * @param outRanks `length * count` integers, row-major, owned by the caller; may not overlap `w.values`.
 * @param scratch from {@link makeSyncScratch}, for vectors at least this long.
 * @throws RangeError when a size or buffer does not fit, DivergedError when a weight is NaN; nothing is written then.
 */
export const rankInto = (w: WeightVectors, outRanks: Uint32Array, scratch: SyncScratch): void => {
  throwBreach(
    matrixBreach('w', w, w.values) ??
      outputBreach('outRanks', outRanks, w) ??
      overlapBreach('outRanks', outRanks, 'w', w.values) ??
      scratchBreach(scratch.maxLength, w),
  )
  throwIfDiverged(w)
  if (w.length > 0) rankColumns(w, outRanks, scratch)
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
    rankInto(w, ranks, makeSyncScratch(w.length))
    return { ranks, length: w.length, count: w.count }
  })
