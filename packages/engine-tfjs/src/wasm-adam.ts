/**
 * Adam on tfjs's WebAssembly backend: one pass over a parameter and its slots, where tfjs's operations take twelve.
 */
import type { AdamSpec } from '@laperm/core'
import { adamFactors } from '@laperm/core/kernel'
import type * as tf from '@tensorflow/tfjs-core'
import { type AdamKernel, loadAdamKernel } from './adam-kernel.ts'
import type { TensorOptimizer } from './inner-update.ts'
import { makeFloats, tensorOf, valuesOf, type WasmHeap } from './wasm-kernels/heap.ts'

const { fround, sqrt } = Math

/** Arrays of one parameter, all of one length; the last three are written. */
interface AdamArrays {
  readonly weights: Float32Array
  readonly gradient: Float32Array
  readonly m: Float32Array
  readonly v: Float32Array
  readonly nextWeights: Float32Array
  readonly nextM: Float32Array
  readonly nextV: Float32Array
}

/** What `adamFactors` gives for a step. */
type Factors = ReturnType<typeof adamFactors>

/** Every product, sum, quotient and root rounded to float32, in the order of `makeTensorOptimizer`: the same bits. */
const adamLoop = (arrays: AdamArrays, factors: Factors): void => {
  const { weights, gradient, m, v, nextWeights, nextM, nextV } = arrays
  const [oldM, newM, oldV, newV] = [factors.oldM, factors.newM, factors.oldV, factors.newV].map(fround)
  const [rate, epsilon] = [fround(factors.rate), fround(factors.epsilon)]
  for (let i = 0; i < weights.length; i++) {
    const first = fround(fround(m[i] * oldM) + fround(gradient[i] * newM))
    const second = fround(fround(v[i] * oldV) + fround(fround(gradient[i] * gradient[i]) * newV))
    nextM[i] = first
    nextV[i] = second
    nextWeights[i] = weights[i] - fround(fround(first * rate) / fround(fround(sqrt(second)) + epsilon))
  }
}

/** The same by WebAssembly, which works where the arrays lie. */
const adamBy =
  (kernel: AdamKernel) =>
  (arrays: AdamArrays, { oldM, newM, oldV, newV, rate, epsilon }: Factors): void => {
    const { weights, gradient, m, v, nextWeights, nextM, nextV } = arrays
    kernel(
      weights.byteOffset,
      gradient.byteOffset,
      m.byteOffset,
      v.byteOffset,
      nextWeights.byteOffset,
      nextM.byteOffset,
      nextV.byteOffset,
      weights.length,
      oldM,
      newM,
      oldV,
      newV,
      rate,
      epsilon,
    )
  }

/** Adam by an update of one parameter. */
const adamOf = (
  heap: WasmHeap,
  spec: AdamSpec,
  update: (arrays: AdamArrays, factors: Factors) => void,
): TensorOptimizer => ({
  slotNames: ['m', 'v'],
  atStep: (learningRate, step) => {
    const factors = adamFactors(spec, learningRate, step)
    return (parameter, gradientOf, slots) => {
      const made = [parameter, ...slots].map(({ shape }) => makeFloats(heap, shape))
      const viewsOf = (tensors: readonly tf.TensorInfo[]) => tensors.map((tensor) => valuesOf(heap, tensor))
      const [weights, gradient, m, v] = viewsOf([parameter, gradientOf, ...slots])
      const [nextWeights, nextM, nextV] = viewsOf(made)
      update({ weights, gradient, m, v, nextWeights, nextM, nextV }, factors)
      const [updated, ...moments] = made.map((each) => tensorOf(heap, each))
      return { weights: updated, slots: moments }
    }
  },
})

/** Adam as a loop of JavaScript, for engines without the compiled one. */
export const makeAdamLoop = (heap: WasmHeap, spec: AdamSpec): TensorOptimizer => adamOf(heap, spec, adamLoop)

/** Adam over the memory of tfjs's backend, compiled where that can be had. */
export const makeWasmAdam = (heap: WasmHeap, spec: AdamSpec): TensorOptimizer => {
  const kernel = loadAdamKernel(heap)
  return kernel === undefined ? makeAdamLoop(heap, spec) : adamOf(heap, spec, adamBy(kernel))
}
