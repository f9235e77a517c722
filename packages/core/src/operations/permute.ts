/**
 * Reorder sorted weights by a ranking.
 */
import * as E from '../either.ts'
import { type SizeMismatch, sizeMismatch } from '../errors/errors.ts'
import type { Ranking, WeightVectors } from '../weight-vectors.ts'
import { matrixBreach, outputBreach, overlapBreach, sameSizeBreach, throwBreach } from './buffer-rules.ts'

const rankBreach = ({ ranks, length, count }: Ranking): SizeMismatch | null => {
  for (let p = 0; p < ranks.length; p++) {
    if (ranks[p] >= length)
      return sizeMismatch(
        `ranking: rank of weight ${Math.floor(p / count)} of vector ${p % count}`,
        `an integer from 0 to ${length - 1}`,
        String(ranks[p]),
      )
  }
  return null
}

const permuteBreach = (sorted: WeightVectors, ranking: Ranking): SizeMismatch | null =>
  matrixBreach('sorted', sorted, sorted.values) ??
  matrixBreach('ranking', ranking, ranking.ranks) ??
  sameSizeBreach('sorted', sorted, 'ranking', ranking) ??
  rankBreach(ranking)

const permuteRows = (sorted: Float32Array, ranks: Uint32Array, count: number, out: Float32Array): void => {
  for (let row = 0; row < ranks.length; row += count) {
    for (let j = 0; j < count; j++) out[row + j] = sorted[ranks[row + j] * count + j]
  }
}

/**
 * `out[i, j] = sorted[ranks[i, j], j]`: give every weight the sorted value of its rank.
 *
 * A ranking whose columns are permutations gives a permutation of each vector; that they are is not checked, only that every rank exists.
 *
 * @param sorted weight vectors, ascending (theta_sorted); not written.
 * @param ranking ranks of the same size; not written.
 * @param out `length * count` float32 values, row-major, owned by the caller; may not overlap the inputs.
 * @throws RangeError when sizes or buffers do not fit or a rank is not below `length`; nothing is written then.
 */
export const permuteInto = (sorted: WeightVectors, ranking: Ranking, out: Float32Array): void => {
  throwBreach(
    permuteBreach(sorted, ranking) ??
      outputBreach('out', out, sorted) ??
      overlapBreach('out', out, 'sorted', sorted.values) ??
      overlapBreach('out', out, 'ranking', ranking.ranks),
  )
  permuteRows(sorted.values, ranking.ranks, sorted.count, out)
}

/**
 * Reorder sorted weights by a ranking: `result[i, j] = sorted[ranks[i, j], j]`.
 *
 * @returns new weight vectors, or `Left(SizeMismatch)` when sizes do not fit or a rank is not below `length`.
 * @example
 * ```ts
 * const sorted = { values: Float32Array.of(1, 2, 3), length: 3, count: 1 }
 * permute(sorted, { ranks: Uint32Array.of(2, 0, 1), length: 3, count: 1 }) // right: values 3, 1, 2
 * ```
 */
export const permute = (sorted: WeightVectors, ranking: Ranking): E.Either<SizeMismatch, WeightVectors> => {
  const breach = permuteBreach(sorted, ranking)
  if (breach !== null) return E.left(breach)
  const values = new Float32Array(sorted.values.length)
  permuteRows(sorted.values, ranking.ranks, sorted.count, values)
  return E.right({ values, length: sorted.length, count: sorted.count })
}
