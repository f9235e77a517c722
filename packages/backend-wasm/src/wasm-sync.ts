/**
 * Sort, rank and synchronize plain typed arrays with the kernel: the fast API for engines.
 *
 * Blocks of columns are copied into the kernel's memory, worked on there and copied back; what the caller handed in is only read.
 */
import {
  makeSyncScratch,
  matrixBreach,
  outputBreach,
  overlapBreach,
  partialOverlapBreach,
  rankInto,
  sameSizeBreach,
  sortInto,
  syncInto,
  throwBreach,
  throwIfDiverged,
  type WeightVectors,
} from '@laperm/core'
import { type CopyRange, copyIn, copyOut, copySide } from './block-copy.ts'
import { type BlockPlan, MAX_KERNEL_LENGTH, MAX_SHORT_LENGTH, planBlocks } from './block-plan.ts'
import { FIRST_ADDRESS, type Kernel, type KernelInstance } from './kernel.ts'

/**
 * The four operations' fast forms on typed arrays, as in core but for the scratch space, which is the kernel's memory.
 *
 * One instance serves any number of calls, one at a time. Orders, ties and errors are core's.
 */
export interface WasmSync {
  /** `out[r, j]` is the weight of rank `r` of vector `j`; zeros as +0. `out` may be `w.values`. */
  readonly sortInto: (w: WeightVectors, out: Float32Array) => void
  /** `outRanks[i, j]` is the rank of weight `i` within vector `j`. */
  readonly rankInto: (w: WeightVectors, outRanks: Uint32Array) => void
  /** `out[i, j] = sorted[rank(w)[i, j], j]`. `out` may be `w.values`. */
  readonly syncInto: (sorted: WeightVectors, w: WeightVectors, out: Float32Array) => void
  /** Bytes of memory that the kernel holds: what its largest call needed, at most 64 a weight of the longest vector or about 1 MiB. */
  readonly memoryBytes: () => number
}

/** NaN is looked for in pieces of this many weights, as they are copied by. */
const SCAN_WEIGHTS = 1 << 16

/** Whether a value is NaN, at the speed of a copy. */
export const hasNaN = (kernel: Kernel, values: Float32Array): boolean => {
  const { run, floats } = kernel.reserve(FIRST_ADDRESS + 4 * Math.min(SCAN_WEIGHTS, values.length))
  for (let from = 0; from < values.length; from += SCAN_WEIGHTS) {
    const piece = values.subarray(from, from + SCAN_WEIGHTS)
    floats.set(piece, FIRST_ADDRESS / 4)
    if (run.hasNaN(FIRST_ADDRESS, piece.length) !== 0) return true
  }
  return false
}

const throwIfNaN = (kernel: Kernel, w: WeightVectors): void => {
  // The kernel says that there is one, core says where.
  if (hasNaN(kernel, w.values)) throwIfDiverged(w)
}

/** Some columns of a matrix. */
export interface ColumnRange {
  readonly first: number
  readonly count: number
}

/** Plan blocks for columns of a matrix, make room for them, and run `body` on each block. */
const forBlocks = (
  kernel: Kernel,
  length: number,
  range: ColumnRange,
  body: (
    instance: KernelInstance,
    plan: BlockPlan,
    columns: number,
    at: (address: number) => CopyRange,
  ) => void,
): void => {
  const plan = planBlocks(length, range.count)
  const instance = kernel.reserve(plan.bytes)
  const end = range.first + range.count
  for (let first = range.first; first < end; first += plan.columns) {
    const columns = Math.min(plan.columns, end - first)
    body(instance, plan, columns, (address) => ({
      first,
      columns,
      rows: length,
      address,
      stride: plan.stride,
    }))
  }
}

/**
 * Synchronize some columns. Checks nothing: for buffers that fit, without NaN, of vectors of 1 to {@link MAX_KERNEL_LENGTH} weights.
 */
export const syncColumns = (
  kernel: Kernel,
  sorted: WeightVectors,
  w: WeightVectors,
  out: Float32Array,
  range: ColumnRange,
): void => {
  const { length, count } = w
  const fromSorted = copySide(sorted.values, count)
  const from = copySide(w.values, count)
  const to = copySide(out, count)
  forBlocks(kernel, length, range, (instance, { block, second, third, stride }, columns, at) => {
    const { run } = instance
    copyIn(instance, from, at(block))
    if (length <= MAX_SHORT_LENGTH) {
      copyIn(instance, fromSorted, at(second))
      run.syncShort(block, second, stride, length, lanes(columns), third)
      copyOut(instance, to, at(third))
    } else {
      run.orderColumns(block, stride, length, columns, second)
      // The weights are not needed any more: theta_sorted takes their place, and then the result.
      copyIn(instance, fromSorted, at(block))
      run.applyOrders(block, stride, length, columns, second)
      copyOut(instance, to, at(block))
    }
  })
}

/** The first broken rule of a synchronization's buffers, or `null`. */
export const syncBreach = (sorted: WeightVectors, w: WeightVectors, out: Float32Array) =>
  matrixBreach('sorted', sorted, sorted.values) ??
  matrixBreach('w', w, w.values) ??
  sameSizeBreach('sorted', sorted, 'w', w) ??
  outputBreach('out', out, w) ??
  partialOverlapBreach('out', out, 'w', w.values) ??
  overlapBreach('out', out, 'sorted', sorted.values)

const isEmpty = ({ length, count }: WeightVectors): boolean => length === 0 || count === 0
const lanes = (columns: number): number => (columns + 3) & ~3

const allColumns = ({ count }: WeightVectors): ColumnRange => ({ first: 0, count })

/** Use a kernel for typed arrays. */
export const makeWasmSync = (kernel: Kernel): WasmSync => {
  return {
    sortInto: (w, out) => {
      throwBreach(
        matrixBreach('w', w, w.values) ??
          outputBreach('out', out, w) ??
          partialOverlapBreach('out', out, 'w', w.values),
      )
      if (isEmpty(w)) return
      if (w.length > MAX_KERNEL_LENGTH) {
        sortInto(w, out, makeSyncScratch(w.length))
        return
      }
      throwIfNaN(kernel, w)
      const from = copySide(w.values, w.count)
      const to = copySide(out, w.count)
      forBlocks(kernel, w.length, allColumns(w), (instance, { block, second, stride }, columns, at) => {
        const { run } = instance
        copyIn(instance, from, at(block))
        if (w.length <= MAX_SHORT_LENGTH) {
          run.sortShort(block, stride, w.length, lanes(columns), second)
          copyOut(instance, to, at(second))
        } else {
          run.orderColumns(block, stride, w.length, columns, second)
          run.sortColumns(block, stride, w.length, columns, second)
          copyOut(instance, to, at(block))
        }
      })
    },

    rankInto: (w, outRanks) => {
      throwBreach(
        matrixBreach('w', w, w.values) ??
          outputBreach('outRanks', outRanks, w) ??
          overlapBreach('outRanks', outRanks, 'w', w.values),
      )
      if (isEmpty(w)) return
      if (w.length > MAX_KERNEL_LENGTH) {
        rankInto(w, outRanks, makeSyncScratch(w.length))
        return
      }
      throwIfNaN(kernel, w)
      const from = copySide(w.values, w.count)
      const to = copySide(outRanks, w.count)
      forBlocks(kernel, w.length, allColumns(w), (instance, { block, second, stride }, columns, at) => {
        const { run } = instance
        copyIn(instance, from, at(block))
        if (w.length <= MAX_SHORT_LENGTH) {
          run.rankShort(block, stride, w.length, lanes(columns), second)
          copyOut(instance, to, at(second))
        } else {
          run.orderColumns(block, stride, w.length, columns, second)
          run.writeRanks(block, stride, w.length, columns, second)
          copyOut(instance, to, at(block))
        }
      })
    },

    syncInto: (sorted, w, out) => {
      throwBreach(syncBreach(sorted, w, out))
      if (isEmpty(w)) return
      if (w.length > MAX_KERNEL_LENGTH) {
        syncInto(sorted, w, out, makeSyncScratch(w.length))
        return
      }
      throwIfNaN(kernel, w)
      syncColumns(kernel, sorted, w, out, allColumns(w))
    },

    memoryBytes: kernel.memoryBytes,
  }
}
