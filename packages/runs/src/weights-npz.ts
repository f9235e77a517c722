/** Weights as a `.npz` file, which `numpy.load` reads: a stored zip of one `.npy` an array. */
import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
import type { Params } from '@laperm/core'
import { ZipFile } from 'yazl'

/** A byte and `NUMPY`, version 1.0; the header's length follows. @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]
/** Bytes before the values are a multiple of it. */
const alignment = 64
/** The same arrays give the same file, whenever it is written: the first day of a zip's calendar. */
const someDay = new Date(1980, 0, 1)

const headerOf = (shape: readonly number[]): Buffer => {
  const axes = shape.map((axis) => `${axis}, `).join('')
  const words = `{'descr': '<f4', 'fortran_order': False, 'shape': (${axes}), }`
  const prefix = magic.length + 2
  const length = Math.ceil((prefix + words.length + 1) / alignment) * alignment - prefix
  const size = Buffer.alloc(2)
  size.writeUInt16LE(length)
  return Buffer.concat([Buffer.from(magic), size, Buffer.from(`${words.padEnd(length - 1)}\n`, 'latin1')])
}

/**
 * The bytes of a `.npz` of weights, uncompressed.
 *
 * @param sets by name: each array is called `<set>/<parameter>`, `best/conv1/kernel`, and has the parameter's shape, float32.
 * Cost: one copy of the weights.
 */
export const weightsNpz = (sets: Readonly<Record<string, Params>>): Readable => {
  const zip = new ZipFile()
  for (const [set, params] of Object.entries(sets))
    for (const { name, shape, values } of params) {
      const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
      const file = Buffer.concat([headerOf(shape), bytes])
      zip.addBuffer(file, `${set}/${name}.npy`, { compress: false, mtime: someDay, forceDosTimestamp: true })
    }
  zip.end()
  // yazl's own stream is a Readable of Node's.
  return zip.outputStream as Readable
}
