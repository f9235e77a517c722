/**
 * Which axes of a variable count its neurons, and the way from the variable's memory to its weight vectors and back.
 *
 * Most variables of Keras and tfjs have their neurons on the last axis, and their memory is the matrix of weight vectors already. A transposed
 * convolution has `[kh, kw, out, in]`, a depthwise one `[kh, kw, in, multiplier]`, where each pair of the last two axes is one neuron.
 */
import { type WeightVectors, type WeightVectorsSize, weightVectorsSize } from './weight-vectors.ts'

/** Axes of a shape, from 0, that count neurons; all others run through the weights of a neuron. None: the whole variable is one vector. */
export type NeuronAxes = readonly number[]

/** How a variable's axes make a `[length, count]` matrix of weight vectors. */
export interface WeightVectorsLayout extends WeightVectorsSize {
  /** The variable's axes as the matrix has them: those of a neuron's weights, then those that count neurons, each group ascending. */
  readonly axes: readonly number[]
  /** Whether the variable's memory is that matrix as it lies, so that no copy is made. */
  readonly isMatrix: boolean
}

/** The last axis; none of a variable with fewer than two, which is a single vector. */
export const lastAxis = (shape: readonly number[]): NeuronAxes => (shape.length < 2 ? [] : [shape.length - 1])

const product = (shape: readonly number[], axes: readonly number[]): number =>
  axes.reduce((size, axis) => size * shape[axis], 1)

/**
 * The weight vectors that a variable of this shape holds, where these axes count its neurons.
 *
 * `[kh, kw, out, in]` with axes `[2]` gives `out` vectors of `kh * kw * in` weights, in the order `(kh, kw, in)`;
 * `[kh, kw, in, multiplier]` with `[2, 3]` gives `in * multiplier` vectors of `kh * kw`.
 *
 * @param neuronAxes default: the last axis.
 * @throws RangeError when the shape is none, or an axis is not one of the shape's or named twice.
 * @see arXiv:2003.02570 Section 2: a weight vector is all incoming weights of one neuron
 */
export const weightVectorsLayout = (
  shape: readonly number[],
  neuronAxes: NeuronAxes = lastAxis(shape),
): WeightVectorsLayout => {
  weightVectorsSize(shape)
  const isNeuron = shape.map((_, axis) => neuronAxes.includes(axis))
  if (isNeuron.filter(Boolean).length !== neuronAxes.length)
    throw new RangeError(
      `neuronAxes: must name axes from 0 to ${shape.length - 1} of a variable [${shape.join(', ')}], each once, got [${neuronAxes.join(', ')}]`,
    )
  const all = [...shape.keys()]
  const inputs = all.filter((axis) => !isNeuron[axis])
  const neurons = all.filter((axis) => isNeuron[axis])
  const axes = [...inputs, ...neurons]
  // An axis of size 1 can be moved anywhere without moving a weight.
  const wide = axes.filter((axis) => shape[axis] !== 1)
  const isMatrix = wide.every((axis, i) => i === 0 || wide[i - 1] < axis)
  return { length: product(shape, inputs), count: product(shape, neurons), axes, isMatrix }
}

/** Where each weight of the matrix, row by row, lies in the variable's memory. */
const placesOf = (shape: readonly number[], { axes, length, count }: WeightVectorsLayout): Uint32Array => {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, next) => size * next, 1))
  const places = new Uint32Array(length * count)
  const at = axes.map(() => 0)
  let place = 0
  for (let p = 0; p < places.length; p++) {
    places[p] = place
    for (let i = axes.length - 1; i >= 0; i--) {
      const axis = axes[i]
      place += strides[axis]
      if (++at[i] < shape[axis]) break
      place -= strides[axis] * shape[axis]
      at[i] = 0
    }
  }
  return places
}

/**
 * A variable's weight vectors.
 *
 * @param values of the variable, row-major; not written.
 * @returns a view of `values` where they are the matrix already, otherwise a copy in the order of the matrix.
 * @throws RangeError as {@link weightVectorsLayout}, or when there are not as many values as the shape holds.
 */
export const weightVectorsOf = (
  values: Float32Array,
  shape: readonly number[],
  neuronAxes?: NeuronAxes,
): WeightVectors => {
  const layout = weightVectorsLayout(shape, neuronAxes)
  const { length, count, isMatrix } = layout
  if (values.length !== length * count)
    throw new RangeError(
      `values: a variable [${shape.join(', ')}] holds ${length * count}, got ${values.length}`,
    )
  if (isMatrix) return { values, length, count }
  const places = placesOf(shape, layout)
  const matrix = new Float32Array(values.length)
  for (let p = 0; p < places.length; p++) matrix[p] = values[places[p]]
  return { values: matrix, length, count }
}

/**
 * The reverse of {@link weightVectorsOf}: a variable's values from its weight vectors.
 *
 * @param vectors not written.
 * @returns `vectors.values` itself where they are the variable's memory already, otherwise a copy in the order of the variable.
 * @throws RangeError as {@link weightVectorsLayout}, or when the vectors are not of the shape's size.
 */
export const valuesOfWeightVectors = (
  vectors: WeightVectors,
  shape: readonly number[],
  neuronAxes?: NeuronAxes,
): Float32Array => {
  const layout = weightVectorsLayout(shape, neuronAxes)
  if (vectors.length !== layout.length || vectors.count !== layout.count)
    throw new RangeError(
      `vectors: a variable [${shape.join(', ')}] holds [${layout.length}, ${layout.count}], got [${vectors.length}, ${vectors.count}]`,
    )
  if (layout.isMatrix) return vectors.values
  const places = placesOf(shape, layout)
  const values = new Float32Array(places.length)
  for (let p = 0; p < places.length; p++) values[places[p]] = vectors.values[p]
  return values
}
