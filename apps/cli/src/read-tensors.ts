/** Weights out of whatever somebody has: a run's directory, a `.laperm` file, a `.safetensors` file of any program. */
import { stat } from 'node:fs/promises'
import { type WeightVectors, weightVectorsSize } from '@laperm/core'
import { decodeSafetensors, type Tensor, toTensors } from '@laperm/formats'
import { nodeSha256, openRun, readWeights } from '@laperm/runs'
import { either as E } from 'fp-ts'
import { type Failure, usageError } from './failure.ts'
import { packedEnding, readNamedFile, readPackedNetwork } from './packed-file.ts'

/** How the axes of foreign tensors lie: Keras and tfjs have the neuron last, PyTorch has it first. */
export const axisOrders = ['keras', 'pytorch'] as const
/** One of {@link axisOrders}. */
export type AxisOrder = (typeof axisOrders)[number]

/** Tensors of a file. */
export interface ReadTensors {
  readonly tensors: readonly Tensor[]
  readonly axes: AxisOrder
  /** Names of what is no floating number. */
  readonly leftOut: readonly string[]
}

const isDirectory = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false

/** Read weights. `axes` wins over what the file says of itself: safetensors that PyTorch wrote have the metadata `format: pt`. */
export const readTensors = async (
  path: string,
  axes: AxisOrder | undefined,
): Promise<E.Either<Failure, ReadTensors>> => {
  if (await isDirectory(path)) {
    const run = await openRun(path)()
    if (E.isLeft(run)) return run
    const params = await readWeights(run.right, 'best')()
    return E.map((read: Parameters<typeof toTensors>[0]) => ({
      tensors: toTensors(read),
      axes: 'keras' as const,
      leftOut: [],
    }))(params)
  }
  if (path.endsWith(packedEnding)) {
    const network = await readPackedNetwork(path)
    return E.isLeft(network)
      ? network
      : E.right({ tensors: toTensors(network.right.params), axes: 'keras', leftOut: [] })
  }
  if (!path.endsWith('.safetensors'))
    return E.left(
      usageError(
        `${path}: the kind of file is told by its ending, and this one is not known. Name a run's directory, a .laperm or a .safetensors file.`,
      ),
    )
  const bytes = await readNamedFile(path)
  if (E.isLeft(bytes)) return bytes
  const file = decodeSafetensors(path, bytes.right, { sha256: nodeSha256, floats: 'any' })
  if (E.isLeft(file)) return file
  const { tensors, metadata, leftOut } = file.right
  return E.right({
    tensors,
    axes: axes ?? (metadata['format'] === 'pt' ? 'pytorch' : 'keras'),
    leftOut: leftOut.map(({ name, dtype }) => `${name} (${dtype})`),
  })
}

/** A kernel's weight vectors: the neuron's axis becomes the last one. A tensor of one axis has none that could be compared. */
export const vectorsOf = ({ shape, values }: Tensor, axes: AxisOrder): WeightVectors | null => {
  if (shape.length < 2 || values.length === 0) return null
  if (axes === 'keras') return { values, ...weightVectorsSize(shape) }
  const count = shape[0] ?? 0
  const length = values.length / count
  const columns = new Float32Array(values.length)
  for (let j = 0, at = 0; j < count; j++)
    for (let i = 0; i < length; i++, at++) columns[i * count + j] = values[at] ?? 0
  return { values: columns, length, count }
}
