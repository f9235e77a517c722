/**
 * Apply an order to columns: scatter sorted values or ranks by it, or gather weights by it. Row r of an order holds the indices of the weights of
 * rank r.
 */
import { LANES } from './layout'

/** Where the weight of an entry lies within its column. */
function offsetOf(entry: u32, mask: u32): usize {
  return (<usize>(entry & mask)) << 4
}

/** `to[order[r]] = sorted[r]` in each column. The loop is unrolled over four rows. */
export function placeSorted(
  order: usize,
  indexBits: i32,
  sorted: usize,
  stride: usize,
  length: i32,
  to: usize,
): void {
  const mask = i32x4.splat((1 << indexBits) - 1)
  const first = i32x4.splat(<i32>to)
  const end = order + ((<usize>length) << 4)
  const foursEnd = order + ((<usize>(length & ~3)) << 4)
  for (; order < foursEnd; order += 64) {
    let at = i32x4.add(i32x4.shl(v128.and(v128.load(order), mask), 4), first)
    store<u32>(<usize>i32x4.extract_lane(at, 0), load<u32>(sorted))
    store<u32>(<usize>i32x4.extract_lane(at, 1), load<u32>(sorted, 4), 4)
    store<u32>(<usize>i32x4.extract_lane(at, 2), load<u32>(sorted, 8), 8)
    store<u32>(<usize>i32x4.extract_lane(at, 3), load<u32>(sorted, 12), 12)
    sorted += stride
    at = i32x4.add(i32x4.shl(v128.and(v128.load(order, 16), mask), 4), first)
    store<u32>(<usize>i32x4.extract_lane(at, 0), load<u32>(sorted))
    store<u32>(<usize>i32x4.extract_lane(at, 1), load<u32>(sorted, 4), 4)
    store<u32>(<usize>i32x4.extract_lane(at, 2), load<u32>(sorted, 8), 8)
    store<u32>(<usize>i32x4.extract_lane(at, 3), load<u32>(sorted, 12), 12)
    sorted += stride
    at = i32x4.add(i32x4.shl(v128.and(v128.load(order, 32), mask), 4), first)
    store<u32>(<usize>i32x4.extract_lane(at, 0), load<u32>(sorted))
    store<u32>(<usize>i32x4.extract_lane(at, 1), load<u32>(sorted, 4), 4)
    store<u32>(<usize>i32x4.extract_lane(at, 2), load<u32>(sorted, 8), 8)
    store<u32>(<usize>i32x4.extract_lane(at, 3), load<u32>(sorted, 12), 12)
    sorted += stride
    at = i32x4.add(i32x4.shl(v128.and(v128.load(order, 48), mask), 4), first)
    store<u32>(<usize>i32x4.extract_lane(at, 0), load<u32>(sorted))
    store<u32>(<usize>i32x4.extract_lane(at, 1), load<u32>(sorted, 4), 4)
    store<u32>(<usize>i32x4.extract_lane(at, 2), load<u32>(sorted, 8), 8)
    store<u32>(<usize>i32x4.extract_lane(at, 3), load<u32>(sorted, 12), 12)
    sorted += stride
  }
  for (; order < end; order += 16) {
    const at = i32x4.add(i32x4.shl(v128.and(v128.load(order), mask), 4), first)
    store<u32>(<usize>i32x4.extract_lane(at, 0), load<u32>(sorted))
    store<u32>(<usize>i32x4.extract_lane(at, 1), load<u32>(sorted, 4), 4)
    store<u32>(<usize>i32x4.extract_lane(at, 2), load<u32>(sorted, 8), 8)
    store<u32>(<usize>i32x4.extract_lane(at, 3), load<u32>(sorted, 12), 12)
    sorted += stride
  }
}

/** `to[order[r]] = r` in each column. */
export function placeRanks(order: usize, indexBits: i32, length: i32, to: usize): void {
  const mask: u32 = (1 << indexBits) - 1
  for (let rank = 0; rank < length; rank++) {
    store<u32>(to + offsetOf(load<u32>(order), mask), rank)
    store<u32>(to + offsetOf(load<u32>(order, 4), mask), rank, 4)
    store<u32>(to + offsetOf(load<u32>(order, 8), mask), rank, 8)
    store<u32>(to + offsetOf(load<u32>(order, 12), mask), rank, 12)
    order += 16
  }
}

/** `weights[r] = weights[order[r]]` in each column, every zero as +0. The order is lost. */
export function sortByOrder(order: usize, indexBits: i32, length: i32, weights: usize): void {
  const mask: u32 = (1 << indexBits) - 1
  const zero = f32x4.splat(0)
  const bytes = (<usize>length) << 4
  const first = order
  const end = order + bytes
  for (; order < end; order += 16) {
    store<u32>(order, load<u32>(weights + offsetOf(load<u32>(order), mask)))
    store<u32>(order, load<u32>(weights + offsetOf(load<u32>(order, 4), mask), 4), 4)
    store<u32>(order, load<u32>(weights + offsetOf(load<u32>(order, 8), mask), 8), 8)
    store<u32>(order, load<u32>(weights + offsetOf(load<u32>(order, 12), mask), 12), 12)
    v128.store(order, f32x4.add(v128.load(order), zero))
  }
  memory.copy(weights, first, bytes)
}

/** Copy the first `columns` columns of rows of 16 bytes to rows `stride` bytes apart. */
export function spreadGroup(rows: usize, length: i32, to: usize, stride: usize, columns: i32): void {
  const end = rows + ((<usize>length) << 4)
  for (; rows < end; rows += 16) {
    if (columns === LANES) v128.store(to, v128.load(rows))
    else
      for (let lane: usize = 0; lane < (<usize>columns) << 2; lane += 4)
        store<u32>(to + lane, load<u32>(rows + lane))
    to += stride
  }
}

/** As `spreadGroup` for two whole groups, `rowsBytes` apart, side by side. */
export function spreadTwo(rows: usize, rowsBytes: usize, length: i32, to: usize, stride: usize): void {
  const end = rows + ((<usize>length) << 4)
  for (; rows < end; rows += 16) {
    v128.store(to, v128.load(rows))
    v128.store(to, v128.load(rows + rowsBytes), 16)
    to += stride
  }
}

/** As `spreadGroup` for four whole groups, `rowsBytes` apart, side by side: a cache line of every row is written at once. */
export function spreadFour(rows: usize, rowsBytes: usize, length: i32, to: usize, stride: usize): void {
  const end = rows + ((<usize>length) << 4)
  for (; rows < end; rows += 16) {
    v128.store(to, v128.load(rows))
    v128.store(to, v128.load(rows + rowsBytes), 16)
    v128.store(to, v128.load(rows + 2 * rowsBytes), 32)
    v128.store(to, v128.load(rows + 3 * rowsBytes), 48)
    to += stride
  }
}
