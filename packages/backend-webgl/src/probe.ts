/**
 * Whether a device keeps the bits of normal and of subnormal numbers, found by sending some through it.
 *
 * GLSL allows a device to flush subnormals at any time, and some drivers round in textures that they report as 32-bit.
 */
import type { Backend } from '@laperm/core'

const bitsOf = (bits: readonly number[]): Float32Array => new Float32Array(Uint32Array.from(bits).buffer)

/** Each bit of the mantissa and of the exponent alone, both signs, the extremes, both zeros and both infinities. */
const normalBits = (): readonly number[] => {
  const bits = [
    0x00000000, 0x80000000, 0x7f800000, 0xff800000, 0x7f7fffff, 0xff7fffff, 0x00800000, 0x80800000,
  ]
  for (let bit = 0; bit < 23; bit++) bits.push(0x3f800000 | (1 << bit), 0x3f800000 | 0x80000000 | (1 << bit))
  for (let exponent = 1; exponent < 255; exponent++) bits.push((exponent << 23) | 0x2aaaaa)
  return bits.map((word) => word >>> 0)
}

const subnormalBits: readonly number[] = [1, 2, 0x007fffff, 0x00400000, 0x80000001, 0x807fffff]

/** Pass values through `permute` by the identity, which writes each of them once. */
const passThrough = async <Bank>(backend: Backend<Bank>, values: Float32Array): Promise<Uint32Array> => {
  const length = values.length
  const banks = [
    backend.upload({ values, length, count: 1 }),
    backend.upload({ values: Float32Array.from({ length }, (_, i) => i), length, count: 1 }),
  ]
  banks.push(backend.permute(banks[0], banks[1]))
  try {
    const result = await backend.download(banks[2])
    return new Uint32Array(result.values.buffer, result.values.byteOffset, length)
  } finally {
    for (const bank of banks) backend.dispose(bank)
  }
}

/** The first normal number, zero or infinity that does not come back as it was, as text; undefined where all do. */
export const damagedByTheDevice = async <Bank>(backend: Backend<Bank>): Promise<string | undefined> => {
  const sent = normalBits()
  const back = await passThrough(backend, bitsOf(sent))
  const at = sent.findIndex((bits, i) => bits !== back[i])
  return at < 0 ? undefined : `0x${sent[at].toString(16)} came back as 0x${back[at].toString(16)}`
}

/** Whether subnormal numbers come back as anything else. */
export const flushedByTheDevice = async <Bank>(backend: Backend<Bank>): Promise<boolean> => {
  const back = await passThrough(backend, bitsOf(subnormalBits))
  return subnormalBits.some((bits, i) => bits !== back[i])
}
