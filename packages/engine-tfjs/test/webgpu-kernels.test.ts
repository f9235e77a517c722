/** The gradient of convolutions that is registered for tfjs's WebGPU backend against float64, on Dawn in Node. */

import { randomValues } from '@laperm/conformance/engine'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it, vi } from 'vitest'
import { useSoftwareVulkan } from '../../../test/devices/dawn.ts'
import { assertWantedDevice } from '../../../test/devices/hardware.ts'
import { reportMissing } from '../../../test/devices/required.ts'
import { makeWebGpuEngine } from '../src/webgpu.ts'
import { registerWebGpuTrainingKernels } from '../src/webgpu-kernels/index.ts'
import { splitK } from '../src/webgpu-kernels/split-k.ts'
import { filterGradient64 } from './filter-gradient64.ts'

type Shape4 = [number, number, number, number]

/** A convolution to differentiate. */
interface Case {
  /** `[n, h, w, Cin]` */
  readonly x: Shape4
  /** `[KH, KW, Cin, Cout]` */
  readonly filter: Shape4
  readonly strides: [number, number]
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

useSoftwareVulkan()
const made = await makeWebGpuEngine({ allowSoftware: true })()
if (E.isLeft(made)) reportMissing('dawn', JSON.stringify(made.left))
else assertWantedDevice(made.right.describe)

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)
const drawn = (shape: Shape4, seed: number): tf.Tensor4D =>
  tf.tensor4d(randomValues(sizeOf(shape), seed), shape)

const infoOf = ({ x, filter, strides, pad, dimRoundingMode }: Case): tf.backend_util.Conv2DInfo =>
  tf.backend_util.computeConv2DInfo(x, filter, strides, 1, pad, dimRoundingMode)

const splitOf = (c: Case) =>
  splitK(
    c.filter[0] * c.filter[1] * c.filter[2],
    c.filter[3],
    c.x[0] * infoOf(c).outHeight * infoOf(c).outWidth,
  )

/** tfjs's kernel by its name, as tfjs's own gradient of a convolution calls it. */
const filterGradient = (c: Case, x: tf.Tensor, dy: tf.Tensor, dataFormat = 'NHWC'): tf.Tensor =>
  tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, {
    strides: c.strides,
    pad: c.pad,
    dataFormat,
    dimRoundingMode: c.dimRoundingMode,
    filterShape: c.filter,
  } as unknown as tf.NamedAttrMap) as tf.Tensor

/**
 * The largest error of a weight as a fraction of what float32 may have.
 *
 * A product is rounded, and then goes through at most `chunkLength` additions in its chunk and `chunks` after that, each of which adds a
 * relative error of 2^-24 at most: so a weight's error is at most (chunkLength + chunks) 2^-24 times the sum of its products' magnitudes.
 */
const excess = (
  c: Case,
  places: readonly [number, number],
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  actual: ArrayLike<number>,
): number => {
  const { dw, magnitudes } = filterGradient64(infoOf(c), places, x, dy)
  expect(actual.length).toBe(dw.length)
  const { chunkLength, chunks } = splitOf(c)
  let largest = 0
  dw.forEach((expected, i) => {
    const error = Math.abs(actual[i] - expected)
    if (error === 0) return
    const allowed = (chunkLength + chunks) * 2 ** -24 * magnitudes[i]
    largest = Math.max(largest, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error / allowed)
  })
  return largest
}

const excessOfKernel = async (c: Case, seed: number): Promise<number> => {
  const { outShape } = infoOf(c)
  const [x, dy] = [drawn(c.x, seed), drawn(outShape as Shape4, seed + 1)]
  const dw = filterGradient(c, x, dy)
  expect(dw.shape).toEqual(c.filter)
  const values = [x, dy, dw].map((tensor) => tensor.data<'float32'>())
  const [xs, dys, dws] = await Promise.all(values)
  tf.dispose([x, dy, dw])
  return excess(c, [outShape[1], outShape[2]], xs, dys, dws)
}

const kernelOf = (size: [number, number], x: Shape4, filters: number, rest: Partial<Case> = {}): Case => ({
  x,
  filter: [...size, x[3], filters],
  strides: [1, 1],
  pad: 'valid',
  ...rest,
})

const cases: Readonly<Record<string, Case>> = {
  '1x1': kernelOf([1, 1], [2, 5, 7, 32], 32),
  '1x1, stride 3': kernelOf([1, 1], [2, 8, 7, 33], 10, { strides: [3, 3] }),
  '1x3 and strides that differ': kernelOf([1, 3], [2, 6, 9, 3], 10, { strides: [1, 2], pad: 'same' }),
  "Conv7's first, smaller: one channel": kernelOf([3, 3], [3, 32, 32, 1], 32),
  "Conv7's second, smaller": kernelOf([3, 3], [2, 14, 14, 32], 32),
  "Conv7's third, smaller: 5x5, stride 2": kernelOf([5, 5], [2, 12, 12, 32], 32, {
    strides: [2, 2],
    pad: 'same',
  }),
  'tiles of 64 that are not full': kernelOf([3, 3], [2, 9, 9, 33], 65, { pad: 'same' }),
  'full tiles of 64': kernelOf([2, 2], [2, 12, 11, 32], 128, { pad: 1 }),
  'channels of x by one, filters by four': kernelOf([3, 3], [1, 9, 9, 3], 64, { pad: 'same' }),
  'channels of x by four, filters by one': kernelOf([3, 3], [1, 9, 9, 8], 65, { pad: 'same' }),
  '7x7 on an image that is smaller': kernelOf([7, 7], [1, 4, 5, 3], 10, { strides: [2, 2], pad: 'same' }),
  'one filter': kernelOf([3, 3], [2, 8, 8, 3], 1),
  'a padding that differs on every side': kernelOf([3, 3], [2, 7, 8, 4], 4, {
    pad: [
      [0, 0],
      [2, 0],
      [1, 2],
      [0, 0],
    ],
  }),
  'one place': kernelOf([3, 3], [1, 3, 3, 3], 10),
}

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }))

const anyCase: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    size: pair(1, 12),
    kernelSize: fc.constantFrom<[number, number]>([1, 1], [1, 3], [3, 1], [3, 3], [2, 4], [5, 5], [7, 7]),
    channels: fc.constantFrom(1, 2, 3, 4, 32, 33),
    filters: fc.constantFrom(1, 3, 8, 10, 32, 65),
    strides: pair(1, 3),
    pad: fc.oneof(
      fc.constantFrom('valid' as const, 'same' as const),
      fc.integer({ min: 0, max: 2 }),
      fc
        .tuple(pair(0, 2), pair(0, 2))
        .map(([rows, columns]): tf.backend_util.ExplicitPadding => [[0, 0], rows, columns, [0, 0]]),
    ),
  })
  .map(({ batch, size, kernelSize, channels, filters, strides, pad }) => ({
    x: [batch, ...size, channels] as Shape4,
    filter: [...kernelSize, channels, filters] as Shape4,
    strides,
    pad,
  }))
  .filter((c) => infoOf(c).outHeight > 0 && infoOf(c).outWidth > 0)

describe.skipIf(E.isLeft(made))("the gradient of a convolution's kernel on WebGPU", () => {
  const backend = tf.backend() as WebGPUBackend
  const complaints: string[] = []
  if (backend instanceof WebGPUBackend)
    backend.device.addEventListener('uncapturederror', (event) => {
      complaints.push((event as GPUUncapturedErrorEvent).error.message)
    })

  /** Names of the programs that an action runs. */
  const programsOf = async (action: () => Promise<void>): Promise<readonly string[]> => {
    const run = vi.spyOn(backend, 'runWebGPUProgram')
    try {
      await action()
      return run.mock.calls.map(([program]) =>
        program.shaderKey.replace(/^(laperm_)?([a-zA-Z0-9]+).*/, '$1$2'),
      )
    } finally {
      run.mockRestore()
    }
  }

  it.each(Object.entries(cases))('equals float64: %s', async (_, c) => {
    expect(await excessOfKernel(c, 1)).toBeLessThan(1)
  })

  it('equals float64 on random sizes, strides and paddings', () =>
    fc.assert(
      fc.asyncProperty(anyCase, fc.integer({ min: 1, max: 1_000_000 }), async (c, seed) => {
        expect(await excessOfKernel(c, seed)).toBeLessThan(1)
      }),
      { numRuns: 60 },
    ))

  it('one chunk is the result itself, the sums of more are added', async () => {
    const one = kernelOf([3, 3], [1, 8, 8, 4], 4)
    const [few, many] = [cases["Conv7's second, smaller"], cases["Conv7's first, smaller: one channel"]]
    // 36 places are too few to divide; 288 / 64 = 4.5; 2700 places in chunks of at least 2700 / floor(2700 / 64) = 64.3, which are 80.
    expect([one, few, many].map((c) => splitOf(c).chunks)).toEqual([1, 4, 34])
    const programs = (c: Case) => programsOf(async () => void (await excessOfKernel(c, 1)))
    expect(await programs(one)).toEqual(['laperm_filterGradient'])
    expect(await programs(few)).toEqual(['laperm_filterGradient', 'laperm_sumOfChunks'])
    expect(await programs(many)).toEqual(['laperm_filterGradient', 'laperm_sumOfChunks'])
  })

  it('has the same bits on every run', async () => {
    const c = cases["Conv7's first, smaller: one channel"]
    const [x, dy] = [drawn(c.x, 1), drawn(infoOf(c).outShape as Shape4, 2)]
    const bits = async () => {
      const dw = filterGradient(c, x, dy)
      const values = new Uint32Array((await dw.data<'float32'>()).slice().buffer)
      dw.dispose()
      return values
    }
    const first = await bits()
    for (let run = 0; run < 5; run++) expect(await bits()).toEqual(first)
    tf.dispose([x, dy])
  })

  it('leaves no tensor and no buffer behind', async () => {
    const c = cases["Conv7's second, smaller"]
    const [x, dy] = [drawn(c.x, 1), drawn(infoOf(c).outShape as Shape4, 2)]
    const round = async () => {
      const dw = filterGradient(c, x, dy)
      await dw.data()
      dw.dispose()
      return tf.memory()
    }
    const first = await round()
    for (let i = 0; i < 5; i++) expect(await round()).toEqual(first)
    tf.dispose([x, dy])
  })

  it("is what tfjs's own differentiation calls, and counts every place of dy where sizes are rounded up", async () => {
    // 6 rows and a kernel of 3 with stride 2 are 2 places, or with `ceil` 3; tfjs passes dimRoundingMode to the forward pass alone.
    const c = kernelOf([3, 3], [2, 6, 8, 4], 8, { strides: [2, 2], pad: 0 })
    for (const [mode, places] of [
      ['floor', [2, 3]],
      ['ceil', [3, 4]],
    ] as const) {
      const [x, w] = [drawn(c.x, 1), drawn(c.filter, 2)]
      const apply = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
        tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, 0, 'NHWC', 1, mode)
      const dy = drawn([2, ...places, 8], 3)
      const programs = await programsOf(async () => {
        const [dx, dw] = tf.grads(apply)([x, w], dy)
        expect(excess(c, places, await x.data(), await dy.data(), await dw.data())).toBeLessThan(1)
        tf.dispose([dx, dw])
      })
      expect(programs.filter((name) => /filter/i.test(name))).toEqual(['laperm_filterGradient'])
      tf.dispose([x, w, dy])
    }
  })

  it("channels first are tfjs's own kernel's, and come out the same", async () => {
    const c = kernelOf([3, 3], [1, 6, 7, 4], 8, { strides: [2, 1], pad: 'same' })
    const [x, dy] = [drawn(c.x, 1), drawn(infoOf(c).outShape as Shape4, 2)]
    const programs = await programsOf(async () => {
      const [first, dyFirst] = [tf.transpose(x, [0, 3, 1, 2]), tf.transpose(dy, [0, 3, 1, 2])]
      const dw = filterGradient(c, first, dyFirst, 'NCHW')
      const places = [dy.shape[1], dy.shape[2]] as const
      expect(excess(c, places, await x.data(), await dy.data(), await dw.data())).toBeLessThan(1)
      tf.dispose([first, dyFirst, dw])
    })
    expect(programs).toContain('conv2DDerFilter')
    expect(programs).not.toContain('laperm_filterGradient')
    tf.dispose([x, dy])
  })

  it.each<[string, Shape4, Shape4, Shape4]>([
    ['no examples', [0, 5, 5, 3], [0, 3, 3, 4], [3, 3, 3, 4]],
    ['no channels', [2, 5, 5, 0], [2, 3, 3, 4], [3, 3, 0, 4]],
    ['no filters', [2, 5, 5, 3], [2, 3, 3, 0], [3, 3, 3, 0]],
  ])('of nothing is nothing, or zero: %s', async (_, xShape, dyShape, filter) => {
    const [x, dy] = [tf.zeros(xShape), tf.zeros(dyShape)]
    const dw = filterGradient({ x: xShape, filter, strides: [1, 1], pad: 'valid' }, x, dy)
    expect(dw.shape).toEqual(filter)
    expect(await dw.data()).toEqual(new Float32Array(sizeOf(filter)))
    tf.dispose([x, dy, dw])
  })

  it('is registered by the engine, and registering it again changes nothing', () => {
    const present = tf.getKernel('Conv2DBackpropFilter', 'webgpu')
    registerWebGpuTrainingKernels()
    expect(tf.getKernel('Conv2DBackpropFilter', 'webgpu')).toBe(present)
  })

  it('the device refused nothing on the way', () => {
    expect(complaints).toEqual([])
  })
})
