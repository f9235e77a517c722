/**
 * The order of one weight vector by the bits of its weights: the same few passes whatever the values are.
 *
 * This is the floor under the sort by slices: used when values are so unevenly spread that slices do not separate them.
 */
import { clearCounts, countDigit, exclusiveSums, placeByDigit } from './counting-sort.ts'
import { indexBits } from './entry-order.ts'
import { orderKey } from './order-keys.ts'
import type { SyncScratch } from './sync-scratch.ts'

/** Up to this length insertion is faster than counting; measured. */
const MAX_INSERTION_LENGTH = 64

/** Insertion sort of indices by their keys, which are moved along. */
const orderByInsertion = (keys: Uint32Array, length: number, order: Int32Array): void => {
  order[0] = 0
  for (let i = 1; i < length; i++) {
    const key = keys[i]
    let to = i
    while (to > 0 && keys[to - 1] > key) {
      keys[to] = keys[to - 1]
      order[to] = order[to - 1]
      to--
    }
    keys[to] = key
    order[to] = i
  }
}

/** Bits of a digit: about as many counters as weights. */
const digitBitsOf = (length: number): number => Math.max(5, Math.min(11, indexBits(length)))

/** Stable sort of entries by `bits` bits above `shift`; passes in which all digits agree are skipped. */
const sortEntries = (
  entries: Int32Array,
  spare: Int32Array,
  length: number,
  shift: number,
  bits: number,
  counts: Int32Array,
): void => {
  const widest = digitBitsOf(length)
  const passes = Math.ceil(bits / widest)
  const digitBits = Math.ceil(bits / passes)
  let from = entries
  let to = spare
  for (let done = 0; done < bits; done += digitBits) {
    const width = Math.min(digitBits, bits - done)
    const mask = (1 << width) - 1
    const buckets = Math.max(4, mask + 1)
    clearCounts(counts, buckets)
    countDigit(from, length, shift + done, mask, counts)
    if (counts[(from[0] >>> (shift + done)) & mask] === length) continue
    exclusiveSums(counts, buckets)
    placeByDigit(from, to, length, shift + done, mask, counts)
    const swap = from
    from = to
    to = swap
  }
  if (from !== entries) for (let r = 0; r < length; r++) entries[r] = from[r]
}

/**
 * Stable sort of a column of `scratch.columns` by its order keys; writes indices to `order`.
 *
 * An entry has room for 32 bits less the index, so the key's bits are taken in two rounds (more beyond 65536 weights), the low ones first; from
 * the second round on an entry's index is a place in the order so far. About twice as long as by slices, whatever the values.
 *
 * @param base where the column starts.
 */
export const orderExactly = (base: number, length: number, order: Int32Array, scratch: SyncScratch): void => {
  const { rankColumns: bits, counts, orderSpare, keys, indices } = scratch
  for (let i = 0; i < length; i++) keys[i] = orderKey(bits[base + i])
  if (length <= MAX_INSERTION_LENGTH) {
    orderByInsertion(keys, length, order)
    return
  }
  const shift = indexBits(length)
  const mask = (1 << shift) - 1
  const roundBits = 32 - shift
  for (let i = 0; i < length; i++) {
    // The shift drops the bits of later rounds.
    order[i] = (keys[i] << shift) | i
    indices[i] = i
  }
  for (let done = 0; ; ) {
    sortEntries(order, orderSpare, length, shift, Math.min(roundBits, 32 - done), counts)
    for (let r = 0; r < length; r++) order[r] = indices[order[r] & mask]
    done += roundBits
    if (done >= 32) return
    for (let place = 0; place < length; place++) {
      const index = order[place]
      indices[place] = index
      order[place] = ((keys[index] >>> done) << shift) | place
    }
  }
}
