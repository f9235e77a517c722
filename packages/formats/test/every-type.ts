/** Small files of every type of numbers, as other programs write them. */
import { encodeNpz } from '../src/npz.ts'

const bytesOfType = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, U8: 1, BOOL: 1 } as const

/** A .safetensors with a tensor of each type, named after it, all bytes different. */
export const everyTypeSafetensors = (): Uint8Array => {
  const shape = [2, 3]
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  let end = 0
  for (const [dtype, size] of Object.entries(bytesOfType)) {
    header[`layer.${dtype}`] = { dtype, shape, data_offsets: [end, end + 6 * size] }
    end += 6 * size
  }
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, Buffer.from(Array.from({ length: end }, (_, i) => (37 * i) % 251))])
}

/** A .npy: the one member of an archive that is stored as it is. */
export const arrayNpy = (): Uint8Array => {
  const values = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i))
  const archive = encodeNpz([{ name: 'a', shape: [2, 3, 4], values }])
  // Of a stored member: 30 bytes and its name, then 128 bytes of header and the values.
  const start = 30 + 'a.npy'.length
  return archive.slice(start, start + 128 + values.byteLength)
}
