/**
 * The rules that buffers must keep before a loop runs over them. Each rule gives the first breach as plain data, or `null`.
 *
 * The checked API returns a breach as `Left`; the fast API throws it as a `RangeError`. Neither has written anything by then.
 */
import { renderSizeMismatch, type SizeMismatch, sizeMismatch } from '../errors/errors.ts'

/** A `[length, count]` matrix of anything: weight vectors or their ranks. */
interface Matrix {
  readonly length: number
  readonly count: number
}

type Breach = SizeMismatch | null

const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0

/** Sizes are non-negative integers, their product is one too, and the buffer holds exactly that many elements. */
export const matrixBreach = (name: string, matrix: Matrix, buffer: ArrayLike<number>): Breach => {
  const { length, count } = matrix
  if (!isSize(length)) return sizeMismatch(`${name}.length`, 'a non-negative integer', String(length))
  if (!isSize(count)) return sizeMismatch(`${name}.count`, 'a non-negative integer', String(count))
  if (!Number.isSafeInteger(length * count))
    return sizeMismatch(name, 'length * count of at most 2^53 - 1', `${length} * ${count}`)
  if (buffer.length !== length * count)
    return sizeMismatch(name, `${length} * ${count} = ${length * count} elements`, String(buffer.length))
  return null
}

/** Two matrices have the same length and count. */
export const sameSizeBreach = (nameA: string, a: Matrix, nameB: string, b: Matrix): Breach =>
  a.length === b.length && a.count === b.count
    ? null
    : sizeMismatch(nameB, `[${a.length}, ${a.count}] as ${nameA} has`, `[${b.length}, ${b.count}]`)

/** An output holds exactly as many elements as the matrix it is computed from. */
export const outputBreach = (name: string, out: ArrayLike<number>, matrix: Matrix): Breach => {
  const size = matrix.length * matrix.count
  return out.length === size
    ? null
    : sizeMismatch(name, `${matrix.length} * ${matrix.count} = ${size} elements`, String(out.length))
}

interface View {
  readonly buffer: ArrayBufferLike
  readonly byteOffset: number
  readonly byteLength: number
}

/** An output shares no byte with an input. */
export const overlapBreach = (name: string, out: View, inputName: string, input: View): Breach =>
  out.buffer === input.buffer &&
  out.byteOffset < input.byteOffset + input.byteLength &&
  input.byteOffset < out.byteOffset + out.byteLength
    ? sizeMismatch(name, `memory that ${inputName} does not use`, `memory shared with ${inputName}`)
    : null

/** An output is the very same memory as an input (in place), or shares no byte with it. */
export const partialOverlapBreach = (name: string, out: View, inputName: string, input: View): Breach =>
  out.buffer === input.buffer && out.byteOffset === input.byteOffset && out.byteLength === input.byteLength
    ? null
    : overlapBreach(name, out, inputName, input)

/** Throw a breach, if there is one, as the programmer error that it is. */
export const throwBreach = (breach: Breach): void => {
  if (breach !== null) throw new RangeError(renderSizeMismatch(breach))
}
