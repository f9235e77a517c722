/** A network's kernels in buffers of a WebGPU device under Node: synchronized by ours, and plainly copied. */
import { makeWebGpuBackend, type WebGpuBank } from '@laperm/backend-webgpu'
import { renderError } from '@laperm/core'
import { either as E } from 'fp-ts'
import type { KernelWeights } from './network-kernels.ts'
import { type Place, webGpuPlace } from './torch-table.ts'

/** The device with the kernels uploaded. */
export interface WebGpuKernels {
  readonly place: Place
  readonly subgroups: boolean
  /** Synchronize, or only copy, every kernel `repeats` times and wait for the device; milliseconds in all. */
  readonly run: (what: 'synchronize' | 'copy', repeats: number) => Promise<number>
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
  const { device } = backend
  const banks = kernels.map(({ length, count, sorted, w }) => ({
    sorted: backend.upload({ values: sorted, length, count }),
    w: backend.upload({ values: w, length, count }),
    out: backend.upload({ values: w, length, count }),
  }))
  const synchronize = (): void => {
    for (const { sorted, w } of banks) backend.dispose(backend.sync(sorted, w))
  }
  const copy = (): void => {
    const encoder = device.createCommandEncoder()
    for (const { w, out } of banks)
      encoder.copyBufferToBuffer(w.buffer, 0, out.buffer, 0, w.length * w.count * 4)
    device.queue.submit([encoder.finish()])
  }
  const valuesOf = async (bank: WebGpuBank): Promise<Float32Array> => {
    const { values } = await backend.download(bank)
    backend.dispose(bank)
    return values
  }
  return {
    place: webGpuPlace(backend.description, allowSoftware),
    subgroups: backend.subgroups,
    run: async (what, repeats) => {
      const work = what === 'copy' ? copy : synchronize
      await device.queue.onSubmittedWorkDone()
      const start = performance.now()
      for (let repeat = 0; repeat < repeats; repeat++) work()
      await device.queue.onSubmittedWorkDone()
      return performance.now() - start
    },
    results: async () => {
      const all: Float32Array[] = []
      for (const { sorted, w } of banks) all.push(await valuesOf(backend.sync(sorted, w)))
      return all
    },
    close: backend.close,
  }
}
