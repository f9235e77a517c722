/** Weights out of whatever somebody has: a run's directory, a `.laperm` file, a file of any program that `@laperm/formats` reads. */
import { stat } from 'node:fs/promises'
import { lastAxis, type Params, type WeightVectors, weightVectorsOf } from '@laperm/core'
import type { ForeignTensor, StoredTensor, WeightFile } from '@laperm/formats'
import { openWeightFile } from '@laperm/formats/node'
import { openRun, readWeights } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { type Failure, usageError } from './failure.ts'
import { packedEnding, readPackedNetwork } from './packed-file.ts'

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
    layer: name.slice(0, Math.max(0, name.lastIndexOf('/'))),
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
  axes: AxisOrder | undefined,
  which: 'best' | 'last' | undefined,
): Failure | null => {
  if (axes !== undefined && kind !== 'file')
    return usageError(
      "--axes is for another program's weights; a run and a .laperm file say where their neurons are.",
    )
  return which !== undefined && kind !== 'run'
    ? usageError(`--weights chooses between those of a run, and ${path} is a file.`)
    : null
}

/** Open weights; whoever opened them closes them. `axes` wins over what the file says of itself; `which` is for runs. */
export const openTensors = async (
  path: string,
  axes: AxisOrder | undefined,
  which?: 'best' | 'last',
): Promise<E.Either<Failure, OpenTensors>> => {
  const found = await stat(path).catch(() => null)
  if (found === null)
    return E.left(
      usageError(
        `${path}: there is no such file. Name a run's directory, a .laperm file, or weights of another program.`,
      ),
    )
  const isPacked = path.endsWith(packedEnding)
  const problem = misplaced(path, found.isDirectory() ? 'run' : isPacked ? 'laperm' : 'file', axes, which)
  if (problem !== null) return E.left(problem)
  if (found.isDirectory()) {
    const run = await openRun(path)()
    if (E.isLeft(run)) return run
    const params = await readWeights(run.right, which ?? 'best')()
    return E.isLeft(params) ? params : E.right(openParams('run', params.right))
  }
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

/** Every tensor of a file, read. */
export const readAllTensors = async (path: string): Promise<E.Either<Failure, readonly ForeignTensor[]>> => {
  const opened = await openTensors(path, undefined)
  if (E.isLeft(opened)) return opened
  try {
    const tensors: ForeignTensor[] = []
    for (const { name, shape, neuronAxes, read } of opened.right.tensors) {
      const values = await read()
      if (E.isLeft(values)) return values
      tensors.push({ name, shape, neuronAxes, values: values.right })
    }
    return E.right(tensors)
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
