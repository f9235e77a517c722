/**
 * Counting sort by a digit: the step of every radix sort. An entry is a slice number above an index, 32 bits in all.
 *
 * A position is kept as the distance in bytes from the first entry, in 16 bits: a vector has at most 2^14 weights (the position behind
 * the last of 2^14 wraps to 0, and is never used).
 */
import { HIGH, LOW } from './layout'

/** Zero `buckets` counters; a multiple of 8. */
export function clearCounters(counters: usize, buckets: i32): void {
  const zero = i32x4.splat(0)
  const end = counters + ((<usize>buckets) << 1)
  for (let at = counters; at < end; at += 16) v128.store(at, zero)
}

/** Turn counts into starting positions, eight at a time; `buckets` is a multiple of 8. */
export function exclusiveSums(counters: usize, buckets: i32): void {
  const zero = i16x8.splat(0)
  const end = counters + ((<usize>buckets) << 1)
  let carry = zero
  for (let at = counters; at < end; at += 16) {
    const counts = v128.load(at)
    // Inclusive sums within the register, in log2(8) steps.
    let sums = i16x8.add(counts, i16x8.shuffle(zero, counts, 0, 8, 9, 10, 11, 12, 13, 14))
    sums = i16x8.add(sums, i16x8.shuffle(zero, sums, 0, 1, 8, 9, 10, 11, 12, 13))
    sums = i16x8.add(sums, i16x8.shuffle(zero, sums, 0, 1, 2, 3, 8, 9, 10, 11))
    v128.store(at, i16x8.add(carry, i16x8.sub(sums, counts)))
    carry = i16x8.add(carry, i16x8.shuffle(sums, sums, 7, 7, 7, 7, 7, 7, 7, 7))
  }
}

// Shifting by one less and masking the last bit gives a digit times two: the offset of its counter.

function countBoth(entry: u32, lowShift: u32, lowMask: u32, highShift: u32): void {
  const low = <usize>((entry >> lowShift) & lowMask)
  store<u16>(low, load<u16>(low, LOW) + 4, LOW)
  const high = <usize>((entry >> highShift) & ~1)
  store<u16>(high, load<u16>(high, HIGH) + 4, HIGH)
}

/** Count the digit of `lowBits` bits above `shift` at LOW, and all bits above that at HIGH. */
export function countDigits(entries: usize, length: i32, shift: u32, lowBits: u32): void {
  const lowShift = shift - 1
  const lowMask: u32 = ((1 << lowBits) - 1) << 1
  const highShift = lowShift + lowBits
  const end = entries + ((<usize>length) << 2)
  const roundsEnd = entries + ((<usize>(length & ~3)) << 2)
  let at = entries
  for (; at < roundsEnd; at += 16) {
    countBoth(load<u32>(at), lowShift, lowMask, highShift)
    countBoth(load<u32>(at, 4), lowShift, lowMask, highShift)
    countBoth(load<u32>(at, 8), lowShift, lowMask, highShift)
    countBoth(load<u32>(at, 12), lowShift, lowMask, highShift)
  }
  for (; at < end; at += 4) countBoth(load<u32>(at), lowShift, lowMask, highShift)
}

function placeLow(entry: u32, to: usize, shift: u32, mask: u32): void {
  const counter = <usize>((entry >> shift) & mask)
  const position = load<u16>(counter, LOW)
  store<u16>(counter, position + 4, LOW)
  store<u32>(to + <usize>position, entry)
}

function placeHigh(entry: u32, to: usize, shift: u32): void {
  const counter = <usize>((entry >> shift) & ~1)
  const position = load<u16>(counter, HIGH)
  store<u16>(counter, position + 4, HIGH)
  store<u32>(to + <usize>position, entry)
}

/** Move entries to the positions at LOW of the digit of `digitBits` bits above `shift`, stable. */
export function lowPass(from: usize, to: usize, length: i32, shift: u32, digitBits: u32): void {
  const counterShift = shift - 1
  const mask: u32 = ((1 << digitBits) - 1) << 1
  const end = from + ((<usize>length) << 2)
  const roundsEnd = from + ((<usize>(length & ~3)) << 2)
  let at = from
  for (; at < roundsEnd; at += 16) {
    placeLow(load<u32>(at), to, counterShift, mask)
    placeLow(load<u32>(at, 4), to, counterShift, mask)
    placeLow(load<u32>(at, 8), to, counterShift, mask)
    placeLow(load<u32>(at, 12), to, counterShift, mask)
  }
  for (; at < end; at += 4) placeLow(load<u32>(at), to, counterShift, mask)
}

/** Move entries to the positions at HIGH of all bits from `shift` on, stable. */
export function highPass(from: usize, to: usize, length: i32, shift: u32): void {
  const counterShift = shift - 1
  const end = from + ((<usize>length) << 2)
  const roundsEnd = from + ((<usize>(length & ~3)) << 2)
  let at = from
  for (; at < roundsEnd; at += 16) {
    placeHigh(load<u32>(at), to, counterShift)
    placeHigh(load<u32>(at, 4), to, counterShift)
    placeHigh(load<u32>(at, 8), to, counterShift)
    placeHigh(load<u32>(at, 12), to, counterShift)
  }
  for (; at < end; at += 4) placeHigh(load<u32>(at), to, counterShift)
}
