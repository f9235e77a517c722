/**
 * The order of one weight vector by the bits of its weights: the same few passes whatever the values are.
 *
 * This is the floor under the sort by slices: used when values are so unevenly spread that slices do not separate them.
 */
import { columnMemory, indexBits, MAX_PACKED, spareBase } from './column-memory.ts'
import { clearCounts, countDigit, exclusiveSums, placeByDigit } from './counting-sort.ts'
import { orderKey } from './order-keys.ts'

// Constants of this module: see column-memory.ts.
const { columnWords, entries, counts, keys, indices, packed } = columnMemory

/** Insertion sort of keys above indices, in one number each: stable, and one move a place. */
const orderByInsertion = (base: number, length: number): void => {
  packed[0] = orderKey(columnWords[base]) * MAX_PACKED
  for (let i = 1; i < length; i++) {
    const key = orderKey(columnWords[base + i]) * MAX_PACKED + i
    let to = i
    while (to > 0 && packed[to - 1] > key) {
      packed[to] = packed[to - 1]
      to--
    }
    packed[to] = key
  }
  for (let r = 0; r < length; r++) entries[base + r] = packed[r] & (MAX_PACKED - 1)
}

/** Bits of a digit: about as many counters as weights. */
const digitBitsOf = (length: number): number => Math.max(5, Math.min(11, indexBits(length)))

/**
 * Stable sort of the entries at `first` by `bits` bits above `shift`; passes in which all digits agree are skipped.
 *
 * @returns where the sorted entries are: `first` or `spare`.
 */
const sortEntries = (first: number, spare: number, length: number, shift: number, bits: number): number => {
  const passes = Math.ceil(bits / digitBitsOf(length))
  const digitBits = Math.ceil(bits / passes)
  let from = first
  for (let done = 0; done < bits; done += digitBits) {
    const width = Math.min(digitBits, bits - done)
    const mask = (1 << width) - 1
    const buckets = Math.max(4, mask + 1)
    const to = from === first ? spare : first
    clearCounts(buckets)
    countDigit(from, length, shift + done, mask)
    if (counts[(entries[from] >>> (shift + done)) & mask] === length) continue
    exclusiveSums(to, buckets)
    placeByDigit(from, length, shift + done, mask)
    from = to
  }
  return from
}

/** Low bits of the keys above indices. The shift drops the bits of later rounds. */
const writeLowEntries = (length: number, first: number, shift: number): void => {
  for (let i = 0; i < length; i++) {
    entries[first + i] = (keys[i] << shift) | i
    indices[i] = i
  }
}

/** What a sort left at `from`, as indices of weights: the low bits of an entry are a place in the order before. */
const resolve = (length: number, from: number, mask: number, first: number): void => {
  for (let r = 0; r < length; r++) entries[first + r] = indices[entries[from + r] & mask]
}

/** The next bits of the keys above places in the order so far. */
const writeNextEntries = (length: number, first: number, shift: number, done: number): void => {
  for (let place = 0; place < length; place++) {
    const index = entries[first + place]
    indices[place] = index
    entries[first + place] = ((keys[index] >>> done) << shift) | place
  }
}

/**
 * Stable sort of a column by its order keys; writes indices at the column's place among the orders.
 *
 * An entry has room for 32 bits less the index, so the key's bits are taken in two rounds, the low ones first; in the second an entry's index
 * is a place in the order so far. About three times as long as by slices, whatever the values.
 *
 * @param base where the column starts.
 */
export const orderExactly = (base: number, length: number): void => {
  if (length <= MAX_PACKED) {
    orderByInsertion(base, length)
    return
  }
  for (let i = 0; i < length; i++) keys[i] = orderKey(columnWords[base + i])
  const shift = indexBits(length)
  const mask = (1 << shift) - 1
  const roundBits = 32 - shift
  const spare = spareBase(length)
  writeLowEntries(length, base, shift)
  for (let done = 0; ; ) {
    const from = sortEntries(base, spare, length, shift, Math.min(roundBits, 32 - done))
    resolve(length, from, mask, base)
    done += roundBits
    if (done >= 32) return
    writeNextEntries(length, base, shift, done)
  }
}
