/** Dropout masks, drawn the same way on every engine, one step ahead. */
import { fillDropoutMask } from '@laperm/core/kernel'
import type { Program } from '../compile/program.ts'
import { openPackage, packageSizeBytes } from './batch-package.ts'

/** Draws the masks of steps into the buffers that batches travel in. */
export interface MaskedPackages {
  /** A buffer with the masks of this step, ready for inputs and labels. */
  readonly take: (size: number, step: number) => ArrayBuffer
  /** Draw the masks of a step that will probably be next, while the worker is busy with this one. */
  readonly prepare: (size: number, step: number) => void
  /** Hand back a buffer to be used again. */
  readonly giveBack: (buffer: ArrayBuffer | undefined) => void
}

export const makeMaskedPackages = (program: Program, seed: number): MaskedPackages => {
  let free: readonly ArrayBuffer[] = []
  let prepared: { readonly size: number; readonly step: number; readonly buffer: ArrayBuffer } | undefined

  const draw = (size: number, step: number): ArrayBuffer => {
    const sizeBytes = packageSizeBytes(program, size, true)
    const buffer = free.find((other) => other.byteLength >= sizeBytes) ?? new ArrayBuffer(sizeBytes)
    free = free.filter((other) => other !== buffer)
    const { masks } = openPackage(program, buffer, size, true)
    program.masks.forEach(({ layer, rate }, i) => {
      fillDropoutMask(masks[i], rate, seed, layer, step)
    })
    return buffer
  }

  return {
    take: (size, step) => {
      const ready = prepared
      prepared = undefined
      if (ready?.size === size && ready.step === step) return ready.buffer
      if (ready !== undefined) free = [...free, ready.buffer]
      return draw(size, step)
    },
    prepare: (size, step) => {
      prepared ??= { size, step, buffer: draw(size, step) }
    },
    giveBack: (buffer) => {
      if (buffer !== undefined) free = [...free, buffer]
    },
  }
}
