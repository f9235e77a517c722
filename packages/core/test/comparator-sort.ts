/**
 * The oracle: the definition of the order, by the engine's own stable comparator sort. Slow and plain.
 */
import type { WeightVectors } from '../src/weight-vectors.ts'

const columnOrder = ({ values, length, count }: WeightVectors, j: number): number[] =>
  Array.from({ length }, (_, i) => i).sort((a, b) => {
    const x = values[a * count + j]
    const y = values[b * count + j]
    return x < y ? -1 : x > y ? 1 : 0
  })

/** Ranks by definition: ascending, -0 equals +0, ties by index. */
export const ranksByComparator = (w: WeightVectors): Uint32Array => {
  const ranks = new Uint32Array(w.values.length)
  for (let j = 0; j < w.count; j++) {
    columnOrder(w, j).forEach((i, r) => {
      ranks[i * w.count + j] = r
    })
  }
  return ranks
}

/** Sorted vectors by definition: every zero as +0. */
export const sortedByComparator = (w: WeightVectors): Float32Array => {
  const sorted = new Float32Array(w.values.length)
  for (let j = 0; j < w.count; j++) {
    columnOrder(w, j).forEach((i, r) => {
      sorted[r * w.count + j] = w.values[i * w.count + j] + 0
    })
  }
  return sorted
}

/** `sorted[ranks]`, by definition. */
export const permutedByDefinition = (sorted: Float32Array, ranks: Uint32Array, count: number): Float32Array =>
  Float32Array.from(ranks, (rank, p) => sorted[rank * count + (p % count)])

/** The bits of float32 values, so that -0 and +0 differ and comparisons are exact. */
export const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(Float32Array.from(values).buffer)

/** Where two arrays of integers first differ, in words, or `null`: `toEqual` takes a second for a million elements. */
export const firstDifference = (actual: ArrayLike<number>, expected: ArrayLike<number>): string | null => {
  if (actual.length !== expected.length) return `length ${actual.length} instead of ${expected.length}`
  for (let p = 0; p < actual.length; p++) {
    if (actual[p] !== expected[p]) return `at ${p}: ${actual[p]} instead of ${expected[p]}`
  }
  return null
}
