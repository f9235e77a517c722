/** Whole numbers of as many bytes as they need (LEB128): seven bits a byte, the lowest first, the eighth bit where another byte follows. */
import { refuseFile } from '../refusal.ts'

/** Of a number below 2^35. */
const mostBytes = 5

/** @param value a whole number, 0 to 2^32 - 1. */
export const encodeCount = (value: number): Uint8Array => {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return Uint8Array.from([...bytes, rest])
}

/** @returns the number and the place behind it. @throws FileRefusal */
export const readCount = (
  path: string,
  bytes: Uint8Array,
  from: number,
): readonly [value: number, end: number] => {
  let value = 0
  for (let i = 0; i < mostBytes && from + i < bytes.length; i++) {
    value += (bytes[from + i] & 127) * 128 ** i
    if (bytes[from + i] < 128) return [value, from + i + 1]
  }
  return refuseFile(path, `a whole number at byte ${from}`, 'none that ends')
}
