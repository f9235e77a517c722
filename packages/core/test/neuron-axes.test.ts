/** Weight vectors of variables whose neurons are not on the last axis: places derived by hand, and the way there and back. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  checkPermutations,
  initializeParams,
  laPerm,
  lastAxis,
  log10DistinctPermutationCount,
  log10PermutationCount,
  type Parameter,
  sgd,
  shuffleWeightVectors,
  valuesOfWeightVectors,
  weightVectorsLayout,
  weightVectorsOf,
  weightVectorsSize,
} from '../src/index.ts'

const iota = (size: number) => Float32Array.from({ length: size }, (_, i) => i)

describe('the layout', () => {
  test('is that of the last axis by default, and of one vector for fewer than two axes', () => {
    for (const shape of [[5], [3, 4], [2, 3, 4, 5], [0, 2], [1]]) {
      expect(weightVectorsLayout(shape)).toMatchObject({ ...weightVectorsSize(shape), isMatrix: true })
      expect(weightVectorsOf(iota(shape.reduce((a, b) => a * b)), shape)).toMatchObject(
        weightVectorsSize(shape),
      )
    }
    expect([lastAxis([5]), lastAxis([3, 4])]).toEqual([[], [1]])
  })

  test('moves a transposed convolution’s output channels last', () => {
    // [kh, kw, out, in] = [1, 2, 2, 3]: weight (w, o, i) lies at (w * 2 + o) * 3 + i. Neuron 0 owns 0 1 2 and 6 7 8.
    const shape = [1, 2, 2, 3]
    expect(weightVectorsLayout(shape, [2])).toEqual({
      length: 6,
      count: 2,
      axes: [0, 1, 3, 2],
      isMatrix: false,
    })
    const { values } = weightVectorsOf(iota(12), shape, [2])
    expect([...values]).toEqual([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11])
  })

  test('takes a depthwise kernel as it lies: each channel and multiplier is a neuron', () => {
    const values = iota(24)
    const vectors = weightVectorsOf(values, [2, 2, 3, 2], [2, 3])
    expect(vectors).toMatchObject({ length: 4, count: 6 })
    expect(vectors.values).toBe(values)
  })

  test('needs no copy where only axes of size 1 are moved', () => {
    expect(weightVectorsLayout([3, 3, 8, 1], [2]).isMatrix).toBe(true)
    expect(weightVectorsLayout([1, 1, 8, 2], [2]).isMatrix).toBe(false)
  })

  test.each([[[2]], [[-1]], [[0, 0]], [[0.5]]])('refuses the axes %j of a matrix', (axes) => {
    expect(() => weightVectorsLayout([2, 3], axes)).toThrow(
      `neuronAxes: must name axes from 0 to 1 of a variable [2, 3], each once, got [${axes.join(', ')}]`,
    )
  })

  test('refuses values and vectors of another size', () => {
    expect(() => weightVectorsOf(iota(5), [2, 3], [0])).toThrow('values: a variable [2, 3] holds 6, got 5')
    const vectors = { values: iota(6), length: 2, count: 3 }
    expect(() => valuesOfWeightVectors(vectors, [2, 3], [0])).toThrow(
      'vectors: a variable [2, 3] holds [3, 2]',
    )
  })
})

/** A shape of up to four axes, some of size 0 or 1, and any choice of its axes. */
const variables = fc
  .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 })
  .chain((shape) => fc.record({ shape: fc.constant(shape), axes: fc.subarray([...shape.keys()]) }))

test('every weight comes back to its place, and stays with its neuron', () => {
  fc.assert(
    fc.property(variables, ({ shape, axes }) => {
      const size = shape.reduce((product, axis) => product * axis, 1)
      const vectors = weightVectorsOf(iota(size), shape, axes)
      expect([...valuesOfWeightVectors(vectors, shape, axes)]).toEqual([...iota(size)])
      // The coordinates of a place, axis by axis; a neuron is told by those of its axes.
      const coordinates = (place: number) =>
        shape.map(
          (extent, axis) => Math.floor(place / shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % extent,
        )
      for (let j = 0; j < vectors.count; j++) {
        const neurons = new Set<string>()
        for (let i = 0; i < vectors.length; i++) {
          const at = coordinates(vectors.values[i * vectors.count + j])
          neurons.add(axes.map((axis) => at[axis]).join())
        }
        expect(neurons.size).toBeLessThanOrEqual(1)
      }
    }),
  )
})

describe('a parameter with neuron axes', () => {
  // Two output channels, one weight from each of three input channels: neuron 0 owns 1 2 3, neuron 1 owns 10 20 30.
  const transposed: Parameter = {
    name: 'transposed/kernel',
    shape: [1, 1, 2, 3],
    role: 'kernel',
    values: Float32Array.of(1, 2, 3, 10, 20, 30),
    neuronAxes: [2],
  }

  test('is synchronized neuron by neuron', () => {
    const optimizer = laPerm({ inner: sgd({ learningRate: 1 }), syncPeriod: 1, permutedRoles: ['kernel'] })
    // SGD arrives at 300 200 100 and -1 -2 -3: both neurons are reversed.
    const gradient = Float32Array.of(1 - 300, 2 - 200, 3 - 100, 10 + 1, 20 + 2, 30 + 3)
    const [[after]] = optimizer.step([gradient], optimizer.init([transposed]), [transposed])
    expect([...after.values]).toEqual([3, 2, 1, 30, 20, 10])
    expect(checkPermutations([transposed], [after], ['kernel'])).toMatchObject({
      weightVectors: 2,
      permutedVectors: 2,
    })
  })

  test('is proven neuron by neuron: weights that changed neurons are found', () => {
    const mixed = { ...transposed, values: Float32Array.of(10, 2, 3, 1, 20, 30) }
    expect(checkPermutations([transposed], [mixed], ['kernel'])).toMatchObject({
      weightVectors: 2,
      permutedVectors: 0,
      firstDifference: { vector: 0 },
    })
  })

  test('is counted, shuffled and initialized neuron by neuron', () => {
    // Two vectors of three different weights: 2 log10 3!; by the last axis it would be 3 log10 2!.
    expect(log10PermutationCount([transposed])).toBeCloseTo(2 * Math.log10(6), 12)
    expect(log10DistinctPermutationCount([transposed])).toBeCloseTo(2 * Math.log10(6), 12)
    const shuffled = shuffleWeightVectors([transposed], ['kernel'], 3)
    expect(shuffled[0].values).not.toEqual(transposed.values)
    expect(checkPermutations([transposed], shuffled, ['kernel']).isPermutation).toBe(true)
    const { name, shape, role } = transposed
    const [equidistant] = initializeParams(
      [{ name, shape, role, fanIn: 6, fanOut: 1, initializer: { kind: 'equidistant' }, neuronAxes: [2] }],
      1,
    )
    // Each neuron has -2/3, 0 and 2/3 of the limit sqrt(6 / 6) = 1.
    const sorted = [equidistant.values.slice(0, 3), equidistant.values.slice(3)].map((each) => [
      ...each.sort(),
    ])
    for (const vector of sorted)
      for (const [i, value] of vector.entries()) expect(value).toBeCloseTo((2 * (i - 1)) / 3, 6)
    expect(equidistant.neuronAxes).toEqual([2])
  })
})
