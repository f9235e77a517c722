/**
 * Use an order: put sorted values, or ranks, where it says; or gather weights in order. An order has, for each rank, a row of byte offsets.
 */
import { LANES } from './layout'

/** `to[order[r]] = sorted[r]` in each column. */
export function placeSorted(order: usize, sorted: usize, stride: usize, length: i32, to: usize): void {
  const to1 = to + 4
  const to2 = to + 8
  const to3 = to + 12
  const end = order + ((<usize>length) << 4)
  for (; order < end; order += 16) {
    store<u32>(to + <usize>load<u32>(order), load<u32>(sorted))
    store<u32>(to1 + <usize>load<u32>(order, 4), load<u32>(sorted, 4))
    store<u32>(to2 + <usize>load<u32>(order, 8), load<u32>(sorted, 8))
    store<u32>(to3 + <usize>load<u32>(order, 12), load<u32>(sorted, 12))
    sorted += stride
  }
}

/** `to[order[r]] = r` in each column. */
export function placeRanks(order: usize, length: i32, to: usize): void {
  for (let rank = 0; rank < length; rank++) {
    store<u32>(to + <usize>load<u32>(order), rank)
    store<u32>(to + <usize>load<u32>(order, 4), rank, 4)
    store<u32>(to + <usize>load<u32>(order, 8), rank, 8)
    store<u32>(to + <usize>load<u32>(order, 12), rank, 12)
    order += 16
  }
}

/** `weights[r] = weights[order[r]]` in each column, every zero as +0. The order is lost. */
export function sortByOrder(order: usize, length: i32, weights: usize): void {
  const zero = f32x4.splat(0)
  const bytes = (<usize>length) << 4
  const first = order
  const end = order + bytes
  for (; order < end; order += 16) {
    store<u32>(order, load<u32>(weights + <usize>load<u32>(order)))
    store<u32>(order, load<u32>(weights + <usize>load<u32>(order, 4), 4), 4)
    store<u32>(order, load<u32>(weights + <usize>load<u32>(order, 8), 8), 8)
    store<u32>(order, load<u32>(weights + <usize>load<u32>(order, 12), 12), 12)
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
