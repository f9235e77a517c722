/**
 * How a batch travels to the worker: one buffer with inputs, dropout masks and labels one after the other.
 *
 * It is transferred, not copied, and comes back with the answer. (onnxruntime-node takes no shared memory.)
 */
import type { Program } from '../compile/program.ts'
import type { ExecutorBatch } from '../runtime/executor.ts'

/** Bytes that a batch of this size needs. */
export const packageSizeBytes = (program: Program, size: number, withMasks: boolean): number => {
  const floats =
    program.inputSize + (withMasks ? program.masks.reduce((sum, mask) => sum + mask.sizePerExample, 0) : 0)
  return size * (floats * Float32Array.BYTES_PER_ELEMENT + Uint8Array.BYTES_PER_ELEMENT)
}

/** The parts of a package, as views. */
export const openPackage = (
  program: Program,
  buffer: ArrayBuffer,
  size: number,
  withMasks: boolean,
): ExecutorBatch => {
  let offset = 0
  const floats = (length: number): Float32Array => {
    const view = new Float32Array(buffer, offset, length)
    offset += view.byteLength
    return view
  }
  return {
    size,
    inputs: floats(size * program.inputSize),
    masks: withMasks ? program.masks.map((mask) => floats(size * mask.sizePerExample)) : [],
    labels: new Uint8Array(buffer, offset, size),
  }
}
