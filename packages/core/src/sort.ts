/**
 * Sort weight vectors: theta_0 becomes theta_sorted.
 */
import type { either as E } from 'fp-ts'
import {
  matrixBreach,
  outputBreach,
  partialOverlapBreach,
  scratchBreach,
  throwBreach,
} from './buffer-rules.ts'
import { checked } from './checked.ts'
import { gatherGroup } from './column-group.ts'
import { indexBits } from './entry-order.ts'
import type { Diverged, SizeMismatch } from './errors.ts'
import { throwIfDiverged } from './find-nan.ts'
import { orderColumn } from './order-column.ts'
import { columnPitch, GROUP_COLUMNS, makeSyncScratch, type SyncScratch } from './sync-scratch.ts'
import type { WeightVectors } from './weight-vectors.ts'

const sortColumns = (w: WeightVectors, out: Float32Array, scratch: SyncScratch): void => {
  const { values, length, count } = w
  const { columns: group, orders } = scratch
  const pitch = columnPitch(length)
  const mask = (1 << indexBits(length)) - 1
  for (let first = 0; first < count; first += GROUP_COLUMNS) {
    const columns = Math.min(GROUP_COLUMNS, count - first)
    gatherGroup(values, length, count, first, columns, pitch, scratch)
    for (let k = 0; k < columns; k++) {
      const base = k * pitch
      const order = orders[k]
      orderColumn(k, length, scratch)
      // Adding +0 turns -0 into +0 and changes nothing else.
      for (let r = 0, to = first + k; r < length; r++, to += count)
        out[to] = group[base + (order[r] & mask)] + 0
    }
  }
}

/**
 * Sort every weight vector ascending into a buffer of the caller: `out[r, j]` is the weight of rank `r` of vector `j`.
 *
 * Equal values have no order to keep once sorted, except that every zero is written as +0. Infinities sort as numbers.
 *
 * @param w weight vectors `[length, count]`; not written (unless `out` is `w.values`).
 * @param out `length * count` float32 values, row-major, owned by the caller. May be `w.values` itself (in place); may not overlap it otherwise.
 * @param scratch from {@link makeSyncScratch}, for vectors at least this long.
 * @throws RangeError when a size or buffer does not fit, DivergedError when a weight is NaN; nothing is written then.
 * @see arXiv:2003.02570 Section 4, Algorithm 1
 */
export const sortInto = (w: WeightVectors, out: Float32Array, scratch: SyncScratch): void => {
  throwBreach(
    matrixBreach('w', w, w.values) ??
      outputBreach('out', out, w) ??
      partialOverlapBreach('out', out, 'w', w.values) ??
      scratchBreach(scratch.maxLength, w),
  )
  throwIfDiverged(w)
  if (w.length > 0) sortColumns(w, out, scratch)
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
    sortInto(w, values, makeSyncScratch(w.length))
    return { values, length: w.length, count: w.count }
  })
