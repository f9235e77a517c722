/**
 * Tensor operations by the WASM kernel on the host: for tfjs backends whose memory the host reads cheaply (wasm, cpu), and for any other
 * without operations of its own. Tensors are read, and results are new tensors of the active backend.
 */
import { makeWasmBackend } from '@laperm/backend-wasm'
import {
  type BackendUnavailable,
  type TensorOperations,
  type WeightVectors,
  weightVectorsSize,
} from '@laperm/core'
import * as tf from '@tensorflow/tfjs-core'
import { function as F, taskEither as TE } from 'fp-ts'

/** Not a copy: what a tensor of a backend on the host gives is only read. */
const vectorsOf = async (w: tf.Tensor): Promise<WeightVectors> => ({
  values: (await w.data<'float32'>()) as Float32Array,
  ...weightVectorsSize(w.shape),
})

/**
 * Make the operations.
 *
 * @returns why this JavaScript engine cannot run the kernel, where it cannot. An operation rejects with `DivergedError` for NaN.
 */
export const makeHostTensorOperations = (): TE.TaskEither<BackendUnavailable, TensorOperations<tf.Tensor>> =>
  F.pipe(
    makeWasmBackend({ memoryBytes: 2 ** 20 }),
    TE.map(
      ({ name, device, refusesNaN, keepsSubnormals, permute, wasmSync }): TensorOperations<tf.Tensor> => ({
        name,
        device,
        refusesNaN,
        keepsSubnormals,
        sort: async (w) => {
          const out = new Float32Array(w.size)
          wasmSync.sortInto(await vectorsOf(w), out)
          return tf.tensor(out, w.shape)
        },
        rank: async (w) => {
          const out = new Uint32Array(w.size)
          wasmSync.rankInto(await vectorsOf(w), out)
          return tf.tensor(Float32Array.from(out), w.shape)
        },
        permute: async (sorted, ranks) => {
          const { values } = permute(await vectorsOf(sorted), await vectorsOf(ranks))
          return tf.tensor(values, sorted.shape)
        },
        sync: async (sorted, w) => {
          const out = new Float32Array(w.size)
          wasmSync.syncInto(await vectorsOf(sorted), await vectorsOf(w), out)
          return tf.tensor(out, w.shape)
        },
      }),
    ),
  )
