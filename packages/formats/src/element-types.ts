/** Types of numbers in files: how many bytes one takes, and the floating ones as float32. Named as safetensors names them. */

/** Bytes of an element, by the type's name. */
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

/** Readers of elements as float32. `F64` is rounded to the nearest float32; the others are exact. */
const readers: Readonly<Record<string, (data: DataView, values: Float32Array, isLittle: boolean) => void>> = {
  F64: (data, values, isLittle) => {
    for (let i = 0; i < values.length; i++) values[i] = data.getFloat64(8 * i, isLittle)
  },
  F32: (data, values, isLittle) => {
    // As bits: a signalling NaN stays what it is.
    const bits = new Uint32Array(values.buffer)
    for (let i = 0; i < bits.length; i++) bits[i] = data.getUint32(4 * i, isLittle)
  },
  F16: (data, values, isLittle) => {
    for (let i = 0; i < values.length; i++) values[i] = halfToNumber(data.getUint16(2 * i, isLittle))
  },
  BF16: (data, values, isLittle) => {
    // The upper half of a float32.
    const bits = new Uint32Array(values.buffer)
    for (let i = 0; i < values.length; i++) bits[i] = data.getUint16(2 * i, isLittle) << 16
  },
}

/** Types whose elements can be read as float32. */
export const floatDtypes: readonly string[] = Object.keys(readers)

const hostIsLittle = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

/** Elements as float32, in new memory. @throws RangeError when the type is none of {@link floatDtypes}. */
export const toFloat32 = (dtype: string, bytes: Uint8Array, isLittle = true): Float32Array => {
  if (!floatDtypes.includes(dtype))
    throw new RangeError(`dtype: must be one of ${floatDtypes.join(', ')}, got ${dtype}`)
  const values = new Float32Array(bytes.length / elementBytes[dtype])
  if (dtype === 'F32' && isLittle === hostIsLittle) new Uint8Array(values.buffer).set(bytes)
  else readers[dtype](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), values, isLittle)
  return values
}

/** The number of elements; null where it is no safe integer, so that no bound is passed by an overflow. */
export const elementCount = (shape: readonly number[]): number | null => {
  const count = shape.reduce((product, axis) => product * axis, 1)
  return Number.isSafeInteger(count) && shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0)
    ? count
    : null
}
