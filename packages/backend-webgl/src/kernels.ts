/**
 * The four operations as sequences of programs over tfjs's textures. Nothing is read back, and nothing handed in is written.
 *
 * Ranks of short or few vectors are counted in one pass. Other vectors' keys are sorted by a network, and one last pass looks
 * every weight's key up among them and writes the result. Results are laid out as the weights were.
 */
import type { WeightVectorsSize } from '@laperm/core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type BoundTexture, contextOf, type Draw, draw, withOwnState, withTarget } from './draw.ts'
import {
  firstNaN,
  type ProgramText,
  permuteByRanks,
  rankAmongSorted,
  rankByCounting,
  sortedWeights,
} from './programs.ts'
import { tiedStrips } from './rank-search.ts'
import { type BlockWork, bound, type Columns, sizeUniforms, sortColumns, treeOf } from './sort-columns.ts'
import {
  isPacked,
  type MatrixView,
  type PlacedMatrix,
  placedMatrix,
  placeUniform,
  viewMatrix,
} from './tensor-layout.ts'
import { planWork, type WorkLimits, workLimits } from './work-plan.ts'
import { refuseOutOfMemory, withWorkbench } from './work-textures.ts'

/** Longest vector whose ranks are always counted, in a single pass with n / 2 reads a weight. */
const countingLimit = 64
/** Pairs of weights up to which counting them takes less than the network's passes take to begin: one vector of 724 weights, ten of 228. */
const fewPairs = 2 ** 19

const isCounted = ({ length, count }: WeightVectorsSize): boolean =>
  length <= countingLimit || length * length * count <= fewPairs

/** Levels up to which few vectors of random weights hold one twice: of 2048 about a tenth do, of 4608 half of them. */
const mostlyUntied = 11

/** More than any program has. */
const textureUnits = 10

/** What a result is written by. */
interface Writing {
  readonly program: ProgramText
  readonly matrices: Readonly<Record<string, PlacedMatrix>>
  readonly textures?: Readonly<Record<string, BoundTexture>>
  readonly integers?: Readonly<Record<string, readonly number[]>>
  /** A vertex shader, and the integers that it wants besides. */
  readonly vertices?: NonNullable<Draw['vertices']>
  readonly more?: Readonly<Record<string, readonly number[]>>
}

/** The result of an operation while it is made. */
interface Result {
  readonly matrix: PlacedMatrix
  /** Write some of its columns. */
  readonly write: (columns: Columns, writing: Writing) => void
}

const columnsAsTexels = ({ arrangement, width }: PlacedMatrix, { first, end }: Columns) => {
  if (arrangement === 'rows') return [first, end] as const
  if (arrangement === 'pairs') return [first >> 1, (end + 1) >> 1] as const
  return [0, width] as const
}

const writeTo = (
  gl: WebGL2RenderingContext,
  framebuffer: WebGLFramebuffer,
  matrix: PlacedMatrix,
  size: WeightVectorsSize,
  columns: Columns,
  { program, matrices, textures, integers, vertices, more }: Writing,
): void => {
  const read = Object.entries(matrices)
  draw(gl, {
    ...program,
    key: vertices === undefined ? program.key : `${program.key} in strips`,
    ...(vertices === undefined ? {} : { vertices }),
    framebuffer,
    width: matrix.width,
    height: matrix.height,
    scissor: columnsAsTexels(matrix, columns),
    textures: {
      ...Object.fromEntries(read.map(([name, { texture }]) => [name, { texture, layered: false }])),
      ...textures,
    },
    integers: {
      ...sizeUniforms(size),
      ...Object.fromEntries(read.map(([name, placed]) => [`${name}Place`, placeUniform(placed)])),
      outPlace: placeUniform(matrix),
      outColumns: [columns.first, columns.end],
      ...integers,
      ...more,
    },
  })
}

/** A tensor laid out as another one is, of the given size, on the GPU and not written yet. */
const makeLike = (
  backend: MathBackendWebGL,
  like: TensorInfo,
  shape: readonly number[] | undefined,
): TensorInfo => {
  const { isPacked: packed, shape: itsShape } = backend.texData.get(like.dataId)
  const info = backend.makeTensorInfo([...(shape ?? itsShape)], 'float32')
  backend.texData.get(info.dataId).isPacked = packed === true
  return info
}

/** What an operation reads, and what of its result is not as its last input's. */
interface Task {
  readonly backend: MathBackendWebGL
  /** The last of these gives the result its layout. */
  readonly tensors: readonly TensorInfo[]
  readonly size: WeightVectorsSize
  /** Where it is not the tensors'. */
  readonly resultSize?: WeightVectorsSize
}

/** View the tensors, make the result, let the body write it. Whatever fails, nothing is left behind. */
const produce = (
  task: Task,
  body: (matrices: readonly PlacedMatrix[], result: Result) => void,
): TensorInfo => {
  const { backend, tensors, size } = task
  const resultSize = task.resultSize ?? size
  if (resultSize.length * resultSize.count === 0)
    return backend.makeTensorInfo([resultSize.length, resultSize.count], 'float32', new Float32Array(0))
  const gl = contextOf(backend)
  const views: MatrixView[] = []
  let info: TensorInfo | undefined
  const bytesBefore = backend.getTextureManager().numBytesAllocated
  try {
    for (const tensor of tensors) views.push(viewMatrix(backend, tensor, size))
    const shape = task.resultSize === undefined ? undefined : [task.resultSize.length, task.resultSize.count]
    info = makeLike(backend, views[views.length - 1].info, shape)
    const matrix = placedMatrix(backend, info, resultSize)
    if (matrix === undefined) throw new Error('the result is packed by other rows than the weights')
    // Asking is a round trip, so only where tfjs had no texture left to use again.
    if (backend.getTextureManager().numBytesAllocated > bytesBefore) refuseOutOfMemory(gl, 'the result')
    withOwnState(backend, textureUnits, () =>
      withTarget(gl, matrix.texture, (framebuffer) => {
        const write = (columns: Columns, writing: Writing): void =>
          writeTo(gl, framebuffer, matrix, resultSize, columns, writing)
        body(
          views.map((view) => view.matrix),
          { matrix, write },
        )
      }),
    )
    return info
  } catch (error) {
    if (info !== undefined) backend.disposeIntermediateTensorInfo(info)
    throw error
  } finally {
    for (const { release } of views) release()
  }
}

const allColumns = ({ count }: WeightVectorsSize): Columns => ({ first: 0, end: count })

/** Sort block after block, and let each block's part of the result be written. */
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
 * To write only the columns in which a key comes twice; undefined where most columns will have one, or the result's columns are no columns
 * of its texture.
 */
const stripsOf = (
  { plan, columns }: BlockWork,
  { arrangement }: PlacedMatrix,
): Pick<Writing, 'vertices' | 'more'> | undefined => {
  const { layerBits, width, groups, levels } = plan
  // Two texels, which is as narrow as fragments are shaded.
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

/** Gather by ranks. */
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
