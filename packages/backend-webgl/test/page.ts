/**
 * What the test's page runs inside Chromium. Functions take and give plain data; the assertions are in `webgl.browser.test.ts`.
 */
import {
  coreBackend,
  type ImmediateTensorOperations,
  makeTensorBackend,
  type WeightVectors,
  weightVectorsSize,
} from '@laperm/core'
import * as tf from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { drawn, sameBits } from '../../../test/devices/drawn.ts'
import { tagOf } from '../../../test/devices/fault-tag.ts'
import { type LawsAsked, proveLaws, proveRandomVectors } from '../../../test/devices/prove.ts'
import { tensorMemory } from '../../../test/devices/tensor-memory.ts'
import { makeWebGlBackend } from '../src/index.ts'
import { backendOrThrow } from './backend.ts'
import { interleaved, keptTextures, otherLimits, outOfMemory, smallTextures } from './page-device.ts'

const start = async () => {
  const made = await makeWebGlBackend({ allowSoftware: true })()
  return E.isLeft(made)
    ? { reason: made.left.reason }
    : { device: made.right.device, keepsSubnormals: made.right.keepsSubnormals }
}

const startWithoutSoftware = async () => {
  const made = await makeWebGlBackend()()
  return E.isLeft(made) ? made.left.reason : `made on ${made.right.device}`
}

const startWithHalfFloats = async () => {
  tf.env().set('WEBGL_FORCE_F16_TEXTURES', true)
  const made = await makeWebGlBackend({ allowSoftware: true })()
  return E.isLeft(made) ? made.left.reason : `made on ${made.right.device}`
}

/** The operations on tensors against core, on one tensor. Names of those that differ. */
const differing = async (
  gpu: ImmediateTensorOperations<tf.Tensor>,
  w: tf.Tensor,
): Promise<readonly string[]> => {
  const size = weightVectorsSize(w.shape)
  const of = (values: Float32Array): WeightVectors => ({ values, ...size })
  const current = of(Float32Array.from(await w.data()))
  const sorted = coreBackend.sort(of(drawn(w.size).reverse()))
  const onGpu = tf.tensor(sorted.values, w.shape)
  const ranks = gpu.rank(w)
  const results: readonly (readonly [string, tf.Tensor, WeightVectors])[] = [
    ['sort', gpu.sort(w), coreBackend.sort(current)],
    ['rank', ranks, coreBackend.rank(current)],
    ['permute', gpu.permute(onGpu, ranks), coreBackend.sync(sorted, current)],
    ['sync', gpu.sync(onGpu, w), coreBackend.sync(sorted, current)],
  ]
  const wrong: string[] = []
  for (const [name, tensor, expected] of results) {
    const sameShape = tensor.shape.join() === w.shape.join()
    if (!sameShape || !sameBits(Float32Array.from(await tensor.data()), expected.values)) wrong.push(name)
  }
  tf.dispose([onGpu, ...results.map(([, tensor]) => tensor)])
  return wrong
}

/** Tensors as tfjs really holds them: on the CPU, uploaded, packed, sliced, reshaped, of every rank. */
const tensors = async () => {
  const { tensors: gpu } = await backendOrThrow()
  await tf.setBackend('webgl')
  const wrong: Record<string, readonly string[]> = {}
  const check = async (name: string, make: () => tf.Tensor) => {
    const w = tf.tidy(make)
    wrong[name] = await differing(gpu, w)
    w.dispose()
  }
  const finite = (size: number) => drawn(size).map((x) => (Number.isFinite(x) ? x : 3))
  await check('a scalar-sized vector', () => tf.tensor1d(drawn(1)))
  await check('four values never uploaded', () => tf.tensor2d(drawn(4), [2, 2]))
  await check('a vector longer than a texture is wide', () => tf.tensor1d(drawn(20000)))
  await check('a convolution kernel', () => tf.tensor4d(drawn(3 * 3 * 40 * 7), [3, 3, 40, 7]))
  await check('neurons on the last axis but one, as of a transposed convolution', () =>
    tf.reshape(tf.transpose(tf.tensor4d(drawn(3 * 3 * 7 * 20), [3, 3, 7, 20]), [0, 1, 3, 2]), [180, 7]),
  )
  await check('neurons on two axes, as of a depthwise kernel', () =>
    tf.reshape(tf.tensor4d(drawn(3 * 3 * 20 * 2), [3, 3, 20, 2]), [9, 40]),
  )
  await check('a packed result', () => tf.add(tf.tensor2d(finite(277 * 13), [277, 13]), 0.5))
  await check('a packed result, reshaped', () =>
    tf.reshape(tf.mul(tf.tensor2d(finite(270 * 13), [270, 13]), 2), [3, 3, 30, 13]),
  )
  await check('rows sliced from the middle', () =>
    tf.slice(tf.tensor2d(drawn(500 * 8), [500, 8]), [50, 0], [301, 8]),
  )
  await check('one axis of many', () => tf.tensor5d(drawn(2 * 3 * 4 * 5 * 3), [2, 3, 4, 5, 3]))
  await check('six axes', () => tf.tensor6d(drawn(2 * 2 * 3 * 4 * 2 * 3), [2, 2, 3, 4, 2, 3]))
  await check('more vectors than a texture is wide', () => tf.tensor2d(drawn(3 * 9000), [3, 9000]))
  await check('nothing', () => tf.tensor2d(new Float32Array(0), [0, 3]))
  return wrong
}

/** Tensors and bytes on the GPU before and after a hundred synchronizations. */
const leaks = async () => {
  const backend = await backendOrThrow()
  const memory = () => {
    const { numTensors, numDataBuffers, numBytesInGPU } = tf.memory() as tf.MemoryInfo & {
      numBytesInGPU: number
    }
    return { numTensors, numDataBuffers, numBytesInGPU }
  }
  const w = backend.upload({ values: drawn(300 * 7), length: 300, count: 7 })
  const sorted = backend.sort(w)
  backend.dispose(backend.sync(sorted, w))
  const before = memory()
  for (let i = 0; i < 100; i++) backend.dispose(backend.sync(sorted, w))
  const after = memory()
  backend.dispose(w)
  backend.dispose(sorted)
  return { before, after }
}

const diverged = async () => {
  const backend = await backendOrThrow()
  const values = Float32Array.of(1, 2, 3, Number.NaN, 5, Number.NaN, -1, 8, Number.NaN)
  const bank = backend.upload({ values, length: 3, count: 3 })
  const found = await backend.checkNumbers(bank)
  const fine = await backend.checkNumbers(backend.upload({ values: drawn(300), length: 100, count: 3 }))
  const { values: ranks } = await backend.download(backend.rank(bank))
  return { found: E.isLeft(found) ? found.left : null, fine: E.isRight(fine), ranks: [...ranks] }
}

const tooLarge = async () => {
  const backend = await backendOrThrow()
  const side = tf.env().getNumber('WEBGL_MAX_TEXTURE_SIZE')
  tf.env().set('WEBGL_MAX_TEXTURE_SIZE', 8)
  try {
    return await tagOf(() => backend.upload({ values: drawn(130), length: 130, count: 1 }))
  } finally {
    tf.env().set('WEBGL_MAX_TEXTURE_SIZE', side)
  }
}

/** The context is lost while a download waits; then everything is asked once more. */
const lose = async () => {
  const backend = await backendOrThrow()
  const w = backend.upload({ values: drawn(3000), length: 3000, count: 1 })
  const result = backend.sync(w, w)
  const gpu = tf.findBackend('webgl') as unknown as { gpgpu: { gl: WebGL2RenderingContext } }
  const extension = gpu.gpgpu.gl.getExtension('WEBGL_lose_context')
  const waiting = tagOf(() => backend.download(result))
  extension?.loseContext()
  return {
    waiting: await waiting,
    later: await tagOf(() => backend.download(w)),
    sync: await tagOf(() => backend.sync(w, w)),
    upload: await tagOf(() => backend.upload({ values: drawn(3), length: 3, count: 1 })),
  }
}

/** The laws on banks, or on tensors of the shape of convolution kernels. */
const laws = async ({ onTensors, ...asked }: LawsAsked & { readonly onTensors: boolean }) => {
  const backend = await backendOrThrow()
  await tf.setBackend('webgl')
  return onTensors
    ? proveLaws(makeTensorBackend(backend.tensors, tensorMemory), asked)
    : proveLaws(backend, asked)
}

const randomVectors = async (vectors: number) => {
  const backend = await backendOrThrow()
  return proveRandomVectors(backend, vectors)
}

Object.assign(globalThis, {
  laperm: {
    start,
    startWithoutSoftware,
    startWithHalfFloats,
    laws,
    randomVectors,
    tensors,
    leaks,
    diverged,
    tooLarge,
    otherLimits,
    smallTextures,
    interleaved,
    outOfMemory,
    keptTextures,
    lose,
  },
})
