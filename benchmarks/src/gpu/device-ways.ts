/** Ours and the ways of a tfjs user on one tfjs backend, timed on the same tensors. Runs in a page and in Node alike. */
import type { ZooName } from '@laperm/models'
import * as tf from '@tensorflow/tfjs-core'
import { kernelsOf } from './network-kernels.ts'
import type { TensorSync } from './topk-sync.ts'

/** A network's kernels on the device, and ways to synchronize them. */
export interface DeviceWays {
  readonly names: readonly string[]
  /** Synchronize every kernel by one way and read every result back; milliseconds. */
  readonly run: (name: string) => Promise<number>
  /** The first way whose results are not the first way's bits; undefined where all agree. */
  readonly firstDifferent: () => Promise<string | undefined>
}

const bitsOf = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length)

/** Upload a network's kernels to the active backend. */
export const makeDeviceWays = (network: ZooName, ways: Readonly<Record<string, TensorSync>>): DeviceWays => {
  const kernels = kernelsOf(network).map(({ length, count, sorted, w }) => ({
    sorted: tf.tensor2d(sorted, [length, count]),
    w: tf.tensor2d(w, [length, count]),
  }))
  const results = async (name: string): Promise<readonly Float32Array[]> => {
    const made: tf.Tensor2D[] = []
    for (const { sorted, w } of kernels) made.push(await ways[name](sorted, w))
    const values = await Promise.all(made.map((each) => each.data<'float32'>()))
    tf.dispose(made)
    return values
  }
  const names = Object.keys(ways)
  return {
    names,
    run: async (name) => {
      const start = performance.now()
      const values = await results(name)
      const elapsedMs = performance.now() - start
      if (values.length !== kernels.length) throw new Error(`${name} did not synchronize every kernel`)
      return elapsedMs
    },
    firstDifferent: async () => {
      const expected = await results(names[0])
      for (const name of names.slice(1)) {
        const actual = await results(name)
        const differs = actual.some((values, k) => {
          const [x, y] = [bitsOf(values), bitsOf(expected[k])]
          return x.some((bits, i) => bits !== y[i])
        })
        if (differs) return name
      }
      return undefined
    },
  }
}
