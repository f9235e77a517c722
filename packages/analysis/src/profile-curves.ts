/** What a figure of a layer shows: how the vectors' weights are spread at each rank, and a few whole vectors. Bounded, however large the layer is. */
import type { WeightVectors } from '@laperm/core'
import { sortInto } from '@laperm/core/kernel'
import { finiteVectors } from './layer-profile.ts'

/** Shares of the vectors whose weight at a rank is smaller. */
export const quantileShares = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const

/** A layer for a figure. */
export interface ProfileCurves {
  /** Ranks that are shown, ascending, as shares of the length in [0, 1]. */
  readonly positions: readonly number[]
  /** For each of {@link quantileShares} the weights at these ranks. */
  readonly quantiles: readonly (readonly number[])[]
  /** Some vectors, evenly chosen, sorted: their weights at these ranks. */
  readonly vectors: readonly (readonly number[])[]
  /** The same vectors as they are, at evenly chosen places. */
  readonly unsorted: readonly (readonly number[])[]
}

/** At most `most` integers from 0 to `count - 1`, evenly spaced, both ends among them. */
const evenly = (count: number, most: number): readonly number[] =>
  count <= most
    ? Array.from({ length: count }, (_, i) => i)
    : Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)))

const quantileOf = (sorted: Float32Array, share: number): number => {
  const place = share * (sorted.length - 1)
  const low = Math.floor(place)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low)
}

/**
 * Curves of a layer.
 *
 * @param w weight vectors; not written. Vectors with NaN or infinities are left out.
 * @param mostPoints ranks shown at most, at least 2.
 * @param mostVectors whole vectors shown at most, at least 2.
 */
export const profileCurves = (w: WeightVectors, mostPoints = 160, mostVectors = 48): ProfileCurves => {
  const finite = finiteVectors(w)
  const { values, length, count } = finite
  const sorted = new Float32Array(values.length)
  sortInto(finite, sorted)
  const ranks = evenly(length, mostPoints)
  const chosen = evenly(count, mostVectors)
  const rows = ranks.map((rank) => sorted.slice(rank * count, (rank + 1) * count).sort())
  const isEmpty = count === 0
  return {
    positions: ranks.map((rank) => (length < 2 ? 0.5 : rank / (length - 1))),
    quantiles: isEmpty ? [] : quantileShares.map((share) => rows.map((row) => quantileOf(row, share))),
    vectors: chosen.map((vector) => ranks.map((rank) => sorted[rank * count + vector])),
    unsorted: chosen.map((vector) => ranks.map((place) => values[place * count + vector])),
  }
}
