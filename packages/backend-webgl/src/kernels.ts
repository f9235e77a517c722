/**
 * The four operations as sequences of programs over tfjs textures. Nothing is read back, and nothing handed in is written.
 *
 * Up to {@link countingLimit} weights, ranks are counted in one pass. Longer vectors are sorted in blocks by counting, the sorted runs
 * are merged pair by pair until {@link runsLeft} are left, and the last pass ranks every weight among them and writes the result.
 */
import type { WeightVectorsSize } from '@laperm/core'
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import {
  countInBlock,
  firstNaN,
  mergeRuns,
  permuteByRanks,
  rankAmongRuns,
  selectInBlock,
} from './programs.ts'

/** Longest vector whose ranks are counted in a single pass: n reads a weight. */
export const countingLimit = 64
/** Block that is sorted by counting before runs are merged: 2 * 32 reads a weight. */
const block = 32
/** Searching in this many runs costs about as many reads as merging them would, and saves the passes. */
const runsLeft = 4

/** One weight matrix on the GPU as an unpacked texture, and how to let go of it. */
interface Unpacked {
  readonly info: TensorInfo
  readonly release: () => void
}

const unpack = (backend: MathBackendWebGL, tensor: TensorInfo): Unpacked => {
  // Small tensors that were never uploaded would otherwise reach the shader as uniforms, which have no texture to fetch from.
  backend.uploadToGPU(tensor.dataId)
  if (backend.texData.get(tensor.dataId).isPacked !== true) return { info: tensor, release: () => {} }
  const info = backend.unpackTensor(tensor)
  return { info, release: () => backend.disposeIntermediateTensorInfo(info) }
}

/** Run one program; `runLength` is the block or run that it works on. */
type Run = (program: GPGPUProgram, inputs: readonly TensorInfo[], runLength: number) => TensorInfo

/** Run programs on unpacked views of the given tensors; whatever was made on the way is freed at the end. */
const withTensors = (
  backend: MathBackendWebGL,
  size: WeightVectorsSize,
  tensors: readonly TensorInfo[],
  body: (run: Run, inputs: readonly TensorInfo[]) => TensorInfo,
): TensorInfo => {
  if (size.length * size.count === 0)
    return backend.makeTensorInfo([size.length, size.count], 'float32', new Float32Array(0))
  const unpacked = tensors.map((tensor) => unpack(backend, tensor))
  const made: TensorInfo[] = []
  let result: TensorInfo | undefined
  try {
    const run: Run = (program, inputs, runLength) => {
      const output = backend.compileAndRun(program, [...inputs], 'float32', [
        [size.length],
        [size.count],
        [runLength],
      ])
      made.push(output)
      return output
    }
    result = body(
      run,
      unpacked.map(({ info }) => info),
    )
    return result
  } finally {
    for (const info of made) if (info !== result) backend.disposeIntermediateTensorInfo(info)
    for (const { release } of unpacked) release()
  }
}

/** Indices of the weights, ascending within runs; as many merges as it takes to leave at most `most` runs. */
const sortedRuns = (run: Run, w: TensorInfo, { length, count }: WeightVectorsSize, most: number) => {
  const positions = run(countInBlock('rank', length, count), [w], block)
  let order = run(selectInBlock('index', length, count), [positions], block)
  let runLength = block
  while (runLength * most < length) {
    order = run(mergeRuns('index', length, count), [w, order], runLength)
    runLength *= 2
  }
  return { order, runLength }
}

const rankWith = (
  backend: MathBackendWebGL,
  size: WeightVectorsSize,
  emit: 'rank' | 'sync',
  tensors: readonly TensorInfo[],
): TensorInfo =>
  withTensors(backend, size, tensors, (run, [w, ...sorted]) => {
    const { length, count } = size
    if (length <= countingLimit) return run(countInBlock(emit, length, count), [w, ...sorted], length)
    const { order, runLength } = sortedRuns(run, w, size, runsLeft)
    return run(rankAmongRuns(emit, length, count), [w, order, ...sorted], runLength)
  })

/** Rank every weight within its column. `w` holds `length * count` values, row-major. The caller owns the result. */
export const rankKernel = (backend: MathBackendWebGL, w: TensorInfo, size: WeightVectorsSize): TensorInfo =>
  rankWith(backend, size, 'rank', [w])

/** `permute(sorted, rank(w))`: the last pass of the ranking writes theta_sorted's values directly. */
export const syncKernel = (
  backend: MathBackendWebGL,
  sorted: TensorInfo,
  w: TensorInfo,
  size: WeightVectorsSize,
): TensorInfo => rankWith(backend, size, 'sync', [w, sorted])

/** Every column ascending, zeros as +0: the last merge writes values instead of indices. */
export const sortKernel = (backend: MathBackendWebGL, w: TensorInfo, size: WeightVectorsSize): TensorInfo =>
  withTensors(backend, size, [w], (run, [values]) => {
    const { length, count } = size
    if (length <= countingLimit) {
      const ranks = run(countInBlock('rank', length, count), [values], length)
      return run(selectInBlock('value', length, count), [ranks, values], length)
    }
    const { order, runLength } = sortedRuns(run, values, size, 2)
    return run(mergeRuns('value', length, count), [values, order], runLength)
  })

/** Gather by ranks. */
export const permuteKernel = (
  backend: MathBackendWebGL,
  sorted: TensorInfo,
  ranks: TensorInfo,
  size: WeightVectorsSize,
): TensorInfo =>
  withTensors(backend, size, [sorted, ranks], (run, inputs) =>
    run(permuteByRanks(size.length, size.count), inputs, size.length),
  )

/** For each column, the row of its first NaN, or -1: `[1, count]`. */
export const firstNaNKernel = (
  backend: MathBackendWebGL,
  w: TensorInfo,
  size: WeightVectorsSize,
): TensorInfo =>
  withTensors(backend, size, [w], (run, inputs) =>
    run(firstNaN(size.length, size.count), inputs, size.length),
  )
