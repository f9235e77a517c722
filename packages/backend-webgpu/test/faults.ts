/**
 * What becomes of a device that is lost, full, or asked for what it cannot do: checks of every device, as plain data like those beside it.
 */
import { type DeviceFault, DeviceFaultError } from '@laperm/core'
import { drawn } from '../../../test/devices/drawn.ts'
import { tagOf } from '../../../test/devices/fault-tag.ts'
import { makeBuffers, usage } from '../src/buffers.ts'
import { watchDevice } from '../src/health.ts'
import { makeKernels } from '../src/kernels.ts'
import { open } from './open-backends.ts'

/** The device is destroyed while a download waits; then everything is asked once more. */
export const lose = async () => {
  const { backend } = await open()
  const w = backend.upload({ values: drawn(9000), length: 9000, count: 1 })
  const result = backend.sync(w, w)
  const waiting = tagOf(() => backend.download(result))
  backend.gpuDevice.destroy()
  await backend.gpuDevice.lost
  return {
    waiting: await waiting,
    later: await tagOf(() => backend.download(w)),
    sync: await tagOf(() => backend.sync(w, w)),
    upload: await tagOf(() => backend.upload({ values: drawn(3), length: 3, count: 1 })),
  }
}

/** A merge's scratch stays for the next one, and so do the uniforms. */
const scratchBuffers = 3
const hangMs = 20_000
/** The tag of the fault that an action ends with, unless it never ends. */
export const tagInTime = (action: () => unknown): Promise<string> =>
  Promise.race([
    tagOf(action),
    new Promise<string>((resolve) => setTimeout(() => resolve('it hangs'), hangMs)),
  ])

/** Everything is asked of a device that is gone before anybody is told: what comes back, and the buffers left but for the banks. */
export const loseUntold = async () => {
  const { backend } = await open()
  const w = backend.upload({ values: drawn(3000), length: 3000, count: 1 })
  backend.gpuDevice.destroy()
  const before = backend.memory()
  const results = [backend.sync(w, w), backend.permute(w, w), backend.upload({ ...w, values: drawn(3000) })]
  const asked = [...results.map((bank) => () => backend.download(bank)), () => backend.checkNumbers(w)]
  const tags = await Promise.all(asked.map(tagInTime))
  for (const bank of results) backend.dispose(bank)
  const { buffers } = backend.memory()
  return { tags, left: buffers - before.buffers - scratchBuffers }
}

/** The device is destroyed after a download's bytes are there, but before it is known whether they are to be trusted. */
export const loseBeforeHealth = async () => {
  const { backend } = await open()
  const w = backend.upload({ values: drawn(30), length: 30, count: 1 })
  const health = new Promise<null>((resolve) => {
    setTimeout(() => {
      backend.gpuDevice.destroy()
      resolve(null)
    }, 500)
  })
  return tagInTime(() => backend.download({ ...w, health }))
}

/** A command that the device must refuse: the fault travels with the bank, through later operations, to the download. */
export const refused = async () => {
  const { backend, uncaught } = await open()
  const w = backend.upload({ values: drawn(30), length: 30, count: 1 })
  const gone = backend.upload({ values: drawn(30), length: 30, count: 1 })
  backend.dispose(gone)
  const result = backend.sync(backend.sort(gone), w)
  const tag = await tagOf(() => backend.download(result))
  const { values } = await backend.download(backend.sort(w))
  backend.close()
  return { tag, uncaught, stillWorks: values[0] === Number.NEGATIVE_INFINITY }
}

/** More weights than the device can bind at once: zeros, which the system gives only when somebody reads them. */
export const tooLarge = async () => {
  const { backend, uncaught } = await open()
  const length = backend.gpuDevice.limits.maxStorageBufferBindingSize / 4 + 1
  let fault: DeviceFault | undefined
  try {
    backend.upload({ values: new Float32Array(length), length, count: 1 })
  } catch (error) {
    if (error instanceof DeviceFaultError) fault = error.fault
  }
  const memory = backend.memory()
  backend.close()
  return { fault, memory, uncaught }
}

/** A buffer within every limit that the device has no memory for, as an operation would ask for it; and whether the rest goes on. */
export const outOfMemory = async () => {
  const { backend, uncaught } = await open()
  const { gpuDevice: device } = backend
  const buffers = makeBuffers(device)
  const [, health] = watchDevice(device).watched(() =>
    buffers.create(device.limits.maxStorageBufferBindingSize, usage.storage),
  )
  const fault = await health
  buffers.destroyAll()
  const w = backend.upload({ values: drawn(30), length: 30, count: 1 })
  const { values } = await backend.download(backend.sort(w))
  backend.close()
  return { tag: fault?._tag, stillWorks: values[0] === Number.NEGATIVE_INFINITY, uncaught }
}

/** Buffers are refused while scratch has to grow, then given again: whether the smaller scratch that was there is still taken for alive. */
export const refusedScratch = async () => {
  const { backend, uncaught } = await open()
  const { gpuDevice: device } = backend
  const buffers = makeBuffers(device)
  let refuses = false
  const create: typeof buffers.create = (...asked) => {
    if (refuses) throw new RangeError('no buffer for the test')
    return buffers.create(...asked)
  }
  const kernels = makeKernels(device, { ...buffers, create })
  const [small, large] = [3000, 9000].map((length) => ({
    length,
    w: buffers.create(length * 4, usage.storage, drawn(length)),
    result: buffers.create(length * 4, usage.storage),
  }))
  const sort = ({ length, w, result }: typeof small): string => {
    try {
      kernels.order('sort', w, result, { length, count: 1 })
      return 'sorted'
    } catch (error) {
      return error instanceof RangeError ? error.message : String(error)
    }
  }
  const said = [sort(small)]
  refuses = true
  said.push(sort(large))
  refuses = false
  said.push(sort(small), sort(large))
  await device.queue.onSubmittedWorkDone()
  buffers.destroyAll()
  backend.close()
  return { said, uncaught }
}

/** A vector whose merges the device has no memory for, although it has room for the weights; and whether later merges go on. */
export const outOfScratch = async () => {
  const { backend, uncaught } = await open()
  const length = Math.floor(backend.gpuDevice.limits.maxStorageBufferBindingSize / 8)
  const large = backend.upload({ values: new Float32Array(length), length, count: 1 })
  const failed = backend.sort(large)
  const tag = await tagOf(() => backend.download(failed))
  for (const bank of [large, failed]) backend.dispose(bank)
  const w = backend.upload({ values: drawn(9000), length: 9000, count: 1 })
  const result = backend.sort(w)
  const { values } = await backend.download(result)
  for (const bank of [w, result]) backend.dispose(bank)
  const { buffers } = backend.memory()
  backend.close()
  return {
    tag,
    stillMerges: values[0] === Number.NEGATIVE_INFINITY,
    left: buffers - scratchBuffers,
    uncaught,
  }
}
