/**
 * The ranking distance: how much one step of training changes the order of weights within their vectors (Section 3, Figure 3).
 */
import * as E from '../either.ts'
import type { Diverged, SizeMismatch } from '../errors/errors.ts'
import { matrixBreach, sameSizeBreach, throwBreach } from '../operations/buffer-rules.ts'
import { checked } from '../operations/checked.ts'
import { rank, rankInto } from '../operations/rank.ts'
import type { Ranking, WeightVectors, WeightVectorsSize } from '../weight-vectors.ts'

/** Statistics of `D_{j,t}[i] = |R_{j,t}[i] - R_{j,t-1}[i]|` over all entries of a weight matrix. In places; Figure 3 divides by `length`. */
export interface RankingDistance {
  readonly mean: number
  /** Of the population, over all entries. */
  readonly standardDeviation: number
  /** Weights in each vector: the figure's 784. */
  readonly length: number
}

/**
 * The ranking distance of two rankings of the same weight matrix W:
 *
 *     mean = sum_j sum_i D_j[i] / #W,    SD = sqrt(sum_j sum_i (D_j[i] - mean)^2 / #W)
 *
 * #W is the number of all entries. (The paper's text has lost where the root of its second formula ends; this is the standard deviation
 * of all entries of D as one population.)
 *
 * @returns zeros for a matrix without entries.
 * Cost: one pass over both rankings.
 * @throws RangeError when the sizes differ.
 * @see arXiv:2003.02570 Section 3
 */
export const rankingDistanceOfRanks = (before: Ranking, after: Ranking): RankingDistance => {
  if (before.length !== after.length || before.count !== after.count)
    throw new RangeError(
      `after: must be [${before.length}, ${before.count}], got [${after.length}, ${after.count}]`,
    )
  const a = before.ranks
  const b = after.ranks
  const size = a.length
  if (size === 0) return { mean: 0, standardDeviation: 0, length: before.length }
  // Sums of whole numbers are exact, so that one pass loses nothing. As int32, ranks are subtracted without a conversion to floats.
  let sum = 0
  let squares = 0
  for (let at = 0; at < size; at++) {
    const moved = (a[at] | 0) - (b[at] | 0)
    sum += moved < 0 ? -moved : moved
    squares += moved * moved
  }
  const mean = sum / size
  const variance = Math.max(0, squares / size - mean * mean)
  return { mean, standardDeviation: Math.sqrt(variance), length: before.length }
}

/** Watches one weight matrix. It owns two rankings, so that watching every step allocates nothing large. */
export interface RankingMonitor {
  /**
   * Rank the weights as they are now, and compare with the last time.
   *
   * @param w not written, and not kept.
   * @returns `Right(null)` the first time; `Left(Diverged)` when a weight is NaN, `Left(SizeMismatch)` when the matrix is not the one that
   * is watched. After a `Left` the last ranking is still the one before.
   */
  readonly observe: (w: WeightVectors) => E.Either<Diverged | SizeMismatch, RankingDistance | null>
}

/** Ranks into a buffer: core's order, ties and errors, as `wasmSync.rankInto` of `@laperm/backend-wasm` does faster. */
export type RankInto = (w: WeightVectors, outRanks: Uint32Array) => void

/**
 * Watch the ranking distance of one weight matrix, every step if need be. Cost of an observation: one ranking and one pass over the ranks.
 *
 * @param size of the matrix.
 * @param variable its name, for errors.
 * @param rankMatrix what ranks; default: core.
 * @throws RangeError when the size is none.
 */
export const makeRankingMonitor = (
  size: WeightVectorsSize,
  variable = '',
  rankMatrix: RankInto = rankInto,
): RankingMonitor => {
  const { length, count } = size
  throwBreach(matrixBreach('size', size, { length: length * count }))
  let last: Uint32Array<ArrayBuffer> | null = null
  let spare = new Uint32Array(length * count)
  return {
    observe: (w) =>
      checked(variable, sameSizeBreach('the watched matrix', size, 'w', w), () => {
        const ranks = spare
        rankMatrix(w, ranks)
        const before = last
        last = ranks
        spare = before ?? new Uint32Array(length * count)
        return before === null
          ? null
          : rankingDistanceOfRanks({ ranks: before, length, count }, { ranks, length, count })
      }),
  }
}

/**
 * The ranking distance of two states of a weight matrix.
 *
 * To follow a matrix over many steps use {@link makeRankingMonitor}: it ranks each state once.
 *
 * @param before not written.
 * @param after of the same size; not written.
 * @param variable name of the matrix, for errors.
 * @returns `Left(Diverged)` when a weight is NaN, `Left(SizeMismatch)` when the sizes differ.
 */
export const rankingDistance = (
  before: WeightVectors,
  after: WeightVectors,
  variable = '',
): E.Either<Diverged | SizeMismatch, RankingDistance> => {
  const breach = sameSizeBreach('before', before, 'after', after)
  if (breach !== null) return E.left(breach)
  return E.chain((first: Ranking) =>
    E.map((second: Ranking) => rankingDistanceOfRanks(first, second))(rank(after, variable)),
  )(rank(before, variable))
}
