/**
 * Weight vectors: the incoming weights of each neuron, seen as the columns of a row-major matrix.
 *
 * This module only gives shapes their meaning. It sorts nothing and copies nothing.
 */
import * as E from './either.ts'
import { type InvalidShape, invalidShape } from './errors/errors.ts'

/**
 * A row-major `[length, count]` float32 matrix whose COLUMNS are the weight vectors.
 *
 * This is exactly a Keras or tfjs variable with all axes but the last flattened: weight `i` of vector `j` is
 * `values[i * count + j]`. A one-dimensional variable (a bias) is a single vector, `count = 1`.
 */
export interface WeightVectors {
  /** `length * count` float32 values, row-major. Owned by whoever made them; functions of this package never write them. */
  readonly values: Float32Array
  /** Weights in each vector (the paper's #w_j): 1 to 16384 in the paper's networks, any length works. */
  readonly length: number
  /** Number of vectors: one a neuron. */
  readonly count: number
}

/** Ranks in the layout of {@link WeightVectors}: `ranks[i * count + j]` is the rank of weight `i` within vector `j`. */
export interface Ranking {
  /** `length * count` integers in `[0, length)`, row-major; every column is a permutation of `0..length-1`. */
  readonly ranks: Uint32Array
  readonly length: number
  readonly count: number
}

/** The size of a `[length, count]` matrix of weight vectors. */
export interface WeightVectorsSize {
  readonly length: number
  readonly count: number
}

/**
 * The weight vectors that a variable of this shape holds: the last axis is the neuron, everything before it is flattened.
 *
 * `[kh, kw, cin, cout]` gives `cout` vectors of `kh * kw * cin` weights; `[in, out]` gives `out` vectors of `in`; `[n]` gives one vector of `n`.
 *
 * @param shape the variable's axes, each a non-negative integer; at least one axis.
 * @throws RangeError when the shape has no axis or an axis is not a non-negative safe integer.
 * @see arXiv:2003.02570 Section 2
 */
export const weightVectorsSize = (shape: readonly number[]): WeightVectorsSize => {
  if (shape.length === 0) throw new RangeError('shape: a variable needs at least one axis, got []')
  for (const axis of shape) {
    if (!Number.isSafeInteger(axis) || axis < 0)
      throw new RangeError(`shape: every axis must be a non-negative integer, got [${shape.join(', ')}]`)
  }
  if (shape.length === 1) return { length: shape[0], count: 1 }
  const length = shape.slice(0, -1).reduce((product, axis) => product * axis, 1)
  const count = shape[shape.length - 1]
  if (!Number.isSafeInteger(length * count))
    throw new RangeError(`shape: [${shape.join(', ')}] has more elements than 2^53 - 1`)
  return { length, count }
}

/**
 * View a variable's values as its weight vectors. No copy is made.
 *
 * @param values float32 values of the variable, row-major.
 * @param shape the variable's axes.
 * @returns `Left(InvalidShape)` when the shape is not one, or does not hold exactly `values.length` elements.
 */
export const makeWeightVectors = (
  values: Float32Array,
  shape: readonly number[],
): E.Either<InvalidShape, WeightVectors> => {
  try {
    const size = weightVectorsSize(shape)
    return size.length * size.count === values.length
      ? E.right({ values, ...size })
      : E.left(invalidShape(shape, values.length))
  } catch (error) {
    if (error instanceof RangeError) return E.left(invalidShape(shape, values.length))
    throw error
  }
}
