/** Weights as a `.npz` file, which `numpy.load` reads: a stored zip of one `.npy` a tensor. */
import { strToU8, type Zippable, zipSync } from 'fflate'
import type { Tensor } from '../tensor.ts'
import { requireWritable } from '../writable-tensors.ts'

/** A byte and `NUMPY`, version 1.0; the header's length follows. @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]
/** Bytes before the values are a multiple of it. */
const alignment = 64
/** The same tensors give the same file, whenever it is written: the first day of a zip's calendar. */
const someDay = new Date(1980, 0, 1)

const npyOf = ({ shape, values }: Tensor): Uint8Array => {
  const axes = shape.map((axis) => `${axis}, `).join('')
  const words = `{'descr': '<f4', 'fortran_order': False, 'shape': (${axes}), }`
  const prefix = magic.length + 2
  const length = Math.ceil((prefix + words.length + 1) / alignment) * alignment - prefix
  const bytes = new Uint8Array(prefix + length + values.byteLength)
  bytes.set(magic)
  new DataView(bytes.buffer).setUint16(magic.length, length, true)
  bytes.set(strToU8(`${words.padEnd(length - 1)}\n`), prefix)
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), prefix + length)
  return bytes
}

/**
 * The bytes of a `.npz` file: an array a tensor, under its name, float32 in its shape.
 *
 * Cost: two copies of the weights.
 * @throws RangeError when a shape does not hold its values, a name occurs twice, or leads out of the archive.
 */
export const encodeNpz = (tensors: readonly Tensor[]): Uint8Array => {
  requireWritable(tensors)
  const files: Zippable = Object.fromEntries(tensors.map((tensor) => [`${tensor.name}.npy`, npyOf(tensor)]))
  return zipSync(files, { level: 0, mtime: someDay })
}
