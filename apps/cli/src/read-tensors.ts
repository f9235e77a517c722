/** Weights out of whatever somebody has: a run's directory, a `.laperm` file, a file of any program that `@laperm/formats` reads. */
import { stat } from 'node:fs/promises'
import { lastAxis, type Params, type WeightVectors, weightVectorsOf } from '@laperm/core'
import {
  type ForeignTensor,
  type StoredTensor,
  type Tensor,
  unpackWeights,
  type WeightFile,
} from '@laperm/formats'
import { openWeightFile } from '@laperm/formats/node'
import { nodeSha256, openRun, readWeights } from '@laperm/runs'
import { layerOfParameter } from '@laperm/train'
import { either as E } from 'fp-ts'
import { type Failure, usageError } from './failure.ts'
import { packedEnding, readNamedFile, readPackedNetwork } from './packed-file.ts'

/** Where neurons are counted in foreign tensors: Keras and tfjs have the neuron last, PyTorch has it first. */
export const axisOrders = ['keras', 'pytorch'] as const
/** One of {@link axisOrders}. */
export type AxisOrder = (typeof axisOrders)[number]

/** Weights that have been opened: each tensor is read when it is asked for. */
export interface OpenTensors {
  /** `run` and `laperm` are ours. */
  readonly format: WeightFile['format'] | 'run' | 'laperm'
  readonly tensors: readonly StoredTensor[]
  /** Names of what is no floating number. */
  readonly leftOut: readonly string[]
  readonly close: () => Promise<void>
}

/** A network's parameters as tensors of a file. */
const openParams = (format: 'run' | 'laperm', params: Params): OpenTensors => ({
  format,
  tensors: params.map(({ name, shape, role, values }) => ({
    name,
    shape,
    dtype: 'F32',
    neuronAxes: lastAxis(shape),
    layer: layerOfParameter(name),
    role,
    read: async () => E.right(values),
  })),
  leftOut: [],
  close: async () => undefined,
})

const withOrder = (tensor: StoredTensor, order: AxisOrder | undefined): StoredTensor =>
  order === undefined || tensor.shape.length < 2
    ? tensor
    : { ...tensor, neuronAxes: order === 'pytorch' ? [0] : lastAxis(tensor.shape) }

/** Flags that say nothing about weights of this kind. */
const misplaced = (
  path: string,
  kind: 'run' | 'laperm' | 'file',
  { axes, which, initialWeights }: OpenOptions,
): Failure | null => {
  if (initialWeights !== undefined && kind !== 'laperm')
    return usageError(
      `--initial-weights is for a .laperm file; ${path} is none, and needs no initial weights to be read.`,
    )
  if (axes !== undefined && (kind === 'run' || (kind === 'laperm' && initialWeights === undefined)))
    return usageError(
      "--axes is for another program's weights; a run and a .laperm file of ours say where their neurons are.",
    )
  return which !== undefined && kind !== 'run'
    ? usageError(`--weights chooses between those of a run, and ${path} is a file.`)
    : null
}

/** A `.laperm` file of another program's weights, which are where they were in the file of the initial ones. */
const openPackedWeights = async (
  path: string,
  initialWeights: string,
  axes: AxisOrder | undefined,
): Promise<E.Either<Failure, OpenTensors>> => {
  const bytes = await readNamedFile(path, 'Name a .laperm file.')
  if (E.isLeft(bytes)) return bytes
  const opened = await openTensors(initialWeights, { axes })
  if (E.isLeft(opened)) return opened
  try {
    const { tensors } = opened.right
    const initial = await valuesOf(tensors)
    if (E.isLeft(initial)) return initial
    return E.map((trained: readonly Tensor[]): OpenTensors => {
      const valuesByName = new Map(trained.map(({ name, values }) => [name, values]))
      return {
        format: 'laperm',
        tensors: tensors.map((tensor) => ({
          ...tensor,
          dtype: 'F32',
          read: async () => E.right(valuesByName.get(tensor.name) ?? new Float32Array(0)),
        })),
        leftOut: opened.right.leftOut,
        close: async () => undefined,
      }
    })(unpackWeights(path, bytes.right, initial.right, { sha256: nodeSha256 }))
  } finally {
    await opened.right.close()
  }
}

/** How weights are opened. */
export interface OpenOptions {
  /** Wins over what the file says of itself. */
  readonly axes?: AxisOrder | undefined
  /** Of a run. */
  readonly which?: 'best' | 'last' | undefined
  /** A file: what a `.laperm` file of another program's weights was packed against. */
  readonly initialWeights?: string | undefined
}

/** Open weights; whoever opened them closes them. */
export const openTensors = async (
  path: string,
  options: OpenOptions = {},
): Promise<E.Either<Failure, OpenTensors>> => {
  const { axes, which, initialWeights } = options
  const found = await stat(path).catch(() => null)
  if (found === null)
    return E.left(
      usageError(
        `${path}: there is no such file. Name a run's directory, a .laperm file, or weights of another program.`,
      ),
    )
  const isPacked = path.endsWith(packedEnding)
  const problem = misplaced(path, found.isDirectory() ? 'run' : isPacked ? 'laperm' : 'file', options)
  if (problem !== null) return E.left(problem)
  if (found.isDirectory()) {
    const run = await openRun(path)()
    if (E.isLeft(run)) return run
    const params = await readWeights(run.right, which ?? 'best')()
    return E.isLeft(params) ? params : E.right(openParams('run', params.right))
  }
  if (isPacked && initialWeights !== undefined) return openPackedWeights(path, initialWeights, axes)
  if (isPacked) {
    const network = await readPackedNetwork(path)
    return E.isLeft(network) ? network : E.right(openParams('laperm', network.right.params))
  }
  const file = await openWeightFile(path)()
  if (E.isLeft(file)) return file
  const { format, tensors, leftOut, close } = file.right
  return E.right({
    format,
    tensors: tensors.map((tensor) => withOrder(tensor, axes)),
    leftOut: leftOut.map(({ name, dtype }) => `${name} (${dtype})`),
    close,
  })
}

/** Tensors with their values, all of them in memory. */
const valuesOf = async (
  tensors: readonly StoredTensor[],
): Promise<E.Either<Failure, readonly ForeignTensor[]>> => {
  const read: ForeignTensor[] = []
  for (const { name, shape, neuronAxes, read: readValues } of tensors) {
    const values = await readValues()
    if (E.isLeft(values)) return values
    read.push({ name, shape, neuronAxes, values: values.right })
  }
  return E.right(read)
}

/** Every tensor of a file, read. */
export const readAllTensors = async (path: string): Promise<E.Either<Failure, readonly ForeignTensor[]>> => {
  const opened = await openTensors(path)
  if (E.isLeft(opened)) return opened
  try {
    return await valuesOf(opened.right.tensors)
  } finally {
    await opened.right.close()
  }
}

/** Whether a tensor has weight vectors to compare: one of a single axis is one vector. */
export const hasVectors = ({ shape }: StoredTensor): boolean =>
  shape.length >= 2 && shape.every((axis) => axis > 0)

/** A tensor's weight vectors, read now. */
export const readVectors = async ({
  shape,
  neuronAxes,
  read,
}: StoredTensor): Promise<E.Either<Failure, WeightVectors>> =>
  E.map((values: Float32Array) => weightVectorsOf(values, shape, neuronAxes))(await read())
