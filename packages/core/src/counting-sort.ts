/**
 * Counting sort of entries by a digit: the step that every sort of a weight vector here is made of.
 */
import { columnMemory } from './column-memory.ts'

// Constants of this module: see column-memory.ts.
const { entries, counts } = columnMemory

/** Set `buckets` counters to 0; a multiple of 4. */
export const clearCounts = (buckets: number): void => {
  // `fill` is a call into the runtime: dear for 32 counters, cheap for 512.
  if (buckets > 64) counts.fill(0, 0, buckets)
  else for (let b = 0; b < buckets; b++) counts[b] = 0
}

/** Count the digit `mask` above `shift` of the entries at `from`. */
export const countDigit = (from: number, length: number, shift: number, mask: number): void => {
  for (let p = from, end = from + length; p < end; p++) counts[(entries[p] >>> shift) & mask]++
}

/** Turn counts into starting positions behind `first`, modulo 2^32; `buckets` is a multiple of 4. */
export const exclusiveSums = (first: number, buckets: number): void => {
  let sum = first
  for (let b = 0; b < buckets; b += 4) {
    const after0 = sum + counts[b]
    const after1 = after0 + counts[b + 1]
    const after2 = after1 + counts[b + 2]
    const after3 = after2 + counts[b + 3]
    counts[b] = sum
    counts[b + 1] = after0
    counts[b + 2] = after1
    counts[b + 3] = after2
    // An integer of 32 bits even where two counts share a counter and the upper one reaches its sign (pair-order.ts).
    sum = after3 | 0
  }
}

/** Move the entries at `from` to the positions of their digits, stable. */
export const placeByDigit = (from: number, length: number, shift: number, mask: number): void => {
  for (let p = from, end = from + length; p < end; p++) {
    const entry = entries[p]
    entries[counts[(entry >>> shift) & mask]++] = entry
  }
}
