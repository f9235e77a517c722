/**
 * Use an order: put sorted values, or ranks, where the order says; or gather weights in order.
 *
 * Each works on four columns at a time in contiguous memory and turns the result into rows of the block at the end.
 */
import { LANES, padded } from './layout'

/** Turn four contiguous columns into rows of a block. */
function turnIntoRows(
  columns: usize,
  pitch: usize,
  block: usize,
  stride: usize,
  length: i32,
  lanes: i32,
): void {
  let row = block
  if (lanes === LANES) {
    const whole = length & ~3
    let from = columns
    for (let i = 0; i < whole; i += 4) {
      const c0 = v128.load(from)
      const c1 = v128.load(from + pitch)
      const c2 = v128.load(from + 2 * pitch)
      const c3 = v128.load(from + 3 * pitch)
      const low01 = i32x4.shuffle(c0, c1, 0, 4, 1, 5)
      const low23 = i32x4.shuffle(c2, c3, 0, 4, 1, 5)
      const high01 = i32x4.shuffle(c0, c1, 2, 6, 3, 7)
      const high23 = i32x4.shuffle(c2, c3, 2, 6, 3, 7)
      v128.store(row, i32x4.shuffle(low01, low23, 0, 1, 4, 5))
      v128.store(row + stride, i32x4.shuffle(low01, low23, 2, 3, 6, 7))
      v128.store(row + 2 * stride, i32x4.shuffle(high01, high23, 0, 1, 4, 5))
      v128.store(row + 3 * stride, i32x4.shuffle(high01, high23, 2, 3, 6, 7))
      from += 16
      row += 4 * stride
    }
    for (let i = whole; i < length; i++) {
      for (let k = 0; k < LANES; k++) {
        store<u32>(row + ((<usize>k) << 2), load<u32>(columns + <usize>k * pitch + ((<usize>i) << 2)))
      }
      row += stride
    }
    return
  }
  for (let i = 0; i < length; i++) {
    for (let k = 0; k < lanes; k++) {
      store<u32>(row + ((<usize>k) << 2), load<u32>(columns + <usize>k * pitch + ((<usize>i) << 2)))
    }
    row += stride
  }
}

function scatter4(
  block: usize,
  stride: usize,
  length: i32,
  orders: usize,
  columns: usize,
  pitch: usize,
): void {
  const orderPitch = pitch >> 1
  const c1 = columns + pitch
  const c2 = c1 + pitch
  const c3 = c2 + pitch
  let row = block
  const end = orders + ((<usize>length) << 1)
  for (let order = orders; order < end; order += 2) {
    store<u32>(columns + ((<usize>load<u16>(order)) << 2), load<u32>(row))
    store<u32>(c1 + ((<usize>load<u16>(order + orderPitch)) << 2), load<u32>(row, 4))
    store<u32>(c2 + ((<usize>load<u16>(order + 2 * orderPitch)) << 2), load<u32>(row, 8))
    store<u32>(c3 + ((<usize>load<u16>(order + 3 * orderPitch)) << 2), load<u32>(row, 12))
    row += stride
  }
}

/** `block[order[r]] = block[r]` per column: the block holds theta_sorted before and the synchronized weights after. */
export function applyOrders(block: usize, stride: usize, length: i32, columns: i32, work: usize): void {
  const pitch = (<usize>padded(length)) << 2
  const groups = (columns + 3) >> 2
  const turned = work + <usize>groups * (pitch << 1)
  for (let group = 0; group < groups; group++) {
    const lanes = min(LANES, columns - group * LANES)
    const orders = work + <usize>group * (pitch << 1)
    const first = block + ((<usize>group) << 4)
    if (lanes === LANES) {
      scatter4(first, stride, length, orders, turned, pitch)
    } else {
      for (let k = 0; k < lanes; k++) {
        const order = orders + <usize>k * (pitch >> 1)
        const to = turned + <usize>k * pitch
        for (let r = 0; r < length; r++) {
          const index = <usize>load<u16>(order + ((<usize>r) << 1))
          store<u32>(to + (index << 2), load<u32>(first + <usize>r * stride + ((<usize>k) << 2)))
        }
      }
    }
    turnIntoRows(turned, pitch, first, stride, length, lanes)
  }
}

/** The block's rows become ranks, as 32-bit integers. */
export function writeRanks(block: usize, stride: usize, length: i32, columns: i32, work: usize): void {
  const pitch = (<usize>padded(length)) << 2
  const groups = (columns + 3) >> 2
  const turned = work + <usize>groups * (pitch << 1)
  for (let group = 0; group < groups; group++) {
    const lanes = min(LANES, columns - group * LANES)
    for (let k = 0; k < lanes; k++) {
      const order = work + <usize>group * (pitch << 1) + <usize>k * (pitch >> 1)
      const to = turned + <usize>k * pitch
      for (let r = 0; r < length; r++) {
        store<u32>(to + ((<usize>load<u16>(order + ((<usize>r) << 1))) << 2), r)
      }
    }
    turnIntoRows(turned, pitch, block + ((<usize>group) << 4), stride, length, lanes)
  }
}

/** The block's columns become sorted, every zero as +0. */
export function sortColumns(block: usize, stride: usize, length: i32, columns: i32, work: usize): void {
  const pitch = (<usize>padded(length)) << 2
  const groups = (columns + 3) >> 2
  const turned = work + <usize>groups * (pitch << 1)
  for (let group = 0; group < groups; group++) {
    const lanes = min(LANES, columns - group * LANES)
    const first = block + ((<usize>group) << 4)
    for (let k = 0; k < lanes; k++) {
      const order = work + <usize>group * (pitch << 1) + <usize>k * (pitch >> 1)
      const column = first + ((<usize>k) << 2)
      const to = turned + <usize>k * pitch
      for (let r = 0; r < length; r++) {
        const index = <usize>load<u16>(order + ((<usize>r) << 1))
        store<f32>(to + ((<usize>r) << 2), load<f32>(column + index * stride) + 0)
      }
    }
    turnIntoRows(turned, pitch, first, stride, length, lanes)
  }
}
