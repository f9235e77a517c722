/**
 * What engines synchronize with: the four operations on whole variables, as tensors of a numeric library.
 *
 * A tensor has any number of axes; its weight vectors are its columns after all axes but the last are flattened, as `weightVectorsSize` says.
 * A `Backend` is made of it by `makeTensorBackend`, so that the laws of `@laperm/conformance` prove it.
 */

/**
 * Sort, rank, permute and synchronize tensors. Order and ties are those of `Backend`. Inputs are never written; results have the shape of
 * the first argument and belong to the caller.
 *
 * @typeParam T a float32 tensor of the library.
 */
export interface TensorOperations<T> {
  /** Short lower-case name: `wasm`, `webgl`, `webgpu`, `node`. */
  readonly name: string
  /** What it runs on, for people. */
  readonly device: string
  /** Whether sort, rank and sync find NaN. Where false a NaN is ranked last and the caller has to look for it. */
  readonly refusesNaN: boolean
  /** Whether numbers below 2^-126 keep their bits. Where false the device takes them for zero. */
  readonly keepsSubnormals: boolean
  /** Every weight vector ascending, zeros as +0. */
  readonly sort: (w: T) => T | Promise<T>
  /** Every weight's rank within its vector, as float32 integers. */
  readonly rank: (w: T) => T | Promise<T>
  /** `result[i, j] = sorted[ranks[i, j], j]`; both of one shape. */
  readonly permute: (sorted: T, ranks: T) => T | Promise<T>
  /** The paper's synchronization, fused: `permute(sorted, rank(w))`. */
  readonly sync: (sorted: T, w: T) => T | Promise<T>
  /**
   * Wait until the device has taken every operation so far, where it tells later: a result is only to be trusted where this resolves.
   *
   * @throws DeviceFaultError (a rejection) with the first fault since the last time; `DeviceLost` every time once the device is gone.
   */
  readonly settled?: () => Promise<void>
}

/**
 * Tensor operations that return at once, so that they can be used inside `tf.tidy` and a `tf.Optimizer`.
 *
 * @typeParam Base float32 tensors of every rank.
 */
export interface ImmediateTensorOperations<Base> extends TensorOperations<Base> {
  readonly sort: <T extends Base>(w: T) => T
  readonly rank: <T extends Base>(w: T) => T
  readonly permute: <T extends Base>(sorted: T, ranks: T) => T
  readonly sync: <T extends Base>(sorted: T, w: T) => T
}

/** How tensors are made, read and given back. */
export interface TensorMemory<T> {
  /** A float32 tensor with a copy of these values, row-major. */
  readonly upload: (values: Float32Array, shape: readonly number[]) => T
  /** The values, row-major. */
  readonly download: (tensor: T) => Promise<Float32Array>
  /** Give a tensor's memory back. */
  readonly dispose: (tensor: T) => void
  /** Give back what the library holds for these tensors. Default: nothing is. */
  readonly close?: () => void
}
