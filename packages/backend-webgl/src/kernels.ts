/**
 * The four operations as sequences of programs over tfjs's textures. Nothing is read back, and nothing handed in is written.
 *
 * Ranks of short or few vectors are counted in one pass. The keys of all other vectors are sorted by a network; a last pass finds each weight's rank
 * by a search among the sorted keys and writes the result, in the layout of the weights.
 */
import type { WeightVectorsSize } from '@laperm/core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { contextOf } from './draw.ts'
import { firstNaN, permuteByRanks, rankAmongSorted, rankByCounting, sortedWeights } from './programs.ts'
import { tiedStrips } from './rank-search.ts'
import { type BlockWork, bound, type Columns, sortColumns, treeOf } from './sort-columns.ts'
import { isPacked, type PlacedMatrix } from './tensor-layout.ts'
import { planWork, type WorkLimits, workLimits } from './work-plan.ts'
import { withWorkbench } from './work-textures.ts'
import { produce, type Task, type Writing } from './write-result.ts'

/** Longest vector whose ranks are always counted, in a single pass with n / 2 reads a weight. */
const countingLimit = 32
/** Pairs of weights up to which counting is faster than the network: one vector of 512 weights, ten vectors of 161. */
const fewPairs = 2 ** 18

const isCounted = ({ length, count }: WeightVectorsSize): boolean =>
  length <= countingLimit || length * length * count <= fewPairs

/**
 * Levels up to which few vectors of random weights contain a weight twice. Of vectors with uniform weights 4% do at 2048 weights, 19% at 4608 and 93%
 * at 16384; a strip holds four vectors.
 */
const mostlyUntied = 11

const allColumns = ({ count }: WeightVectorsSize): Columns => ({ first: 0, end: count })

/** Sort one block after the other, and write each block's part of the result. */
const inBlocks = (
  { backend, size }: Task,
  result: PlacedMatrix,
  limits: WorkLimits,
  body: (work: BlockWork) => void,
): void => {
  const gl = contextOf(backend)
  const plan = planWork(size, isPacked(result.arrangement) ? 2 : 1, limits)
  for (let first = 0; first < size.count; first += plan.columnsPerBlock) {
    const columns = { first, end: Math.min(first + plan.columnsPerBlock, size.count) }
    withWorkbench(gl, (bench) => body({ gl, bench, plan, size, columns }))
  }
}

/**
 * How to draw only the columns that contain a key twice; undefined where most columns will, or where columns of the result are not columns of its
 * texture.
 */
const stripsOf = (
  { plan, columns }: BlockWork,
  { arrangement }: PlacedMatrix,
): Pick<Writing, 'vertices' | 'more'> | undefined => {
  const { layerBits, width, groups, levels } = plan
  // Two texels wide: fragments are shaded in squares of two by two.
  const stripColumns = isPacked(arrangement) ? 4 : 2
  if (levels > mostlyUntied || columns.first % stripColumns !== 0) return undefined
  if (arrangement !== 'rows' && arrangement !== 'pairs') return undefined
  return {
    vertices: {
      source: () => tiedStrips(layerBits, width),
      count: 6 * Math.ceil((columns.end - columns.first) / stripColumns),
    },
    more: {
      groups: [groups],
      strip: [stripColumns, 2],
      vectors: [columns.first, columns.end],
    },
  }
}

const rankWith = (task: Task, limits: WorkLimits): TensorInfo =>
  produce(task, (matrices, result) => {
    const { size } = task
    const w = matrices[matrices.length - 1]
    const read: { W: PlacedMatrix; Sorted?: PlacedMatrix } =
      matrices.length > 1 ? { W: w, Sorted: matrices[0] } : { W: w }
    const arrangements =
      read.Sorted === undefined ? { W: w.arrangement } : { W: w.arrangement, Sorted: read.Sorted.arrangement }
    if (isCounted(size)) {
      result.write(allColumns(size), {
        program: rankByCounting(arrangements, result.matrix.arrangement),
        matrices: { ...read },
      })
      return
    }
    inBlocks(task, result.matrix, limits, (work) => {
      const { sorted, runs } = sortColumns(work, w, true)
      const tree = treeOf(work, sorted)
      const search = (ties: boolean): Writing => ({
        program: rankAmongSorted(arrangements, result.matrix.arrangement, work.plan, ties),
        matrices: { ...read },
        textures: {
          Sorted0: bound(sorted),
          Tree: bound(tree),
          ...(ties ? Object.fromEntries(runs.map((run, i) => [`Runs${i}`, bound(run)])) : {}),
        },
        integers: { firstVector: [work.columns.first] },
      })
      const strips = stripsOf(work, result.matrix)
      if (strips !== undefined) result.write(work.columns, search(false))
      result.write(work.columns, { ...search(true), ...strips })
    })
  })

/** Rank every weight within its column. `w` holds `length * count` values, row-major. The caller owns the result. */
export const rankKernel = (
  backend: MathBackendWebGL,
  w: TensorInfo,
  size: WeightVectorsSize,
  limits: WorkLimits = workLimits(backend),
): TensorInfo => rankWith({ backend, tensors: [w], size }, limits)

/** `permute(sorted, rank(w))`: the last pass of the ranking writes theta_sorted's values directly. */
export const syncKernel = (
  backend: MathBackendWebGL,
  sorted: TensorInfo,
  w: TensorInfo,
  size: WeightVectorsSize,
  limits: WorkLimits = workLimits(backend),
): TensorInfo => rankWith({ backend, tensors: [sorted, w], size }, limits)

/** Every column ascending, zeros as +0 and every NaN as the quiet one. */
export const sortKernel = (
  backend: MathBackendWebGL,
  w: TensorInfo,
  size: WeightVectorsSize,
  limits: WorkLimits = workLimits(backend),
): TensorInfo => {
  const task = { backend, tensors: [w], size }
  return produce(task, ([values], result) => {
    inBlocks(task, result.matrix, limits, (work) => {
      const { layerBits, width, groups } = work.plan
      const { sorted } = sortColumns(work, values, false)
      result.write(work.columns, {
        program: sortedWeights(result.matrix.arrangement, layerBits, width),
        matrices: {},
        textures: { Entries: bound(sorted) },
        integers: { groups: [groups], firstVector: [work.columns.first] },
      })
    })
  })
}

/** `result[i, j] = sorted[ranks[i, j], j]`. */
export const permuteKernel = (
  backend: MathBackendWebGL,
  sorted: TensorInfo,
  ranks: TensorInfo,
  size: WeightVectorsSize,
): TensorInfo =>
  produce({ backend, tensors: [sorted, ranks], size }, ([Sorted, Ranks], result) => {
    result.write(allColumns(size), {
      program: permuteByRanks(Sorted.arrangement, Ranks.arrangement, result.matrix.arrangement),
      matrices: { Sorted, Ranks },
    })
  })

/** For each column, the row of its first NaN, or -1: `[1, count]`. */
export const firstNaNKernel = (
  backend: MathBackendWebGL,
  w: TensorInfo,
  size: WeightVectorsSize,
): TensorInfo =>
  produce({ backend, tensors: [w], size, resultSize: { length: 1, count: size.count } }, ([W], result) => {
    result.write(allColumns(size), {
      program: firstNaN(W.arrangement, result.matrix.arrangement),
      matrices: { W },
      integers: { rowsToSearch: [size.length] },
    })
  })
