/**
 * What the test's page runs inside Chromium. Functions take and give plain data; the assertions are in `webgl.browser.test.ts`.
 */
import { coreBackend, DeviceFaultError, type WeightVectors, weightVectorsSize } from '@laperm/core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import * as tf from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { proveLaws, proveRandomVectors } from '../../../test/devices/prove.ts'
import { contextOf } from '../src/draw.ts'
import { makeWebGlBackend, permuteTensor, rankTensor, sortTensor, syncTensor } from '../src/index.ts'
import { rankKernel, sortKernel, syncKernel } from '../src/kernels.ts'
import { type WorkLimits, workLimits } from '../src/work-plan.ts'
import { keptWorkTextures } from '../src/work-textures.ts'

const backendOrThrow = async () => {
  const made = await makeWebGlBackend({ allowSoftware: true })()
  if (E.isLeft(made)) throw new Error(made.left.reason)
  return made.right
}

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

/** Values with many ties, both zeros, subnormals and infinities. */
const drawn = (size: number): Float32Array => {
  const special = [0, -0, 1e-40, -1e-45, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, -1]
  return Float32Array.from({ length: size }, (_, i) =>
    i % 3 === 0 ? special[(i * 7) % special.length] : Math.sin(i * 12.9898) * 2 ** ((i % 40) - 20),
  )
}

const sameBits = (a: Float32Array, b: Float32Array): boolean => {
  const [x, y] = [a, b].map((values) => new Uint32Array(Float32Array.from(values).buffer))
  return x.length === y.length && x.every((bits, i) => bits === y[i])
}

/** The four tensor functions against core, on one tensor. Names of those that differ. */
const differing = async (w: tf.Tensor): Promise<readonly string[]> => {
  const size = weightVectorsSize(w.shape)
  const of = (values: Float32Array): WeightVectors => ({ values, ...size })
  const current = of(Float32Array.from(await w.data()))
  const sorted = coreBackend.sort(of(drawn(w.size).reverse()))
  const onGpu = tf.tensor(sorted.values, w.shape)
  const ranks = rankTensor(w)
  const results: readonly (readonly [string, tf.Tensor, WeightVectors])[] = [
    ['sort', sortTensor(w), coreBackend.sort(current)],
    ['rank', ranks, coreBackend.rank(current)],
    ['permute', permuteTensor(onGpu, ranks), coreBackend.sync(sorted, current)],
    ['sync', syncTensor(onGpu, w), coreBackend.sync(sorted, current)],
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
  await backendOrThrow()
  await tf.setBackend('webgl')
  const wrong: Record<string, readonly string[]> = {}
  const check = async (name: string, make: () => tf.Tensor) => {
    const w = tf.tidy(make)
    wrong[name] = await differing(w)
    w.dispose()
  }
  const finite = (size: number) => drawn(size).map((x) => (Number.isFinite(x) ? x : 3))
  await check('a scalar-sized vector', () => tf.tensor1d(drawn(1)))
  await check('four values never uploaded', () => tf.tensor2d(drawn(4), [2, 2]))
  await check('a vector longer than a texture is wide', () => tf.tensor1d(drawn(20000)))
  await check('a convolution kernel', () => tf.tensor4d(drawn(3 * 3 * 20 * 7), [3, 3, 20, 7]))
  await check('a packed result', () => tf.add(tf.tensor2d(finite(77 * 13), [77, 13]), 0.5))
  await check('a packed result, reshaped', () =>
    tf.reshape(tf.mul(tf.tensor2d(finite(90 * 13), [90, 13]), 2), [3, 3, 10, 13]),
  )
  await check('rows sliced from the middle', () =>
    tf.slice(tf.tensor2d(drawn(200 * 5), [200, 5]), [50, 0], [101, 5]),
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
  const w = backend.upload({ values: drawn(300 * 5), length: 300, count: 5 })
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

const tagOf = async (action: () => unknown): Promise<string> => {
  try {
    await action()
    return 'no error'
  } catch (error) {
    return error instanceof DeviceFaultError ? error.fault._tag : String(error)
  }
}

const webGlOf = (): MathBackendWebGL => tf.findBackend('webgl') as MathBackendWebGL

/** Weights of a column of which most are one value, and the rest come twice at least. */
const tied = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => ((i * 7) % 10 < 7 ? 0 : ((i * 31) % 97) - 48))

/** The kernels with other limits than this device's, against core: few outputs a fragment, small blocks, small textures, many ties. */
const otherLimits = async () => {
  await backendOrThrow()
  await tf.setBackend('webgl')
  const gpu = webGlOf()
  const own = workLimits(gpu)
  const wrong: string[] = []
  const cases = {
    'as the device is': own,
    'four outputs': { ...own, layerBits: 2 },
    blocks: { ...own, mostGroups: 40 },
    'small blocks of four outputs': { layerBits: 2, maxSide: 64, mostGroups: 1 },
  } satisfies Record<string, WorkLimits>
  const sizes = [
    [65, 9],
    [129, 6],
    [576, 13],
    [1030, 7],
    [2500, 3],
    [9000, 2],
  ] as const
  for (const [name, limits] of Object.entries(cases))
    for (const [length, count] of sizes)
      for (const [kind, make] of Object.entries({ drawn, tied }))
        for (const packed of [false, true]) {
          const values = make(length * count).map((x) => (packed && !Number.isFinite(x) ? 3 : x))
          const uploaded = tf.tensor2d(values, [length, count])
          const w = packed ? tf.mul(uploaded, 1) : uploaded
          const current = { values: Float32Array.from(await w.data()), length, count }
          const theta = coreBackend.sort({ values: drawn(length * count).reverse(), length, count })
          const sorted = tf.tensor2d(theta.values, [length, count])
          const results = {
            sort: [sortKernel(gpu, w, current, limits), coreBackend.sort(current)],
            rank: [rankKernel(gpu, w, current, limits), coreBackend.rank(current)],
            sync: [syncKernel(gpu, sorted, w, current, limits), coreBackend.sync(theta, current)],
          } as const
          for (const [operation, [info, expected]] of Object.entries(results)) {
            const values = gpu.readSync(info.dataId) as Float32Array
            if (!sameBits(values, expected.values))
              wrong.push(`${operation} ${kind} ${length}x${count} packed ${packed} ${name}`)
            gpu.disposeIntermediateTensorInfo(info)
          }
          tf.dispose([uploaded, w, sorted])
        }
  return wrong
}

/** Uploads, sorts and synchronizes with textures of 32 texels a side at most, as far as they reach. */
const smallTextures = async () => {
  const backend = await backendOrThrow()
  const side = tf.env().getNumber('WEBGL_MAX_TEXTURE_SIZE')
  tf.env().set('WEBGL_MAX_TEXTURE_SIZE', 32)
  const wrong: string[] = []
  try {
    for (const [length, count] of [
      [100, 10],
      [60, 40],
      [300, 9],
      [1500, 2],
      [1000, 1],
      [7, 400],
    ]) {
      const w = { values: drawn(length * count), length, count }
      const theta = coreBackend.sort(w)
      const banks = [backend.upload(w), backend.upload(theta)]
      banks.push(backend.sort(banks[0]), backend.rank(banks[0]), backend.sync(banks[1], banks[0]))
      const expected = [w, theta, theta, coreBackend.rank(w), coreBackend.sync(theta, w)]
      for (const [i, bank] of banks.entries()) {
        if (!sameBits((await backend.download(bank)).values, expected[i].values))
          wrong.push(`${i} of ${length}x${count}`)
        backend.dispose(bank)
      }
    }
  } finally {
    tf.env().set('WEBGL_MAX_TEXTURE_SIZE', side)
  }
  return wrong
}

/** Operations of tfjs, and the same with ours between them: results must be the same, and what tfjs had bound is bound again. */
const interleaved = async () => {
  await backendOrThrow()
  await tf.setBackend('webgl')
  const gl = contextOf(webGlOf())
  const bindings = () =>
    [gl.FRAMEBUFFER_BINDING, gl.CURRENT_PROGRAM, gl.VERTEX_ARRAY_BINDING].map((name) => gl.getParameter(name))
  const unlike: string[] = []
  const ours = (w: tf.Tensor2D): void => {
    const before = bindings()
    tf.dispose([syncTensor(w, w), sortTensor(w), rankTensor(w)])
    const after = bindings()
    if (before.some((each, i) => each !== after[i])) unlike.push('a binding')
  }
  const images = tf.tensor4d(
    drawn(2 * 9 * 9 * 3).map((x) => (Number.isFinite(x) ? x : 1)),
    [2, 9, 9, 3],
  )
  const filter = tf.tensor4d(
    drawn(3 * 3 * 3 * 4).map((x) => (Number.isFinite(x) ? x : 1)),
    [3, 3, 3, 4],
  )
  const chain = (between: () => void): Promise<Float32Array> => {
    const result = tf.tidy(() => {
      const steps: ((x: tf.Tensor) => tf.Tensor)[] = [
        (x) => tf.conv2d(x as tf.Tensor4D, filter, 1, 'same'),
        (x) => tf.relu(x),
        (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'same'),
        (x) => tf.reshape(x, [2, -1]),
        (x) => tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D, true, false),
        (x) => tf.add(x, tf.tensor1d(drawn(100).map((y) => (Number.isFinite(y) ? y : 2)))),
        (x) => tf.slice(x, [3, 5], [20, 31]),
        (x) => tf.cumsum(tf.transpose(x as tf.Tensor2D), 0),
        (x) => tf.softmax(x as tf.Tensor2D),
      ]
      return steps.reduce((x, step) => {
        between()
        return step(x)
      }, images as tf.Tensor)
    })
    between()
    return (result.data() as Promise<Float32Array>).finally(() => result.dispose())
  }
  const alone = await chain(() => {})
  const banks = [tf.tensor2d(drawn(300 * 5), [300, 5]), tf.tensor2d(drawn(20 * 5), [20, 5])]
  // Uploading them is tfjs's, and binds what tfjs will.
  for (const bank of banks) tf.dispose(syncTensor(bank, bank))
  const together = await chain(() => {
    for (const bank of banks) ours(bank)
  })
  if (!sameBits(alone, together)) unlike.push('results')
  tf.dispose([images, filter, ...banks])
  return unlike
}

/** The device is asked for a work texture larger than it gives; then everything goes on. */
const outOfMemory = async () => {
  const backend = await backendOrThrow()
  const gl = contextOf(webGlOf())
  const values = drawn(777 * 3)
  const w = backend.upload({ values, length: 777, count: 3 })
  const makeTexture = gl.texStorage3D
  gl.texStorage3D = (target, levels, format) => makeTexture.call(gl, target, levels, format, 8192, 8192, 16)
  const memory = () => JSON.stringify(tf.memory())
  const before = memory()
  const fault = await tagOf(() => backend.sync(w, w))
  const leftBehind = memory() === before ? '' : `${before} became ${memory()}`
  const kept = keptWorkTextures(gl).count
  gl.texStorage3D = makeTexture
  const isReadable = sameBits((await backend.download(w)).values, values)
  const ranks = await backend.download(backend.rank(w))
  const goesOn = sameBits(ranks.values, coreBackend.rank({ values, length: 777, count: 3 }).values)
  return { fault, leftBehind, kept, isReadable, goesOn, isLost: gl.isContextLost() }
}

/** Work textures that stay when matrices of many sizes were synchronized. */
const keptTextures = async () => {
  const backend = await backendOrThrow()
  for (let i = 0; i < 8; i++) {
    const [length, count] = [130, 4000 + 128 * i]
    const w = backend.upload({ values: drawn(length * count), length, count })
    const result = backend.rank(w)
    await backend.download(result)
    backend.dispose(result)
    backend.dispose(w)
  }
  return keptWorkTextures(contextOf(webGlOf()))
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

const laws = async ({
  golden,
  trials,
  maxWeights,
}: {
  golden: unknown
  trials: number
  maxWeights: number
}) => {
  const backend = await backendOrThrow()
  return proveLaws(backend, golden, trials, maxWeights, !backend.keepsSubnormals)
}

const randomVectors = async (vectors: number) => {
  const backend = await backendOrThrow()
  return proveRandomVectors(backend, vectors, !backend.keepsSubnormals)
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
