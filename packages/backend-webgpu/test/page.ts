/**
 * What the test's page runs inside Chromium: the checks of every device, and tfjs's tensors.
 */
import { coreBackend, makeTensorBackend, weightVectorsSize } from '@laperm/core'
import '@tensorflow/tfjs-backend-webgpu'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { either as E } from 'fp-ts'
import { drawn, sameBits } from '../../../test/devices/drawn.ts'
import { tagOf } from '../../../test/devices/fault-tag.ts'
import { type LawsAsked, type Proof, proveLaws } from '../../../test/devices/prove.ts'
import { tensorMemory } from '../../../test/devices/tensor-memory.ts'
import { makeTensorOperations, type WebGpuTensorOperations } from '../src/tfjs.ts'
import * as checks from './checks.ts'
import * as faults from './faults.ts'

const operations = async (): Promise<WebGpuTensorOperations> => {
  await tf.setBackend('webgpu')
  const made = makeTensorOperations(tf.backend())
  if (E.isLeft(made)) throw new Error(made.left.reason)
  return made.right
}

/** Names of the operations that differ from core on this tensor. */
const differing = async (gpu: WebGpuTensorOperations, w: tf.Tensor): Promise<readonly string[]> => {
  const size = weightVectorsSize(w.shape)
  const sorted = coreBackend.sort({ values: drawn(w.size).reverse(), ...size })
  const onGpu = tf.tensor(sorted.values, w.shape)
  // Operations first, reading afterwards: reading flushes what tfjs has recorded, and the operations must do so themselves.
  const ranks = gpu.rank(w)
  const results = {
    sort: gpu.sort(w),
    rank: ranks,
    permute: gpu.permute(onGpu, ranks),
    sync: gpu.sync(onGpu, w),
  }
  const current = { values: Float32Array.from(await w.data()), ...size }
  const expected = {
    sort: coreBackend.sort(current),
    rank: coreBackend.rank(current),
    permute: coreBackend.sync(sorted, current),
    sync: coreBackend.sync(sorted, current),
  }
  const wrong: string[] = []
  for (const name of ['sort', 'rank', 'permute', 'sync'] as const) {
    const values = Float32Array.from(await results[name].data())
    if (results[name].shape.join() !== w.shape.join() || !sameBits(values, expected[name].values))
      wrong.push(name)
  }
  tf.dispose([onGpu, ...Object.values(results)])
  return wrong
}

const tensors = async () => {
  const gpu = await operations()
  const wrong: Record<string, readonly string[]> = {}
  const check = async (name: string, make: () => tf.Tensor) => {
    const w = tf.tidy(make)
    wrong[name] = await differing(gpu, w)
    w.dispose()
  }
  const finite = (size: number) => drawn(size).map((x) => (Number.isFinite(x) ? x : 3))
  await check('one weight', () => tf.tensor1d(drawn(1)))
  await check('a convolution kernel', () => tf.tensor4d(drawn(3 * 3 * 20 * 7), [3, 3, 20, 7]))
  await check('neurons on the last axis but one, as of a transposed convolution', () =>
    tf.reshape(tf.transpose(tf.tensor4d(drawn(3 * 3 * 7 * 20), [3, 3, 7, 20]), [0, 1, 3, 2]), [180, 7]),
  )
  await check('neurons on two axes, as of a depthwise kernel', () =>
    tf.reshape(tf.tensor4d(drawn(3 * 3 * 20 * 2), [3, 3, 20, 2]), [9, 40]),
  )
  await check('a result that tfjs has only recorded', () =>
    tf.add(tf.tensor2d(finite(77 * 13), [77, 13]), 0.5),
  )
  await check('rows sliced from the middle', () =>
    tf.slice(tf.tensor2d(drawn(200 * 5), [200, 5]), [50, 0], [101, 5]),
  )
  await check('a vector of many tiles', () => tf.tensor1d(drawn(9000)))
  await check('nothing', () => tf.tensor2d(new Float32Array(0), [0, 3]))
  return wrong
}

/** The laws, and the authors' results, on tensors of the shape of convolution kernels. */
const tensorLaws = async (asked: LawsAsked): Promise<Proof> =>
  proveLaws(makeTensorBackend(await operations(), tensorMemory), asked)

const tensorLeaks = async () => {
  const gpu = await operations()
  const w = tf.tensor2d(drawn(300 * 5), [300, 5])
  const sorted = gpu.sort(w)
  gpu.sync(sorted, w).dispose()
  const memory = () => {
    const { numTensors, numBytesInGPU } = tf.memory() as tf.MemoryInfo & { numBytesInGPU: number }
    return { numTensors, numBytesInGPU }
  }
  const before = memory()
  for (let i = 0; i < 100; i++) gpu.sync(sorted, w).dispose()
  const after = memory()
  tf.dispose([w, sorted])
  return { before, after }
}

/** A tensor whose buffer somebody destroyed: the operation returns, `settled` tells once, and other tensors are as well as before. */
const refusedTensor = async () => {
  const gpu = await operations()
  const [gone, fine] = [tf.tensor1d(drawn(300)), tf.tensor1d(drawn(300))]
  gpu.sort(fine).dispose()
  gpu.sort(gone).dispose()
  await gpu.settled()
  const { resource } = (tf.backend() as WebGPUBackend).tensorMap.get(gone.dataId)
  ;(resource as GPUBuffer).destroy()
  gpu.sort(gone).dispose()
  const tag = await tagOf(gpu.settled)
  const sorted = gpu.sort(fine)
  await gpu.settled()
  const [smallest] = await sorted.data()
  tf.dispose([gone, fine, sorted])
  return { tag, stillWorks: smallest === Number.NEGATIVE_INFINITY }
}

/** An operation on a disposed tensor: whether it throws, and what tfjs's backend holds before and after. */
const goneTensor = async () => {
  const gpu = await operations()
  const gone = tf.tensor1d(drawn(300))
  gone.dispose()
  const before = tf.backend().numDataIds()
  let thrown = false
  try {
    gpu.sort(gone)
  } catch {
    thrown = true
  }
  return { thrown, before, after: tf.backend().numDataIds() }
}

/** tfjs's device is destroyed while somebody waits for an operation; then one more is asked for, and then none. */
const loseTensors = async () => {
  const gpu = await operations()
  const w = tf.tensor1d(drawn(300))
  gpu.sort(w)
  const waiting = faults.tagInTime(gpu.settled)
  ;(tf.backend() as WebGPUBackend).device.destroy()
  const tags = [await waiting]
  gpu.sort(w)
  tags.push(await faults.tagInTime(gpu.settled), await faults.tagInTime(gpu.settled))
  return tags
}

Object.assign(globalThis, {
  laperm: {
    ...checks,
    ...faults,
    tensors,
    tensorLaws,
    tensorLeaks,
    refusedTensor,
    goneTensor,
    loseTensors,
  },
})
