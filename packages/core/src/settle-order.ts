/**
 * Finish an order that is right but for near neighbours.
 *
 * Weights of a network are spread evenly enough that few neighbours share a slice of entry-order.ts; those are compared.
 */
import { columnMemory } from './column-memory.ts'

// Constants of this module: see column-memory.ts.
const { columns, entries } = columnMemory

/** Moving over so many places is never worth another sort. */
const MIN_SHIFTS = 64

/** Whether two entries of one slice are in order: by their weights, equal weights, of which there may be many, by their indices. */
const isInOrder = (before: number, entry: number, slice: number, base: number): boolean => {
  const mask = slice - 1
  const weightBefore = columns[base + (before & mask)]
  const weight = columns[base + (entry & mask)]
  return before < entry ? weightBefore <= weight : weightBefore < weight
}

/**
 * Move the entry at `r` back to where it belongs among those before it, which are in order.
 *
 * @returns the places it moved.
 */
const insert = (first: number, r: number, slice: number, base: number): number => {
  const entry = entries[r]
  let to = r
  while (to > first) {
    const before = entries[to - 1]
    if (entry - before >= slice) break
    if (before - entry < slice && isInOrder(before, entry, slice, base)) break
    entries[to] = before
    to--
  }
  entries[to] = entry
  return r - to
}

/**
 * Put neighbours in order that are not, or share a slice: insertion, stable.
 *
 * An entry is in doubt when it is not larger than the one before it by a whole slice: one comparison of integers.
 *
 * @returns false when that would take too long.
 */
export const settle = (base: number, length: number, slice: number): boolean => {
  const mask = slice - 1
  let budget = MIN_SHIFTS + (length >> 1)
  let last = entries[base]
  for (let r = base + 1, end = base + length; r < end; r++) {
    const entry = entries[r]
    if (entry - last >= slice) last = entry
    // Written out: V8 inlines no call that it has seen rarely, and equal weights make it come with every weight.
    else if (last < entry && columns[base + (last & mask)] <= columns[base + (entry & mask)]) last = entry
    else {
      budget -= insert(base, r, slice, base)
      if (budget < 0) return false
      last = entries[r]
    }
  }
  return true
}
