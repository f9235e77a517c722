/**
 * The proof of the project's name: are the trained weights, vector by vector, exactly the initial ones in another order?
 *
 * Bit for bit, with one exception: +0 and -0 are the same value, because sorting writes every zero as +0. A NaN equals nothing.
 */
import * as E from '../either.ts'
import { weightVectorsOf } from '../neuron-axes.ts'
import { findNaN } from '../operations/find-nan.ts'
import { sortInto } from '../operations/sort.ts'
import type { ParameterRole, Params } from '../parameter.ts'
import type { WeightVectors, WeightVectorsSize } from '../weight-vectors.ts'

/** The first weight that shows that two weight vectors do not hold the same values. */
export interface PermutationDifference {
  readonly _tag: 'PermutationDifference'
  /** Name of the parameter, `''` when the caller gave none. */
  readonly parameter: string
  /** Index of the weight vector (the neuron). */
  readonly vector: number
  /** Position in ascending order where the two vectors first differ. Of a vector that holds NaN: the position in the vector itself. */
  readonly position: number
  /** The initial weight there. */
  readonly expected: number
  /** The trained weight there. */
  readonly actual: number
}

/** What {@link checkPermutations} found. */
export interface PermutationReport {
  /** Weight vectors compared. */
  readonly weightVectors: number
  /** Those that hold exactly the values of the initial one, moved or not. */
  readonly permutedVectors: number
  /** Whether all of them do. */
  readonly isPermutation: boolean
  /** Of all parameters in order, the first vector that does not. */
  readonly firstDifference?: PermutationDifference
}

/** The difference as a sentence for people. */
export const renderPermutationDifference = (difference: PermutationDifference): string => {
  const { parameter, vector, position, expected, actual } = difference
  return `Vector ${vector}${parameter === '' ? '' : ` of ${parameter}`} is no permutation of the initial one: in ascending order, weight ${position} was ${expected} and is ${actual}.`
}

interface Comparison {
  readonly permuted: number
  readonly first: Omit<PermutationDifference, '_tag' | 'parameter'> | undefined
}

/** Compare two matrices of sorted vectors, row by row as they lie in memory. */
const compareSorted = (expected: Float32Array, actual: Float32Array, size: WeightVectorsSize): Comparison => {
  const { length, count } = size
  // Of each vector the first position that differs, `length` while none does.
  const positions = new Float64Array(count).fill(length)
  for (let i = length - 1, at = length * count - 1; i >= 0; i--) {
    for (let j = count - 1; j >= 0; j--, at--) {
      if (expected[at] !== actual[at]) positions[j] = i
    }
  }
  const vector = positions.findIndex((position) => position < length)
  const permuted = positions.reduce((sum, position) => sum + (position === length ? 1 : 0), 0)
  if (vector === -1) return { permuted, first: undefined }
  const position = positions[vector]
  const at = position * count + vector
  return { permuted, first: { vector, position, expected: expected[at], actual: actual[at] } }
}

/** Vectors with NaN cannot be sorted: count them as no permutations, and compare the others without them. */
const compareWithNaN = (initial: WeightVectors, trained: WeightVectors): Comparison => {
  const { length, count } = initial
  let permuted = 0
  let first: Comparison['first']
  const a = { values: new Float32Array(length), length, count: 1 }
  const b = { values: new Float32Array(length), length, count: 1 }
  for (let j = 0; j < count; j++) {
    for (let i = 0, at = j; i < length; i++, at += count) {
      a.values[i] = initial.values[at]
      b.values[i] = trained.values[at]
    }
    const position = a.values.findIndex((weight, i) => Number.isNaN(weight) || Number.isNaN(b.values[i]))
    const compared: Comparison =
      position === -1
        ? compareVectors(a, b)
        : {
            permuted: 0,
            first: { vector: 0, position, expected: a.values[position], actual: b.values[position] },
          }
    permuted += compared.permuted
    if (first === undefined && compared.first !== undefined) first = { ...compared.first, vector: j }
  }
  return { permuted, first }
}

const compareVectors = (initial: WeightVectors, trained: WeightVectors): Comparison => {
  if (findNaN(initial.values) !== -1 || findNaN(trained.values) !== -1)
    return compareWithNaN(initial, trained)
  const expected = new Float32Array(initial.values.length)
  const actual = new Float32Array(trained.values.length)
  sortInto(initial, expected)
  sortInto(trained, actual)
  return compareSorted(expected, actual, initial)
}

/**
 * Check that every vector of `trained` holds exactly the values of the same vector of `initial`.
 *
 * @param initial theta_0, `[length, count]`; not written.
 * @param trained theta_T, of the same size; not written.
 * @param parameter name of the variable, for the difference.
 * @returns `Right(count)`, the number of vectors so proven, or `Left` of the first vector that differs, at its first place in
 * ascending order.
 * Cost: two sorts.
 * @throws RangeError when the sizes differ.
 */
export const checkPermutation = (
  initial: WeightVectors,
  trained: WeightVectors,
  parameter = '',
): E.Either<PermutationDifference, number> => {
  if (initial.length !== trained.length || initial.count !== trained.count)
    throw new RangeError(
      `trained: must be [${initial.length}, ${initial.count}] as the initial weights are, got [${trained.length}, ${trained.count}]`,
    )
  const { permuted, first } = compareVectors(initial, trained)
  return first === undefined
    ? E.right(permuted)
    : E.left({ _tag: 'PermutationDifference', parameter, ...first })
}

/**
 * Check every weight vector of a network, by the neuron axes of its initial parameters.
 *
 * @param initial theta_0; not written.
 * @param trained theta_T: the same parameters, in the same order; not written.
 * @param roles which parameters are compared: those that were permuted.
 * @returns a report that counts the vectors and names the first difference.
 * @throws RangeError when the two are not the same parameters.
 */
export const checkPermutations = (
  initial: Params,
  trained: Params,
  roles: readonly ParameterRole[],
): PermutationReport => {
  if (initial.length !== trained.length)
    throw new RangeError(`trained: needs the ${initial.length} initial parameters, got ${trained.length}`)
  let weightVectors = 0
  let permutedVectors = 0
  let firstDifference: PermutationDifference | undefined
  for (const [i, before] of initial.entries()) {
    const after = trained[i]
    if (before.name !== after.name || before.shape.join() !== after.shape.join())
      throw new RangeError(
        `trained: parameter ${i} must be ${before.name} [${before.shape.join(', ')}], got ${after.name} [${after.shape.join(', ')}]`,
      )
    if (!roles.includes(before.role)) continue
    const { shape, neuronAxes } = before
    const vectors = weightVectorsOf(before.values, shape, neuronAxes)
    const { permuted, first } = compareVectors(vectors, weightVectorsOf(after.values, shape, neuronAxes))
    weightVectors += vectors.count
    permutedVectors += permuted
    if (first !== undefined)
      firstDifference ??= { _tag: 'PermutationDifference', parameter: before.name, ...first }
  }
  return {
    weightVectors,
    permutedVectors,
    isPermutation: permutedVectors === weightVectors,
    ...(firstDifference === undefined ? {} : { firstDifference }),
  }
}
