/** Writers of .npy and idx files for tests. */

type Numbers = Uint8Array | Int32Array | BigInt64Array | Float32Array | Float64Array

/** A .npy file, version 1, whose numbers lie as this machine has them (little-endian). */
export const npyOf = (descr: string, shape: readonly number[], numbers: Numbers): Uint8Array => {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`
  const text = `${header.padEnd(117)}\n`
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.of(text.length & 255, text.length >> 8),
    Buffer.from(text),
    Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength),
  ])
}

/** An idx file of bytes. */
export const idxOf = (type: number, shape: readonly number[], bytes: Uint8Array): Uint8Array => {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header[2] = type
  header[3] = shape.length
  for (const [axis, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * axis)
  return Buffer.concat([header, bytes])
}
