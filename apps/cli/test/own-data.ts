/** Small data sets as somebody keeps them: .npy files in a folder. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An array of bytes or of float32 as .npy, version 1.0: magic, length of the header, header padded to 64 bytes, values. */
const npy = (shape: readonly number[], values: Uint8Array | Float32Array): Buffer => {
  const type = values instanceof Float32Array ? '<f4' : '|u1'
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`
  const header = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`
  const length = Buffer.from([header.length & 255, header.length >> 8])
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    length,
    Buffer.from(header, 'latin1'),
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  ])
}

/**
 * Write 200 training and 50 test images of 28x28 with stripes in 3 classes.
 *
 * @param options `floats`: values in 0..1 instead of bytes. `brightness` of the stripes: other values are other data.
 */
export const writeStripes = (
  folder: string,
  { floats = false, brightness = 255 }: { readonly floats?: boolean; readonly brightness?: number } = {},
): void => {
  mkdirSync(folder, { recursive: true })
  for (const [split, count] of [
    ['train', 200],
    ['test', 50],
  ] as const) {
    const images = Uint8Array.from({ length: count * 784 }, (_, i) =>
      Math.floor(i / 784) % 3 === i % 3 ? brightness : (i * 7) % 50,
    )
    const inputs = floats ? Float32Array.from(images, (pixel) => pixel / 255) : images
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 3)
    writeFileSync(join(folder, `x_${split}.npy`), npy([count, 28, 28], inputs))
    writeFileSync(join(folder, `y_${split}.npy`), npy([count], labels))
  }
}
