/**
 * A weight vector is a neuron's, wherever the neuron's axis is: a backend synchronizes a variable whose neurons are not on its last axis,
 * through core's layout. The expected values are placed by index, without the layout.
 */
import { valuesOfWeightVectors, type WeightVectors, weightVectorsOf } from '@laperm/core'
import { withBanks } from '../banks.ts'
import { compareBits, type Law } from '../law.ts'

/** The smallest divisor above 1, or 1: the height of the variable's kernel. */
const heightOf = (length: number): number => {
  for (let height = 2; height * height <= length; height++) if (length % height === 0) return height
  return 1
}

/** The values of a variable `[height, count, width]` whose neurons are on axis 1, as a transposed convolution has them. */
const neuronsInTheMiddle = ({ values, length, count }: WeightVectors, height: number): Float32Array => {
  const width = length / height
  const variable = new Float32Array(values.length)
  for (let i = 0; i < length; i++)
    for (let j = 0; j < count; j++)
      variable[(Math.floor(i / width) * count + j) * width + (i % width)] = values[i * count + j]
  return variable
}

export const keepsNeurons: Law = {
  name: 'a neuron keeps its weights, whichever axis counts neurons',
  check: (backend, { sorted, w, expected }) =>
    withBanks(backend, async ({ upload, download, sync }) => {
      const height = heightOf(w.length)
      const shape = [height, w.count, w.length / height]
      const vectors = (from: WeightVectors) => weightVectorsOf(neuronsInTheMiddle(from, height), shape, [1])
      const synced = await download(sync(upload(vectors(sorted)), upload(vectors(w))))
      const asMatrix = (values: Float32Array): WeightVectors => ({ values, length: values.length, count: 1 })
      return compareBits(
        asMatrix(valuesOfWeightVectors(synced, shape, [1])),
        asMatrix(neuronsInTheMiddle(expected.sync(), height)),
      )
    }),
}
