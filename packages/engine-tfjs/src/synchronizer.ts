/**
 * What ranks and permutes a session's variables: a device's own kernels where there are some, the WASM kernel on the host otherwise.
 */
import { makeWasmBackend } from '@laperm/backend-wasm'
import {
  type BackendUnavailable,
  DivergedError,
  diverged,
  renderError,
  weightVectorsSize,
} from '@laperm/core'
import { throwIfDiverged } from '@laperm/core/kernel'
import * as tf from '@tensorflow/tfjs-core'
import { function as F, taskEither as TE } from 'fp-ts'

/**
 * Sorts and synchronizes tensors whose weight vectors are their columns after all axes but the last are flattened. Order and ties are
 * core's. Results belong to the caller.
 */
export interface Synchronizer {
  /** Every weight vector ascending, zeros as +0. */
  readonly sort: (w: tf.Tensor) => Promise<tf.Tensor> | tf.Tensor
  /** The weight of theta_sorted that has each weight's rank. */
  readonly sync: (sorted: tf.Tensor, w: tf.Tensor) => Promise<tf.Tensor> | tf.Tensor
  /** Wait until the device has taken everything so far, where it tells later. @throws DeviceFaultError (a rejection) where it has not. */
  readonly settled?: () => Promise<void>
}

/** The WASM kernel on the host: for backends whose memory the host reads cheaply (wasm, cpu), and for any other without kernels of its own. */
export const makeHostSynchronizer = (): TE.TaskEither<BackendUnavailable, Synchronizer> =>
  F.pipe(
    makeWasmBackend({ memoryBytes: 2 ** 20 }),
    TE.map(({ wasmSync }) => {
      const vectors = async (w: tf.Tensor) => ({
        values: (await w.data<'float32'>()) as Float32Array,
        ...weightVectorsSize(w.shape),
      })
      return {
        sort: async (w) => {
          const out = new Float32Array(w.size)
          wasmSync.sortInto(await vectors(w), out)
          return tf.tensor(out, w.shape)
        },
        sync: async (sorted, w) => {
          const out = new Float32Array(w.size)
          wasmSync.syncInto(await vectors(sorted), await vectors(w), out)
          return tf.tensor(out, w.shape)
        },
      }
    }),
  )

/**
 * Look for NaN before anything is permuted: one number is read back for all variables.
 *
 * @throws Error naming the first variable, vector and index that is NaN.
 */
export const refuseNaN = async (
  variables: readonly { readonly name: string; readonly tensor: tf.Tensor }[],
  read: (tensor: tf.Tensor) => Promise<Float32Array>,
): Promise<void> => {
  if (variables.length === 0) return
  const count = tf.tidy(() =>
    variables
      .map(({ tensor }) => tf.sum(tf.cast(tf.isNaN(tensor), 'float32')))
      .reduce((sum, each) => tf.add(sum, each)),
  )
  const [found] = await read(count)
  count.dispose()
  if (found === 0) return
  for (const { name, tensor } of variables) {
    const values = await read(tensor)
    try {
      throwIfDiverged({ values, ...weightVectorsSize(tensor.shape) })
    } catch (error) {
      if (!(error instanceof DivergedError)) throw error
      throw new Error(renderError(diverged(name, error.vector, error.index)))
    }
  }
}
