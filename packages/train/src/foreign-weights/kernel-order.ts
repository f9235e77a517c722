/** Kernels of other programs in the order of ours: `[kh, kw, cin, cout]` and `[in, out]`, rows of a flattened image with the channel fastest. */

/** The axes of a kernel in our order, where the given one counts its neurons: PyTorch's `[out, in, kh, kw]` has it first. */
export const ourAxes = (rank: number, neuronAxis: number): readonly number[] => {
  const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== neuronAxis)
  if (rank !== 4 || neuronAxis === rank - 1) return [...others, neuronAxis]
  // Behind the neuron's axis, or before it where it is the second, come the inputs, then the pixels.
  const [inputs, ...pixels] = others
  return [...pixels, inputs, neuronAxis]
}

/** Values with their axes in another order. @param axes for each axis of the result, the one that it was. */
export const transposed = (
  values: Float32Array,
  shape: readonly number[],
  axes: readonly number[],
): Float32Array => {
  if (axes.every((axis, i) => axis === i)) return values
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, next) => size * next, 1))
  const result = new Float32Array(values.length)
  const index = axes.map(() => 0)
  for (let i = 0, from = 0; i < result.length; i++) {
    result[i] = values[from]
    for (let place = axes.length - 1; place >= 0; place--) {
      const axis = axes[place]
      from += strides[axis]
      if (++index[place] < shape[axis]) break
      from -= strides[axis] * shape[axis]
      index[place] = 0
    }
  }
  return result
}

/** Rows of a matrix, or entries of a vector, from PyTorch's order of a flattened image (the pixel fastest) to ours (the channel fastest). */
export const channelsLast = (
  values: Float32Array,
  [height, width, channels]: readonly [number, number, number],
): Float32Array => {
  const columns = values.length / (height * width * channels)
  return transposed(values, [channels, height, width, columns], [1, 2, 0, 3])
}
