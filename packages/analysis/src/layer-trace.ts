/** What training did to a layer's places: how far weights moved, what crossed zero, and the cycles that they moved in (Figure 4). */
import {
  type Permutation,
  permutationBetween,
  permutationDisplacement,
  type WeightVectors,
} from '@laperm/core'
import { rankInto } from '@laperm/core/kernel'
import { either as E } from 'fp-ts'

/** A layer before and after. */
export interface LayerTrace {
  readonly length: number
  readonly vectors: number
  /**
   * Whether each vector holds its initial values in another order. Where it does not, a weight is followed by its rank: from where the initial weight of
   * that rank was.
   */
  readonly isPermutation: boolean
  /** Weights in another place than at the start. */
  readonly moved: number
  /** Mean distance of all weights between then and now, in shares of the vectors' length. */
  readonly meanDistance: number
  /** Places that held zero at the start and do not now. */
  readonly zeroToNonZero: number
  readonly nonZeroToZero: number
  /** Cycles of two places or more, over all vectors. */
  readonly cycles: number
  /** Places in the longest cycle. */
  readonly longestCycle: number
}

/** The permutation that takes each rank from where it was to where it is. */
const permutationOfRanks = (initial: WeightVectors, now: WeightVectors): Permutation => {
  const { length, count } = initial
  const before = new Uint32Array(length * count)
  const after = new Uint32Array(length * count)
  rankInto(initial, before)
  rankInto(now, after)
  const sources = new Uint32Array(length * count)
  const placeOfRank = new Uint32Array(length)
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < length; i++) placeOfRank[before[i * count + j]] = i
    for (let i = 0; i < length; i++) sources[i * count + j] = placeOfRank[after[i * count + j]]
  }
  return { sources, length, count }
}

/** Cycles of at least two places, over all vectors. */
export const countCycles = ({
  sources,
  length,
  count,
}: Permutation): { readonly cycles: number; readonly longest: number } => {
  let cycles = 0
  let longest = 0
  const isSeen = new Uint8Array(length)
  for (let j = 0; j < count; j++) {
    isSeen.fill(0)
    for (let start = 0; start < length; start++) {
      let size = 0
      for (let i = start; isSeen[i] === 0; i = sources[i * count + j]) {
        isSeen[i] = 1
        size++
      }
      if (size > 1) cycles++
      if (size > 1 && size > longest) longest = size
    }
  }
  return { cycles, longest }
}

/**
 * Where each weight of a layer came from. Equal values: those that are in place stay, as `permutationBetween` says.
 *
 * @param initial theta_0; not written.
 * @param now of the same size; not written.
 */
export const layerMoves = (
  initial: WeightVectors,
  now: WeightVectors,
): { readonly permutation: Permutation; readonly isPermutation: boolean } => {
  const between = permutationBetween(initial, now)
  return E.isRight(between)
    ? { permutation: between.right, isPermutation: true }
    : { permutation: permutationOfRanks(initial, now), isPermutation: false }
}

/**
 * Trace a layer.
 *
 * @param initial theta_0; not written.
 * @param now of the same size; not written.
 * Cost: two sorts and two rankings.
 * @throws RangeError when the sizes differ; DivergedError when a weight is NaN.
 * @see arXiv:2003.02570 Figure 4 and Section 5.4
 */
export const traceLayer = (initial: WeightVectors, now: WeightVectors): LayerTrace => {
  const { permutation, isPermutation } = layerMoves(initial, now)
  const { length, count } = initial
  const { mean, moved } = permutationDisplacement(permutation)
  const { cycles, longest } = countCycles(permutation)
  let zeroToNonZero = 0
  let nonZeroToZero = 0
  for (let at = 0; at < initial.values.length; at++) {
    const [was, is] = [initial.values[at] === 0, now.values[at] === 0]
    if (was && !is) zeroToNonZero++
    if (!was && is) nonZeroToZero++
  }
  return {
    length,
    vectors: count,
    isPermutation,
    moved,
    meanDistance: length === 0 ? 0 : mean / length,
    zeroToNonZero,
    nonZeroToZero,
    cycles,
    longestCycle: longest,
  }
}
