/** A network's kernels in buffers of a WebGPU device under Node: synchronized by ours, and plainly copied. */
import { makeWebGpuBackend } from '@laperm/backend-webgpu'
import { renderError } from '@laperm/core'
import { either as E } from 'fp-ts'
import type { KernelWeights } from './network-kernels.ts'
import { type Place, webGpuPlace } from './torch-table.ts'

/** What is done: kernels synchronized into banks that are there, or each into a new one; or only copied. */
export type KernelWork = 'synchronize' | 'synchronize into a new bank' | 'copy'

/** The device with the kernels uploaded. */
export interface WebGpuKernels {
  readonly place: Place
  readonly subgroups: boolean
  /** Do something with every kernel `repeats` times and wait for the device; milliseconds in all. */
  readonly run: (what: KernelWork, repeats: number) => Promise<number>
  /** The results, every kernel `[length, count]`, one after the other. */
  readonly results: () => Promise<readonly Float32Array[]>
  readonly close: () => void
}

/**
 * Start Dawn and upload. Rejects with the reason where there is no device.
 *
 * @param allowSoftware whether there is no GPU, so that a software renderer must do; the place then says so.
 */
export const startWebGpuKernels = async (
  kernels: readonly KernelWeights[],
  allowSoftware: boolean,
  subgroups: boolean,
): Promise<WebGpuKernels> => {
  const made = await makeWebGpuBackend({ allowSoftware, subgroups })()
  if (E.isLeft(made)) throw new Error(renderError(made.left))
  const backend = made.right
  const { gpuDevice } = backend
  const banks = kernels.map(({ length, count, sorted, w }) => ({
    sorted: backend.upload({ values: sorted, length, count }),
    w: backend.upload({ values: w, length, count }),
    out: backend.upload({ values: w, length, count }),
  }))
  const works: Readonly<Record<KernelWork, () => void>> = {
    synchronize: () => {
      for (const { sorted, w, out } of banks) backend.syncInto(sorted, w, out)
    },
    'synchronize into a new bank': () => {
      for (const { sorted, w } of banks) backend.dispose(backend.sync(sorted, w))
    },
    copy: () => {
      const encoder = gpuDevice.createCommandEncoder()
      for (const { w, out } of banks)
        encoder.copyBufferToBuffer(w.buffer, 0, out.buffer, 0, w.length * w.count * 4)
      gpuDevice.queue.submit([encoder.finish()])
    },
  }
  return {
    place: webGpuPlace(backend.device, allowSoftware),
    subgroups: backend.subgroups,
    run: async (what, repeats) => {
      const work = works[what]
      await gpuDevice.queue.onSubmittedWorkDone()
      const start = performance.now()
      for (let repeat = 0; repeat < repeats; repeat++) work()
      await gpuDevice.queue.onSubmittedWorkDone()
      return performance.now() - start
    },
    results: async () => {
      const all: Float32Array[] = []
      for (const { sorted, w, out } of banks) {
        const bank = backend.syncInto(sorted, w, out)
        all.push((await backend.download(bank)).values)
      }
      return all
    },
    close: backend.close,
  }
}
