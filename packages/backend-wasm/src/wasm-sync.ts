/**
 * Core's fast forms on typed arrays, computed by the WASM kernel, with the same orders, ties and errors. Vectors that are too long for the kernel
 * are left to core.
 */
import type { WeightVectors } from '@laperm/core'
import {
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
} from '@laperm/core/kernel'
import { copyIn, copyOut, copySide, isPaired } from './block-copy.ts'
import { type BlockPlan, MAX_KERNEL_LENGTH, planBlocks, planWhole } from './block-plan.ts'
import { FIRST_ADDRESS, type Kernel, type KernelFunctions } from './kernel.ts'
import { makeResidentMemory } from './resident-memory.ts'

/**
 * The four operations' fast forms on typed arrays, with core's signatures.
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
  /**
   * Arrays of zeros in the kernel's own memory. Where `sorted`, `w` and `out` of `syncInto` all come from one call of this (or are parts of
   * such arrays), they are synchronized without a copy.
   *
   * They are ordinary float32 arrays, but cannot be transferred to another thread. Their memory is freed with the last of them.
   *
   * @param lengths of the arrays, in weights.
   * @param longestVector longest weight vector to come; matrices with longer ones are copied.
   * @throws RangeError on a length that is not one, or beyond WebAssembly's 4 GiB in all.
   */
  readonly allocate: (
    lengths: readonly number[],
    longestVector: number,
  ) => readonly Float32Array<ArrayBuffer>[]
  /** Bytes of memory that the kernel holds for what it copies: 64 a weight of the longest vector so far and less than a kilobyte, in whole pages of 64 KiB. */
  readonly memoryBytes: () => number
}

/** Whether a value is NaN, found by the kernel on a copy in its memory. */
const hasNaN = (kernel: Kernel, values: Float32Array): boolean => {
  const { run, floats } = kernel.reserve(FIRST_ADDRESS)
  const most = floats.length - FIRST_ADDRESS / 4
  for (let from = 0; from < values.length; from += most) {
    const piece = values.subarray(from, from + most)
    floats.set(piece, FIRST_ADDRESS / 4)
    if (run.hasNaN(FIRST_ADDRESS, piece.length) !== 0) return true
  }
  return false
}

/** An operation of the kernel on columns at `plan.weights`, which become the result. */
type Operation = (run: KernelFunctions, plan: BlockPlan, length: number, columns: number) => void

const syncOperation: Operation = (run, plan, length, columns) =>
  run.syncColumns(
    plan.weights,
    plan.sorted,
    plan.weights,
    plan.stride,
    plan.groupBytes,
    length,
    columns,
    plan.work,
    plan.bundle,
  )
const rankOperation: Operation = (run, plan, length, columns) =>
  run.rankColumns(plan.weights, plan.stride, plan.groupBytes, length, columns, plan.work, plan.bundle)
const sortOperation: Operation = (run, plan, length, columns) =>
  run.sortColumns(plan.weights, plan.stride, plan.groupBytes, length, columns, plan.work, plan.bundle)

/** Run an operation on a whole matrix at once. @returns whether a NaN was found; nothing is written then. */
const runWhole = (
  kernel: Kernel,
  operation: Operation,
  plan: BlockPlan,
  w: WeightVectors,
  sorted: Float32Array | undefined,
  out: Float32Array | Uint32Array,
): boolean => {
  const { run, floats, words } = kernel.reserve(plan.bytes)
  floats.set(w.values, plan.weights / 4)
  if (run.hasNaN(plan.weights, w.values.length) !== 0) return true
  if (sorted !== undefined) floats.set(sorted, plan.sorted / 4)
  operation(run, plan, w.length, w.count)
  const from = plan.weights / 4
  out.set((out instanceof Uint32Array ? words : floats).subarray(from, from + w.values.length))
  return false
}

/** Run an operation on one block of columns after the other. */
const runBlocks = (
  kernel: Kernel,
  operation: Operation,
  plan: BlockPlan,
  w: WeightVectors,
  sorted: Float32Array | undefined,
  out: Float32Array | Uint32Array,
): void => {
  const { length, count } = w
  const { stride, groupBytes } = plan
  const instance = kernel.reserve(plan.bytes)
  const fromW = copySide(w.values, count)
  const fromSorted = sorted === undefined ? undefined : copySide(sorted, count)
  const to = copySide(out, count)
  for (let first = 0; first < count; first += plan.columns) {
    const columns = Math.min(plan.columns, count - first)
    const weights = { first, columns, rows: length, address: plan.weights, stride, groupBytes }
    copyIn(instance, fromW, weights)
    if (fromSorted !== undefined) copyIn(instance, fromSorted, { ...weights, address: plan.sorted })
    operation(instance.run, plan, length, columns)
    copyOut(instance, to, weights)
  }
}

/** An operation on a whole matrix. @throws DivergedError where a weight is NaN, before anything is written. */
const runMatrix = (
  kernel: Kernel,
  operation: Operation,
  w: WeightVectors,
  sorted: Float32Array | undefined,
  out: Float32Array | Uint32Array,
): void => {
  const { values, length, count } = w
  const whole = planWhole(length, count, kernel.memoryBytes())
  // The kernel reports only that there is a NaN; core finds its place for the error.
  if (whole === undefined) {
    if (hasNaN(kernel, values)) throwIfDiverged(w)
    const paired = isPaired(values) && isPaired(out) && (sorted === undefined || isPaired(sorted))
    runBlocks(kernel, operation, planBlocks(length, count, paired, kernel.memoryBytes()), w, sorted, out)
  } else if (runWhole(kernel, operation, whole, w, sorted, out)) throwIfDiverged(w)
}

/** Most elements of a matrix: loops that copy index by signed 32-bit integers. */
const MAX_INDEXED = 2 ** 31 - 1

/** Whether core does the work: the matrix is empty, its vectors have one weight, or there are more weights than the kernel can index. */
const isForCore = ({ length, count }: WeightVectors): boolean =>
  length < 2 || count === 0 || length > MAX_KERNEL_LENGTH || length * count > MAX_INDEXED

/** The first broken rule of a synchronization's buffers, or `null`. */
const syncBreach = (sorted: WeightVectors, w: WeightVectors, out: Float32Array) =>
  matrixBreach('sorted', sorted, sorted.values) ??
  matrixBreach('w', w, w.values) ??
  sameSizeBreach('sorted', sorted, 'w', w) ??
  outputBreach('out', out, w) ??
  partialOverlapBreach('out', out, 'w', w.values) ??
  overlapBreach('out', out, 'sorted', sorted.values)

/** Use a kernel for typed arrays. */
export const makeWasmSync = (kernel: Kernel): WasmSync => {
  const resident = makeResidentMemory(kernel)
  return {
    sortInto: (w, out) => {
      throwBreach(
        matrixBreach('w', w, w.values) ??
          outputBreach('out', out, w) ??
          partialOverlapBreach('out', out, 'w', w.values),
      )
      if (isForCore(w)) sortInto(w, out)
      else runMatrix(kernel, sortOperation, w, undefined, out)
    },

    rankInto: (w, outRanks) => {
      throwBreach(
        matrixBreach('w', w, w.values) ??
          outputBreach('outRanks', outRanks, w) ??
          overlapBreach('outRanks', outRanks, 'w', w.values),
      )
      if (isForCore(w)) rankInto(w, outRanks)
      else runMatrix(kernel, rankOperation, w, undefined, outRanks)
    },

    syncInto: (sorted, w, out) => {
      throwBreach(syncBreach(sorted, w, out))
      if (isForCore(w)) {
        syncInto(sorted, w, out)
        return
      }
      const inMemory = resident.syncInto(sorted, w, out)
      if (inMemory === 'foundNaN') throwIfDiverged(w)
      if (inMemory === 'absent') runMatrix(kernel, syncOperation, w, sorted.values, out)
    },

    allocate: resident.allocate,
    memoryBytes: kernel.memoryBytes,
  }
}
