/** A file of weights that has been opened: what is in it is known, and nothing of it is in memory yet. */
import type { NeuronAxes, ParameterRole } from '@laperm/core'
import type { taskEither as TE } from 'fp-ts'
import type { CorruptFile } from './corrupt-file.ts'
import type { ByteSource } from './source/byte-source.ts'

/** The formats that are read. */
export type WeightFormat = 'safetensors' | 'keras-h5' | 'keras' | 'tfjs' | 'onnx' | 'npz' | 'npy'

/** A tensor of floating numbers in a file. */
export interface StoredTensor {
  /** As the file has it, or a path inside the file. */
  readonly name: string
  readonly shape: readonly number[]
  /** `F32`, `F16`, `BF16`, `F64`, or how the file packs its numbers. */
  readonly dtype: string
  /**
   * The axes that number the neurons: each index of them is one weight vector, over all other axes. `[3]` of Keras's `[kh, kw, cin, cout]`, `[0]` of PyTorch's
   * `[out, in, kh, kw]`, `[2, 3]` of a depthwise kernel; none of a tensor with one axis, which is one vector.
   */
  readonly neuronAxes: NeuronAxes
  /** The layer that it belongs to, by the file's own structure or by the beginning of its name. */
  readonly layer: string
  /** What it is for in its layer; null where neither the file nor the name says. */
  readonly role: ParameterRole | null
  /** Its values as float32 in row-major order: exact, but for F64, which is rounded. New memory each time. */
  readonly read: TE.TaskEither<CorruptFile, Float32Array>
}

/** A file of weights. */
export interface WeightFile {
  readonly format: WeightFormat
  /** In the order of the network where the file keeps one, else in the natural order of names (`conv2` before `conv10`). */
  readonly tensors: readonly StoredTensor[]
  /** What is in the file and is no floating number. */
  readonly leftOut: readonly { readonly name: string; readonly dtype: string }[]
  /** Text that the file holds about itself; without a prototype, so that any key is only a key. */
  readonly metadata: Readonly<Record<string, string>>
  /** Gives memory and places back; the source stays open. */
  readonly close: () => void
}

/** Opens HDF5, in this thread or in another. @throws FileRefusal */
export type OpenH5 = (source: ByteSource) => Promise<WeightFile>
