/**
 * NaN means that training has diverged: nothing may be permuted by it.
 */
import { DivergedError, type NeuronAxes, weightVectorsOf } from '@laperm/core'

/**
 * @param values of a variable, row-major.
 * @param shape of the variable; a scalar is one vector of one weight.
 * @throws DivergedError naming the first NaN by neuron and weight.
 */
export const assertNoNaN = (
  values: Float32Array,
  shape: readonly number[],
  neuronAxes: NeuronAxes,
  name: string,
): void => {
  const vectors = weightVectorsOf(values, shape.length === 0 ? [1] : shape, neuronAxes)
  const at = vectors.values.findIndex(Number.isNaN)
  if (at >= 0) throw new DivergedError(at % vectors.count, Math.floor(at / vectors.count), name)
}
