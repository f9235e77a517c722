/** What a file of weights holds, whatever its format: named tensors, and text about them. */

/** A named float32 tensor, row-major. */
export interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** What was read from a file. */
export interface TensorFile {
  /** In the order of their data in the file. */
  readonly tensors: readonly Tensor[]
  /** Tensors that are no floating numbers, which were not read. */
  readonly leftOut: readonly { readonly name: string; readonly dtype: string }[]
  /** Has no prototype, so that any key is only a key: also `__proto__`. */
  readonly metadata: Readonly<Record<string, string>>
}
