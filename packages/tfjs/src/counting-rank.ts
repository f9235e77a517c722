/**
 * Ranks by counting, in tensor operations only: exact, stable, and never read back. The way of last resort on a backend that can
 * neither sort nor read synchronously; registered operations are faster by orders of magnitude.
 */
import {
  add,
  cast,
  concat2d,
  equal,
  gather,
  greater,
  less,
  logicalAnd,
  logicalOr,
  mul,
  range,
  reshape,
  scatterND,
  slice,
  sum,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core'

/** Comparisons in one tensor: 2^22 keep a block under 16 MiB of float32. */
const defaultMaxBlock = 2 ** 22

/**
 * `rank[i, j] = #{k: w[k, j] < w[i, j]} + #{k < i: w[k, j] = w[i, j]}` as int32.
 *
 * Cost: `length^2 * count` comparisons, in blocks of rows of at most `maxBlock` comparisons (one row at least).
 *
 * @param w float32 `[length, count]`, at least one row; not written.
 */
export const countingRank = (w: Tensor2D, maxBlock = defaultMaxBlock): Tensor2D =>
  tidy(() => {
    const [length, count] = w.shape
    const rows = Math.max(1, Math.min(length, Math.floor(maxBlock / Math.max(1, length * count))))
    const index = reshape(range(0, length, 1, 'int32'), [length, 1, 1])
    const all = reshape(w, [length, 1, count])
    let ranks: Tensor2D | undefined
    for (let start = 0; start < length; start += rows) {
      const size = Math.min(rows, length - start)
      const block = tidy(() => {
        const some = reshape(slice(w, [start, 0], [size, count]), [1, size, count])
        const own = reshape(range(start, start + size, 1, 'int32'), [1, size, 1])
        const before = logicalOr(less(all, some), logicalAnd(equal(all, some), greater(own, index)))
        return sum<Tensor2D>(cast(before, 'int32'), 0)
      })
      const joined: Tensor2D = ranks === undefined ? block : concat2d([ranks, block], 0)
      if (ranks !== undefined) {
        ranks.dispose()
        block.dispose()
      }
      ranks = joined
    }
    return ranks as Tensor2D
  })

/** Where each weight of a `[length, count]` ranking belongs in a flat row-major vector: `rank * count + j`, int32. */
const flatIndex = (ranks: Tensor2D) => {
  const count = ranks.shape[1]
  return cast(reshape(add(mul(cast(ranks, 'int32'), count), range(0, count, 1, 'int32')), [-1]), 'int32')
}

/** `result[i, j] = sorted[ranks[i, j], j]`, in tensor operations. */
export const permuteTensor = (sorted: Tensor2D, ranks: Tensor2D): Tensor2D =>
  tidy(() => reshape(gather(reshape(sorted, [-1]), flatIndex(ranks)), ranks.shape))

/**
 * Every vector ascending, from its ranks: `result[ranks[i, j], j] = w[i, j]`. Zeros come out as +0, because the scatter adds to zeros.
 */
export const sortByRanks = (w: Tensor2D, ranks: Tensor2D): Tensor2D =>
  tidy(() => reshape(scatterND(reshape(flatIndex(ranks), [-1, 1]), reshape(w, [-1]), [w.size]), w.shape))

/** Synchronization by counted ranks: see {@link countingRank}. */
export const countingSync = (sorted: Tensor2D, w: Tensor2D): Tensor2D =>
  tidy(() => permuteTensor(sorted, countingRank(w)))

/** Every vector ascending by counted ranks. */
export const countingSort = (w: Tensor2D): Tensor2D => tidy(() => sortByRanks(w, countingRank(w)))
