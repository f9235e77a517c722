/** Profile of a layer: its sorted weight vectors, what their values are like, and how alike they are, as Figures 1 and 2 of the paper show it. */
import type { WeightVectors } from '@laperm/core'
import { type SimilarityControls, similarityControls } from './similarity-controls.ts'
import { type ValueMoments, valueMoments } from './value-moments.ts'
import { profileInto, type WeightProfile } from './weight-profile.ts'

/** A layer's profile. Everything but `vectorsWithNaN` is about the vectors that hold numbers only. */
export interface LayerProfile {
  readonly name: string
  /** Weights in a vector. */
  readonly length: number
  /** Vectors that were profiled. */
  readonly vectors: number
  /** Vectors left out because a weight is NaN or infinite. */
  readonly vectorsLeftOut: number
  readonly moments: ValueMoments
  readonly profile: WeightProfile
  readonly controls: SimilarityControls
}

/** The vectors of finite numbers. The same matrix where all are. */
export const finiteVectors = (w: WeightVectors): WeightVectors => {
  const { values, length, count } = w
  const isWhole = new Uint8Array(count).fill(1)
  for (let i = 0, at = 0; i < length; i++)
    for (let j = 0; j < count; j++, at++) if (!Number.isFinite(values[at])) isWhole[j] = 0
  const kept = isWhole.reduce((sum, one) => sum + one, 0)
  if (kept === count) return w
  const rest = new Float32Array(length * kept)
  for (let i = 0, at = 0, to = 0; i < length; i++)
    for (let j = 0; j < count; j++, at++) if (isWhole[j] === 1) rest[to++] = values[at]
  return { values: rest, length, count: kept }
}

/**
 * Profile a layer.
 *
 * @param w the layer's weight vectors; not written.
 * @param seed of the controls.
 * Cost: three sorts and as many draws as there are weights; memory of twice the layer.
 * @see arXiv:2003.02570 Section 2
 */
export const profileLayer = (name: string, w: WeightVectors, seed = 0): LayerProfile => {
  const finite = finiteVectors(w)
  const moments = valueMoments(finite.values)
  // One memory for what is sorted: the engine frees large arrays late.
  const memory = new Float32Array(finite.values.length)
  return {
    name,
    length: w.length,
    vectors: finite.count,
    vectorsLeftOut: w.count - finite.count,
    moments,
    profile: profileInto(finite, memory),
    controls: similarityControls(finite, moments, seed, memory),
  }
}
