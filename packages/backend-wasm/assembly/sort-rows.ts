/**
 * Sort rows: a bitonic network (Batcher 1968) on four columns at a time, for any multiple of eight rows.
 *
 * All comparisons put the smaller entry first. Rows that are missing behind the last one count as the largest entry: a comparison with them would
 * change nothing, so it is left out.
 */
import { finishEights, mergeToSixteens, sortEights } from './eight-rows'
import { compareEights, compareFours, compareTwos, mergeEights, mergeFours, mergeNinth } from './row-networks'

/** Bytes of rows that are sorted completely before the next ones: 16 KiB, which fit the first-level cache. */
const NEAR_BYTES: usize = 16384

/**
 * Sort bitonic runs of `size` bytes, a power of two of at least eight rows: compare at every distance from half of `size` down.
 *
 * Stores bound the time of a pass, so each pass takes three steps of the network; the first takes the one or two that are left over.
 */
function finish(base: usize, end: usize, size: usize): void {
  let steps = 27 - clz<i32>(<i32>size)
  let distance = size
  while (steps > 3) {
    if (steps % 3 === 0) {
      distance >>= 3
      steps -= 3
      compareEights(base, end, distance)
    } else if (steps === 4) {
      distance >>= 1
      steps--
      compareTwos(base, end, distance)
    } else {
      distance >>= 2
      steps -= 2
      compareFours(base, end, distance)
    }
  }
  finishEights(base, end)
}

/** Merge the two sorted halves of each `size` bytes, a power of two of at least 32 rows. */
function mergeWhole(base: usize, end: usize, size: usize): void {
  const steps = 27 - clz<i32>(<i32>size)
  if (steps % 3 === 0) {
    mergeEights(base, end, size)
    finish(base, end, size >> 3)
  } else {
    mergeFours(base, end, size)
    finish(base, end, size >> 2)
  }
}

/** As `finish`, for one run of `size` bytes of which only the first `present` exist. */
function finishPartly(base: usize, size: usize, present: usize): void {
  let run = base
  let left = present
  let half = size >> 1
  while (true) {
    while (half >= left) half >>= 1
    if (left === 2 * half) {
      finish(run, run + left, left)
      return
    }
    for (let at = run; at < run + left - half; at += 16) {
      const a = v128.load(at)
      const b = v128.load(at + half)
      v128.store(at, i32x4.min_u(a, b))
      v128.store(at + half, i32x4.max_u(a, b))
    }
    finish(run, run + half, half)
    run += half
    left -= half
  }
}

/** Merge a sorted half of `size` bytes with the shorter sorted half behind it, of which only `present` bytes exist. */
function mergePartly(base: usize, size: usize, present: usize): void {
  const half = size >> 1
  const eighth = half >> 3
  if (present === half + eighth) {
    mergeNinth(base, eighth)
    finish(base, base + present, eighth)
    return
  }
  const end = base + present
  let low = base + half - 16
  for (let high = base + half; high < end; high += 16) {
    const a = v128.load(low)
    const b = v128.load(high)
    v128.store(low, i32x4.min_u(a, b))
    v128.store(high, i32x4.max_u(a, b))
    low -= 16
  }
  finish(base, base + half, half)
  finishPartly(base + half, half, present - half)
}

/** Merge sorted runs until they are `largest` bytes long, or as long as `bytes`; the first merges make runs of `size` bytes. */
function mergeRuns(base: usize, bytes: usize, size: usize, largest: usize): void {
  for (; size <= largest && size >> 1 < bytes; size <<= 1) {
    const whole = bytes & ~(size - 1)
    if (whole > 0) mergeWhole(base, base + whole, size)
    if (bytes - whole > size >> 1) mergePartly(base + whole, size, bytes - whole)
  }
}

/**
 * Sort rows of four columns, each column by itself, ascending as unsigned 32-bit numbers.
 *
 * @param rows a multiple of eight: sorted eights.
 */
export function sortFromEights(base: usize, rows: i32): void {
  const bytes = (<usize>rows) << 4
  for (let near: usize = 0; near < bytes; near += NEAR_BYTES) {
    const present = min(NEAR_BYTES, bytes - near)
    mergeToSixteens(base + near, base + near + (present & ~255))
    mergeRuns(base + near, present, 512, NEAR_BYTES)
  }
  mergeRuns(base, bytes, 2 * NEAR_BYTES, 1 << 30)
}

/** As `sortFromEights` for rows in any order. */
export function sortRows(base: usize, rows: i32): void {
  sortEights(base, base + ((<usize>rows) << 4))
  sortFromEights(base, rows)
}
