/**
 * Short vectors: every weight is compared with every other, four vectors at a time. No branch depends on a weight.
 */
import { NEAR, NEAR_SORTED } from './layout'

/** Copy four columns to `to`, rows of 16 bytes. */
function copyNear(block: usize, stride: usize, length: i32, to: usize): void {
  const end = to + ((<usize>length) << 4)
  for (; to < end; to += 16) {
    v128.store(to, v128.load(block))
    block += stride
  }
}

/**
 * Ranks of the weights at `own` among the columns at NEAR, as i32x4: the weights before them that are not larger, and those behind
 * them that are smaller.
 */
function rank4(own: usize, end: usize): v128 {
  const weights = v128.load(own)
  let rank = i32x4.splat(0)
  let row = NEAR
  for (; row < own; row += 16) rank = i32x4.sub(rank, f32x4.le(v128.load(row), weights))
  for (row += 16; row < end; row += 16) rank = i32x4.sub(rank, f32x4.lt(v128.load(row), weights))
  return rank
}

/**
 * Ranks of the columns of a block, as 32-bit integers, in rows like the block's.
 *
 * @param length at most 128.
 * @param columns a multiple of four; rows of both blocks are readable and writable that far.
 */
export function rankShort(block: usize, stride: usize, length: i32, columns: i32, ranks: usize): void {
  const end = NEAR + ((<usize>length) << 4)
  for (let first = 0; first < columns; first += 4) {
    const offset = (<usize>first) << 2
    copyNear(block + offset, stride, length, NEAR)
    let to = ranks + offset
    for (let own = NEAR; own < end; own += 16) {
      v128.store(to, rank4(own, end))
      to += stride
    }
  }
}

/** Synchronize the columns of a block: `out[i] = sorted[rank(w)[i]]`; all blocks have rows of `stride` bytes. */
export function syncShort(
  block: usize,
  sorted: usize,
  stride: usize,
  length: i32,
  columns: i32,
  out: usize,
): void {
  const end = NEAR + ((<usize>length) << 4)
  for (let first = 0; first < columns; first += 4) {
    const offset = (<usize>first) << 2
    copyNear(block + offset, stride, length, NEAR)
    copyNear(sorted + offset, stride, length, NEAR_SORTED)
    let to = out + offset
    for (let own = NEAR; own < end; own += 16) {
      const rank = rank4(own, end)
      store<u32>(to, load<u32>((<usize>i32x4.extract_lane(rank, 0)) << 4, NEAR_SORTED))
      store<u32>(to, load<u32>((<usize>i32x4.extract_lane(rank, 1)) << 4, NEAR_SORTED + 4), 4)
      store<u32>(to, load<u32>((<usize>i32x4.extract_lane(rank, 2)) << 4, NEAR_SORTED + 8), 8)
      store<u32>(to, load<u32>((<usize>i32x4.extract_lane(rank, 3)) << 4, NEAR_SORTED + 12), 12)
      to += stride
    }
  }
}

/** Sort the columns of a block into another, every zero as +0. */
export function sortShort(block: usize, stride: usize, length: i32, columns: i32, out: usize): void {
  const zero = f32x4.splat(0)
  const end = NEAR + ((<usize>length) << 4)
  for (let first = 0; first < columns; first += 4) {
    const column = out + ((<usize>first) << 2)
    copyNear(block + ((<usize>first) << 2), stride, length, NEAR)
    for (let own = NEAR; own < end; own += 16) {
      const rank = rank4(own, end)
      const weights = f32x4.add(v128.load(own), zero)
      store<f32>(column + <usize>i32x4.extract_lane(rank, 0) * stride, f32x4.extract_lane(weights, 0))
      store<f32>(column + <usize>i32x4.extract_lane(rank, 1) * stride, f32x4.extract_lane(weights, 1), 4)
      store<f32>(column + <usize>i32x4.extract_lane(rank, 2) * stride, f32x4.extract_lane(weights, 2), 8)
      store<f32>(column + <usize>i32x4.extract_lane(rank, 3) * stride, f32x4.extract_lane(weights, 3), 12)
    }
  }
}
