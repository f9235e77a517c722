/**
 * Counting sort of entries by a digit: the step that every sort of a weight vector here is made of.
 *
 * An entry is a number above an index, 32 bits in all. Loops take four entries a round: V8 spends as long on a short loop as on an entry.
 */

/** Counters of the widest digit, 11 bits. */
export const MAX_BUCKETS = 2048

/** Set `buckets` counters to 0; a multiple of 4. */
export const clearCounts = (counts: Int32Array, buckets: number): void => {
  // `fill` is a call into the runtime: dear for 32 counters, cheap for 512.
  if (buckets > 64) counts.fill(0, 0, buckets)
  else for (let b = 0; b < buckets; b++) counts[b] = 0
}

/** Count the digit `mask` above `shift`. */
export const countDigit = (
  entries: Int32Array,
  length: number,
  shift: number,
  mask: number,
  counts: Int32Array,
): void => {
  let i = 0
  for (; i + 3 < length; i += 4) {
    const entry0 = entries[i]
    const entry1 = entries[i + 1]
    const entry2 = entries[i + 2]
    const entry3 = entries[i + 3]
    counts[(entry0 >>> shift) & mask]++
    counts[(entry1 >>> shift) & mask]++
    counts[(entry2 >>> shift) & mask]++
    counts[(entry3 >>> shift) & mask]++
  }
  for (; i < length; i++) counts[(entries[i] >>> shift) & mask]++
}

/** Count two digits at once: `lowMask` above `lowShift`, and all bits above `highShift`. */
export const countTwoDigits = (
  entries: Int32Array,
  length: number,
  lowShift: number,
  lowMask: number,
  highShift: number,
  lowCounts: Int32Array,
  highCounts: Int32Array,
): void => {
  let i = 0
  for (; i + 3 < length; i += 4) {
    const entry0 = entries[i]
    const entry1 = entries[i + 1]
    const entry2 = entries[i + 2]
    const entry3 = entries[i + 3]
    lowCounts[(entry0 >>> lowShift) & lowMask]++
    highCounts[entry0 >>> highShift]++
    lowCounts[(entry1 >>> lowShift) & lowMask]++
    highCounts[entry1 >>> highShift]++
    lowCounts[(entry2 >>> lowShift) & lowMask]++
    highCounts[entry2 >>> highShift]++
    lowCounts[(entry3 >>> lowShift) & lowMask]++
    highCounts[entry3 >>> highShift]++
  }
  for (; i < length; i++) {
    const entry = entries[i]
    lowCounts[(entry >>> lowShift) & lowMask]++
    highCounts[entry >>> highShift]++
  }
}

/** Turn counts into starting positions; `buckets` is a multiple of 4. */
export const exclusiveSums = (counts: Int32Array, buckets: number): void => {
  let sum = 0
  for (let b = 0; b < buckets; b += 4) {
    const after0 = sum + counts[b]
    const after1 = after0 + counts[b + 1]
    const after2 = after1 + counts[b + 2]
    const after3 = after2 + counts[b + 3]
    counts[b] = sum
    counts[b + 1] = after0
    counts[b + 2] = after1
    counts[b + 3] = after2
    sum = after3
  }
}

/** Move entries to the positions of their digits, stable. */
export const placeByDigit = (
  from: Int32Array,
  to: Int32Array,
  length: number,
  shift: number,
  mask: number,
  positions: Int32Array,
): void => {
  let i = 0
  for (; i + 3 < length; i += 4) {
    const entry0 = from[i]
    const entry1 = from[i + 1]
    const entry2 = from[i + 2]
    const entry3 = from[i + 3]
    to[positions[(entry0 >>> shift) & mask]++] = entry0
    to[positions[(entry1 >>> shift) & mask]++] = entry1
    to[positions[(entry2 >>> shift) & mask]++] = entry2
    to[positions[(entry3 >>> shift) & mask]++] = entry3
  }
  for (; i < length; i++) {
    const entry = from[i]
    to[positions[(entry >>> shift) & mask]++] = entry
  }
}
