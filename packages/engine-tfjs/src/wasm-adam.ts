/**
 * Adam on tfjs's WebAssembly backend: one pass over a parameter and its slots, where tfjs's operations take twelve.
 */
import type { AdamSpec } from '@laperm/core'
import { adamFactors } from '@laperm/core/kernel'
import type * as tf from '@tensorflow/tfjs-core'
import type { TensorOptimizer } from './inner-update.ts'
import { makeFloats, tensorOf, valuesOf, type WasmHeap } from './wasm-kernels/heap.ts'

const { fround, sqrt } = Math

/** Every product, sum, quotient and root rounded to float32, in the order of `makeTensorOptimizer`: the same bits. */
export const makeWasmAdam = (heap: WasmHeap, spec: AdamSpec): TensorOptimizer => ({
  slotNames: ['m', 'v'],
  atStep: (learningRate, step) => {
    const factors = adamFactors(spec, learningRate, step)
    const [oldM, newM, oldV, newV] = [factors.oldM, factors.newM, factors.oldV, factors.newV].map(fround)
    const [rate, epsilon] = [fround(factors.rate), fround(factors.epsilon)]
    return (weights, gradient, slots) => {
      const made = [weights, ...slots].map(({ shape }) => makeFloats(heap, shape))
      const viewsOf = (tensors: readonly tf.TensorInfo[]) => tensors.map((tensor) => valuesOf(heap, tensor))
      const [w, g, m, v] = viewsOf([weights, gradient, ...slots])
      const [nextW, nextM, nextV] = viewsOf(made)
      for (let i = 0; i < w.length; i++) {
        const first = fround(fround(m[i] * oldM) + fround(g[i] * newM))
        const second = fround(fround(v[i] * oldV) + fround(fround(g[i] * g[i]) * newV))
        nextM[i] = first
        nextV[i] = second
        nextW[i] = w[i] - fround(fround(first * rate) / fround(fround(sqrt(second)) + epsilon))
      }
      const [updated, ...moments] = made.map((each) => tensorOf(heap, each))
      return { weights: updated, slots: moments }
    }
  },
})
