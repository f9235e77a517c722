/**
 * The algebra of vector-wise permutations: what reconnection did to a network, as data.
 *
 * A permutation says for every place which weight has come there. All operations are pure and work on whole weight matrices; every column
 * has a permutation of its own.
 */
import * as E from '../either.ts'
import { rankInto } from '../operations/rank.ts'
import type { WeightVectors, WeightVectorsSize } from '../weight-vectors.ts'
import { checkPermutation, type PermutationDifference } from './permutation-check.ts'

/** One permutation a weight vector, row-major like the weights: `result[i, j] = weights[sources[i, j], j]`. */
export interface Permutation {
  /** `length * count` integers in `[0, length)`; every column holds each of them once. */
  readonly sources: Uint32Array
  readonly length: number
  readonly count: number
}

/** How far weights have moved. */
export interface Displacement {
  /** `|new - old|` of every weight, in places within its vector, at the weight's OLD place; row-major. */
  readonly distances: Uint32Array
  /** Mean distance over all weights; 0 where there are none. */
  readonly mean: number
  /** Weights that are not where they were. */
  readonly moved: number
}

const requireSameSize = (name: string, actual: WeightVectorsSize, expected: WeightVectorsSize): void => {
  if (actual.length !== expected.length || actual.count !== expected.count)
    throw new RangeError(
      `${name}: must be [${expected.length}, ${expected.count}], got [${actual.length}, ${actual.count}]`,
    )
}

/** The permutation that leaves every weight where it is. */
export const identityPermutation = ({ length, count }: WeightVectorsSize): Permutation => {
  const sources = new Uint32Array(length * count)
  for (let i = 0; i < length; i++) sources.fill(i, i * count, (i + 1) * count)
  return { sources, length, count }
}

/**
 * Move weights: `result[i, j] = w[sources[i, j], j]`.
 *
 * @returns new weight vectors that hold the values of `w`, bit for bit.
 * @throws RangeError when the sizes differ.
 */
export const applyPermutation = (permutation: Permutation, w: WeightVectors): WeightVectors => {
  requireSameSize('w', w, permutation)
  const { sources, length, count } = permutation
  const values = new Float32Array(w.values.length)
  for (let at = 0, i = 0; i < length; i++) {
    for (let j = 0; j < count; j++, at++) values[at] = w.values[sources[at] * count + j]
  }
  return { values, length, count }
}

/**
 * First one permutation, then another: `apply(compose(first, second), w) = apply(second, apply(first, w))`.
 *
 * @throws RangeError when the sizes differ.
 */
export const composePermutations = (first: Permutation, second: Permutation): Permutation => {
  requireSameSize('second', second, first)
  const { length, count } = first
  const sources = new Uint32Array(first.sources.length)
  for (let at = 0, i = 0; i < length; i++) {
    for (let j = 0; j < count; j++, at++) sources[at] = first.sources[second.sources[at] * count + j]
  }
  return { sources, length, count }
}

/** The permutation that undoes one. */
export const invertPermutation = (permutation: Permutation): Permutation => {
  const { length, count } = permutation
  const sources = new Uint32Array(permutation.sources.length)
  for (let at = 0, i = 0; i < length; i++) {
    for (let j = 0; j < count; j++, at++) sources[permutation.sources[at] * count + j] = i
  }
  return { sources, length, count }
}

/** How far each weight has moved within its vector, and the mean over all of them. */
export const permutationDisplacement = (permutation: Permutation): Displacement => {
  const { length, count } = permutation
  const distances = new Uint32Array(permutation.sources.length)
  let sum = 0
  let moved = 0
  for (let at = 0, i = 0; i < length; i++) {
    for (let j = 0; j < count; j++, at++) {
      const source = permutation.sources[at]
      const distance = Math.abs(i - source)
      distances[source * count + j] = distance
      sum += distance
      if (distance !== 0) moved++
    }
  }
  return { distances, mean: distances.length === 0 ? 0 : sum / distances.length, moved }
}

/** The indices of a vector's weights in rank order, from a matrix of ranks. */
const orderInto = (ranks: Uint32Array, size: WeightVectorsSize, vector: number, out: Uint32Array): void => {
  for (let i = 0, at = vector; i < size.length; i++, at += size.count) out[ranks[at]] = i
}

/**
 * The permutation that leads from theta_0 to theta_T with the fewest weights moved.
 *
 * Where values tie it is not determined by the values. A weight whose value is in its place already stays; of each value, the weights that
 * are left over go to the places that are left over, both in index order. So the weights that move are exactly the places whose value
 * has changed, and no permutation can do with fewer.
 *
 * @param initial theta_0; not written.
 * @param trained theta_T, of the same size; not written.
 * @returns `Left(PermutationDifference)` when a vector of `trained` does not hold the values of the initial one. Otherwise
 * `applyPermutation(result, initial)` equals `trained`, bit for bit but for the sign of zeros.
 * Cost: two sorts and two rankings.
 * @throws RangeError when the sizes differ.
 */
export const permutationBetween = (
  initial: WeightVectors,
  trained: WeightVectors,
): E.Either<PermutationDifference, Permutation> => {
  const check = checkPermutation(initial, trained)
  if (E.isLeft(check)) return check
  const { length, count } = initial
  const initialRanks = new Uint32Array(length * count)
  const trainedRanks = new Uint32Array(length * count)
  rankInto(initial, initialRanks)
  rankInto(trained, trainedRanks)

  const { sources } = identityPermutation(initial)
  const from = new Uint32Array(length)
  const to = new Uint32Array(length)
  for (let j = 0; j < count; j++) {
    orderInto(initialRanks, initial, j, from)
    orderInto(trainedRanks, initial, j, to)
    const stays = (i: number): boolean => initial.values[i * count + j] === trained.values[i * count + j]
    // Both orders run through the same values in the same order, and each value has as many sources left as targets: without the weights
    // that stay, the two lists match one to one.
    let next = 0
    for (let r = 0; r < length; r++) {
      const target = to[r]
      if (stays(target)) continue
      while (stays(from[next])) next++
      sources[target * count + j] = from[next++]
    }
  }
  return E.right({ sources, length, count })
}
