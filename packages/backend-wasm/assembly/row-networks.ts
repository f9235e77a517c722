/**
 * Passes of a sorting network over rows that are any distance apart.
 *
 * A row is one register: the entries of four columns, each an unsigned 32-bit number. A comparison puts the smaller of two entries into the row
 * with the smaller address, in all four columns at once, without a branch: the time does not depend on the values.
 * Distances are in bytes. A pass reads and writes each row once, for one, two or three steps of the network.
 * These are written by hand, unlike eight-rows.ts: every pass computes its addresses in another way.
 */

/** Compare rows `distance` apart. */
export function compareTwos(base: usize, end: usize, distance: usize): void {
  let t: v128
  for (let block = base; block < end; block += 2 * distance) {
    const stop = block + distance
    for (let at = block; at < stop; at += 16) {
      let r0 = v128.load(at)
      let r1 = v128.load(at + distance)
      t = i32x4.min_u(r0, r1)
      r1 = i32x4.max_u(r0, r1)
      r0 = t
      v128.store(at, r0)
      v128.store(at + distance, r1)
    }
  }
}

/** Compare rows `2 * distance` apart, then rows `distance` apart. */
export function compareFours(base: usize, end: usize, distance: usize): void {
  let t: v128
  for (let block = base; block < end; block += 4 * distance) {
    const stop = block + distance
    for (let at = block; at < stop; at += 16) {
      let r0 = v128.load(at)
      let r1 = v128.load(at + distance)
      let r2 = v128.load(at + 2 * distance)
      let r3 = v128.load(at + 3 * distance)
      t = i32x4.min_u(r0, r2)
      r2 = i32x4.max_u(r0, r2)
      r0 = t
      t = i32x4.min_u(r1, r3)
      r3 = i32x4.max_u(r1, r3)
      r1 = t
      t = i32x4.min_u(r0, r1)
      r1 = i32x4.max_u(r0, r1)
      r0 = t
      t = i32x4.min_u(r2, r3)
      r3 = i32x4.max_u(r2, r3)
      r2 = t
      v128.store(at, r0)
      v128.store(at + distance, r1)
      v128.store(at + 2 * distance, r2)
      v128.store(at + 3 * distance, r3)
    }
  }
}

/** Compare rows `4 * distance` apart, then `2 * distance`, then `distance`. */
export function compareEights(base: usize, end: usize, distance: usize): void {
  let t: v128
  for (let block = base; block < end; block += 8 * distance) {
    const stop = block + distance
    for (let at = block; at < stop; at += 16) {
      let r0 = v128.load(at)
      let r1 = v128.load(at + distance)
      let r2 = v128.load(at + 2 * distance)
      let r3 = v128.load(at + 3 * distance)
      let r4 = v128.load(at + 4 * distance)
      let r5 = v128.load(at + 5 * distance)
      let r6 = v128.load(at + 6 * distance)
      let r7 = v128.load(at + 7 * distance)
      t = i32x4.min_u(r0, r4)
      r4 = i32x4.max_u(r0, r4)
      r0 = t
      t = i32x4.min_u(r1, r5)
      r5 = i32x4.max_u(r1, r5)
      r1 = t
      t = i32x4.min_u(r2, r6)
      r6 = i32x4.max_u(r2, r6)
      r2 = t
      t = i32x4.min_u(r3, r7)
      r7 = i32x4.max_u(r3, r7)
      r3 = t
      t = i32x4.min_u(r0, r2)
      r2 = i32x4.max_u(r0, r2)
      r0 = t
      t = i32x4.min_u(r1, r3)
      r3 = i32x4.max_u(r1, r3)
      r1 = t
      t = i32x4.min_u(r4, r6)
      r6 = i32x4.max_u(r4, r6)
      r4 = t
      t = i32x4.min_u(r5, r7)
      r7 = i32x4.max_u(r5, r7)
      r5 = t
      t = i32x4.min_u(r0, r1)
      r1 = i32x4.max_u(r0, r1)
      r0 = t
      t = i32x4.min_u(r2, r3)
      r3 = i32x4.max_u(r2, r3)
      r2 = t
      t = i32x4.min_u(r4, r5)
      r5 = i32x4.max_u(r4, r5)
      r4 = t
      t = i32x4.min_u(r6, r7)
      r7 = i32x4.max_u(r6, r7)
      r6 = t
      v128.store(at, r0)
      v128.store(at + distance, r1)
      v128.store(at + 2 * distance, r2)
      v128.store(at + 3 * distance, r3)
      v128.store(at + 4 * distance, r4)
      v128.store(at + 5 * distance, r5)
      v128.store(at + 6 * distance, r6)
      v128.store(at + 7 * distance, r7)
    }
  }
}

/** Begin to merge the two sorted halves of each `size` bytes: compare each row with its mirror image, then rows a quarter of `size` apart. */
export function mergeFours(base: usize, end: usize, size: usize): void {
  let t: v128
  const distance = size / 4
  for (let block = base; block < end; block += size) {
    let low = block
    let high = block + size - 16
    for (const stop = block + distance; low < stop; low += 16) {
      let a0 = v128.load(low)
      let a1 = v128.load(low + distance)
      let b0 = v128.load(high)
      let b1 = v128.load(high - distance)
      t = i32x4.min_u(a0, b0)
      b0 = i32x4.max_u(a0, b0)
      a0 = t
      t = i32x4.min_u(a1, b1)
      b1 = i32x4.max_u(a1, b1)
      a1 = t
      t = i32x4.min_u(a0, a1)
      a1 = i32x4.max_u(a0, a1)
      a0 = t
      t = i32x4.min_u(b1, b0)
      b0 = i32x4.max_u(b1, b0)
      b1 = t
      v128.store(low, a0)
      v128.store(low + distance, a1)
      v128.store(high, b0)
      v128.store(high - distance, b1)
      high -= 16
    }
  }
}

/** As `mergeFours`, then compare rows an eighth of `size` apart. */
export function mergeEights(base: usize, end: usize, size: usize): void {
  let t: v128
  const distance = size / 8
  for (let block = base; block < end; block += size) {
    let low = block
    let high = block + size - 16
    for (const stop = block + distance; low < stop; low += 16) {
      let a0 = v128.load(low)
      let a1 = v128.load(low + distance)
      let a2 = v128.load(low + 2 * distance)
      let a3 = v128.load(low + 3 * distance)
      let b0 = v128.load(high)
      let b1 = v128.load(high - distance)
      let b2 = v128.load(high - 2 * distance)
      let b3 = v128.load(high - 3 * distance)
      t = i32x4.min_u(a0, b0)
      b0 = i32x4.max_u(a0, b0)
      a0 = t
      t = i32x4.min_u(a1, b1)
      b1 = i32x4.max_u(a1, b1)
      a1 = t
      t = i32x4.min_u(a2, b2)
      b2 = i32x4.max_u(a2, b2)
      a2 = t
      t = i32x4.min_u(a3, b3)
      b3 = i32x4.max_u(a3, b3)
      a3 = t
      t = i32x4.min_u(a0, a2)
      a2 = i32x4.max_u(a0, a2)
      a0 = t
      t = i32x4.min_u(b2, b0)
      b0 = i32x4.max_u(b2, b0)
      b2 = t
      t = i32x4.min_u(a1, a3)
      a3 = i32x4.max_u(a1, a3)
      a1 = t
      t = i32x4.min_u(b3, b1)
      b1 = i32x4.max_u(b3, b1)
      b3 = t
      t = i32x4.min_u(a0, a1)
      a1 = i32x4.max_u(a0, a1)
      a0 = t
      t = i32x4.min_u(b1, b0)
      b0 = i32x4.max_u(b1, b0)
      b1 = t
      t = i32x4.min_u(a2, a3)
      a3 = i32x4.max_u(a2, a3)
      a2 = t
      t = i32x4.min_u(b3, b2)
      b2 = i32x4.max_u(b3, b2)
      b3 = t
      v128.store(low, a0)
      v128.store(low + distance, a1)
      v128.store(low + 2 * distance, a2)
      v128.store(low + 3 * distance, a3)
      v128.store(high, b0)
      v128.store(high - distance, b1)
      v128.store(high - 2 * distance, b2)
      v128.store(high - 3 * distance, b3)
      high -= 16
    }
  }
}

/**
 * Begin to merge a sorted run of eight parts, of `size` bytes each, with a sorted ninth part behind them: the last merge of 9 * 2^k rows, which
 * weight vectors of 3 x 3 kernels have. Afterwards each part is bitonic, and no entry of a part is larger than one of the next part.
 *
 * It is a merge of 16 parts of which the last seven are missing. The ninth part is compared with the mirror image of the eighth, then parts
 * four, two and one apart are compared. The first seven parts are in order already, so comparisons among them are left out.
 */
export function mergeNinth(base: usize, size: usize): void {
  let t: v128
  let ninth = base + 9 * size - 16
  for (let at = base; at < base + size; at += 16) {
    let r0 = v128.load(at)
    let r1 = v128.load(at + size)
    let r2 = v128.load(at + 2 * size)
    let r3 = v128.load(at + 3 * size)
    let r4 = v128.load(at + 4 * size)
    let r5 = v128.load(at + 5 * size)
    let r6 = v128.load(at + 6 * size)
    let r7 = v128.load(at + 7 * size)
    const last = v128.load(ninth)
    v128.store(ninth, i32x4.max_u(r7, last))
    r7 = i32x4.min_u(r7, last)
    ninth -= 16
    t = i32x4.min_u(r3, r7)
    r7 = i32x4.max_u(r3, r7)
    r3 = t
    t = i32x4.min_u(r1, r3)
    r3 = i32x4.max_u(r1, r3)
    r1 = t
    t = i32x4.min_u(r5, r7)
    r7 = i32x4.max_u(r5, r7)
    r5 = t
    t = i32x4.min_u(r0, r1)
    r1 = i32x4.max_u(r0, r1)
    r0 = t
    t = i32x4.min_u(r2, r3)
    r3 = i32x4.max_u(r2, r3)
    r2 = t
    t = i32x4.min_u(r4, r5)
    r5 = i32x4.max_u(r4, r5)
    r4 = t
    t = i32x4.min_u(r6, r7)
    r7 = i32x4.max_u(r6, r7)
    r6 = t
    v128.store(at, r0)
    v128.store(at + size, r1)
    v128.store(at + 2 * size, r2)
    v128.store(at + 3 * size, r3)
    v128.store(at + 4 * size, r4)
    v128.store(at + 5 * size, r5)
    v128.store(at + 6 * size, r6)
    v128.store(at + 7 * size, r7)
  }
}
