/** The gradients of convolutions that are registered for wasm against float64, on random shapes, strides, paddings and dilations. */

import { randomValues, relativeError } from '@laperm/conformance/engine'
import { avgPool64, conv2d64, maxPool64 } from '@laperm/models/reference'
import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { avgPool2d } from '../src/avg-pool.ts'
import { makeWasmEngine } from '../src/wasm.ts'
import {
  depthwiseConv2dBackpropFilter,
  depthwiseConv2dBackpropInput,
} from '../src/wasm-kernels/depthwise-conv2d.ts'
import { registerWasmTrainingKernels } from '../src/wasm-kernels/index.ts'
import { depthwiseGradients64 } from './depthwise64.ts'

type Shape4 = [number, number, number, number]
const wide = (values: ArrayLike<number>): Float64Array => Float64Array.from(values)
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)
const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }))
const seed = fc.integer({ min: 1, max: 1_000_000 })
/** Sums of at most a few hundred float32 products of values up to 1: their rounding stays well below. */
const tolerance = 2e-5

beforeAll(async () => {
  const made = await makeWasmEngine()()
  if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
})

/** Values of dL/dx and dL/dW where dL/dy is given. */
const gradientsOf = (
  y: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.Tensor4D,
  x: tf.Tensor4D,
  w: tf.Tensor4D,
  dy: tf.Tensor4D,
): { readonly dx: Float32Array; readonly dw: Float32Array } =>
  tf.tidy(() => {
    const [dx, dw] = tf.grads((a, b) => y(a as tf.Tensor4D, b as tf.Tensor4D))([x, w], dy)
    const read = (tensor: tf.Tensor): Float32Array => tensor.dataSync<'float32'>().slice()
    return { dx: read(dx), dw: read(dw) }
  })

const drawn = (shape: Shape4, from: number): tf.Tensor4D =>
  tf.tensor4d(randomValues(sizeOf(shape), from), shape)

const windows = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    size: pair(1, 10),
    channels: fc.integer({ min: 1, max: 4 }),
    filters: fc.integer({ min: 1, max: 5 }),
    kernelSize: pair(1, 5),
    strides: pair(1, 4),
    padding: fc.constantFrom<'valid' | 'same'>('valid', 'same'),
    seed,
  })
  .filter(
    ({ padding, size, kernelSize }) =>
      padding === 'same' || (kernelSize[0] <= size[0] && kernelSize[1] <= size[1]),
  )

describe('gradients on wasm equal float64', () => {
  it('conv2d: strides beyond the kernel, windows beyond the edge, asymmetric SAME padding', async () => {
    await fc.assert(
      fc.asyncProperty(windows, async (c) => {
        const x = drawn([c.batch, ...c.size, c.channels], c.seed)
        const w = drawn([...c.kernelSize, c.channels, c.filters], c.seed + 1)
        const apply = (a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor4D => tf.conv2d(a, b, c.strides, c.padding)
        const y = apply(x, w)
        const dy = drawn(y.shape, c.seed + 2)
        const { dx, dw } = gradientsOf(apply, x, w, dy)
        const expected = conv2d64(
          { values: wide(x.dataSync()), shape: x.shape },
          { kernelSize: c.kernelSize, strides: c.strides, padding: c.padding },
          y.shape.slice(1),
          wide(w.dataSync()),
        ).pullback(wide(dy.dataSync()))
        expect(relativeError(dx, expected.dx)).toBeLessThan(tolerance)
        expect(relativeError(dw, expected.parameters['kernel'])).toBeLessThan(tolerance)
        tf.dispose([x, w, y, dy])
      }),
      { numRuns: 200, seed: 2003 },
    )
  })

  const pooled = async (
    apply: (x: tf.Tensor4D, window: typeof windows extends fc.Arbitrary<infer T> ? T : never) => tf.Tensor4D,
    reference: typeof maxPool64,
    valuesOf: (noise: Float32Array) => Float32Array,
  ): Promise<void> =>
    fc.assert(
      fc.asyncProperty(windows, async (c) => {
        const layer = { poolSize: c.kernelSize, strides: c.strides, padding: c.padding }
        const shape: Shape4 = [c.batch, ...c.size, c.channels]
        const x = tf.tensor4d(valuesOf(randomValues(sizeOf(shape), c.seed)), shape)
        const y = apply(x, c)
        const dy = drawn(y.shape, c.seed + 1)
        const dx = tf.tidy(() =>
          tf
            .grad((a) => apply(a as tf.Tensor4D, c))(x, dy)
            .dataSync<'float32'>()
            .slice(),
        )
        const expected = reference({ values: wide(x.dataSync()), shape }, layer, y.shape.slice(1))
        expect(relativeError(y.dataSync(), expected.y.values)).toBeLessThan(tolerance)
        expect(relativeError(dx, expected.pullback(wide(dy.dataSync())).dx)).toBeLessThan(tolerance)
        tf.dispose([x, y, dy])
      }),
      { numRuns: 150, seed: 2005 },
    )

  it('maxPool: windows that overlap, leave gaps, reach beyond the edge, and hold ties', () =>
    pooled(
      (x, c) => tf.maxPool(x, c.kernelSize, c.strides, c.padding),
      maxPool64,
      // A few values only, half of them negative: most windows hold their largest several times.
      (noise) => noise.map((value) => Math.round(value * 2)),
    ))

  it("the engine's average pooling, where padded places do not count", () =>
    pooled(
      (x, c) =>
        avgPool2d(x, { poolSize: c.kernelSize, strides: [c.strides[0], c.strides[0]], padding: c.padding }),
      (x, layer, shape) => avgPool64(x, { ...layer, strides: [layer.strides[0], layer.strides[0]] }, shape),
      (noise) => noise,
    ))

  it('depthwiseConv2d: multipliers, strides, dilations', async () => {
    const cases = fc
      .tuple(windows, fc.integer({ min: 1, max: 3 }), pair(1, 3))
      // tfjs takes strides or dilations above 1, not both, and no dilation where it differentiates: so the kernels are called themselves.
      .map(([c, multiplier, drawnDilations]) => {
        const strides: [number, number] = [c.strides[0], c.strides[0]]
        const dilations: [number, number] = strides[0] > 1 ? [1, 1] : drawnDilations
        return { ...c, strides, multiplier, dilations }
      })
      .filter(
        ({ padding, size, kernelSize, dilations }) =>
          padding === 'same' || [0, 1].every((k) => (kernelSize[k] - 1) * dilations[k] < size[k]),
      )
    await fc.assert(
      fc.asyncProperty(cases, async (c) => {
        const x = drawn([c.batch, ...c.size, c.channels], c.seed)
        const w = drawn([...c.kernelSize, c.channels, c.multiplier], c.seed + 1)
        const y = tf.depthwiseConv2d(x, w, c.strides, c.padding, 'NHWC', c.dilations)
        const dy = drawn(y.shape, c.seed + 2)
        const attrs = {
          strides: c.strides,
          dilations: c.dilations,
          pad: c.padding,
          dimRoundingMode: undefined,
        } as const
        const dx = depthwiseConv2dBackpropInput(dy, w, {
          ...attrs,
          inputShape: x.shape,
        } as unknown as Parameters<typeof depthwiseConv2dBackpropInput>[2])
        const dw = depthwiseConv2dBackpropFilter(x, dy, {
          ...attrs,
          filterShape: w.shape,
        } as unknown as Parameters<typeof depthwiseConv2dBackpropFilter>[2])
        const info = tf.backend_util.computeConv2DInfo(
          x.shape,
          w.shape,
          c.strides,
          c.dilations,
          c.padding,
          undefined,
          true,
        )
        const expected = depthwiseGradients64(info, x.dataSync(), w.dataSync(), dy.dataSync())
        expect(relativeError(dx.dataSync(), expected.dx)).toBeLessThan(tolerance)
        expect(relativeError(dw.dataSync(), expected.dw)).toBeLessThan(tolerance)
        tf.dispose([x, w, y, dy, dx, dw])
      }),
      { numRuns: 150, seed: 2004 },
    )
  })

  it('tfjs differentiates depthwise convolutions by them', () => {
    const x = drawn([2, 5, 5, 2], 1)
    const w = drawn([3, 3, 2, 2], 2)
    const apply = (a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor4D => tf.depthwiseConv2d(a, b, 2, 'same')
    const dy = drawn([2, 3, 3, 4], 3)
    const { dx, dw } = gradientsOf(apply, x, w, dy)
    const info = tf.backend_util.computeConv2DInfo(x.shape, w.shape, 2, 1, 'same', undefined, true)
    const expected = depthwiseGradients64(info, x.dataSync(), w.dataSync(), dy.dataSync())
    expect(relativeError(dx, expected.dx)).toBeLessThan(tolerance)
    expect(relativeError(dw, expected.dw)).toBeLessThan(tolerance)
    tf.dispose([x, w, dy])
  })

  it('no tensor is left behind, and registering again changes nothing', () => {
    registerWasmTrainingKernels()
    const [x, w] = [drawn([2, 6, 5, 3], 1), drawn([3, 3, 3, 4], 2)]
    const dy = drawn([2, 3, 3, 4], 3)
    const before = tf.memory().numTensors
    for (let i = 0; i < 10; i++) gradientsOf((a, b) => tf.conv2d(a, b, 2, 'same'), x, w, dy)
    expect(tf.memory().numTensors).toBe(before)
    tf.dispose([x, w, dy])
  })
})
