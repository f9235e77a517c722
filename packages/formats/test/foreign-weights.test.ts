import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import {
  type ForeignTensor,
  packWeights,
  readLapermHeader,
  type Tensor,
  unpackWeights,
  weightsSha256,
} from '../src/index.ts'

const must = <L, A>(value: E.Either<L, A>): A => {
  if (E.isLeft(value)) throw new Error(JSON.stringify(value.left))
  return value.right
}

/** PyTorch's `[out, in]` and Keras's `[in, out]` with ties and zeros, a bias, a scalar, something that training left alone. */
const initial: readonly ForeignTensor[] = [
  { name: 'fc.weight', shape: [2, 3], neuronAxes: [0], values: Float32Array.of(3, 1, 2, 0, 9, 5) },
  { name: 'dense/kernel', shape: [3, 2], neuronAxes: [1], values: Float32Array.of(1, 0, 1, 7, 0, 7) },
  { name: 'fc.bias', shape: [2], neuronAxes: [], values: Float32Array.of(0, 0) },
  { name: 'scale', shape: [], neuronAxes: [], values: Float32Array.of(2) },
  { name: 'fixed', shape: [2, 2], neuronAxes: [1], values: Float32Array.of(1, 2, 3, 4) },
]
const trained: readonly Tensor[] = [
  { name: 'fixed', shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) },
  { name: 'fc.weight', shape: [2, 3], values: Float32Array.of(1, 2, 3, 9, 0, 5) },
  { name: 'dense/kernel', shape: [3, 2], values: Float32Array.of(0, 7, 1, 7, 1, 0) },
  { name: 'fc.bias', shape: [2], values: Float32Array.of(-0, 0.25) },
  { name: 'scale', shape: [], values: Float32Array.of(3) },
]

const bitsOf = (tensors: readonly Tensor[]) =>
  new Map(
    tensors.map(({ name, shape, values }) => [name, [shape, [...new Uint32Array(values.slice().buffer)]]]),
  )

describe('weights of another program', () => {
  test('come back bit for bit, by the hash of the initial ones alone', () => {
    const bytes = must(packWeights(initial, trained))
    const { header } = must(readLapermHeader('a', bytes))
    expect(header.initial).toMatchObject({ kind: 'weights', sha256: weightsSha256(initial) })
    expect(header.parameters.map(({ name, coding }) => [name, coding])).toEqual([
      ['fc.weight', 'arrangement'],
      ['dense/kernel', 'arrangement'],
      ['fc.bias', 'float32'],
      ['scale', 'float32'],
      ['fixed', 'initial'],
    ])
    expect(bitsOf(must(unpackWeights('a', bytes, initial)))).toEqual(bitsOf(trained))
    // Neither the order of tensors nor what the reader thinks of their axes matters.
    expect(bitsOf(must(unpackWeights('a', bytes, [...initial].reverse())))).toEqual(bitsOf(trained))
  })

  test('of any values come back, an arrangement or not', () => {
    const float = fc.oneof(fc.constantFrom(0, -0, 1, 2), fc.float())
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(0, 1, 2), fc.float({ noNaN: true })), {
          minLength: 12,
          maxLength: 12,
        }),
        fc.array(float, { minLength: 12, maxLength: 12 }),
        fc.constantFrom([0], [1], [2], [0, 2], []),
        (before, after, neuronAxes) => {
          const tensor = { name: 'k', shape: [2, 3, 2], values: Float32Array.from(before) }
          const now = [{ ...tensor, values: Float32Array.from(after) }]
          const bytes = must(packWeights([{ ...tensor, neuronAxes }], now))
          expect(bitsOf(must(unpackWeights('a', bytes, [tensor])))).toEqual(bitsOf(now))
        },
      ),
    )
  })

  test('with other initial weights are refused, with both hashes', () => {
    const bytes = must(packWeights(initial, trained))
    const others = initial.map((tensor) => ({ ...tensor, values: tensor.values.map((value) => value + 1) }))
    expect(unpackWeights('a', bytes, others)).toMatchObject({
      left: {
        _tag: 'CorruptFile',
        expected: expect.stringContaining(weightsSha256(initial)),
        found: expect.stringContaining(weightsSha256(others)),
      },
    })
  })

  test('of another network are refused with the tensor', () => {
    expect(packWeights(initial, trained.slice(1))).toMatchObject({
      left: { name: 'fixed', trained: 'missing' },
    })
    expect(
      packWeights(initial, [...trained, { name: 'more', shape: [1], values: Float32Array.of(1) }]),
    ).toMatchObject({
      left: { name: 'more', initial: 'missing' },
    })
  })

  test('of damaged files are refused', () => {
    const bytes = must(packWeights(initial, trained))
    for (let at = 0; at < bytes.length; at++) {
      const broken = bytes.slice()
      broken[at] ^= 0x10
      expect(E.isLeft(unpackWeights('a', broken, initial))).toBe(true)
    }
  })
})
