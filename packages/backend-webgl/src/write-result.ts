/**
 * Make a result: a tensor of tfjs in the layout of the weights, written by programs of this package.
 */
import type { WeightVectorsSize } from '@laperm/core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type BoundTexture, contextOf, type Draw, draw, withOwnState, withTarget } from './draw.ts'
import type { ProgramText } from './programs.ts'
import { type Columns, sizeUniforms } from './sort-columns.ts'
import {
  type MatrixView,
  type PlacedMatrix,
  placedMatrix,
  placeUniform,
  viewMatrix,
} from './tensor-layout.ts'
import { refuseOutOfMemory } from './work-textures.ts'

/** Texture units: every WebGL 2 device has as many, and no program here needs more. */
const textureUnits = 16

/** A program that writes a result, and what it reads. */
export interface Writing {
  readonly program: ProgramText
  readonly matrices: Readonly<Record<string, PlacedMatrix>>
  readonly textures?: Readonly<Record<string, BoundTexture>>
  readonly integers?: Readonly<Record<string, readonly number[]>>
  /** A vertex shader, and the integers that it wants besides. */
  readonly vertices?: NonNullable<Draw['vertices']>
  readonly more?: Readonly<Record<string, readonly number[]>>
}

/** The result of an operation while it is made. */
export interface Result {
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

/** A tensor of the given size in the layout of another one, on the GPU and not written yet. */
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

/** What an operation reads, and where its result differs from its last input. */
export interface Task {
  readonly backend: MathBackendWebGL
  /** The last of these gives the result its layout. */
  readonly tensors: readonly TensorInfo[]
  readonly size: WeightVectorsSize
  /** Where it is not the tensors'. */
  readonly resultSize?: WeightVectorsSize
}

/** View the tensors, make the result, and let the body write it. Where something fails everything is freed. */
export const produce = (
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
    // Asking for errors is a round trip, so only where tfjs allocated a new texture.
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
