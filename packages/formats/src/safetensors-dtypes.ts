/** Data types of safetensors: how many bytes an element takes, and the floating ones as float32. */

/** Bytes of an element, by the type's name in the header. */
export const elementBytes: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
}

/** A float16's value: sign, five bits of exponent, ten of fraction. */
const halfToNumber = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}

/** Readers of little-endian elements as float32. `F64` is rounded to the nearest float32; the others are exact. */
const readers: Readonly<Record<string, (data: DataView, values: Float32Array) => void>> = {
  F64: (data, values) => {
    for (let i = 0; i < values.length; i++) values[i] = data.getFloat64(8 * i, true)
  },
  F16: (data, values) => {
    for (let i = 0; i < values.length; i++) values[i] = halfToNumber(data.getUint16(2 * i, true))
  },
  BF16: (data, values) => {
    // The upper half of a float32.
    const bits = new Uint32Array(values.buffer)
    for (let i = 0; i < values.length; i++) bits[i] = data.getUint16(2 * i, true) << 16
  },
}

/** Types whose elements can be read as float32. */
export const floatDtypes: readonly string[] = ['F32', ...Object.keys(readers)]

/** Elements as float32, in new memory. @throws RangeError when the type is none of {@link floatDtypes}. */
export const toFloat32 = (dtype: string, bytes: Uint8Array): Float32Array => {
  if (!floatDtypes.includes(dtype))
    throw new RangeError(`dtype: must be one of ${floatDtypes.join(', ')}, got ${dtype}`)
  const values = new Float32Array(bytes.length / elementBytes[dtype])
  if (dtype === 'F32') new Uint8Array(values.buffer).set(bytes)
  else readers[dtype](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), values)
  return values
}
