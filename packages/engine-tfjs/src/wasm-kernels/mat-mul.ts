/**
 * Matrix products with a transposed factor. tfjs-backend-wasm multiplies them with a plain loop, and both products of every dense layer's
 * gradient have one; without a transposed factor it multiplies by XNNPACK.
 */
import {
  type BatchMatMulAttrs,
  type KernelFunc,
  type Tensor,
  type TensorInfo,
  transpose,
} from '@tensorflow/tfjs-core'

/** One matrix as tfjs multiplies it: no leading axes, or leading axes of length 1. */
const isOneMatrix = ({ shape }: TensorInfo): boolean => shape.slice(0, -2).every((length) => length === 1)

/** The last two axes exchanged. */
const transposed = (matrix: Tensor): Tensor => {
  const axes = matrix.shape.map((_, axis) => axis)
  const [rows, columns] = axes.slice(-2)
  return transpose(matrix, [...axes.slice(0, -2), columns, rows])
}

/**
 * `a b`, either of them transposed first where the attributes say so, so that tfjs's own kernel meets none that is.
 *
 * Several matrices at once stay with tfjs's own kernel: it multiplies those with its plain loop in either case.
 *
 * @param own tfjs's kernel `BatchMatMul` of the backend `wasm`.
 * @returns a kernel in its place, of the same inputs `[..., n, k]` and `[..., k, m]` and the same output `[..., n, m]`.
 */
export const matMulByXnnpack =
  (own: KernelFunc): KernelFunc =>
  (call) => {
    const { transposeA, transposeB } = call.attrs as unknown as BatchMatMulAttrs
    const { a, b } = call.inputs as { readonly a: Tensor; readonly b: Tensor }
    if (!(transposeA || transposeB) || !(isOneMatrix(a) && isOneMatrix(b))) return own(call)
    const left = transposeA ? transposed(a) : a
    const right = transposeB ? transposed(b) : b
    const product = own({
      inputs: { a: left, b: right },
      attrs: { transposeA: false, transposeB: false },
      backend: call.backend,
    })
    if (left !== a) left.dispose()
    if (right !== b) right.dispose()
    return product
  }
