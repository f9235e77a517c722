/**
 * Insertion sort within the buckets: finish an order that is right but for near neighbours.
 *
 * Weights of a network are spread evenly enough that few neighbours share a bucket of bucket-sort.ts. Neighbours are unseparated where an entry is
 * not larger than the one before it by a whole slice. They are listed first, without a branch; then the listed ones are compared and moved.
 */
import { columnMemory } from './column-memory.ts'

// Constants of this module: see column-memory.ts.
const { weights, entries } = columnMemory

/** Moving over so many places always costs less than a radix sort. */
const MIN_SHIFTS = 64

/** Places that the entries of a vector may move before a radix sort costs less. A longer vector has wider tails, and more of its middle shares buckets. */
const budgetOf = (length: number): number => MIN_SHIFTS + (length < 1024 ? length >> 1 : length)

/** Whether two entries of one slice are in order: by their weights, equal weights, of which there may be many, by their indices. */
const isInOrder = (before: number, entry: number, slice: number, base: number): boolean => {
  const mask = slice - 1
  const weightBefore = weights[base + (before & mask)]
  const weight = weights[base + (entry & mask)]
  return before < entry ? weightBefore <= weight : weightBefore < weight
}

/**
 * Move the entry at `r` back to where it belongs among those before it, which are in order.
 *
 * @returns the places it moved.
 */
const insert = (r: number, slice: number, base: number): number => {
  const entry = entries[r]
  let to = r
  while (to > base) {
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
 * List the unseparated ranks from 1 on: those whose entries are not larger than the one before by a whole slice.
 *
 * @param base where the order is among the entries.
 * @param list where the list goes, among the entries too.
 * @returns how many there are.
 */
export const listUnseparated = (base: number, length: number, slice: number, list: number): number => {
  let found = list
  let least = (entries[base] + slice) | 0
  for (let r = 1; r < length; r++) {
    const entry = entries[(base + r) | 0]
    entries[found] = r
    found = (found + ((entry - least) >>> 31)) | 0
    least = (entry + slice) | 0
  }
  return found - list
}

/** What is left of the places that entries may move. In memory, as the second result of `insertRun`. */
const budget = new Int32Array(1)

/**
 * Move the entry at `r` back to where it belongs, and those behind it that are unseparated from what is before them now.
 *
 * @returns the place of the first that is not.
 */
const insertRun = (r: number, end: number, slice: number, base: number): number => {
  let at = r
  do {
    budget[0] -= insert(at, slice, base)
    at++
  } while (at < end && entries[at] - entries[at - 1] < slice && budget[0] >= 0)
  return at
}

/**
 * How many entries from `r` on hold the same weight as the one before it: zeros of a sparse vector, of which there may be many. They are in the order of
 * their indices, since counting is stable.
 */
const equalsFrom = (r: number, end: number, slice: number, base: number): number => {
  const mask = slice - 1
  const weight = weights[base + (entries[r - 1] & mask)]
  let at = r
  while (at < end && weights[(base + (entries[at] & mask)) | 0] === weight) at++
  return at - r
}

/**
 * Put neighbours in order that are not, or share a slice: insertion, stable.
 *
 * @param base where the order is among the entries, and its column among the weights.
 * @param slice entries that differ by so much are told apart.
 * @param list where the list of {@link listUnseparated} is.
 * @param unseparated how long it is.
 * @returns false when that would take longer than a radix sort.
 */
export const insertNeighbours = (
  base: number,
  length: number,
  slice: number,
  list: number,
  unseparated: number,
): boolean => {
  const end = base + length
  budget[0] = budgetOf(length)
  let ordered = base
  for (let at = list, listEnd = list + unseparated; at < listEnd; at++) {
    const r = (base + entries[at]) | 0
    // Looked at already, behind one that moved.
    if (r < ordered) continue
    const equals = equalsFrom(r, end, slice, base)
    // They are all in the list.
    if (equals > 0) at += equals - 1
    else {
      ordered = insertRun(r, end, slice, base)
      if (budget[0] < 0) return false
    }
  }
  return true
}
