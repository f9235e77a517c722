/** Parameters and batches for tests. */
import type { Params } from '@laperm/core'
import type { Batch } from '@laperm/engine'
import type { InferredModel } from '@laperm/models'
import { randomValues } from './random-values.ts'

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)

/** Random parameters: kernels scaled by their fan-in, gamma and variances around one, nothing exactly at its usual start. */
export const makeParams = (inferred: InferredModel, seed: number): Params =>
  inferred.parameters.map((spec, i) => {
    const values = randomValues(sizeOf(spec.shape), seed * 1000 + i)
    const scale = spec.role === 'kernel' ? Math.sqrt(6 / spec.fanIn) : 0.2
    const center = spec.role === 'gamma' || spec.role === 'movingVariance' ? 1 : 0
    return {
      name: spec.name,
      shape: spec.shape,
      role: spec.role,
      values: values.map((value) => center + scale * value),
    }
  })

/** Random inputs, and labels that take turns. */
export const makeBatch = (inferred: InferredModel, size: number, seed: number): Batch => ({
  size,
  inputs: randomValues(size * sizeOf(inferred.model.inputShape), seed + 77),
  labels: Uint8Array.from({ length: size }, (_, i) => (i * 7 + seed) % sizeOf(inferred.outputShape)),
})
