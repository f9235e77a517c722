/**
 * Controls for the similarity of weight profiles: what it would be if vectors had nothing in common but the layer's values, or but two moments of them.
 *
 * Sorted draws from one distribution are alike by themselves, the more the longer they are: a similarity says something only beside these.
 */
import { makeRandom, shuffleInPlace, type WeightVectors } from '@laperm/core'
import type { ValueMoments } from './value-moments.ts'
import { profileInto } from './weight-profile.ts'

/** Similarities of the same number of vectors of the same length. */
export interface SimilarityControls {
  /** All weights of the layer dealt out at random to its vectors. */
  readonly shuffled: number
  /** Draws from a normal distribution with the layer's mean and standard deviation. */
  readonly gaussian: number
}

/**
 * Draw the controls of a layer.
 *
 * @param seed decides the draws: the same seed gives the same numbers everywhere.
 * @param values memory for as many weights, overwritten; default: new.
 */
export const similarityControls = (
  w: WeightVectors,
  { mean, standardDeviation }: ValueMoments,
  seed: number,
  values = new Float32Array(w.values.length),
): SimilarityControls => {
  values.set(w.values)
  shuffleInPlace(values, makeRandom(seed, 'shuffledWeights'))
  const shuffled = profileInto({ ...w, values }, values).similarity
  const normal = makeRandom(seed, 'gaussianWeights')
  for (let i = 0; i < values.length; i++) values[i] = mean + standardDeviation * normal.nextNormal()
  return { shuffled, gaussian: profileInto({ ...w, values }, values).similarity }
}
