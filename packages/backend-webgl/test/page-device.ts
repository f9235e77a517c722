/** What the test's page does with limits, memory and tfjs's own use of the device. */
import { coreBackend } from '@laperm/core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import * as tf from '@tensorflow/tfjs-core'
import { drawn, sameBits } from '../../../test/devices/drawn.ts'
import { tagOf } from '../../../test/devices/fault-tag.ts'
import { contextOf } from '../src/draw.ts'
import { rankKernel, sortKernel, syncKernel } from '../src/kernels.ts'
import { type WorkLimits, workLimits } from '../src/work-plan.ts'
import { keptWorkTextures } from '../src/work-textures.ts'
import { backendOrThrow } from './backend.ts'

const webGlOf = (): MathBackendWebGL => tf.findBackend('webgl') as MathBackendWebGL

/** Weights of a column of which most are one value, and the rest come twice at least. */
const tied = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => ((i * 7) % 10 < 7 ? 0 : ((i * 31) % 97) - 48))

/** The kernels with other limits than this device's, against core: few outputs a fragment, small blocks, small textures, many ties. */
export const otherLimits = async () => {
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
    [90, 66],
    [129, 33],
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
export const smallTextures = async () => {
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
export const interleaved = async () => {
  const { tensors: gpu } = await backendOrThrow()
  await tf.setBackend('webgl')
  const gl = contextOf(webGlOf())
  const bindings = () =>
    [gl.FRAMEBUFFER_BINDING, gl.CURRENT_PROGRAM, gl.VERTEX_ARRAY_BINDING].map((name) => gl.getParameter(name))
  const unlike: string[] = []
  const ours = (w: tf.Tensor2D): void => {
    const before = bindings()
    tf.dispose([gpu.sync(w, w), gpu.sort(w), gpu.rank(w)])
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
  const banks = [tf.tensor2d(drawn(300 * 7), [300, 7]), tf.tensor2d(drawn(20 * 5), [20, 5])]
  // Uploading them is tfjs's, and binds what tfjs will.
  for (const bank of banks) tf.dispose(gpu.sync(bank, bank))
  const together = await chain(() => {
    for (const bank of banks) ours(bank)
  })
  if (!sameBits(alone, together)) unlike.push('results')
  tf.dispose([images, filter, ...banks])
  return unlike
}

/** The device is asked for a work texture larger than it gives; then everything goes on. */
export const outOfMemory = async () => {
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
export const keptTextures = async () => {
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
